package org.unroll.head;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.unroll.layer.Try.HALF;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.unroll.kernel.Kernels;
import org.unroll.layer.Dense;
import org.unroll.layer.Run;
import org.unroll.layer.Try;
import org.unroll.slab.Batch;
import org.unroll.slab.Grads;
import org.unroll.slab.Params;
import org.unroll.slab.Slab;

/** What every head promises: bits that no batch, thread, kernel or second run changes. */
class HeadContractTest {
  private static final int X = 5;
  private static final List<String> KINDS = List.of("softmax", "softmax last", "softmax in portions", "values", "crf");

  /**
   * The labels of a matrix are dealt to strips of 8, 4, 2 and 1: one more than each, some of each, and counts of rows that two threads
   * share with and without a rest.
   */
  private static final int[] LABELS = {3, 5, 9, 12, 15, 17, 18, 19, 20};

  /** A head with weights, and a batch whose count is a power of two: scaling by it is then exact. */
  private record Subject(String name, Head<Slab> head, Params ps, Batch h, Slab target) {
    @Override public String toString() { return name; }

    Subject with(Batch other, Slab otherTarget) { return new Subject(name, head, ps, other, otherTarget); }

    Result run(Kernels k) { return run(Try.run(ps, k)); }

    Result run(Run run) {
      var loss = head.loss(h, target, run);
      var grads = new Grads(ps);
      var dh = loss.backward(grads);
      int[][] labels = head instanceof Crf crf ? crf.decode(h, run) : null;
      return new Result(loss, alive(dh, h), grads.array().clone(), alive(head.predict(h, run), h), labels);
    }
  }

  private record Result(Head.Loss loss, float[][] dh, float[] grads, float[][] predicted, int[][] labels) {
    void same(Result other, String what) {
      assertEquals(loss.sum(), other.loss.sum(), what);
      assertArrayEquals(grads, other.grads, what);
      for (int r = 0; r < dh.length; r++) assertArrayEquals(dh[r], other.dh[r], what + ", row " + r);
      for (int r = 0; r < dh.length; r++) assertArrayEquals(predicted[r], other.predicted[r], what + ", row " + r);
      assertArrayEquals(labels, other.labels, what);
    }
  }

  /** Alive rows; null for the dead. */
  private static float[][] alive(Slab s, Batch b) {
    var rows = new float[s.height()][];
    for (int t = 0; t < s.steps(); t++) for (int n = 0; n < b.alive()[t]; n++) rows[t * s.rows() + n] = s.copyRow(t, n);
    return rows;
  }

  static Stream<Subject> subjects() {
    int[] ragged = {4, 4, 3, 2, 2, 1};  // 16 elements, 4 sequences
    int[] many = new int[8];
    Arrays.fill(many, 32);
    many[7] = 20;
    var few = Stream.of(ragged, many).flatMap(alive -> KINDS.stream().map(kind -> subject(kind, alive, 6)));
    return Stream.concat(few, Arrays.stream(LABELS).boxed().flatMap(K -> Stream.of("softmax", "crf").map(kind -> subject(kind, ragged, K))));
  }

  private static Subject subject(String kind, int[] alive, int K) {
    var ps = new Params();
    var out = Dense.of("out", X, K, HALF, ps);
    Head<Slab> head = switch (kind) {
      case "softmax" -> new Softmax(out, Head.At.EVERY_STEP);
      case "softmax in portions" -> new Softmax(out, Head.At.EVERY_STEP, 1);
      case "softmax last" -> new Softmax(out, Head.At.LAST_STEP);
      case "values" -> new SquaredError(out, Head.At.EVERY_STEP);
      default -> Crf.of("crf", out, HALF, ps);
    };
    Try.random(ps, 3);
    var target = kind.equals("values") ? Try.numbers(alive.length, alive[0], K, 2) : Try.symbols(alive, alive[0], K, 2).x();
    return new Subject(kind + " of " + K + " on " + alive[0] + " rows", head, ps, Try.vectors(alive, alive[0], X, 1), target);
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void anyKernelsAndThreads_giveTheBitsOfTheScalarOnes(Subject s) {
    var want = s.run(Kernels.scalar());
    for (String name : new String[] {"scalar", "plain", "fast"}) {
      for (int threads : new int[] {1, 2, 7}) want.same(s.run(Kernels.of(name, threads)), name + " " + threads);
    }
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void rowAlone_isTheRowInTheBatch(Subject s) {
    var all = s.run(Kernels.scalar());
    int N = s.h.x().rows();
    for (int n = 0; n < N; n++) {
      int T = s.h.length(n);
      var alone = s.with(new Batch(row(s.h.x(), n, T), ones(T), new long[] {s.h.ids()[n]}), row(s.target, n, T)).run(Kernels.scalar());
      for (int t = 0; t < T; t++) {
        assertArrayEquals(all.predicted[t * N + n], alone.predicted[t]);
        if (!powerOfTwo(all.loss.count()) || !powerOfTwo(alone.loss.count())) continue; // scaling rounds
        assertArrayEquals(scaled(all.dh[t * N + n], all.loss.count()), scaled(alone.dh[t], alone.loss.count()), "row " + n + ", step " + t);
      }
    }
  }

  private static boolean powerOfTwo(int count) { return Integer.bitCount(count) == 1; }

  private static float[] scaled(float[] d, int count) {
    var s = d.clone();
    for (int k = 0; k < s.length; k++) s[k] *= count;
    return s;
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void sumOfTheRowsAlone_isTheSumOfTheBatch(Subject s) {
    double sum = 0;
    for (int n = 0; n < s.h.x().rows(); n++) {
      int T = s.h.length(n);
      sum += s.with(new Batch(row(s.h.x(), n, T), ones(T), new long[1]), row(s.target, n, T)).run(Kernels.scalar()).loss.sum();
    }
    assertEquals(sum, s.run(Kernels.scalar()).loss.sum(), 1e-12 * Math.abs(sum));
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void backward_againAndFromWhateverWasThere_addsTheSame(Subject s) {
    var run = Try.run(s.ps);
    var loss = s.head.loss(s.h, s.target, run);
    var once = new Grads(s.ps);
    var dh = alive(loss.backward(once), s.h);
    var again = new Grads(s.ps);
    var dhAgain = alive(loss.backward(again), s.h);
    assertArrayEquals(once.array(), again.array());
    for (int r = 0; r < dh.length; r++) assertArrayEquals(dh[r], dhAgain[r]);
    for (var p : s.ps.all()) {
      boolean moves = false;
      for (int i = p.offset(); i < p.end(); i++) moves |= once.array()[i] != 0;
      assertTrue(moves, p.name() + " has no gradient");
    }
    loss.backward(again);
    for (int i = 0; i < once.array().length; i++) assertEquals(2 * once.array()[i], again.array()[i], 1e-6);
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void deadRows_changeNothing_andASecondRunTakesNoMemory(Subject s) {
    var want = s.run(Kernels.scalar());
    var x = Slab.zeros(s.h.x().steps(), s.h.x().rows(), X);
    var target = Slab.zeros(s.target.steps(), s.target.rows(), s.target.cols());
    for (int t = 0; t < x.steps(); t++) {
      for (int n = 0; n < x.rows(); n++) {
        int r = t * x.rows() + n;
        x.fillRow(r, Float.NaN);
        target.fillRow(r, 1e9f);
        if (n < s.h.alive()[t]) {
          x.setRow(r, s.h.x(), r);
          target.setRow(r, s.target, r);
        }
      }
    }
    var buried = s.with(s.h.with(x), target);
    var run = Try.run(s.ps);
    want.same(buried.run(run), "first");
    long taken = run.ws().allocated();
    run.ws().reset();
    want.same(buried.run(run), "second, on memory full of NaN");
    assertEquals(taken, run.ws().allocated());
    assertFalse(Double.isNaN(want.loss.sum()));
  }

  private static Slab row(Slab s, int n, int T) {
    var one = Slab.zeros(T, 1, s.cols());
    for (int t = 0; t < T; t++) one.setRow(t, s, t * s.rows() + n);
    return one;
  }

  private static int[] ones(int T) {
    var ones = new int[T];
    Arrays.fill(ones, 1);
    return ones;
  }
}
