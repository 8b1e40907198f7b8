package org.unroll.bench;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.unroll.cell.Cells;
import org.unroll.slab.Init;
import org.unroll.slab.Philox;
import org.unroll.slab.Slab;

/** Jobs with random numbers in them; the same sizes give the same job. Weights are uniform on ±1/√H, as libtorch starts them. */
final class Jobs {
  private final Map<String, Integer> sizes = new LinkedHashMap<>();
  private final Map<String, Values> arrays = new LinkedHashMap<>();
  private int key;

  private Jobs(Object... sizes) {
    for (int i = 0; i < sizes.length; i += 2) this.sizes.put((String) sizes[i], (Integer) sizes[i + 1]);
  }

  private Job job(Kind kind, String cell) { return new Job(kind, cell, sizes, arrays); }

  /** Uniform on ±range. */
  private Jobs random(String name, double range, int... shape) {
    int n = 1;
    for (int s : shape) n = Math.multiplyExact(n, s);
    float[] v = new float[n];
    new Init.Uniform((float) range).fill(Slab.matrix(v, 0, 1, n), new Philox(1, Philox.Stream.DATA), key++);
    arrays.put(name, new Values(v, shape));
    return this;
  }

  /** Whole numbers from 0 to {@code below} − 1. */
  private Jobs ids(String name, int below, int... shape) {
    random(name, 0.5, shape);
    float[] v = arrays.get(name).v();
    for (int i = 0; i < v.length; i++) v[i] = Math.min(below - 1, (int) ((v[i] + 0.5f) * below));
    return this;
  }

  /** W, R and b of a layer. */
  private Jobs weights(String cell, String suffix, int I, int H) {
    double range = 1 / StrictMath.sqrt(H);
    var g = Cells.find(cell).layout();
    random("W" + suffix, range, I, g.byW() * H);
    if (g.byR() > 0) random("R" + suffix, range, H, g.byR() * H);
    return random("b" + suffix, range, g.blocks() * H);
  }

  private static Jobs layer(String cell, int T, int B, int I, int H) {
    return new Jobs("T", T, "B", B, "I", I, "H", H).random("x", 1, T, B, I).weights(cell, "", I, H);
  }

  static Job train(String cell, int T, int B, int I, int H) {
    return layer(cell, T, B, I, H).random("dy", 1, T, B, H).job(Kind.TRAIN, cell);
  }

  /** {@link #train} with a first state and a gradient of the last one. */
  static Job withStates(String cell, int T, int B, int I, int H) {
    int S = Cells.find(cell).layout().states();
    return layer(cell, T, B, I, H).random("dy", 1, T, B, H).random("in", 1, S, B, H).random("dOut", 1, S, B, H)
        .job(Kind.TRAIN, cell);
  }

  static Job infer(String cell, int T, int B, int I, int H) { return layer(cell, T, B, I, H).job(Kind.INFER, cell); }

  static Job stream(String cell, int T, int I, int H) { return layer(cell, T, 1, I, H).job(Kind.STREAM, cell); }

  /** Lengths evenly from T down to T/4. */
  static Job ragged(String cell, int T, int B, int I, int H) {
    var j = layer(cell, T, B, I, H).random("dy", 1, T, B, H);
    float[] lengths = new float[B];
    for (int n = 0; n < B; n++) lengths[n] = T - (float) (n * (T - T / 4) / (B - 1));
    j.arrays.put("lengths", new Values(lengths, B));
    for (var name : new String[] {"x", "dy"}) {
      float[] v = j.arrays.get(name).v();
      int K = v.length / (T * B);
      for (int r = 0; r < T * B; r++) if (r / B >= lengths[r % B]) Arrays.fill(v, r * K, (r + 1) * K, 0);
    }
    return j.job(Kind.RAGGED, cell);
  }

  static Job deep(int T, int B, int I, int H, int percent) {
    var j = new Jobs("T", T, "B", B, "I", I, "H", H, "percent", percent).random("x", 1, T, B, I).random("dy", 1, T, B, 2 * H);
    for (var walk : new String[] {"0f", "0b", "1f", "1b"}) j.weights("lstm", walk, walk.startsWith("0") ? I : 2 * H, H);
    return j.job(Kind.DEEP, "lstm");
  }

  /** The text is made up, from pairs of characters that often follow one another, so that there is something to learn. */
  static Job model(int T, int B, int I, int H, int V, int chunks) { return model(T, B, I, H, V, chunks, 11); }

  /** @param seed of the weights; the text begins elsewhere too */
  static Job model(int T, int B, int I, int H, int V, int chunks, int seed) {
    var j = new Jobs("T", T, "B", B, "I", I, "H", H, "V", V, "chunks", chunks, "micro", 2000, "seed", seed);
    j.key = seed;
    j.ids("ids", V, chunks * T + 1, B);
    float[] v = j.arrays.get("ids").v();
    for (int i = B; i < v.length; i++) if (v[i] >= V / 4) v[i] = (v[i - B] * 7 + 3) % V;
    j.arrays.putAll(OurModel.weights(V, I, H, seed));
    return j.job(Kind.MODEL, "lstm");
  }

  static Job softmax(int N, int H, int V) {
    double range = 1 / StrictMath.sqrt(H);
    return new Jobs("N", N, "H", H, "V", V).random("h", 1, N, H).random("W", range, H, V).random("b", range, V).ids("y", V, N)
        .job(Kind.SOFTMAX, "");
  }

  static Job crf(Kind kind, int T, int B, int K) {
    var j = new Jobs("T", T, "B", B, "K", K).random("e", 2, T, B, K).random("A", 1, K, K).random("start", 1, K)
        .random("end", 1, K);
    if (kind == Kind.CRF) j.ids("y", K, T, B);
    return j.job(kind, "");
  }

  /** Nothing but sizes: for contestants that bring their own data. */
  static Job sizes(Object... sizes) { return new Jobs(sizes).job(Kind.STREAM, ""); }
}
