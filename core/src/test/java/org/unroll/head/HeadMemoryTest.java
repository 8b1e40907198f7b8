package org.unroll.head;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.unroll.layer.Try.HALF;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.unroll.kernel.ChildJvm;
import org.unroll.kernel.Kernels;
import org.unroll.kernel.Weights;
import org.unroll.layer.AllocatedBytes;
import org.unroll.layer.Dense;
import org.unroll.layer.Run;
import org.unroll.slab.Batch;
import org.unroll.slab.Grads;
import org.unroll.slab.Params;
import org.unroll.slab.Philox;
import org.unroll.slab.Slab;
import org.unroll.slab.Workspace;

/** Law 10 for heads: after the first calls their arrays are those of the workspace, whatever the batch's size. */
class HeadMemoryTest {
  private static final int T = 40, N = 33, K = 20, H = 12, WORDS = 600, PORTION = 192;

  /** What decode gives belongs to the caller: N arrays of T labels, and the array of them, with their headers. */
  private static final int ANSWER = N * (16 + 4 * T) + 16 + 8 * N;

  /** Small objects: views, traces, lambdas. What is printed is the first reading below the bar: a higher bar only shows an earlier one. */
  private static final int SMALL = 8000;

  @Test void heads_steadyState_allocateNothingThatGrows() throws Exception {
    var bytes = new TreeMap<String, Long>();
    for (var line : ChildJvm.of("-Xbatch").run(Probe.class)) bytes.put(line.split(":")[0], Long.valueOf(line.split(":")[1]));
    assertEquals(6, bytes.size(), bytes.toString());
    for (Map.Entry<String, Long> e : bytes.entrySet()) {
      int most = e.getKey().startsWith("decode") ? SMALL + ANSWER : SMALL;
      assertTrue(e.getValue() < most, e.getKey() + ": " + e.getValue() + " bytes, may be " + most);
    }
  }

  /** Prints bytes of one call in the steady state. */
  static final class Probe {
    static void main(String[] args) throws Throwable {
      for (int threads : new int[] {1, 2}) {
        var ps = new Params();
        var crf = Crf.of("crf", Dense.of("out", H, K, HALF, ps), HALF, ps);
        var words = new Softmax(Dense.of("words", H, WORDS, HALF, ps), Head.At.EVERY_STEP, PORTION * WORDS);
        ps.initialise(new Philox(1, Philox.Stream.INIT));
        var run = Run.evaluation(new Weights(ps, Kernels.best(threads)), new Workspace());
        var h = Batch.full(Slab.zeros(T, N, H), new long[N]);
        var target = Slab.zeros(T, N, 1);
        var grads = new Grads(ps);
        print("decode, threads " + threads, () -> crf.decode(h, run), ANSWER + SMALL, run);
        print("crf, threads " + threads, () -> crf.loss(h, target, run).backward(grads), SMALL, run);
        print("softmax by portions, threads " + threads, () -> words.learn(h, target, run, grads), SMALL, run);
      }
    }

    private static void print(String what, Runnable call, long limit, Run run) throws Throwable {
      Runnable step = () -> {
        call.run();
        run.ws().reset();
      };
      for (int i = 0; i < 100; i++) step.run();
      System.out.println(what + ":" + AllocatedBytes.steady(step, limit));
    }
  }
}
