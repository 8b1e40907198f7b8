package org.unroll.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Writes the tile classes. A tile is straight-line code over as many accumulators as it has rows times vectors: C2 keeps
 * them in registers only if each is a local variable of one method, so the methods are printed, one line a row. In the
 * loops the vector interface is called directly: a helper of ours is not inlined once a method has grown to so many nodes,
 * and then every vector it returns is an object.
 *
 * <p>To change a tile, change this file and run its {@code main} in the {@code core} folder.
 */
final class TileSources {
  private static final Path FOLDER = Path.of("src/main/java/org/unroll/kernel");

  /** Rows of the product tiles of 1, 2, 3 and 4 vectors; and how many panels the tile of a single row covers. */
  private static final List<List<Integer>> ROWS =
      List.of(List.of(8, 4, 2, 1), List.of(6, 4, 2, 1), List.of(8, 4, 2, 1), List.of(6, 4, 2, 1));
  private static final List<Integer> ABREAST = List.of(8, 4, 2, 2);

  /**
   * Rows of the outer tiles of 1, 2, 3 and 4 vectors. The left operand is turned once for all panels, so a last panel that is narrower
   * takes the rows of the wide ones.
   */
  private static final List<List<Integer>> OUTER_ROWS = List.of(List.of(6, 4), List.of(6, 4), List.of(8, 6, 4), List.of(6, 4));

  private TileSources() {}

  static void main() throws IOException {
    for (var e : all().entrySet()) Files.writeString(FOLDER.resolve(e.getKey()), e.getValue());
  }

  /** File names and contents. */
  static Map<String, String> all() {
    var files = new LinkedHashMap<String, String>();
    for (int vectors = 1; vectors <= 4; vectors++) files.put("Tiles" + vectors + ".java", product(vectors));
    files.put("HalfTiles.java", halves());
    files.put("OuterTiles.java", outer());
    return files;
  }

  private static String product(int vectors) {
    var tiles = ROWS.get(vectors - 1).stream().map(rows -> rows(rows, vectors)).collect(Collectors.joining("\n"));
    return """
        package org.unroll.kernel;

        import java.lang.foreign.MemorySegment;
        import jdk.incubator.vector.FloatVector;
        import jdk.incubator.vector.VectorSpecies;

        /** Product tiles of width %1$d; {@link Product} says what the operands are. Printed by TileSources: change that. */
        final class Tiles%1$d {
          /** How many panels {@link #abreast} covers. */
          static final int ABREAST = %2$d;

          private static final VectorSpecies<Float> S = Lanes.SPECIES;
          private static final int L = Lanes.LENGTH, WIDTH = %1$d * L;

          private Tiles%1$d() {}

        %3$s
        %4$s
          private static FloatVector load(float[] x, int at) { return FloatVector.fromArray(S, x, at); }
        }
        """.formatted(vectors, ABREAST.get(vectors - 1), tiles, abreast(ABREAST.get(vectors - 1), vectors));
  }

  private static String rows(int rows, int vectors) {
    return """
          static void rows%d(float[] a, int aAt, int aRow, int parts, int partStep, int length, MemorySegment b, int bAt,
              float[] d, int dAt, int dr, int dv, float[] c, int cAt, int cr, int cv) {
            int i = dAt, j = cAt;
        %s    for (int p = 0, a0 = aAt, b0 = bAt; p < parts; p++, a0 += partStep, b0 += length * WIDTH) {
        %s      for (int k = 0, o = b0; k < length; k++, o += WIDTH) {
        %s%s      }
            }
        %s  }
        """.formatted(rows, starts(rows, vectors, "d", "dr", "dv"),
            rows == 1 ? "" : "      int " + list(rows - 1, r -> "a" + (r + 1) + " = a" + r + " + aRow") + ";\n",
            loads(8, vectors, v -> fromSegment(at("o", v, "L"))), sums(8, rows, vectors, r -> "a" + r + " + k"),
            results(rows, vectors));
  }

  /** Enough independent sums to hide the latency of an fma. */
  private static String abreast(int panels, int vectors) {
    var sums = lines(panels * vectors, n -> {
      int p = n / vectors, v = n % vectors;
      return "        " + fma(p, v, fromSegment(at("b" + p + " + o", v, "L")));
    });
    return """
          /** One row, %d panels. */
          static void abreast(float[] a, int aAt, int parts, int partStep, int length, MemorySegment b, int bAt, int bp,
              float[] d, int dAt, int dp, int dv, float[] c, int cAt, int cp, int cv) {
            int i = dAt, j = cAt;
        %s    for (int p = 0, a0 = aAt, b0 = bAt; p < parts; p++, a0 += partStep, b0 += length * WIDTH) {
              int %s;
              for (int k = 0, o = 0; k < length; k++, o += WIDTH) {
                FloatVector x = FloatVector.broadcast(S, a[a0 + k]);
        %s      }
            }
        %s  }
        """.formatted(panels, starts(panels, vectors, "d", "dp", "dv"),
            list(panels - 1, p -> "b" + (p + 1) + " = b" + p + " + bp"), sums, results(panels, vectors).replace("cr", "cp"));
  }

  private static String halves() {
    var calls = new StringBuilder();
    var tiles = new StringBuilder();
    for (int vectors = 1; vectors <= 4; vectors++) {
      for (int panels : new int[] {1, ABREAST.get(vectors - 1)}) {
        calls.append("      case %d -> tile%dx%d(a, aAt, length, b, bAt, bp, d, dAt, dp, dv, c, cAt, cp, cv);\n"
            .formatted(vectors * 16 + panels, vectors, panels));
        tiles.append(half(vectors, panels)).append('\n');
      }
    }
    return """
        package org.unroll.kernel;

        import java.lang.foreign.MemorySegment;
        import jdk.incubator.vector.FloatVector;
        import jdk.incubator.vector.IntVector;
        import jdk.incubator.vector.VectorOperators;
        import jdk.incubator.vector.VectorSpecies;

        /**
         * Product tiles of one row for weights of two bytes, rows k and k + 1 in the halves of a lane: a half in the high 16 bits is a
         * float. {@link Product} says what the operands are. Printed by TileSources: change that.
         */
        final class HalfTiles {
          private static final VectorSpecies<Float> S = Lanes.SPECIES;
          private static final VectorSpecies<Integer> I = VectorSpecies.of(int.class, S.vectorShape());
          private static final int L = Lanes.LENGTH, HIGH = 0xffff0000;

          private HalfTiles() {}

          /** So many panels side by side, each of {@code vectors} machine vectors. */
          static void tile(int vectors, int panels, float[] a, int aAt, int length, MemorySegment b, int bAt, int bp,
              float[] d, int dAt, int dp, int dv, float[] c, int cAt, int cp, int cv) {
            switch (vectors * 16 + panels) {
        %s      default -> throw new AssertionError(vectors + " vectors, " + panels + " panels");
            }
            if (length %% 2 == 1) last(vectors, panels, a[aAt + length - 1], b, bAt + length / 2 * vectors * L, bp, c, cAt, cp, cv);
          }

          /** The last row where their number is odd: it is alone in its lanes. */
          private static void last(int vectors, int panels, float a, MemorySegment b, int bAt, int bp, float[] c, int cAt, int cp, int cv) {
            FloatVector x = FloatVector.broadcast(S, a);
            for (int p = 0; p < panels; p++) {
              for (int v = 0; v < vectors; v++) {
                IntVector w = IntVector.fromMemorySegment(I, b, (long) (bAt + p * bp + v * L) << 2, Lanes.ORDER);
                int at = cAt + p * cp + v * cv;
                x.fma(w.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), load(c, at)).intoArray(c, at);
              }
            }
          }

        %s  private static FloatVector load(float[] x, int at) { return FloatVector.fromArray(S, x, at); }
        }
        """.formatted(calls, tiles);
  }

  private static String half(int vectors, int panels) {
    var sums = lines(panels * vectors, n -> {
      int p = n / vectors, v = n % vectors;
      String at = p == 0 && v == 0 ? "b0 + o" : at("b" + p + " + o", v, "L");
      return """
                w = IntVector.fromMemorySegment(I, b, (long) (%2$s) << 2, Lanes.ORDER);
                %1$s = x.fma(w.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), %1$s);
                %1$s = y.fma(w.and(HIGH).reinterpretAsFloats(), %1$s);""".formatted("c" + p + v, at).indent(6).stripTrailing();
    });
    return """
          private static void tile%dx%d(float[] a, int aAt, int length, MemorySegment b, int b0, int bp,
              float[] d, int dAt, int dp, int dv, float[] c, int cAt, int cp, int cv) {
            int i = dAt, j = cAt;
        %s%s    for (int k = 0, o = 0; k < length - 1; k += 2, o += %s) {
              FloatVector x = FloatVector.broadcast(S, a[aAt + k]), y = FloatVector.broadcast(S, a[aAt + k + 1]);
              IntVector w;
        %s    }
        %s  }
        """.formatted(vectors, panels, starts(panels, vectors, "d", "dp", "dv"),
            panels == 1 ? "" : "    int " + list(panels - 1, p -> "b" + (p + 1) + " = b" + p + " + bp") + ";\n",
            vectors == 1 ? "L" : vectors + " * L", sums, results(panels, vectors).replace("cr", "cp"));
  }

  private static String outer() {
    var calls = new StringBuilder();
    var tiles = new StringBuilder();
    for (int vectors = 1; vectors <= 4; vectors++) {
      for (int rows : OUTER_ROWS.get(vectors - 1)) {
        calls.append("      case %d -> tile%dx%d(a, aAt, rows, b, bAt, br, bv, length, c, cAt, cr, cv);\n"
            .formatted(rows * 16 + vectors, rows, vectors));
        tiles.append(outer(rows, vectors)).append('\n');
      }
    }
    return """
        package org.unroll.kernel;

        import jdk.incubator.vector.FloatVector;
        import jdk.incubator.vector.VectorSpecies;

        /**
         * The tiles of {@link Outer}, 1 to 4 vectors wide. Printed by TileSources: change that. Row k of a is {@code ar} after the one
         * before, which is a number of its own so that no compiler knows it: where C2 does, and the sums that it has seen are of few rows,
         * the tile of six rows and four vectors takes 1.7 times as long. Most likely all loads of a row go to the front then, and are with
         * the sums more than the registers hold; nobody has read the machine code.
         */
        final class OuterTiles {
          private static final VectorSpecies<Float> S = Lanes.SPECIES;
          private static final int L = Lanes.LENGTH;

          private OuterTiles() {}

          /** How many rows of c the next tile takes, which may be more than are left. */
          static int rows(int vectors, int left) {
            if (vectors == 3) return left > 4 ? 8 : 4;
            return left >= 6 && left != 8 ? 6 : 4;
          }

          /** So many rows and machine vectors; row k of b is {@code br} after the one before, and so many rows of a stand side by side. */
          static void tile(int rows, int vectors, float[] a, int aAt, float[] b, int bAt, int br, int bv, int length,
              float[] c, int cAt, int cr, int cv) {
            switch (rows * 16 + vectors) {
        %s      default -> throw new AssertionError(rows + " rows, " + vectors + " vectors");
            }
          }

        %s  private static FloatVector load(float[] x, int at) { return FloatVector.fromArray(S, x, at); }
        }
        """.formatted(calls, tiles);
  }

  private static String outer(int rows, int vectors) {
    return """
          private static void tile%2$dx%1$d(float[] a, int aAt, int ar, float[] b, int bAt, int br, int bv, int length,
              float[] c, int cAt, int cr, int cv) {
            int i = cAt, j = cAt;
        %3$s    for (int k = 0, q = aAt, o = bAt; k < length; k++, q += ar, o += br) {
        %4$s%5$s    }
        %6$s  }
        """.formatted(vectors, rows, starts(rows, vectors, "c", "cr", "cv"),
            loads(6, vectors, v -> "FloatVector.fromArray(S, b, " + at("o", v, "bv") + ")"),
            sums(6, rows, vectors, r -> at("q", r, "1")), results(rows, vectors));
  }

  // ---- lines of a tile

  private static String starts(int rows, int vectors, String from, String row, String vector) {
    return lines(rows, r -> "    FloatVector "
        + list(vectors, v -> "c" + r + v + " = load(" + from + ", " + place("i", r, v, row, vector) + ")") + ";");
  }

  private static String loads(int indent, int vectors, IntFunction<String> load) {
    return lines(vectors, v -> " ".repeat(indent) + "FloatVector b" + v + "v = " + load.apply(v) + ";")
        + " ".repeat(indent) + "FloatVector x;\n";
  }

  private static String fromSegment(String at) {
    String index = at.contains(" ") ? "(" + at + ")" : at;
    return "FloatVector.fromMemorySegment(S, b, (long) " + index + " << 2, Lanes.ORDER)";
  }

  private static String sums(int indent, int rows, int vectors, IntFunction<String> a) {
    String space = " ".repeat(indent);
    return lines(rows, r -> space + "x = FloatVector.broadcast(S, a[" + a.apply(r) + "]);\n"
        + space + each(vectors, v -> fma(r, v, "b" + v + "v")));
  }

  private static String results(int rows, int vectors) {
    return lines(rows, r -> "    " + each(vectors, v -> "c" + r + v + ".intoArray(c, " + place("j", r, v, "cr", "cv") + ");"));
  }

  private static String fma(int row, int vector, String b) {
    return "c%1$d%2$d = x.fma(%3$s, c%1$d%2$d);".formatted(row, vector, b);
  }

  /** A running offset that moves on with the first vector of every row but the first. */
  private static String place(String at, int row, int vector, String rowStep, String vectorStep) {
    return vector == 0 && row > 0 ? at + " += " + rowStep : at(at, vector, vectorStep);
  }

  private static String at(String base, int n, String step) {
    if (n == 0) return base;
    return base + " + " + (step.equals("1") ? n : n == 1 ? step : n + " * " + step);
  }

  private static String lines(int n, IntFunction<String> line) {
    return IntStream.range(0, n).mapToObj(i -> line.apply(i) + "\n").collect(Collectors.joining());
  }

  private static String list(int n, IntFunction<String> item) {
    return IntStream.range(0, n).mapToObj(item).collect(Collectors.joining(", "));
  }

  private static String each(int n, IntFunction<String> statement) {
    return IntStream.range(0, n).mapToObj(statement).collect(Collectors.joining(" "));
  }
}
