package org.unroll.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Once compiled, a kernel allocates no vector; a small record a call is let pass, and two where weights are packed. A vector that C2
 * failed to keep in a register is an object, and the kernel five to ten times slower: this is how it shows without a clock.
 */
class SteadyStateTest {

  @Test void kernels_compiled_allocateNoVectors() throws Exception {
    assertEquals(List.of(), ChildJvm.of("-Xbatch").run(Probe.class));
  }

  /** Compiled fifty times as early, with as much less known of its loops: the launcher does that where a training starts. */
  @Test void kernels_compiledEarly_allocateNoVectors() throws Exception {
    var early = "-XX:CompileCommand=CompileThresholdScaling,org.unroll.kernel.*::*,0.02";
    var child = ChildJvm.of("-Xbatch", "-XX:CompileCommand=quiet", early, "-XX:Tier4BackEdgeThreshold=4000000");
    assertEquals(List.of(), child.run(Probe.class));
    for (var last : List.of("softmax", "cross-entropy")) assertEquals(List.of(), child.run(Probe.class, "product", "sigmoid", "tanh", last), last);
  }

  /** Prints the kernels that still allocate after warm-up, in a JVM of its own: no other code has met these methods. */
  static final class Probe {
    private static final MethodHandle ALLOCATED = allocatedBytes();
    private static final int CALLS = 8, RECORD = 48, PACKING = 72;

    /** @param only what the kernels' names begin with, if given: all of them have taught C2 more than those of one training do */
    static void main(String[] only) throws Throwable {
      var left = new ArrayList<String>();
      for (var e : Works.of(Kernels.best(1)).entrySet()) {
        if (only.length > 0 && Stream.of(only).noneMatch(e.getKey()::startsWith)) continue;
        long bytes = Long.MAX_VALUE, most = CALLS * (e.getKey().startsWith("pack") ? PACKING : RECORD);
        for (int round = 0; round < 400 && bytes > most; round++) bytes = allocated(e.getValue());
        if (bytes > most) left.add(e.getKey() + ": " + bytes / CALLS + " bytes a call");
      }
      left.forEach(System.out::println);
    }

    /** Bytes of some calls; what the calls of the bean itself take is subtracted. */
    private static long allocated(Runnable work) throws Throwable {
      long start = (long) ALLOCATED.invokeExact();
      long none = (long) ALLOCATED.invokeExact() - start;
      start = (long) ALLOCATED.invokeExact();
      for (int i = 0; i < CALLS; i++) work.run();
      return (long) ALLOCATED.invokeExact() - start - none;
    }

    /** The bean's module is not one that core reads. */
    private static MethodHandle allocatedBytes() {
      try {
        var bean = Class.forName("java.lang.management.ManagementFactory").getMethod("getThreadMXBean").invoke(null);
        var type = Class.forName("com.sun.management.ThreadMXBean");
        return MethodHandles.publicLookup().unreflect(type.getMethod("getCurrentThreadAllocatedBytes")).bindTo(bean);
      } catch (ReflectiveOperationException e) {
        throw new LinkageError("no thread bean", e);
      }
    }
  }
}
