package org.unroll.model;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.head.Head;
import org.unroll.kernel.Kernels;
import org.unroll.layer.State;
import org.unroll.optim.Penalty;
import org.unroll.optim.Sgd;
import org.unroll.slab.Batch;
import org.unroll.slab.Slab;
import org.unroll.slab.Workspace;

/** What a learner and a model take in: everything else is refused before a kernel reads past a row. */
class BatchCheckTest {
  private static final int T = 3, N = 2, SYMBOLS = 7, UNITS = 4;
  private static final Network WORDS = Specs.initialised(Specs.language("lstm", SYMBOLS, 5, UNITS, 2));
  private static final Network NUMBERS = Specs.initialised(new Spec(new Spec.Vectors(3),
      List.of(new Spec.Recurrent("gru", UNITS, Spec.Direction.BOTH, 0, Specs.SMALL, Specs.SMALL)),
      new Spec.SquaredError(2, Head.At.EVERY_STEP, Specs.SMALL)));

  private static Batch batch(Slab x) { return Batch.full(x, new long[x.rows()]); }

  private static Slab ids(int t, int n, float value) {
    var s = Slab.zeros(T, N, 1);
    s.set(t * N + n, 0, value);
    return s;
  }

  /** Both doors, one after the other. */
  private static void refused(Network net, Batch x, Slab target, State in, String message) {
    var learner = new Learner(net, new Learner.Settings(new Sgd(), Penalty.NONE, List.of()), Kernels.scalar(), 1);
    var model = Model.of(net, net.shape(), Kernels.scalar(), Map.of());
    for (Executable door : List.<Executable>of(() -> learner.step(x, target, in, 0.1), () -> model.evaluate(x, target, in, new Workspace()))) {
      var f = assertThrows(Fault.class, door);
      assertEquals(Code.C030, f.code());
      assertEquals(message, f.getMessage());
    }
    assertEquals(0, learner.steps());
  }

  @ParameterizedTest
  @ValueSource(floats = {7, -1, 0.5f, Float.NaN, 1e10f})
  void inputSymbol_thatIsNone_isRefused(float id) {
    refused(WORDS, batch(ids(2, 1, id)), Slab.zeros(T, N, 1), State.ZERO, "x, step 2, row 1: the symbol is " + id + "; it must be a whole number in [0, 7)");
  }

  @ParameterizedTest
  @ValueSource(floats = {7, -1, Float.NaN})
  void target_thatIsNoClass_isRefused(float id) {
    refused(WORDS, batch(Slab.zeros(T, N, 1)), ids(0, 1, id), State.ZERO, "target, step 0, row 1: the class is " + id + "; it must be a whole number in [0, 7)");
  }

  @Test void deadRows_mayHoldAnything() {
    var x = ids(2, 1, 99);
    var model = Model.of(WORDS, WORDS.shape(), Kernels.scalar(), Map.of());
    assertEquals(5, model.evaluate(new Batch(x, new int[] {2, 2, 1}, new long[N]), x, State.ZERO, new Workspace()).count());
  }

  @Test void shapes_thatDoNotFit_areRefused() {
    refused(WORDS, batch(Slab.zeros(T, N, 2)), Slab.zeros(T, N, 1), State.ZERO, "x: it is 2 wide; it must be 1 wide, for symbols");
    refused(NUMBERS, batch(Slab.zeros(T, N, 2)), Slab.zeros(T, N, 2), State.ZERO, "x: it is 2 wide; it must be 3 wide, for vectors");
    refused(NUMBERS, batch(Slab.zeros(T, N, 3)), Slab.zeros(T, N, 1), State.ZERO, "target: it is 3 × 2 × 1; it must be 3 × 2 × 2");
    refused(WORDS, batch(Slab.zeros(T, N, 1)), Slab.zeros(T - 1, N, 1), State.ZERO, "target: it is 2 × 2 × 1; it must be 3 × 2 × 1");
  }

  @Test void states_thatDoNotFit_areRefused() {
    var x = batch(Slab.zeros(T, N, 1));
    var y = Slab.zeros(T, N, 1);
    var part = Slab.zeros(2, N, UNITS);
    refused(WORDS, x, y, new State(List.of(part)), "in: it has 1 parts; it must have 2, one for each recurrent walk, or none");
    refused(WORDS, x, y, new State(List.of(part, Slab.zeros(2, N + 1, UNITS))), "in, part 1: it is 2 × 3 × 4; it must be 2 × 2 × 4");
    refused(WORDS, x, y, new State(List.of(Slab.zeros(1, N, UNITS), part)), "in, part 0: it is 1 × 2 × 4; it must be 2 × 2 × 4");
    var one = Slab.zeros(1, N, UNITS);
    var model = Model.of(NUMBERS, NUMBERS.shape(), Kernels.scalar(), Map.of());
    assertDoesNotThrow(() -> model.evaluate(batch(Slab.zeros(T, N, 3)), Slab.zeros(T, N, 2), new State(List.of(one, one)), new Workspace()));
  }

  @Test void batch_withoutElements_isRefusedForAStep() {
    var learner = new Learner(WORDS, new Learner.Settings(new Sgd(), Penalty.NONE, List.of()), Kernels.scalar(), 1);
    var f = assertThrows(Fault.class, () -> learner.step(batch(Slab.zeros(0, N, 1)), Slab.zeros(0, N, 1), State.ZERO, 0.1));
    assertEquals("x: the batch has no elements", f.getMessage());
  }
}
