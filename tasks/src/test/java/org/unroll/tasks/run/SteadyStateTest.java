package org.unroll.tasks.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.unroll.kernel.Kernels;
import org.unroll.tasks.config.Config;
import org.unroll.tasks.lm.Event;

/** A training takes its memory at its beginning and no more. */
class SteadyStateTest {

  private static Config config(int units, int steps, int evaluations) {
    return TrainingTest.config("model.hidden=" + units, "model.embed=" + units / 2, "train.batch=8", "train.bptt=16", "train.epochs=0",
        "train.steps=" + steps, "train.eval_every=" + evaluations, "train.schedule=cosine");
  }

  @Test void train_300Steps_takesNoSlabAfterItsFirstWindows() {
    var c = config(16, 300, 100);
    var training = new ArrayList<Training>();
    Set<Long> seen = new HashSet<>();
    training.add(Trainings.inMemory(c, TrainingTest.data(c), Kernels.scalar(), 0, System::nanoTime, e -> {
      if (e instanceof Event.Stepped s && s.step() >= 2) seen.add(training.getFirst().allocated());
    }));
    training.getFirst().run();
    assertEquals(1, seen.size(), seen.toString());
    assertTrue(seen.iterator().next() > 0);
  }

  /** One line of {@link #main}. */
  private record Memory(long step, long resident, long heap, long slabs) {
    static Memory of(String line) {
      var p = line.split(" ");
      return new Memory(Long.parseLong(p[1]), Long.parseLong(p[3]), Long.parseLong(p[5]), Long.parseLong(p[7]));
    }
  }

  @Tag("slow")
  @Test void train_10000Steps_staysAsLargeAsItWas() throws Exception {
    assumeTrue(Files.exists(Path.of("/proc/self/status")), "no /proc here");
    var command = List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xms256m", "-Xmx256m", "-XX:+AlwaysPreTouch",
        "-XX:+UseParallelGC", "--add-modules", "jdk.incubator.vector", "-cp", SameBitsTest.classPath(), SteadyStateTest.class.getName());
    var child = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    List<Memory> seen;
    try (var out = child.inputReader(StandardCharsets.UTF_8)) {
      seen = out.lines().peek(System.out::println).map(Memory::of).toList();
    }
    assertEquals(0, child.waitFor());
    assertEquals(List.of(1_000L, 10_000L), List.of(seen.getFirst().step, seen.getLast().step));
    var a = seen.getFirst();
    var z = seen.getLast();
    assertEquals(a.slabs, z.slabs);
    assertEquals(1.0, (double) z.resident / a.resident, 0.02, "resident " + a.resident + " kB, then " + z.resident);
    assertTrue(z.heap <= a.heap + 1_000, "heap " + a.heap + " kB, then " + z.heap);
  }

  /** 10,000 steps; every 1,000 of them says what is resident, used after a collection, and taken as slabs. */
  public static void main(String[] args) {
    var c = config(64, 10_000, 500);
    var training = new ArrayList<Training>();
    training.add(Trainings.inMemory(c, TrainingTest.data(c), Kernels.best(2), 0, System::nanoTime, e -> {
      if (e instanceof Event.Stepped s && s.step() % 1_000 == 0) tell(s.step(), training.getFirst().allocated());
    }));
    training.getFirst().run();
  }

  private static void tell(long step, long slabs) {
    System.gc();
    var r = Runtime.getRuntime();
    System.out.println("step " + step + " resident_kB " + resident() + " heap_kB " + (r.totalMemory() - r.freeMemory()) / 1000 + " slab_floats " + slabs);
  }

  private static long resident() {
    try {
      var line = Files.readAllLines(Path.of("/proc/self/status")).stream().filter(l -> l.startsWith("VmRSS:")).findFirst().orElseThrow();
      return Long.parseLong(line.replaceAll("\\D", ""));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
