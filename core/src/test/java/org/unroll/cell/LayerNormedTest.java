package org.unroll.cell;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.unroll.check.CellContract;
import org.unroll.check.GradCheck;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.layer.Input;
import org.unroll.layer.Recurrent;
import org.unroll.layer.Recurrent.Direction;
import org.unroll.layer.State;
import org.unroll.layer.Try;
import org.unroll.slab.Init;
import org.unroll.slab.Params;
import org.unroll.slab.Philox;

/** Layer normalisation inside a cell: every choice against the reference, and what the choices are to each other. */
class LayerNormedTest {
  private static final String[] OPTIONS =
      {"-ln", "-ln-unbiased", "-ln-scalar", "-ln-unbiased-scalar", "-ln-sum", "-ln-sum-unbiased", "-ln-sum-scalar", "-ln-sum-unbiased-scalar"};

  static Stream<String> all() { return Cells.NORMALISABLE.stream().flatMap(c -> Stream.of(OPTIONS).map(o -> c + o)); }

  private static Recurrent layer(String cell, int units, Direction d, Params ps) {
    return Recurrent.of("l", Cells.find(cell), Input.of(3), units, d, Try.INITS, ps);
  }

  @ParameterizedTest
  @MethodSource("all")
  void gradients_everyChoice_equalTheReference_andThatItsDifferences(String cell) {
    for (int units : new int[] {5, 16, 19}) {
      var ps = new Params();
      var layer = layer(cell, units, units == 16 ? Direction.BACKWARD : Direction.FORWARD, ps);
      Try.random(ps, 3);
      var report = GradCheck.layer(layer, Try.vectors(Try.RAGGED, 4, 3, 1), Try.run(ps), 5, units == 5 ? 4 : 0);
      assertEquals(GradCheck.Against.REFERENCE, report.against());
      assertTrue(report.passed(), cell + "\n" + report);
      assertTrue(report.rows().stream().anyMatch(r -> r.tensor().equals("δl.p")));
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void name_everyChoice_isFoundBothWays(String name) { assertEquals(name, Cells.nameOf(Cells.find(name))); }

  @Test void names_listedAndMore_areAllChoices() {
    var listed = Cells.names().stream().filter(c -> c.contains("-ln")).toList();
    assertEquals(List.of("elman-ln", "elman-ln-sum", "lstm-ln", "lstm-ln-sum", "gru-ln", "gru-ln-sum"), listed);
    assertEquals(all().sorted().toList(), Stream.concat(listed.stream(), Cells.more().stream()).sorted().toList());
  }

  @Test void name_ofWhatThereIsNot_isNull() {
    for (String no : List.of("gru-before-ln", "lstm-peephole-ln", "lstm-ln-scalar-sum", "lstm-ln-", "-ln", "lstm-ln-ln")) {
      assertNull(Cells.find(no), no);
    }
    assertNull(Cells.nameOf(LayerNormed.of(Cells.find("gru"), new Norm(Norm.Of.SUM, Norm.Divisor.M, Norm.Scale.VECTOR, 1e-3f))));
    assertNull(Cells.nameOf(LayerNormed.of(Cells.find("lstm"), Norm.of(Norm.Of.HALVES))));   // its c is not normalised
  }

  @Test void contract_oddChoices_hold() {
    for (String cell : List.of("gru-ln-unbiased-scalar", "lstm-ln-unbiased-scalar", "lstm-ln-sum-unbiased-scalar")) {
      var report = CellContract.check(Cells.find(cell));
      assertTrue(report.passed(), report::toString);
    }
  }

  @Test void layout_hasTheProductsApart_andTheGatesBetween() {
    var lstm = Cells.find("lstm-ln");
    assertEquals(new Cell.Layout(12, 4, 4, 2, 0, Cell.Scope.ROW, false), lstm.layout());
    assertEquals("[i by h, f by h, g by h, o by h, i, f, g, o, i by x, f by x, g by x, o by x]", lstm.gates().toString());
    assertEquals("[h, c]", lstm.slots().toString());
    assertEquals("[q by h, r by h, z by h, q, r, z, n, r by x, z by x, n by x]", Cells.find("gru-ln-sum").gates().toString());
    assertEquals(new Cell.Layout(10, 3, 3, 1, 0, Cell.Scope.ROW, false), Cells.find("gru-ln-sum").layout());
    assertArrayEquals(new float[] {0, 1.5f, 0, 0}, lstm.bias(1.5f));
    assertEquals(Cells.find("lstm").carry(), lstm.carry());
  }

  /** γ_c β_c γ_R γ_W b of an LSTM; γ b β of a GRU. */
  @Test void weights_startAtOneAndZero_andTheForgetGateOpen() {
    assertArrayEquals(new float[] {1, 1, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 2, 2, 0, 0, 0, 0},
        own("lstm-ln"));
    assertArrayEquals(new float[] {1, 0, 1, 1, 0, 0, 2, 2, 0, 0, 0, 0}, own("lstm-ln-scalar"));
    assertArrayEquals(new float[] {1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, own("gru-ln-sum-scalar"));
    assertEquals(4 + 4 * 2, own("gru-ln-scalar").length);
    var ps = new Params();
    layer("elman-ln-sum", 2, Direction.FORWARD, ps);
    ps.initialise(new Philox(1, Philox.Stream.INIT));
    assertEquals("[l.W, l.R, l.p]", ps.all().stream().map(Params.Param::name).toList().toString());
    assertArrayEquals(new float[] {1, 1, 0, 0, 0, 0}, ps.find("l.p").of(ps.array()).copyRow(0, 0));
  }

  /** The forget gate of this cell is its first block. */
  @Test void bias_ofTheFirstBlock_startsToo() {
    float[] bias = Cells.find("minlstm").bias(2);
    assertEquals(2, bias[0]);
    var sum = LayerNormed.of(Cells.find("minlstm"), Norm.of(Norm.Of.SUM));
    float[] own = ((Init.Given) sum.own(2, 2)).values();
    assertArrayEquals(new float[] {2, 2}, java.util.Arrays.copyOfRange(own, 6, 8));
  }

  /** The reference does not know it: differences prove it. */
  @Test void gradients_ofTheSum_aroundACellWithWeightsOfItsOwn() {
    var norm = Norm.of(Norm.Of.SUM);
    var ps = new Params();
    var layer = Recurrent.of("l", LayerNormed.of(new NormedStateLstm(norm), norm), Input.of(3), 5, Direction.FORWARD, Try.INITS, ps);
    Try.random(ps, 3);
    var report = GradCheck.layer(layer, Try.vectors(Try.RAGGED, 4, 3, 1), Try.run(ps), 5, 0);
    assertEquals(GradCheck.Against.DIFFERENCES, report.against());
    assertTrue(report.passed(), report::toString);
  }

  private static float[] own(String cell) { return ((Init.Given) Cells.find(cell).own(2, 2)).values(); }

  /** E11: both divisors exist, and are two normalisations: γ of the one is √((m − 1) / m) times that of the other. */
  @Test void E11_theTwoDivisors_differByAFactorThatAGainTakesUp() {
    int m = 5;
    var m1 = normalised("elman-identity-ln-sum-unbiased", m, 1f);
    var m0 = normalised("elman-identity-ln-sum", m, 1f);
    var scaled = normalised("elman-identity-ln-sum", m, (float) Math.sqrt((m - 1.0) / m));
    double sum = 0, squares = 0;
    for (int k = 0; k < m; k++) {
      assertEquals(scaled[k], m1[k], 1e-4);                  // ε is not scaled
      assertTrue(Math.abs(m0[k] - m1[k]) > 0.05 * Math.abs(m0[k]), "unit " + k + ": " + m0[k] + " and " + m1[k]);
      sum += m0[k];
      squares += m0[k] * m0[k];
    }
    assertEquals(0, sum, 1e-5);
    assertEquals(m, squares, 1e-3);
  }

  /** E11: scalars are vectors whose elements are equal. */
  @Test void E11_scalars_areVectorsWithOneValue() {
    int H = 5;
    for (String cell : List.of("elman-ln-sum", "elman-ln")) {
      var vector = new Params();
      var scalar = new Params();
      var v = layer(cell, H, Direction.FORWARD, vector);
      var s = layer(cell + "-scalar", H, Direction.FORWARD, scalar);
      Try.random(vector, 3);
      Try.random(scalar, 3);
      float[] vp = new float[v.p().size()];
      boolean sum = cell.endsWith("sum");                     // γ b β with a vector b; γ_R γ_W b
      for (int i = 0; i < vp.length; i++) {
        int block = i / H;
        vp[i] = sum ? (block == 0 ? 1.5f : block == 1 ? 0.1f * i : -0.25f) : block == 0 ? 1.5f : block == 1 ? 0.7f : 0.1f * i;
      }
      float[] sp = new float[s.p().size()];
      for (int i = 0; i < sp.length; i++) {
        sp[i] = sum ? (i == 0 ? 1.5f : i == sp.length - 1 ? -0.25f : 0.1f * (i - 1 + H)) : i == 0 ? 1.5f : i == 1 ? 0.7f : 0.1f * (i - 2 + 2 * H);
      }
      System.arraycopy(vp, 0, vector.array(), v.p().offset(), vp.length);
      System.arraycopy(sp, 0, scalar.array(), s.p().offset(), sp.length);
      var x = Try.vectors(Try.RAGGED, 4, 3, 1);
      var a = v.forward(x, State.ZERO, Try.run(vector)).y().x();
      var b = s.forward(x, State.ZERO, Try.run(scalar)).y().x();
      for (int n = 0; n < 4; n++) assertArrayEquals(a.copyRow(0, n), b.copyRow(0, n), cell);
    }
  }

  private static float[] normalised(String cell, int m, float gain) {
    var ps = new Params();
    var layer = layer(cell, m, Direction.FORWARD, ps);
    Try.random(ps, 3);
    var p = layer.p().of(ps.array());
    for (int k = 0; k < 3 * m; k++) p.set(0, k, k < m ? gain : 0f);
    return layer.forward(Try.vectors(new int[] {1}, 1, 3, 1), State.ZERO, Try.run(ps)).y().x().copyRow(0, 0);
  }

  /** What a normalised sum cannot see: its inputs' scale. */
  @Test void sum_ofTenTimesTheWeights_isTheSame() {
    var ps = new Params();
    var layer = layer("elman-ln-sum", 7, Direction.FORWARD, ps);
    Try.random(ps, 3);
    for (int k = 7; k < 14; k++) layer.p().of(ps.array()).set(0, k, 0f);
    var x = Try.vectors(new int[] {1}, 1, 3, 1);
    float[] one = layer.forward(x, State.ZERO, Try.run(ps)).y().x().copyRow(0, 0);
    for (int i = 0; i < layer.W().size(); i++) ps.array()[layer.W().offset() + i] *= 10;
    ps.touch();
    assertArrayEquals(one, layer.forward(x, State.ZERO, Try.run(ps)).y().x().copyRow(0, 0), 1e-3f);
  }

  /** E11: a single unit has no variance without bias. */
  @Test void E11_unbiasedOfOneUnit_isRefused() {
    for (String cell : List.of("elman-ln-sum-unbiased", "lstm-ln-unbiased", "gru-ln-sum-unbiased")) {
      var fault = assertThrows(Fault.class, () -> layer(cell, 1, Direction.FORWARD, new Params()));
      assertEquals(Code.C011, fault.code());
      assertEquals("l: units is 1; must be at least 2 with this cell; 2 units or more", fault.getMessage());
    }
    assertEquals(1, layer("elman-ln-sum", 1, Direction.FORWARD, new Params()).width());
  }
}
