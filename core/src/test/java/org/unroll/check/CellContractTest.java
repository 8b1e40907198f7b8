package org.unroll.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.unroll.cell.Cell;
import org.unroll.cell.Cells;
import org.unroll.cell.Row;
import org.unroll.check.CellContract.Rule;
import org.unroll.kernel.Kernels;

/** Every cell keeps the contract, and the contract finds what breaks it. */
class CellContractTest {

  static Stream<String> cells() { return Cells.names().stream(); }

  @ParameterizedTest
  @MethodSource("cells")
  void contract_anyCell_holds(String name) {
    var report = CellContract.check(Cells.find(name));
    assertTrue(report.passed(), report::toString);
    assertTrue(report.cases() > 500, report::toString);
  }

  /** The derivative is the same if the bits are. */
  @ParameterizedTest
  @CsvSource({"scalar, 2", "plain, 2", "fast, 3"})
  void contract_otherKernels_haveTheSameBits(String kernels, int threads) {
    bits(Kernels.of(kernels, threads), Rule.KERNELS, Rule.ROW_ALONE, Rule.FUSED);
  }

  @Tag("slow")
  @ParameterizedTest
  @CsvSource({"scalar, 7", "plain, 1", "plain, 7", "fast, 1", "fast, 2", "fast, 7"})
  void contract_everyKernels_keepEveryRule(String kernels, int threads) {
    bits(Kernels.of(kernels, threads), EnumSet.complementOf(EnumSet.of(Rule.DERIVATIVE)).toArray(new Rule[0]));
  }

  private static void bits(Kernels k, Rule... rules) {
    for (String name : Cells.names()) {
      var report = CellContract.check(Cells.find(name), k, rules);
      assertTrue(report.passed(), report::toString);
    }
  }

  /** An Elman cell with one line of its own. */
  interface Broken extends Cell {
    Cell GOOD = Cells.find("elman");

    @Override default Layout layout() { return GOOD.layout(); }

    @Override default List<String> gates() { return GOOD.gates(); }

    @Override default void forward(Row r) { GOOD.forward(r); }

    @Override default void backward(Row r) { GOOD.backward(r); }
  }

  @Test void contract_gradientOnePercentOff_isFound() {
    broken(new Broken() {
      @Override public void backward(Row r) {
        GOOD.backward(r);
        for (int k = 0; k < r.units(); k++) r.da[r.dGate(0) + k] *= 1.01f;
      }
    }, Rule.DERIVATIVE);
  }

  @Test void contract_gradientOfTheStateForgotten_isFound() {
    broken(new Broken() {
      @Override public void forward(Row r) {
        GOOD.forward(r);
        for (int k = 0; k < r.units(); k++) r.s[r.next(0) + k] += 0.5f * r.s[r.prev(0) + k];
      }

      @Override public void backward(Row r) {
        for (int k = 0; k < r.units(); k++) r.s[r.next(0) + k] -= 0.5f * r.s[r.prev(0) + k];
        GOOD.backward(r);
        for (int k = 0; k < r.units(); k++) r.s[r.next(0) + k] += 0.5f * r.s[r.prev(0) + k];
      }
    }, Rule.DERIVATIVE);
  }

  @Test void contract_backwardWritesToGates_isFound() {
    broken(new Broken() {
      @Override public void backward(Row r) {
        GOOD.backward(r);
        r.a[r.gate(0)] = 0;
      }
    }, Rule.UNTOUCHED);
  }

  @Test void contract_unitCellThatLooksAtItsRow_isFound() {
    broken(new Broken() {
      @Override public void forward(Row r) {
        GOOD.forward(r);
        for (int k = 0; k < r.units(); k++) r.s[r.next(0) + k] /= r.units();
      }
    }, Rule.DERIVATIVE, Rule.SCOPE);
  }

  @Test void contract_cellThatRemembersItsLastCall_isFound() {
    broken(new Broken() {
      private float last;

      @Override public void forward(Row r) {
        GOOD.forward(r);
        r.s[r.next(0)] += last;
        last = r.s[r.next(0)];
      }
    }, Rule.ROW_ALONE, Rule.TWICE, Rule.STEPPER, Rule.CHUNKS);
  }

  @Test void contract_cellThatOverflows_isFound() {
    broken(new Broken() {
      @Override public void forward(Row r) {
        for (int k = 0; k < r.units(); k++) {
          float e = (float) Math.exp(2 * r.a[r.gate(0) + k]);
          r.s[r.next(0) + k] = (e - 1) / (e + 1);
        }
      }
    }, Rule.SATURATED);
  }

  @Test void contract_cellThatThrows_isAFinding() {
    var report = CellContract.check(new Broken() {
      @Override public void backward(Row r) { throw new UnsupportedOperationException("not yet"); }

      @Override public String toString() { return "half"; }
    }, Kernels.scalar(), Rule.TWICE);
    assertEquals("half: 0 cases, 1 broken\n  twice · any: threw java.lang.UnsupportedOperationException: not yet", report.toString());
  }

  private static void broken(Cell cell, Rule... rules) {
    for (var rule : rules) {
      var report = CellContract.check(cell, Kernels.scalar(), rule);
      assertTrue(!report.passed(), rule + " did not find it");
    }
  }
}
