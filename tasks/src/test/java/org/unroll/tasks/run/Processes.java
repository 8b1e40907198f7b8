package org.unroll.tasks.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.unroll.kernel.Kernels;
import org.unroll.tasks.config.Config;

/** A training in a process of its own, to be killed. */
final class Processes {
  private Processes() {}

  private static Config config() {
    return TrainingTest.config("model.hidden=40", "train.epochs=0", "train.steps=600", "train.save_every=5", "train.eval_every=50", "train.bptt=20",
        "train.batch=8", "train.schedule=cosine");
  }

  static String straight() {
    var c = config();
    var t = Trainings.inMemory(c, TrainingTest.data(c), Kernels.best(2), 0, System::nanoTime, e -> { });
    t.run();
    return t.stateHash();
  }

  /** The hash at the end; null if the process was killed before. */
  static String run(Path runs, long time, TimeUnit unit) throws IOException, InterruptedException {
    var out = Files.createTempFile(runs, "out", ".txt");
    var p = new ProcessBuilder(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--add-modules", "jdk.incubator.vector",
        "-cp", SameBitsTest.classPath(), Processes.class.getName(), runs.toString())).redirectOutput(out.toFile())
        .redirectError(ProcessBuilder.Redirect.INHERIT).start();
    if (!p.waitFor(time, unit)) {
      p.destroyForcibly().waitFor();
      return null;
    }
    if (p.exitValue() != 0) throw new AssertionError("exit " + p.exitValue());
    return Files.readString(out, StandardCharsets.UTF_8).strip();
  }

  public static void main(String[] args) {
    var c = config();
    var data = TrainingTest.data(c);
    var folder = Path.of(args[0], "r");
    boolean begun = Files.exists(folder.resolve("checkpoints")) && RunInfo.of(folder).step() > 0;
    if (!begun && Files.exists(folder)) wipe(folder);
    try (var open = begun ? Trainings.resume(folder, c, data, Kernels.best(2), System::nanoTime, e -> { })
        : Trainings.start(Path.of(args[0]), "r", c, data, Kernels.best(2), 0, System::nanoTime, e -> { })) {
      open.training().run();
      System.out.println(open.training().stateHash());
    }
  }

  private static void wipe(Path folder) {
    try (var all = Files.walk(folder)) {
      for (var p : all.sorted(java.util.Comparator.reverseOrder()).toList()) Files.delete(p);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
