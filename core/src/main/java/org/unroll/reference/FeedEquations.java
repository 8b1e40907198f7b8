package org.unroll.reference;

/**
 * Functions of a layer's net inputs, and Jordan's network (Jordan 1986; Li Hang, exercise 25.1), which feeds its output back:
 * <pre>
 *   (1) h = tanh(x W + p' U + b)
 *   (2) p = f(h V + c)
 * </pre>
 */
final class FeedEquations {
  private FeedEquations() {}

  static int[] of(ReferenceLayer.Function f, Tape t, int[] z) {
    var y = new int[z.length];
    if (f == ReferenceLayer.Function.SOFTMAX) {
      double largest = Double.NEGATIVE_INFINITY;
      for (int v : z) largest = Math.max(largest, t.value(v));
      int shift = t.leaf(largest);                            // a constant: moving it changes nothing
      for (int k = 0; k < z.length; k++) y[k] = t.exp(t.minus(z[k], shift));
      int sum = t.sum(y);
      for (int k = 0; k < z.length; k++) y[k] = t.div(y[k], sum);
      return y;
    }
    for (int k = 0; k < z.length; k++) {
      y[k] = switch (f) {
        case IDENTITY -> z[k];
        case SIGMOID -> t.sigmoid(z[k]);
        case TANH -> t.tanh(z[k]);
        case RELU -> t.relu(z[k]);
        case SOFTMAX -> throw new AssertionError(f);
      };
    }
    return y;
  }

  static int[][][] jordan(ReferenceLayer.Jordan l, int[][][] x, Graph g) {
    int H = l.units();
    int K = l.outputs();
    int w = g.array(l.name() + ".W", l.inputs() * H);
    int u = g.array(l.name() + ".U", K * H);
    int b = g.array(l.name() + ".b", H);
    int v = g.array(l.output() + ".W", H * K);
    int c = g.array(l.output() + ".b", K);
    int[][] p0 = g.initial(l.name() + ".p0", K);
    var y = new int[g.in.steps()][g.in.rows()][];
    int[] last = g.states.computeIfAbsent(l.name() + ".p", _ -> new int[g.in.rows() * K]);
    for (int n = 0; n < g.in.rows(); n++) {
      int[] p = p0[n];
      for (int t = 0; t < g.in.lengths()[n]; t++) {
        var h = new int[H];
        for (int k = 0; k < H; k++) {
          h[k] = g.tape.tanh(g.tape.sum(g.tape.dot(x[t][n], w + k, H), g.tape.dot(p, u + k, H), b + k));   // (1)
        }
        var z = new int[K];
        for (int k = 0; k < K; k++) z[k] = g.tape.plus(g.tape.dot(h, v + k, K), c + k);
        p = of(l.feedback(), g.tape, z);                                                                  // (2)
        y[t][n] = h;
      }
      System.arraycopy(p, 0, last, n * K, K);
    }
    return y;
  }
}
