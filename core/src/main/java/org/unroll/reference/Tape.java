package org.unroll.reference;

import java.util.Arrays;

/**
 * Scalar reverse-mode differentiation in double. A variable is an int: its place on the tape. Each remembers its value,
 * the variables it was made from and its partial derivatives by them.
 *
 * <p>A variable stands after all it depends on, so one walk from the end to the start is the whole chain rule (Linnainmaa
 * 1976); no recursion, sequences may be long. Functions come from {@link StrictMath}: the same bits on every machine.
 */
public final class Tape {
  private double[] value = new double[1024];
  private int[] edges = new int[1024];          // edges[v]: where the edges of v end; they start where those of v − 1 end
  private int[] parent = new int[4096];         // one entry per edge
  private double[] partial = new double[4096];
  private int[] dotAt = new int[256];           // variables made by dot: their edges are not written down one by one
  private int[][] dotX = new int[256][];
  private int[] dotFirst = new int[256];
  private int[] dotStride = new int[256];
  private final Columns columns = new Columns();
  private final Rounding rounding;              // null where numbers keep all their digits
  private final boolean recording;
  private int size;
  private int edgeCount;
  private int dots;
  private double kink = Double.POSITIVE_INFINITY;
  private long sides = 1;
  private Marks marks;                          // null where nobody looks on

  /** A tape that can be walked back. */
  public Tape() { this(true, null); }

  /**
   * @param recording whether {@link #gradient} will be asked for; without it the tape remembers values alone
   * @param rounding what is done to every number that is made of others, forward and back; null for nothing
   */
  Tape(boolean recording, Rounding rounding) {
    this.recording = recording;
    this.rounding = rounding;
  }

  /** A variable made from nothing: a weight, an input, a constant. */
  public int leaf(double v) { return push(v); }

  /** One leaf per value, side by side; gives the place of the first. */
  public int leaves(double[] values) {
    int first = size;
    for (double v : values) push(v);
    return first;
  }

  /** a + b. */
  public int plus(int a, int b) { return binary(value[a] + value[b], a, 1, b, 1); }

  /** a − b. */
  public int minus(int a, int b) { return binary(value[a] - value[b], a, 1, b, -1); }

  /** a · b. */
  public int times(int a, int b) { return binary(value[a] * value[b], a, value[b], b, value[a]); }

  /** a / b. */
  public int div(int a, int b) {
    double q = value[a] / value[b];
    return binary(q, a, 1 / value[b], b, -q / value[b]);
  }

  /** 1 − a. */
  public int oneMinus(int a) { return unary(1 - value[a], a, -1); }

  /** factor · a, for a factor that is not differentiated. */
  public int scaled(int a, double factor) { return unary(factor * value[a], a, factor); }

  /** tanh a. */
  public int tanh(int a) {
    double y = StrictMath.tanh(value[a]);
    return unary(y, a, 1 - y * y);
  }

  /** 1 / (1 + e^−a). */
  public int sigmoid(int a) {
    double y = 1 / (1 + StrictMath.exp(-value[a]));
    return unary(y, a, y * (1 - y));
  }

  /** max(0, a), with derivative 0 at 0. */
  public int relu(int a) {
    kink = Math.min(kink, Math.abs(value[a]));
    side(value[a] > 0);
    return value[a] > 0 ? unary(value[a], a, 1) : unary(0, a, 0);
  }

  /** The larger of the two; the first where they are equal. */
  public int max(int a, int b) {
    kink = Math.min(kink, Math.abs(value[a] - value[b]));
    side(value[a] >= value[b]);
    return value[a] >= value[b] ? unary(value[a], a, 1) : unary(value[b], b, 1);
  }

  /** e^a. */
  public int exp(int a) {
    double y = StrictMath.exp(value[a]);
    return unary(y, a, y);
  }

  /** √a. */
  public int sqrt(int a) {
    double y = Math.sqrt(value[a]);
    return unary(y, a, 0.5 / y);
  }

  /** Natural logarithm. */
  public int log(int a) { return unary(StrictMath.log(value[a]), a, 1 / value[a]); }

  /** The sum of all. */
  public int sum(int... all) {
    double s = 0;
    for (int a : all) {
      s += value[a];
      edge(a, 1);
    }
    return made(s);
  }

  /** Σ_i x_i · w_i, where w_i is the variable {@code first + i · stride}: a vector times a column of a matrix of leaves. */
  public int dot(int[] x, int first, int stride) {
    double s = rounding != null ? rounding.dot(value, x, first, stride) : columns.dot(value, size, x, first, stride);
    if (recording) {
      if (dots == dotAt.length) {
        dotAt = Arrays.copyOf(dotAt, 2 * dots);
        dotX = Arrays.copyOf(dotX, 2 * dots);
        dotFirst = Arrays.copyOf(dotFirst, 2 * dots);
        dotStride = Arrays.copyOf(dotStride, 2 * dots);
      }
      dotAt[dots] = size;
      dotX[dots] = x;
      dotFirst[dots] = first;
      dotStride[dots++] = stride;
    }
    return push(s);
  }

  /** The variable to go on with after unit k, from 0, of what a cell calls {@code letter} got its name; see {@link Traced}. */
  int named(String letter, int k, int v) { return marks == null ? v : marks.name(this, letter, k, v); }

  /** The variable of this name, as {@link #named} gave it. */
  int place(String name) {
    Integer at = marks.places.get(name);
    if (at == null) throw new IllegalArgumentException("reference " + name + ": is no name, must be one of " + marks.places.keySet());
    return at;
  }

  /** What is named from now on belongs to step t of this layer. */
  void at(String layer, int t) {
    if (marks != null) marks.at(layer, t);
  }

  /** Lets names be remembered. */
  void look(Marks marks) { this.marks = marks; }

  /** The value of variable a. */
  public double value(int a) { return value[a]; }

  /** How many partial derivatives there are: {@link #gradient} multiplies once for each. */
  public int partials() {
    int of = edgeCount;
    for (int i = 0; i < dots; i++) of += 2 * dotX[i].length;
    return of;
  }

  /** How many variables there are. */
  public int size() { return size; }

  /** How near to 0 any argument of {@link #relu} came, or the two of {@link #max} to each other: wider differences say nothing. */
  public double nearestKink() { return kink; }

  /** On which side of its kink each {@link #relu} and {@link #max} stood, as one number: runs that differ in one differ in it. */
  public long sides() { return sides; }

  private void side(boolean first) { sides = sides * 31 + (first ? 2 : 1); }

  /** ∂of/∂v for every variable v of the tape, [size]. */
  public double[] gradient(int of) {
    if (!recording) throw new IllegalStateException("reference tape: remembers values alone");
    var d = new double[size];
    d[of] = 1;
    int dot = dots - 1;
    for (int v = of; v >= 0; v--) {
      while (dot >= 0 && dotAt[dot] > v) dot--;
      if (d[v] == 0) continue;
      if (dot >= 0 && dotAt[dot] == v) dotGradient(dot, d, d[v]);
      for (int e = v == 0 ? 0 : edges[v - 1]; e < edges[v]; e++) hand(d, parent[e], partial[e] * d[v]);
    }
    return d;
  }

  private void hand(double[] d, int to, double by) { d[to] = rounding == null ? d[to] + by : rounding.of(d[to] + by); }

  /** What a variable made by {@link #dot} hands down. */
  private void dotGradient(int dot, double[] d, double by) {
    int[] x = dotX[dot];
    for (int i = 0; i < x.length; i++) {
      int w = dotFirst[dot] + i * dotStride[dot];
      hand(d, x[i], value[w] * by);
      hand(d, w, value[x[i]] * by);
    }
  }

  private int unary(double v, int a, double da) {
    edge(a, da);
    return made(v);
  }

  private int binary(double v, int a, double da, int b, double db) {
    edge(a, da);
    edge(b, db);
    return made(v);
  }

  /** An edge of the variable that the next {@link #push} makes. */
  private void edge(int from, double derivative) {
    if (!recording) return;
    if (edgeCount == parent.length) {
      parent = Arrays.copyOf(parent, 2 * edgeCount);
      partial = Arrays.copyOf(partial, 2 * edgeCount);
    }
    parent[edgeCount] = from;
    partial[edgeCount++] = derivative;
  }

  /** A variable made of others. */
  private int made(double v) { return push(rounding == null ? v : rounding.of(v)); }

  private int push(double v) {
    if (size == value.length) {
      value = Arrays.copyOf(value, 2 * size);
      edges = Arrays.copyOf(edges, 2 * size);
    }
    value[size] = v;
    edges[size] = edgeCount;
    return size++;
  }
}
