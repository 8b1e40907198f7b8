package org.unroll.reference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A tape with named arrays on it, and the sequences that a model runs over. */
final class Graph {
  final Tape tape;
  final Sequences in;
  /** Variables of the final states, N × H, by name. */
  final Map<String, int[]> states = new LinkedHashMap<>();
  /** What layers add to the loss. */
  private final List<Integer> penalties = new ArrayList<>();
  private final Map<String, double[]> values;
  private final Map<String, Integer> places = new LinkedHashMap<>();

  Graph(Sequences in, Map<String, double[]> values) { this(in, values, new Tape()); }

  Graph(Sequences in, Map<String, double[]> values, Tape tape) {
    this.tape = tape;
    this.in = in;
    this.values = values;
  }

  boolean has(String name) { return values.containsKey(name); }

  /** Where the leaves of this array start. Arrays used twice (tied weights) have one set of leaves. */
  int array(String name, int size) {
    double[] v = values.get(name);
    if (v == null) throw new IllegalArgumentException("reference " + name + ": is missing, must have " + size + " values");
    if (v.length != size) {
      throw new IllegalArgumentException("reference " + name + ": size is " + v.length + ", must be " + size);
    }
    Integer at = places.get(name);
    if (at == null) places.put(name, at = tape.leaves(v));
    return at;
  }

  /** The model's input: for vectors the array "x", for symbols nothing. [T][N][X], null where a sequence has ended. */
  int[][][] input() {
    int T = in.steps();
    int N = in.rows();
    int X = in.width();
    var x = new int[T][N][];
    int at = in.symbols() == null ? array("x", T * N * X) : 0;
    for (int t = 0; t < T; t++) {
      for (int n = 0; n < N; n++) if (in.alive(t, n)) x[t][n] = range(at + (t * N + n) * X, X);
    }
    return x;
  }

  /** Initial state, [N][H]: the array if it is given, else zeros. */
  int[][] initial(String name, int units) {
    int N = in.rows();
    int at = has(name) ? array(name, N * units) : tape.leaves(new double[N * units]);
    var s = new int[N][];
    for (int n = 0; n < N; n++) s[n] = range(at + n * units, units);
    return s;
  }

  /** Adds factor · mean of the terms to the loss; nothing where there are none. */
  void penalty(List<Integer> terms, double factor) {
    if (!terms.isEmpty()) penalties.add(tape.scaled(tape.sum(terms.stream().mapToInt(Integer::intValue).toArray()), factor / terms.size()));
  }

  /** The loss with what layers add to it. */
  int withPenalties(int loss) {
    int total = loss;
    for (int p : penalties) total = tape.plus(total, p);
    return total;
  }

  /** Refuses arrays that no layer asked for. */
  void allUsed() {
    var unused = new ArrayList<>(new TreeMap<>(values).keySet());
    unused.removeAll(places.keySet());
    if (!unused.isEmpty()) throw new IllegalArgumentException("reference " + unused + ": given, but no layer has them");
  }

  /** The gradient of every array, from that of every variable. */
  Map<String, double[]> byName(double[] gradient) {
    var g = new LinkedHashMap<String, double[]>();
    places.forEach((name, at) -> g.put(name, Arrays.copyOfRange(gradient, at, at + values.get(name).length)));
    return g;
  }

  static int[] range(int from, int count) {
    var r = new int[count];
    for (int i = 0; i < count; i++) r[i] = from + i;
    return r;
  }
}
