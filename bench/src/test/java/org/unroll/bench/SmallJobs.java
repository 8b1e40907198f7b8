package org.unroll.bench;

import java.util.LinkedHashMap;
import java.util.Map;
import org.unroll.slab.Philox;

/** A job of each kind, small, with random values; two with the same seed are equal. */
final class SmallJobs {
  private final Philox random = new Philox(17, Philox.Stream.DATA);
  private final Map<String, Integer> sizes = new LinkedHashMap<>();
  private final Map<String, Values> arrays = new LinkedHashMap<>();
  private int key;

  private SmallJobs() {}

  /** One layer: TRAIN, RAGGED, INFER or STREAM, which has B = 1. */
  static Job layer(Kind kind, String cell, int T, int B, int I, int H) {
    var s = new SmallJobs().sizes("T", T, "B", B, "I", I, "H", H);
    s.array("x", 1, T, B, I).weights(cell, "", I, H);
    if (kind == Kind.TRAIN || kind == Kind.RAGGED) s.array("dy", 1, T, B, H);
    if (kind == Kind.RAGGED) s.ragged(T, B, I, H);
    return new Job(kind, cell, s.sizes, s.arrays);
  }

  static Job deep(int T, int B, int I, int H) {
    var s = new SmallJobs().sizes("T", T, "B", B, "I", I, "H", H, "percent", 30);
    s.array("x", 1, T, B, I).array("dy", 1, T, B, 2 * H);
    for (var d : new String[] {"f", "b"}) s.weights("lstm", "0" + d, I, H).weights("lstm", "1" + d, 2 * H, H);
    return new Job(Kind.DEEP, "lstm", s.sizes, s.arrays);
  }

  static Job model(int T, int B, int I, int H, int V, int chunks) {
    var s = new SmallJobs().sizes("T", T, "B", B, "I", I, "H", H, "V", V, "chunks", chunks, "micro", 2000);
    s.ids("ids", V, chunks * T + 1, B).array("E", 1, V, I).weights("lstm", "0", I, H).weights("lstm", "1", H, H);
    s.array("U", 0.2f, H, V).array("c", 0.1f, V);
    return new Job(Kind.MODEL, "lstm", s.sizes, s.arrays);
  }

  static Job softmax(int N, int H, int V) {
    var s = new SmallJobs().sizes("N", N, "H", H, "V", V);
    s.array("h", 1, N, H).array("W", 0.3f, H, V).array("b", 0.1f, V).ids("y", V, N);
    return new Job(Kind.SOFTMAX, "", s.sizes, s.arrays);
  }

  /** CRF or VITERBI. */
  static Job crf(Kind kind, int T, int B, int K) {
    var s = new SmallJobs().sizes("T", T, "B", B, "K", K);
    s.array("e", 2, T, B, K).array("A", 1, K, K).array("start", 1, K).array("end", 1, K);
    if (kind == Kind.CRF) s.ids("y", K, T, B);
    return new Job(kind, "", s.sizes, s.arrays);
  }

  private SmallJobs sizes(Object... named) {
    for (int i = 0; i < named.length; i += 2) sizes.put((String) named[i], (Integer) named[i + 1]);
    return this;
  }

  private SmallJobs weights(String cell, String suffix, int I, int H) {
    int w = switch (cell) {
      case "lstm" -> 4;
      case "gru" -> 3;
      default -> 1;
    };
    float bound = (float) (1 / StrictMath.sqrt(H));
    array("W" + suffix, bound, I, w * H).array("R" + suffix, bound, H, w * H);
    return array("b" + suffix, bound, cell.equals("gru") ? 4 * H : w * H);
  }

  /** Uniform on ±bound. */
  private SmallJobs array(String name, float bound, int... shape) {
    var v = new float[size(shape)];
    for (int i = 0; i < v.length; i++) v[i] = bound * (2 * random.uniform(key, 0, 0, i) - 1);
    key++;
    arrays.put(name, new Values(v, shape));
    return this;
  }

  private SmallJobs ids(String name, int below, int... shape) {
    array(name, 1, shape);
    float[] v = arrays.get(name).v();
    for (int i = 0; i < v.length; i++) v[i] = Math.min(below - 1, (int) ((v[i] + 1) / 2 * below));
    return this;
  }

  /** Lengths fall from T to T/4 or 1; x and dy are 0 behind them. */
  private void ragged(int T, int B, int I, int H) {
    var lengths = new float[B];
    for (int b = 0; b < B; b++) lengths[b] = Math.max(1, T - b * (3 * T / 4) / Math.max(1, B - 1));
    arrays.put("lengths", new Values(lengths, B));
    for (var a : new Values[] {arrays.get("x"), arrays.get("dy")}) {
      int n = a.shape()[2];
      for (int t = 0; t < T; t++) for (int b = 0; b < B; b++) {
        if (t >= lengths[b]) java.util.Arrays.fill(a.v(), (t * B + b) * n, (t * B + b + 1) * n, 0);
      }
    }
  }

  private static int size(int... shape) {
    int n = 1;
    for (int s : shape) n *= s;
    return n;
  }
}
