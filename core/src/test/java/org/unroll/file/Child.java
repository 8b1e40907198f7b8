package org.unroll.file;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.unroll.fault.Fault;

/** Another JVM, to be killed, starved of memory or of disk. */
final class Child {
  enum Job { LOCK, SAVE, LARGE }

  private Child() {}

  /** A JVM that does {@code job} in {@code folder}; {@code options} for Java. */
  static Process start(Job job, Path folder, String... options) throws IOException {
    return new ProcessBuilder(command(job, folder, options)).redirectErrorStream(true).start();
  }

  static List<String> command(Job job, Path folder, String... options) {
    var command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"));
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", "target/classes" + java.io.File.pathSeparator + "target/test-classes",
        Child.class.getName(), job.name(), folder.toString()));
    return command;
  }

  public static void main(String[] args) throws Exception {
    var folder = Path.of(args[1]);
    try {
      switch (Job.valueOf(args[0])) {
        case LOCK -> {
          try (var lock = RunLock.take(folder)) {
            System.out.println("locked");
            Thread.sleep(60_000);
          }
        }
        case SAVE -> save(folder);
        case LARGE -> large(folder);
      }
    } catch (Fault f) {
      System.out.println(f.code().label() + " " + f.what());
    }
  }

  /** As a trainer does: takes the run, goes on from the newest checkpoint, saves until it is killed. */
  private static void save(Path run) {
    try (var lock = RunLock.take(run)) {
      var store = CheckpointStore.open(Disk.real(), run.resolve("checkpoints"));
      var found = store.steps().isEmpty() ? null : store.newest();
      if (found != null && !found.skipped().isEmpty()) System.out.println("damaged " + found.skipped());
      for (long step = found == null ? 1 : found.step() + 1; ; step++) {
        store.save(step, CrashHarness.tensors(step), Map.of(), java.util.OptionalLong.empty());
        System.out.println("saved " + step);
      }
    }
  }

  /** Saves a tensor of 24 MiB and reads it. */
  private static void large(Path folder) {
    var file = folder.resolve("m.safetensors");
    SafeTensorsWriter.save(Disk.real(), file, List.of(Tensor.of("w", new float[6 << 20])), Map.of());
    System.out.println("read " + SafeTensorsReader.of(Disk.real(), file).read().tensor("w").floats().length);
  }
}
