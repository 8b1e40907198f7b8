package org.unroll.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.unroll.slab.Slab;

/** However a JVM runs the kernels, they give the bits that the scalar ones give in this one. */
class SameBitsTest {

  @ParameterizedTest
  @ValueSource(strings = {"-Xint", "-XX:TieredStopAtLevel=1", "-XX:UseAVX=2", "-XX:MaxVectorSize=16", "-Xbatch"})
  void kernels_anyJvm_sameBits(String option) throws Exception {
    int rounds = option.equals("-Xint") ? 1 : 40;
    assertEquals(List.of(Probe.hash(Kernels.scalar(), rounds)), ChildJvm.of(option).run(Probe.class, Integer.toString(rounds)));
  }

  @Tag("slow")
  @Test void kernels_compiledAtOnce_sameBits() throws Exception {
    assertEquals(List.of(Probe.hash(Kernels.scalar(), 2)), ChildJvm.of("-Xcomp").run(Probe.class, "2"));
  }

  /** Prints a checksum of what the vector kernels compute. */
  static final class Probe {
    static void main(String[] args) {
      System.out.println(hash(Kernels.of("plain", 2), Integer.parseInt(args[0])));
    }

    static String hash(Kernels k, int rounds) {
      var crc = new CRC32C();
      for (int i = 0; i < rounds; i++) work(k, new Numbers(i), crc);
      return Long.toHexString(crc.getValue());
    }

    private static void work(Kernels k, Numbers x, CRC32C crc) {
      for (int blocks = 1; blocks <= 4; blocks++) gates(k, x, blocks, crc);
      dense(k, x, crc);
      halves(k, x, crc);
      add(crc, ChainSumsTest.all(k.chainSums(), 15, x.below(1000)));
    }

    /** There and back through a matrix of gates, a partial last panel among theirs; one-hot rows too. */
    private static void gates(Kernels k, Numbers x, int blocks, CRC32C crc) {
      int rows = 7, units = 20, inputs = 13;
      Slab a = x.matrix(rows, inputs), w = x.matrix(inputs, units * blocks), bias = x.vector(units * blocks);
      Slab dx = x.matrix(rows, inputs), dW = x.matrix(inputs, units * blocks), db = x.vector(units * blocks);
      Slab ids = x.ids(rows, inputs);
      var g = x.panels(rows, units, blocks, true);
      var tiling = Tiling.gates(units, blocks);
      k.product(a, 0, rows, k.pack(w, tiling, null), g, 0, 0, bias);
      k.sigmoid(g.data(), g.panelAt(0, 0, 0), 16 * rows);
      k.tanh(g.data(), g.panelAt(0, blocks / 2, 1), g.data(), g.panelAt(0, blocks / 2, 1), 16 * rows - 3);
      g.clearPadding();
      k.product(g, 0, rows, 0, k.packTransposed(w, tiling, null), dx, 0, true);
      k.outer(a, 0, g, 0, rows, 0, dW);
      k.columnSums(g, 0, rows, db);
      k.scatter(ids, g, 0, rows, 0, dW);
      add(crc, g.data(), dx.data(), dW.data(), db.data());
      var looked = x.stale(rows, units, blocks, true);
      k.lookup(w, ids, 0, rows, looked, 0, 0, bias);
      add(crc, looked.data());
    }

    /** The same of plain rows, of one row alone, and softmax with its loss; the last panel is smaller and ends within a vector. */
    private static void dense(Kernels k, Numbers x, CRC32C crc) {
      int rows = 9, inputs = 13, cols = 107;
      Slab a = x.matrix(rows, inputs), w = x.matrix(inputs, cols), bias = x.vector(cols), y = x.matrix(rows, cols);
      Slab dx = x.matrix(rows, inputs), dW = x.matrix(inputs, cols), db = x.vector(cols), single = x.vector(cols);
      Slab ids = x.ids(rows, inputs);
      var packed = k.pack(w, Tiling.dense(cols), null);
      k.product(a, 0, rows, packed, y, 0, bias, false);
      k.product(a, 0, 1, packed, single, 0, null, true);
      for (int r = 0; r < rows - 1; r++) add(crc, k.crossEntropy(y.data(), y.row(r), cols, 4 * r, 0.3f));
      k.softmax(y.data(), y.row(rows - 1), cols);
      k.product(y, 0, rows, k.packTransposed(w, Tiling.dense(cols), null), dx, 0, null, false);
      k.outer(a, 0, y, 0, rows, dW);
      k.columnSums(y, 0, rows, db);
      k.scatter(ids, y, dW, 0, rows);
      add(crc, y.data(), single.data(), dx.data(), dW.data(), db.data());
      k.exp(dx.data(), dx.row(0), dx.data(), dx.row(0), inputs);
      k.log(dx.data(), dx.row(0), dx.data(), dx.row(0), inputs);
      add(crc, dx.data());
    }

    /** One row of weights of two bytes, an odd number of terms. */
    private static void halves(Kernels k, Numbers x, CRC32C crc) {
      for (int blocks = 1; blocks <= 4; blocks++) {
        Slab a = x.vector(13), w = Precision.BF16.round(x.matrix(13, 40 * blocks)), y = x.vector(40 * blocks);
        var g = x.panels(1, 40, blocks, true);
        k.product(a, 0, 1, k.halves(k.pack(w, Tiling.gates(40, blocks), null)), g, 0, 0, null);
        k.product(a, 0, 1, k.halves(k.pack(w, Tiling.dense(40 * blocks), null)), y, 0, null, false);
        add(crc, g.data(), y.data());
      }
    }

    private static void add(CRC32C crc, float value) { add(crc, new float[] {value}); }

    private static void add(CRC32C crc, float[]... all) {
      for (float[] data : all) {
        var bytes = ByteBuffer.allocate(4 * data.length);
        for (float v : data) bytes.putInt(Float.floatToRawIntBits(v));
        crc.update(bytes.array());
      }
    }
  }
}
