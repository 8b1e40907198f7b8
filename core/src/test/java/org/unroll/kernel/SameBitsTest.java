package org.unroll.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32C;
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
      int rows = 7, units = 20, inputs = 13, blocks = 3;
      Slab a = x.matrix(rows, inputs), w = x.matrix(inputs, units * blocks), bias = x.vector(units * blocks);
      Slab dx = x.matrix(rows, inputs), dW = x.matrix(inputs, units * blocks), db = x.vector(units * blocks);
      var g = x.panels(rows, units, blocks, true);
      var tiling = Tiling.gates(units, blocks);
      k.product(a, 0, rows, k.pack(w, tiling, null), g, 0, 0, bias);
      k.sigmoid(g.data(), g.panelAt(0, 0, 0), 16 * rows);
      k.tanh(g.data(), g.panelAt(0, 0, 1), g.data(), g.panelAt(0, 0, 1), 16 * rows - 3);
      k.product(g, 0, rows, 0, k.packTransposed(w, tiling, null), dx, 0, true);
      k.outer(a, 0, g, 0, rows, 0, dW);
      k.columnSums(g, 0, rows, db);
      float loss = k.crossEntropy(dx.data(), dx.row(2), inputs, 4, 0.3f);
      k.product(a, 0, 1, k.pack(w, Tiling.dense(units * blocks), null), db, 0, null, true);
      float[] chains = ChainSumsTest.all(k.chainSums(), 15, x.below(1000));
      for (float[] data : List.of(g.data(), dx.data(), dW.data(), db.data(), new float[] {loss}, chains)) {
        var bytes = ByteBuffer.allocate(4 * data.length);
        for (float v : data) bytes.putInt(Float.floatToRawIntBits(v));
        crc.update(bytes.array());
      }
    }
  }
}
