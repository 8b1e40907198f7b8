package org.unroll.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.unroll.cell.Cells;
import org.unroll.head.Head;
import org.unroll.kernel.ChildJvm;
import org.unroll.kernel.Kernels;
import org.unroll.layer.State;
import org.unroll.optim.Adam;
import org.unroll.optim.Clip;
import org.unroll.optim.Penalty;
import org.unroll.slab.Batch;
import org.unroll.slab.Slab;

/** Training takes what its slabs take, counted by hand, and little more. */
class LearnerMemoryTest {
  private static final double MOST = 1.25;

  /** A little less, where what a portion of scores took serves again afterwards. */
  private static final double LEAST = 0.99;

  /** A language model of equal layers, trained in windows of T steps and N rows. Sizes are multiples of 16: nothing is padded. */
  private record Case(String cell, int layers, int symbols, int embed, int units, int T, int N) {
    Spec spec() {
      var layers = new ArrayList<Spec.Layer>(List.of(new Spec.Embedding(embed, Specs.SMALL)));
      for (int i = 0; i < this.layers; i++) {
        layers.add(new Spec.Recurrent(cell, units, Spec.Direction.FORWARD, 1, Specs.SMALL, Specs.SMALL));
      }
      return new Spec(new Spec.Symbols(symbols), layers, new Spec.Softmax(symbols, false, Head.At.EVERY_STEP, Specs.SMALL));
    }

    /** The page on the architecture has the formula. */
    long byHand() { return count(true); }

    /** Packed copies stand outside the heap. */
    long inTheHeap() { return count(false); }

    private long count(boolean packed) {
      var l = Cells.find(cell).layout();
      long rows = (long) T * N, matrices = 0, biases = symbols, kept = rows * embed, back = rows * units;
      for (int i = 0; i < layers; i++) {
        long inputs = i == 0 ? embed : units;
        matrices += units * (inputs * l.byW() + (long) units * l.byR());
        biases += (long) l.blocks() * units;
        kept += rows * l.blocks() * units + (rows + N) * l.states() * units;
        back += rows * inputs;
      }
      matrices += (long) units * symbols;
      long weights = (long) symbols * embed + matrices + biases;
      long scores = Math.min(rows, Math.max(192, (1 << 19) / symbols / 192 * 192)) * symbols;
      return 4 * (4 * weights + (packed ? 2 * matrices : 0) + kept + rows * l.blocks() * units + back + scores);
    }

    Learner learner(Kernels k) {
      return new Learner(Network.build(spec()), new Learner.Settings(Adam.usual(), Penalty.NONE, List.of(new Clip.ByNorm(1))), k, 7);
    }

    void train(Learner learner, int steps) {
      Slab x = Slab.zeros(T, N, 1), y = Slab.zeros(T, N, 1);
      for (int r = 0; r < T * N; r++) {
        x.set(r, 0, r % symbols);
        y.set(r, 0, (r + 1) % symbols);
      }
      for (int i = 0; i < steps; i++) learner.step(Batch.full(x, new long[N]), y, State.ZERO, 1e-3);
    }
  }

  @ParameterizedTest
  @CsvSource({"lstm, 1, 64, 64, 64, 32, 16", "lstm, 2, 64, 64, 128, 16, 16", "lstm, 6, 64, 32, 64, 32, 16", "gru, 2, 64, 32, 64, 32, 16",
      "gru, 5, 64, 64, 64, 32, 16", "elman, 4, 64, 64, 64, 32, 16", "lstm, 2, 2048, 64, 64, 32, 16", "lstm, 2, 64, 64, 64, 4, 1"})
  void step_takesTheBytesCountedByHand_andAQuarterMoreAtMost(String cell, int layers, int symbols, int embed, int units, int T, int N) {
    var c = new Case(cell, layers, symbols, embed, units, T, N);
    for (int threads = 1; threads <= 2; threads++) {
      var learner = c.learner(Kernels.best(threads));
      c.train(learner, 1);
      long first = learner.bytes();
      assertTrue(first >= LEAST * c.byHand(), c + ": " + first + " bytes are fewer than the " + c.byHand() + " counted");
      assertTrue(first <= MOST * c.byHand(), c + ": " + first + " bytes, " + c.byHand() + " by hand");
      c.train(learner, 1);
      assertEquals(first, learner.bytes());
    }
  }

  /** Not only what the learner owns up to: a heap of just that size holds the training of a real model. */
  @Test void training_inAHeapOfItsSize_goesOn() throws Exception {
    long heap = (long) (MOST * Probe.CASE.inTheHeap()) + Probe.JVM;
    assertEquals(List.of("2 steps"), ChildJvm.of("-XX:+UseSerialGC", "-Xmn3m", "-Xmx" + heap).run(Probe.class));
  }

  /** A training of 2 × 256 units. */
  static final class Probe {
    private static final Case CASE = new Case("lstm", 2, 64, 64, 256, 32, 32);

    /** The JVM's own objects. */
    private static final long JVM = 2 << 20;

    private Probe() {}

    static void main() {
      var learner = CASE.learner(Kernels.best(2));
      CASE.train(learner, 2);
      System.out.println(learner.steps() + " steps");
    }
  }
}
