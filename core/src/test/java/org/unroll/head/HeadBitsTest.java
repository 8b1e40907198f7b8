package org.unroll.head;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.unroll.layer.Try.HALF;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.unroll.kernel.ChildJvm;
import org.unroll.kernel.Kernels;
import org.unroll.kernel.Weights;
import org.unroll.layer.Dense;
import org.unroll.layer.Run;
import org.unroll.slab.Batch;
import org.unroll.slab.Grads;
import org.unroll.slab.Params;
import org.unroll.slab.Philox;
import org.unroll.slab.Slab;
import org.unroll.slab.Workspace;

/** However a JVM runs the heads, they give the bits that the scalar kernels give in this one: losses, gradients, labels. */
class HeadBitsTest {
  private static final int T = 13, N = 35, H = 12, K = 11, WORDS = 70;

  @Test void heads_anyKernels_sameBits() {
    String scalar = Probe.hash(Kernels.scalar(), 1);
    for (int threads : new int[] {1, 2, 7}) assertEquals(scalar, Probe.hash(Kernels.best(threads), 1), threads + " threads");
    assertEquals(scalar, Probe.hash(Kernels.of("plain", 2), 1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-XX:UseAVX=2", "-XX:MaxVectorSize=16", "-Xint"})
  void heads_anyJvm_sameBits(String option) throws Exception { same(option, option.equals("-Xint") ? 1 : 8); }

  @Tag("slow")
  @ParameterizedTest
  @ValueSource(strings = {"-Xcomp", "-Xbatch", "-XX:TieredStopAtLevel=1"})
  void heads_anyCompiler_sameBits(String option) throws Exception { same(option, option.equals("-Xcomp") ? 2 : 60); }

  private static void same(String option, int rounds) throws Exception {
    assertEquals(List.of(Probe.hash(Kernels.scalar(), 1)), ChildJvm.of(option).run(Probe.class, Integer.toString(rounds)));
  }

  /** Prints a checksum of what the heads compute, the last of several times. */
  static final class Probe {
    static void main(String[] args) { System.out.println(hash(Kernels.best(2), Integer.parseInt(args[0]))); }

    static String hash(Kernels k, int rounds) {
      String last = "";
      for (int i = 0; i < rounds; i++) last = hash(k);
      return last;
    }

    private static String hash(Kernels k) {
      var crc = new CRC32C();
      var ps = new Params();
      var crf = Crf.of("crf", Dense.of("out", H, K, HALF, ps), HALF, ps);
      var output = Dense.of("words", H, WORDS, HALF, ps);
      ps.initialise(new Philox(1, Philox.Stream.INIT));
      var run = Run.evaluation(new Weights(ps, k), new Workspace());
      var random = new SplittableRandom(5);
      var h = new Batch(numbers(random), alive(), new long[N]);
      Slab labels = ids(random, K), ids = ids(random, WORDS);
      var grads = new Grads(ps);
      var loss = crf.loss(h, labels, run);
      add(crc, (float) loss.sum());
      add(crc, h, loss.backward(grads));
      add(crc, h, crf.predict(h, run));
      for (int[] row : crf.decode(h, run)) for (int label : row) add(crc, label);
      for (int rows : new int[] {192, T * N}) for (var at : Head.At.values()) {
        var learned = new Softmax(output, at, rows * WORDS).learn(h, ids, run, grads);
        add(crc, (float) learned.sum());
        add(crc, h, learned.dh());
      }
      add(crc, grads.array());
      return Long.toHexString(crc.getValue());
    }

    /** More rows than a portion of the softmax has, and more sequences than two groups of the chain; no two steps alike. */
    private static int[] alive() {
      int[] alive = new int[T];
      for (int t = 0; t < T; t++) alive[t] = N - 2 * t;
      return alive;
    }

    private static Slab numbers(SplittableRandom random) {
      var x = Slab.zeros(T, N, H);
      for (int i = 0; i < x.data().length; i++) x.data()[i] = (float) random.nextDouble(-2, 2);
      return x;
    }

    private static Slab ids(SplittableRandom random, int below) {
      var x = Slab.zeros(T, N, 1);
      for (int r = 0; r < T * N; r++) x.set(r, 0, random.nextInt(below));
      return x;
    }

    /** Rows that are alive: what stands in the others is nobody's. */
    private static void add(CRC32C crc, Batch h, Slab s) {
      for (int t = 0; t < T; t++) for (int n = 0; n < h.alive()[t]; n++) {
        int row = s.row(t * N + n);
        add(crc, Arrays.copyOfRange(s.data(), row, row + s.cols()));
      }
    }

    private static void add(CRC32C crc, float... x) {
      var bytes = ByteBuffer.allocate(4 * x.length);
      for (float v : x) bytes.putInt(Float.floatToRawIntBits(v));
      crc.update(bytes.array());
    }
  }
}
