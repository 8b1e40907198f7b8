package org.unroll.cell;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.unroll.cell.Cell.Layout;
import org.unroll.cell.Cell.Scope;
import org.unroll.kernel.Activation;
import org.unroll.kernel.Kernels;
import org.unroll.kernel.Panels;
import org.unroll.reference.ReferenceCell;
import org.unroll.slab.Init;
import org.unroll.slab.Slab;
import org.unroll.slab.Workspace;

/** The table of cells, and what people and files read of each. */
class CellsTest {
  private static final Map<String, Cell> CELLS = Map.ofEntries(
      Map.entry("elman", new Elman(Activation.TANH)), Map.entry("elman-relu", new Elman(Activation.RELU)),
      Map.entry("elman-identity", new Elman(Activation.IDENTITY)), Map.entry("lstm", new Lstm(false)),
      Map.entry("lstm-peephole", new Lstm(true)), Map.entry("lstm-coupled", new CoupledLstm(false)),
      Map.entry("lstm-coupled-peephole", new CoupledLstm(true)), Map.entry("gru", new Gru(Update.KEEP)),
      Map.entry("gru-write", new Gru(Update.WRITE)), Map.entry("gru-before", new ResetBeforeGru(Update.KEEP)),
      Map.entry("gru-before-write", new ResetBeforeGru(Update.WRITE)),
      Map.entry("lstm-1997", new Lstm1997()), Map.entry("mgu", new Mgu()),
      Map.entry("indrnn", new IndRnn(Activation.RELU)), Map.entry("indrnn-tanh", new IndRnn(Activation.TANH)), Map.entry("mingru", new MinGru()),
      Map.entry("minlstm", new MinLstm()), Map.entry("slstm", new Slstm()));

  @Test void names_areThoseOfTheCells_inBothDirections() {
    assertEquals(List.of("elman", "elman-relu", "elman-identity", "indrnn", "indrnn-tanh", "lstm", "lstm-peephole", "lstm-coupled",
        "lstm-coupled-peephole", "lstm-1997", "gru", "gru-write", "gru-before", "gru-before-write", "mgu", "mingru", "minlstm",
        "slstm", "elman-ln", "elman-ln-sum", "lstm-ln", "lstm-ln-sum", "gru-ln", "gru-ln-sum"), List.copyOf(Cells.names()));
    CELLS.forEach((name, cell) -> {
      assertEquals(cell, Cells.find(name));
      assertEquals(name, Cells.nameOf(cell));
    });
    assertNull(Cells.find("ugru"));
  }

  @Test void names_areThoseOfTheReference_inItsOrder() {
    assertEquals(ReferenceCell.NAMES, List.copyOf(Cells.names()));
  }

  /** A memory scaled by e^−m whose norm is 0 holds nothing yet, whatever its other slots say. */
  @Test void rescaledGate_ofAnEmptyMemory_isZero() {
    var gate = new Carry.Rescaled("f", "m", "n");
    assertEquals(0, gate.at(values(0.5, 0, 2, 1)));
    assertEquals(0.5 * Math.exp(1), gate.at(values(0.5, 1, 2, 1)), 1e-15);
    assertEquals(0.5 * Math.exp(1), gate.at(values(0.5, 3, 2, 1)), 1e-15);
  }

  private static Carry.Values values(double f, double n, double before, double after) {
    return new Carry.Values() {
      @Override public double block(String name) { return f; }

      @Override public double before(String slot) { return slot.equals("n") ? n : before; }

      @Override public double after(String slot) { return after; }
    };
  }

  /** Recurrent dropout acts on what is written into a memory: the simple cells have none. */
  @Test void drops_areAllCellsWithAMemory() {
    for (var name : Cells.names()) assertEquals(!name.startsWith("elman") && !name.startsWith("indrnn"), Cells.find(name).drops(), name);
  }

  @Test void aUsersCell_hasNoName() {
    var mine = new Cell() {
      @Override public Layout layout() { return new Layout(1, 1, 1, 1, 0, Scope.UNIT, false); }

      @Override public void forward(Row r) {}

      @Override public void backward(Row r) {}

      @Override public List<String> gates() { return List.of("a"); }
    };
    assertNull(Cells.nameOf(mine));
    assertEquals(List.of("h"), mine.slots());
    assertArrayEquals(new float[1], mine.bias(1));
    assertEquals(1, mine.leastUnits());
    assertFalse(mine.drops());
    assertEquals(1, Cells.find("gru-ln").leastUnits());
    assertEquals(2, Cells.find("gru-ln-unbiased").leastUnits());
    assertThrows(UnsupportedOperationException.class, () -> mine.forward2(null));
    assertThrows(UnsupportedOperationException.class, () -> mine.backward2(null));
  }

  @Test void layouts_areThoseOfTheEquations() {
    layout("elman", 1, 1, 1, 1, 0, false, "[a]", "[h]");
    layout("lstm", 4, 4, 4, 2, 0, false, "[i, f, g, o]", "[h, c]");
    layout("lstm-peephole", 4, 4, 4, 2, 3, false, "[i, f, g, o]", "[h, c]");
    layout("lstm-coupled", 3, 3, 3, 2, 0, false, "[i, g, o]", "[h, c]");
    layout("lstm-coupled-peephole", 3, 3, 3, 2, 2, false, "[i, g, o]", "[h, c]");
    layout("lstm-1997", 3, 3, 3, 2, 0, false, "[i, g, o]", "[h, c]");
    layout("gru", 4, 3, 3, 1, 0, false, "[q, r, z, n]", "[h]");
    layout("gru-before", 3, 2, 3, 1, 0, true, "[r, z, n]", "[h]");
    layout("mgu", 2, 1, 2, 1, 0, true, "[f, n]", "[h]");
    layout("indrnn", 1, 0, 1, 1, 1, false, "[a]", "[h]");
    layout("mingru", 2, 0, 2, 1, 0, false, "[z, n]", "[h]");
    layout("slstm", 4, 4, 4, 4, 0, false, "[i, f, g, o]", "[h, c, n, m]");
    layout("minlstm", 3, 0, 3, 1, 0, false, "[f, i, n]", "[h]");
  }

  private static void layout(String name, int blocks, int byR, int byW, int states, int perUnit, boolean second, String gates, String slots) {
    var cell = Cells.find(name);
    assertEquals(new Layout(blocks, byR, byW, states, perUnit, Scope.UNIT, second), cell.layout());
    assertEquals(gates, cell.gates().toString());
    assertEquals(slots, cell.slots().toString());
  }

  /** A memory that is kept at the beginning: forget gates open, a coupled input gate shut. */
  @Test void bias_ofTheForgetGate_isAllThatIsNotZero() {
    assertArrayEquals(new float[] {0, 1.5f, 0, 0}, Cells.find("lstm").bias(1.5f));
    assertArrayEquals(new float[] {-1.5f, 0, 0}, Cells.find("lstm-coupled").bias(1.5f));
    assertArrayEquals(new float[3], Cells.find("lstm-1997").bias(1.5f));
    assertArrayEquals(new float[4], Cells.find("gru").bias(1.5f));
    assertArrayEquals(new float[2], Cells.find("mgu").bias(1.5f));
    assertArrayEquals(new float[] {-1.5f, 0}, Cells.find("mingru").bias(1.5f));
    assertArrayEquals(new float[] {1.5f, 0, 0}, Cells.find("minlstm").bias(1.5f));
    assertArrayEquals(new float[1], Cells.find("elman").bias(1.5f));
  }

  @Test void leastOfASlot_isThatOfTheNormaliser() {
    var slstm = Cells.find("slstm");
    for (int i = 0; i < 4; i++) assertEquals(i == 2 ? 1 : Float.NEGATIVE_INFINITY, slstm.least(i));
    assertEquals(Float.NEGATIVE_INFINITY, Cells.find("lstm").least(1));
    assertArrayEquals(new float[] {0, 1.5f, 0, 0}, slstm.bias(1.5f));
  }

  @Test void weightsPerUnit_startAtNothing_butThoseThatCarryTheState() {
    assertEquals(new Init.Constant(0), Cells.find("lstm-peephole").own(5, 1));
    assertEquals(new Init.Range(0, 1), Cells.find("indrnn").own(5, 1));
  }

  /** e^−500 against nothing: from the zero state an sLSTM takes its first input whole. */
  @Test void slstm_fromNothing_takesItsFirstInputWhole() {
    var a = Panels.rowMajor(new Workspace(), 1, 1, 4);
    java.util.Arrays.fill(a.data(), 0f);
    a.data()[a.at(0, 0, 0)] = -500;
    a.data()[a.at(0, 2, 0)] = 20;
    var s = Slab.zeros(2, 1, 64);
    var row = new Row(Kernels.scalar(), a, s, null, null);
    row.gates(1, 0, 0, a.blockStride());
    row.states(0, 64, 0, 16);
    Cells.find("slstm").forward(row);
    float[] want = {0.5f, 1, 1, -500};
    for (int slot = 0; slot < 4; slot++) assertEquals(want[slot], s.get(1, 16 * slot));
  }

  /** Two gates that are 0 in float share as equals: the state is half the old one, half the candidate. */
  @Test void minlstm_bothGatesShut_keepsHalf() {
    var a = Panels.rowMajor(new Workspace(), 1, 1, 3);
    java.util.Arrays.fill(a.data(), 0f);
    for (int b = 0; b < 3; b++) a.data()[a.at(0, b, 0)] = b < 2 ? -500 : 6;
    var s = Slab.zeros(2, 1, 16);
    s.set(0, 0, 2);
    var row = new Row(Kernels.scalar(), a, s, null, null);
    row.gates(1, 0, 0, a.blockStride());
    row.states(0, 16, 0, 16);
    Cells.find("minlstm").forward(row);
    assertEquals(4f, s.get(1, 0));
  }

  /** Cells name their twins; those that look at a whole row, and functions without a loop of their own, have none. */
  @Test void fusedTwin_isOfTheCellItself() {
    var asked = new TreeMap<String, String>();
    CELLS.forEach((name, cell) -> {
      cell.fused((Kernels) Proxy.newProxyInstance(CellsTest.class.getClassLoader(), new Class<?>[] {Kernels.class}, (_, m, args) -> {
        assertEquals("fused", m.getName());
        asked.put(name, args[0].toString());
        return null;
      }));
      assertNull(cell.fused(Kernels.scalar()), name);
    });
    var names = new TreeMap<String, String>();
    for (String name : CELLS.keySet()) {
      if (!name.contains("-ln")) names.put(name, name.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
    names.put("elman", "ELMAN_TANH");
    names.put("indrnn", "INDRNN_RELU");
    assertEquals(names, asked);
    assertNull(new Elman(Activation.SIGMOID).fused(Kernels.best(1)));
    assertNull(new Elman(Activation.SOFTMAX).fused(Kernels.best(1)));
    assertNull(new IndRnn(Activation.IDENTITY).fused(Kernels.best(1)));
  }
}
