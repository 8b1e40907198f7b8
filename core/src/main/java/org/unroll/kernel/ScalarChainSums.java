package org.unroll.kernel;

/** The meaning of {@link ChainSums}, lane after lane. */
final class ScalarChainSums implements ChainSums {

  @Override public void settle(float[] x, int at, float[] b, int bAt, int K, float[] largest, int largestAt) {
    for (int l = 0; l < LANES; l++) {
      float max = Float.NEGATIVE_INFINITY;
      for (int k = l; k < K * LANES; k += LANES) {
        x[at + k] += b[bAt + k];
        if (x[at + k] > max) max = x[at + k];
      }
      for (int k = l; k < K * LANES; k += LANES) x[at + k] -= max;
      largest[largestAt + l] = max;
    }
  }

  @Override public int sums(float[] x, int at, float[] m, int K, float[] u, int uAt, float[] v, int vAt, float[] y, int yAt) {
    for (int k = 0; k < K * LANES; k++) u[uAt + k] = ScalarMath.exp(x[at + k]);
    int small = 0;
    for (int j = 0; j < K; j++) {
      for (int l = 0, o = j * LANES; l < LANES; l++, o++) {
        float sum = 0;
        for (int i = 0; i < K; i++) sum = Math.fma(u[uAt + i * LANES + l], m[ChainSums.dealt(K, i, j)], sum);
        if (sum < SMALL) small |= 1 << l;
        v[vAt + o] = sum;
        y[yAt + o] = ScalarMath.log(sum);
      }
    }
    return small;
  }

  @Override public void posterior(float[] a, int aAt, float[] b, int bAt, int K, float[] p, int at, float[] lanes, int lanesAt) {
    for (int l = 0; l < LANES; l++) {
      float max = Float.NEGATIVE_INFINITY, sum = 0;
      for (int k = l; k < K * LANES; k += LANES) {
        p[at + k] = a[aAt + k] + b[bAt + k];
        if (p[at + k] > max) max = p[at + k];
      }
      for (int k = l; k < K * LANES; k += LANES) {
        p[at + k] = ScalarMath.exp(p[at + k] - max);
        sum += p[at + k];
      }
      for (int k = l; k < K * LANES; k += LANES) p[at + k] /= sum;
      lanes[lanesAt + l] = sum;
    }
  }

  @Override public void quotient(float[] p, int pAt, float[] v, int vAt, int lanes, int K, float[] f, int fAt) {
    for (int k = 0; k < K * LANES; k++) f[fAt + k] = (lanes >> k % LANES & 1) == 1 ? p[pAt + k] / v[vAt + k] : 0;
  }

  @Override public void transitions(float[] f, int fAt, float[] w, int wAt, int steps, float[] m, int K, float[] share, int at) {
    for (int i = 0; i < K; i++) {
      for (int j = 0; j < K; j++) {
        for (int l = 0, o = at + (i * K + j) * LANES; l < LANES; l++, o++) {
          float sum = 0;
          for (int s = 0; s < steps; s++) {
            int step = s * K * LANES + l;
            sum = Math.fma(f[fAt + step + i * LANES], w[wAt + step + j * LANES], sum);
          }
          share[o] = Math.fma(m[i * K + j], sum, share[o]);
        }
      }
    }
  }

  @Override public boolean best(double[] x, int at, double[] a, int K, double[] y, int yAt, boolean positive) {
    boolean all = true;
    for (int j = 0; j < K; j++) {
      for (int l = 0; l < LANES; l++) {
        double max = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < K; i++) {
          double score = x[at + i * LANES + l] + a[ChainSums.dealt(K, i, j)];
          if (score > max) max = score;
        }
        y[yAt + j * LANES + l] = max;
        all &= max > 0;
      }
    }
    return all;
  }
}
