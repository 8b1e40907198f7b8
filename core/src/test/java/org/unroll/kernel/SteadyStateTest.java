package org.unroll.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.unroll.slab.Slab;

/**
 * Once compiled, a kernel allocates no vector; a small record a call is let pass. A vector that C2 failed to keep in a
 * register is an object, and the kernel five to ten times slower: this is how it shows without a clock.
 */
class SteadyStateTest {

  @Test void kernels_compiled_allocateNoVectors() throws Exception {
    assertEquals(List.of(), ChildJvm.of("-Xbatch").run(Probe.class));
  }

  /** Compiled fifty times as early, with as much less known of its loops: the launcher does that where a training starts. */
  @Test void kernels_compiledEarly_allocateNoVectors() throws Exception {
    var early = "-XX:CompileCommand=CompileThresholdScaling,org.unroll.kernel.*::*,0.02";
    assertEquals(List.of(), ChildJvm.of("-Xbatch", "-XX:CompileCommand=quiet", early).run(Probe.class));
  }

  /** Prints the kernels that still allocate after warm-up, in a JVM of its own: no other code has met these methods. */
  static final class Probe {
    private static final MethodHandle ALLOCATED = allocatedBytes();
    private static final Kernels K = Kernels.best(1);
    private static final int CALLS = 8, RECORD = 48;

    static void main() throws Throwable {
      var left = new ArrayList<String>();
      for (var e : works().entrySet()) {
        long bytes = Long.MAX_VALUE;
        for (int round = 0; round < 400 && bytes > CALLS * RECORD; round++) bytes = allocated(e.getValue());
        if (bytes > CALLS * RECORD) left.add(e.getKey() + ": " + bytes / CALLS + " bytes a call");
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

    private static Map<String, Runnable> works() {
      var works = new LinkedHashMap<String, Runnable>();
      var x = new Numbers(1);
      for (int rows : new int[] {1, 2, 4, 6, 9}) for (int blocks = 1; blocks <= 4; blocks++) product(works, x, rows, blocks);
      for (int cols : new int[] {16, 32, 48, 64, 70}) dense(works, x, cols);
      for (int blocks = 1; blocks <= 4; blocks++) outer(works, x, blocks);
      for (var cell : Fused.Of.values()) fused(works, x, cell);
      Slab z = x.vector(70);
      works.put("sigmoid", () -> K.sigmoid(z.data(), z.offset(), 70));
      works.put("tanh", () -> K.tanh(z.data(), z.offset(), z.data(), z.offset(), 70));
      works.put("softmax", () -> K.softmax(z.data(), z.offset(), 70));
      works.put("cross-entropy", () -> K.crossEntropy(z.data(), z.offset(), 70, 3, 1f));
      for (int labels : new int[] {9, 20, 55}) chains(works, x, labels);
      return works;
    }

    private static void chains(Map<String, Runnable> works, Numbers x, int labels) {
      var s = K.chainSums();
      int size = labels * ChainSums.LANES;
      float[] a = x.vector(16 * size).data(), b = x.vector(16 * size).data(), c = x.vector(labels * size).data();
      float[] m = x.vector(labels * labels).data(), d = x.vector(32).data();
      double[] scores = new double[size], to = new double[size], steps = new double[labels * labels];
      String at = ", " + labels + " labels";
      works.put("chain sums" + at, () -> s.sums(a, 0, m, labels, b, 0, b, size, b, 2 * size));
      works.put("settling" + at, () -> s.settle(b, 0, a, 0, labels, c, 0));
      works.put("posterior" + at, () -> s.posterior(a, 0, b, 0, labels, c, 0, d, 0));
      works.put("quotient" + at, () -> s.quotient(a, 0, b, 0, 0xff, labels, c, 0));
      works.put("transitions" + at, () -> s.transitions(a, 0, b, 0, 16, m, labels, c, 0));
      works.put("best" + at, () -> s.best(scores, 0, steps, labels, to, 0));
    }

    private static void product(Map<String, Runnable> works, Numbers x, int rows, int blocks) {
      Slab a = x.matrix(rows, 64), w = x.matrix(64, 128 * blocks), wT = x.matrix(64, 128 * blocks);
      Panels c = x.panels(rows, 128, blocks, true);
      var packed = K.pack(w, Tiling.gates(128, blocks), null);
      var turned = K.packTransposed(wT, Tiling.gates(128, blocks), null);
      String at = ", " + rows + " rows, " + blocks + " blocks";
      works.put("product" + at, () -> K.product(a, 0, rows, packed, c, 0, 0, null));
      var halves = K.halves(K.pack(Precision.BF16.round(x.matrix(65, 128 * blocks)), Tiling.gates(128, blocks), null));
      Slab odd = x.matrix(rows, 65);
      works.put("product of halves" + at, () -> K.product(odd, 0, rows, halves, c, 0, 0, null));
      works.put("transposed product" + at, () -> K.product(c, 0, rows, 0, turned, a, 0, false));
    }

    private static void dense(Map<String, Runnable> works, Numbers x, int cols) {
      Slab a = x.matrix(15, 64), w = x.matrix(64, cols), c = x.matrix(15, cols), bias = x.vector(cols);
      var packed = K.pack(w, Tiling.dense(cols), null);
      for (int rows : new int[] {1, 2, 4, 6, 8, 15}) {
        works.put("product, %d rows, %d columns".formatted(rows, cols),
            () -> K.product(a, 0, rows, packed, c, 0, bias, false));
      }
    }

    private static void outer(Map<String, Runnable> works, Numbers x, int blocks) {
      Slab a = x.matrix(40, 36), dW = x.matrix(36, 48 * blocks);
      Slab db = x.vector(48 * blocks);
      Panels d = x.panels(40, 48, blocks, true);
      works.put("outer, " + blocks + " blocks", () -> K.outer(a, 0, d, 0, 40, 0, dW));
      works.put("column sums, " + blocks + " blocks", () -> K.columnSums(d, 0, 40, db));
    }

    /** Any cell: four blocks, four slots, three weights of each unit and a second product are enough for all. */
    private static void fused(Map<String, Runnable> works, Numbers x, Fused.Of cell) {
      int units = 40, slot = 48;
      Panels g = x.panels(9, units, 4, true), dg = x.panels(9, units, 4, true);
      var all = new Fused.Operands(g, x.matrix(18, 4 * slot), x.vector(3 * slot), x.matrix(9, slot), dg, x.matrix(9, 4 * slot),
          x.matrix(9, 3 * slot), x.matrix(9, slot));
      var twin = K.fused(cell);
      works.put(cell + " forward", () -> twin.forward(all, 0, 0, 9, 9, 0, g.panels()));
      works.put(cell + " backward", () -> twin.backward(all, 0, 0, 9, 0, 9, 0, g.panels()));
      if (!Set.of(Fused.Of.GRU_BEFORE, Fused.Of.GRU_BEFORE_WRITE, Fused.Of.MGU).contains(cell)) return;
      works.put(cell + " forward2", () -> twin.forward2(all, 0, 0, 9, 9, 0, g.panels()));
      works.put(cell + " backward2", () -> twin.backward2(all, 0, 0, 9, 0, 9, 0, g.panels()));
    }
  }
}
