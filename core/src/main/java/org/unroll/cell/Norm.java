package org.unroll.cell;

/**
 * A layer normalisation: m net inputs z of a layer get mean 0 and variance 1, and then a scale of their own.
 * <pre>
 *   (1) μ  = Σ z / m                     (B1) δγ += δy ⊙ x̂               γ a scalar: summed over the m
 *   (2) σ² = Σ (z − μ)² / D              (B2) u  = Σ γ ⊙ δy / m
 *   (3) x̂  = (z − μ) / √(σ² + ε)         (B3) v  = Σ γ ⊙ δy ⊙ x̂ / D
 *   (4) y += γ ⊙ x̂                       (B4) δz = (γ ⊙ δy − u − x̂ v) / √(σ² + ε)
 *   (5) β: to start y with               (B5) δβ += δy                    β a scalar: summed over the units
 * </pre>
 * D is m (Ba, Kiros, Hinton 2016, eq. 4) or m − 1, the variance without bias (Li Hang, Machine Learning Methods, eq. 23.66).
 * Neither source says how large ε is; it is {@value #EPSILON} unless another is given. Sums are in double, in order.
 *
 * @param of what is normalised
 * @param divisor D
 * @param scale how many γ and β there are
 * @param epsilon ε
 */
public record Norm(Of of, Divisor divisor, Scale scale, float epsilon) {
  /** The usual ε. */
  public static final float EPSILON = 1e-5f;

  /** What is normalised. */
  public enum Of {
    /** h' R + x W + b together, each gate's units by themselves (Li Hang, exercise 25.2). */
    SUM,
    /** h' R and x W apart, the gates side by side; of an LSTM the cell state too (Ba, Kiros, Hinton 2016, eq. 20–22). */
    HALVES
  }

  /** What the squares are divided by. */
  public enum Divisor { M, M_MINUS_1 }

  /** One γ and β for each net input, or one for all that are normalised together. */
  public enum Scale { VECTOR, SCALAR }

  /** As Ba, Kiros and Hinton have it. */
  public static Norm of(Of of) { return new Norm(of, Divisor.M, Scale.VECTOR, EPSILON); }

  /** Units that a layer must have: a single one has no variance without bias. */
  int leastUnits() { return divisor == Divisor.M_MINUS_1 ? 2 : 1; }

  /** How many γ, or β, there are for {@code blocks} blocks that are normalised together. */
  int scales(int blocks, int units) { return scale == Scale.VECTOR ? blocks * units : Math.min(1, blocks); }

  /**
   * Adds to y.
   *
   * @param a where z lies
   * @param z start of the first block of z
   * @param to where y lies
   * @param y start of the first block of y
   * @param blocks blocks of H that are normalised together, {@link Row#gateStride} apart
   * @param gain start of γ among the cell's own weights
   */
  void forward(Row r, float[] a, int z, float[] to, int y, int blocks, int gain) {
    double mean = mean(r, a, z, blocks), over = over(r, a, z, blocks, mean);
    int n = r.units(), g = r.unit(0) + gain, each = scale == Scale.VECTOR ? 1 : 0;
    for (int b = 0; b < blocks; b++) {
      for (int k = 0, j = b * r.gateStride(); k < n; k++, j++) {
        float x = (float) ((a[z + j] - mean) * over);                                                     // (3)
        to[y + j] = Math.fma(r.p[g + each * (b * n + k)], x, to[y + j]);                                  // (4)
      }
    }
  }

  /**
   * From δy to δz, which may lie in the same place.
   *
   * @param a where z lies
   * @param d where δy and δz lie
   */
  void backward(Row r, float[] a, float[] d, int z, int dy, int dz, int blocks, int gain) {
    double mean = mean(r, a, z, blocks), over = over(r, a, z, blocks, mean), u = 0, v = 0, sum = 0;
    int n = r.units(), g = r.unit(0) + gain, dg = r.dUnit(0) + gain, each = scale == Scale.VECTOR ? 1 : 0;
    for (int b = 0; b < blocks; b++) {
      for (int k = 0, j = b * r.gateStride(); k < n; k++, j++) {
        int at = each * (b * n + k);
        double x = (a[z + j] - mean) * over, e = (double) r.p[g + at] * d[dy + j];
        if (each == 1) r.dp[dg + at] += (float) (d[dy + j] * x);                                          // (B1)
        else sum += d[dy + j] * x;                                                                        // (B1)
        u += e / (blocks * n);                                                                            // (B2)
        v += e * x / divisor(blocks * n);                                                                 // (B3)
      }
    }
    if (each == 0) r.dp[dg] += (float) sum;                                                               // (B1)
    for (int b = 0; b < blocks; b++) {
      for (int k = 0, j = b * r.gateStride(); k < n; k++, j++) {
        double x = (a[z + j] - mean) * over, e = (double) r.p[g + each * (b * n + k)] * d[dy + j];
        d[dz + j] = (float) ((e - u - x * v) * over);                                                     // (B4)
      }
    }
  }

  /** y = β: what {@link #forward} then adds to. {@code beta} starts among the cell's own weights. */
  void offset(Row r, float[] to, int y, int beta) {
    int p = r.unit(0) + beta, each = scale == Scale.VECTOR ? 1 : 0;
    for (int k = 0; k < r.units(); k++) to[y + k] = r.p[p + each * k];                                    // (5)
  }

  void offsetBackward(Row r, float[] d, int dy, int beta) {
    int dp = r.dUnit(0) + beta;
    double sum = 0;
    for (int k = 0; k < r.units(); k++) {
      if (scale == Scale.VECTOR) r.dp[dp + k] += d[dy + k];                                               // (B5)
      else sum += d[dy + k];                                                                              // (B5)
    }
    if (scale == Scale.SCALAR) r.dp[dp] += (float) sum;                                                   // (B5)
  }

  private int divisor(int m) { return divisor == Divisor.M ? m : m - 1; }

  private double mean(Row r, float[] a, int z, int blocks) {
    double sum = 0;
    for (int b = 0; b < blocks; b++) {
      for (int k = 0, j = z + b * r.gateStride(); k < r.units(); k++) sum += a[j + k];
    }
    return sum / (blocks * r.units());                                                                    // (1)
  }

  /** 1 / √(σ² + ε). */
  private double over(Row r, float[] a, int z, int blocks, double mean) {
    double sum = 0;
    for (int b = 0; b < blocks; b++) {
      for (int k = 0, j = z + b * r.gateStride(); k < r.units(); k++) sum += (a[j + k] - mean) * (a[j + k] - mean);
    }
    return 1 / Math.sqrt(sum / divisor(blocks * r.units()) + epsilon);                                    // (2)
  }
}
