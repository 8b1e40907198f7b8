package org.unroll.cell;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.unroll.kernel.ChildJvm;
import org.unroll.kernel.Fused;
import org.unroll.kernel.Kernels;
import org.unroll.kernel.Panels;
import org.unroll.kernel.Tiling;
import org.unroll.slab.Slab;
import org.unroll.slab.Workspace;

/** Fused cells have the bits of the plain ones, in every lane of every array, whatever the width, the layout and the JVM. */
class FusedCellsTest {
  private static final int ROWS = 7, AROUND = 2, PREV = 1, NEXT = ROWS + 1, ROW = 1, N = 2;
  private static final int[] WIDTHS = {1, 4, 13, 16, 25, 33, 64, 100};
  private static final Kernels FAST = Kernels.best(1), SCALAR = Kernels.scalar();

  static Stream<String> fused() { return Cells.names().stream().filter(c -> Cells.find(c).fused(FAST) != null); }

  @Test void cells_withoutATwin_areThoseWithANormalisation() {
    var none = Cells.names().stream().filter(c -> fused().noneMatch(c::equals)).toList();
    assertEquals(Cells.names().stream().filter(c -> c.contains("-ln")).toList(), none);
  }

  @ParameterizedTest
  @MethodSource("fused")
  void cell_allPanels_hasTheBitsOfThePlainOne(String cell) {
    for (int units : WIDTHS) for (boolean panelMajor : new boolean[] {true, false}) {
      Data plain = new Data(Cells.find(cell), units, panelMajor), twin = new Data(Cells.find(cell), units, panelMajor);
      plain.plain();
      twin.fused(0, plain.a.panels());
      for (int i = 0; i < plain.arrays().size(); i++) {
        assertArrayEquals(bits(plain.arrays().get(i)), bits(twin.arrays().get(i)), cell + ", " + units + " units, array " + i);
      }
    }
  }

  /** The panels of a row need not be done together, nor in order. */
  @ParameterizedTest
  @MethodSource("fused")
  void cell_panelByPanel_hasTheSameBits(String cell) {
    for (int units : new int[] {33, 64}) {
      Data whole = new Data(Cells.find(cell), units, true), parts = new Data(Cells.find(cell), units, true);
      whole.fused(0, whole.a.panels());
      for (int p = whole.a.panels() - 1; p >= 0; p--) parts.fused(p, p + 1);
      for (int i = 0; i < whole.arrays().size(); i++) assertArrayEquals(whole.arrays().get(i), parts.arrays().get(i), cell);
    }
  }

  /** In the interpreter, with narrower vectors, and after C2: one checksum. */
  @ParameterizedTest
  @MethodSource("options")
  void cells_anyJvm_sameBits(String option) throws Exception {
    String want = hash(true, 1);
    assertEquals(want, hash(false, 1));
    assertEquals(List.of(want), ChildJvm.of(option).run(Probe.class, option.equals("-Xint") ? "1" : "30"));
  }

  @Tag("slow")
  @Test void cells_compiledAtOnce_sameBits() throws Exception {
    assertEquals(List.of(hash(true, 1)), ChildJvm.of("-Xcomp").run(Probe.class, "2"));
  }

  static Stream<String> options() { return Stream.of("-Xint", "-XX:UseAVX=2", "-XX:MaxVectorSize=16", "-Xbatch"); }

  /** Prints the checksum of what the fused cells compute, the last of several times. */
  static final class Probe {
    static void main(String[] args) { System.out.println(hash(false, Integer.parseInt(args[0]))); }
  }

  private static String hash(boolean plain, int rounds) {
    String last = "";
    for (int i = 0; i < rounds; i++) {
      var crc = new CRC32C();
      for (String cell : fused().toList()) for (int units : new int[] {20, 48}) {
        var data = new Data(Cells.find(cell), units, true);
        if (plain) data.plain();
        else data.fused(0, data.a.panels());
        for (float[] x : data.arrays()) {
          var bytes = ByteBuffer.allocate(4 * x.length);
          for (float v : x) bytes.putFloat(v);
          crc.update(bytes.array());
        }
      }
      last = Long.toHexString(crc.getValue());
    }
    return last;
  }

  private static int[] bits(float[] x) {
    int[] bits = new int[x.length];
    for (int i = 0; i < x.length; i++) bits[i] = Float.floatToRawIntBits(x[i]);
    return bits;
  }

  /** A step of some rows within larger arrays, there and back; the same numbers each time. */
  private static final class Data {
    final Cell cell;
    final Panels a, da;
    final Slab s, p, m, ds, dp, dm;
    private final SplittableRandom random;
    private final int units, slot;

    Data(Cell cell, int units, boolean panelMajor) {
      this.cell = cell;
      this.units = units;
      slot = Tiling.padded(units);
      random = new SplittableRandom(units);
      var l = cell.layout();
      a = panels(l.blocks(), panelMajor);
      da = panels(l.blocks(), panelMajor);
      s = slots(2 * ROWS + AROUND, l.states());
      for (int i = 0; i < l.states(); i++) if (cell.least(i) == 1) normalise(i);
      ds = slots(ROWS + AROUND, l.states());
      p = slots(1, l.perUnit());
      dp = slots(ROWS + AROUND, l.perUnit());
      m = slots(ROWS + AROUND, 1).cols(0, units);
      dm = slots(ROWS + AROUND, 1).cols(0, units);
    }

    List<float[]> arrays() { return List.of(a.data(), da.data(), s.data(), ds.data(), p.data(), dp.data(), m.data(), dm.data()); }

    private float next() {
      return switch (random.nextInt(40)) {
        case 0 -> -0f;
        case 1 -> 0f;
        case 2 -> Float.MIN_VALUE * random.nextInt(-1000, 1000);
        case 3 -> 30 * (float) random.nextDouble(-1, 1);
        default -> 2 * (float) random.nextDouble(-1, 1);
      };
    }

    private Panels panels(int blocks, boolean panelMajor) {
      var ws = new Workspace();
      int rows = ROWS + AROUND;
      var x = panelMajor ? Panels.panelMajor(ws, rows, units, blocks) : Panels.rowMajor(ws, rows, units, blocks);
      for (int i = 0; i < x.data().length; i++) x.data()[i] = next();
      x.clearPadding();
      return x;
    }

    private Slab slots(int rows, int n) {
      var x = Slab.zeros(1, rows, n * slot);
      for (int r = 0; r < rows; r++) for (int i = 0; i < n; i++) for (int u = 0; u < units; u++) x.set(r, i * slot + u, next());
      return x;
    }

    /** A sum of weights is at least 1, or 0 where nothing has been seen. */
    private void normalise(int i) {
      for (int r = 0; r < s.height(); r++) {
        for (int u = i * slot; u < i * slot + units; u++) s.set(r, u, r % 3 == 0 ? 0 : 1 + Math.abs(s.get(r, u)));
      }
    }

    void fused(int first, int end) {
      var twin = cell.fused(FAST);
      var x = new Fused.Operands(a, s, p, m, da, ds, dp, dm);
      twin.forward(x, ROW, PREV, NEXT, ROWS, first, end);
      if (cell.layout().secondProduct()) twin.forward2(x, ROW, PREV, NEXT, ROWS, first, end);
      twin.backward(x, ROW, PREV, NEXT, N, ROWS, first, end);
      if (cell.layout().secondProduct()) twin.backward2(x, ROW, PREV, NEXT, N, ROWS, first, end);
    }

    void plain() {
      var row = new Row(SCALAR, a, s, p, m, da, ds, dp, dm);
      each(row, () -> cell.forward(row));
      if (cell.layout().secondProduct()) each(row, () -> cell.forward2(row));
      each(row, () -> cell.backward(row));
      if (cell.layout().secondProduct()) each(row, () -> cell.backward2(row));
    }

    private void each(Row row, Runnable what) {
      for (int i = 0; i < ROWS; i++) for (int k = 0; k < a.panels(); k++) {
        int u = k * Tiling.LANES;
        row.gates(a.lanes(k), a.panelAt(ROW + i, 0, k), da.panelAt(ROW + i, 0, k), a.blockStride());
        row.states(s.row(PREV + i) + u, s.row(NEXT + i) + u, ds.row(N + i) + u, slot);
        row.units(p.offset() + u, dp.row(N + i) + u, slot);
        row.second(m.row(ROW + i) + u, dm.row(N + i) + u);
        what.run();
      }
    }
  }
}
