package org.unroll.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.unroll.cell.Cells;
import org.unroll.check.GradCheck;
import org.unroll.layer.Recurrent.Direction;
import org.unroll.slab.Params;

/** How far float drifts from double over many steps. */
class LongSequenceOracleTest {
  static Stream<String> cells() { return Cells.names().stream(); }

  @ParameterizedTest
  @MethodSource("cells")
  void anyCell_over64Steps_isWithin1e6(String cell) { longRun(cell, 64); }

  @Tag("slow")
  @ParameterizedTest
  @MethodSource("cells")
  void anyCell_over512Steps_isWithin3e6(String cell) { longRun(cell, 512); }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void mlstm_over64Steps_isWithin1e6(int heads) { longMlstm(heads, 64); }

  @Tag("slow")
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void mlstm_over512Steps_isWithin3e6(int heads) { longMlstm(heads, 512); }

  @Test void stack_over64Steps_isWithin1e6() { longStack(64); }

  @Tag("slow")
  @Test void stack_over512Steps_isWithin3e6() { longStack(512); }

  /** Different layers with ways around them. */
  private static void longStack(int T) {
    var ps = new Params();
    var bottom = walk("a", "lstm", 4, ps);
    var residual = new Residual(8, walk("b", "gru", 8, ps));
    var highway = Highway.of("g", 8, walk("c", "slstm", 8, ps), Try.HALF, -2, ps);
    var matrices = new Residual(8, Mlstm.of("d", Input.of(8), 8, 2, Direction.FORWARD, Try.HALF, 1, ps));
    longRun("a stack", new Chain(List.of(bottom, residual, highway, matrices)), ps, T);
  }

  private static Recurrent walk(String name, String cell, int inputs, Params ps) {
    return Recurrent.of(name, Cells.find(cell), Input.of(inputs), 8, Direction.FORWARD, Try.INITS, ps);
  }

  private static void longMlstm(int heads, int T) {
    var ps = new Params();
    longRun("mlstm, " + heads + " heads", Mlstm.of("a", Input.of(4), 8, heads, Direction.FORWARD, Try.HALF, 1, ps), ps, T);
  }

  private static void longRun(String cell, int T) {
    var ps = new Params();
    longRun(cell, Recurrent.of("a", Cells.find(cell), Input.of(4), 8, Direction.FORWARD, Try.INITS, ps), ps, T);
  }

  /** Weights on (−¼, ¼): a linear or rectified net of greater gain grows beyond any float over 512 steps. */
  private static void longRun(String cell, Layer layer, Params ps, int T) {
    Try.random(ps, 4);
    for (int i = 0; i < ps.size(); i++) ps.array()[i] *= 0.5f;
    ps.touch();
    var alive = new int[T];
    for (int t = 0; t < T; t++) alive[t] = t < T / 2 ? 2 : 1;
    var report = GradCheck.layer(layer, Try.vectors(alive, 2, 4, 1), Try.run(ps), 5, 0);
    System.out.printf("%d steps, %s: worst norm-relative error %.1e%n", T, cell, report.worst());
    assertEquals(T <= 64 ? 1e-6 : 3e-6, report.tolerance());
    assertEquals(GradCheck.Against.REFERENCE, report.against());
    assertTrue(report.passed(), report::toString);
  }
}
