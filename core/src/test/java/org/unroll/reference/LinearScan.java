package org.unroll.reference;

/**
 * h_t = a_t h_{t−1} + b_t for all t, as the walk over time and as a scan (Blelloch 1990; Martin and Cundy 2018). A step is the
 * pair (a, b); two steps, one after the other, are one:
 * <pre>
 *   (1) (a, b) then (a', b')  =  (a a', a' b + b')
 * </pre>
 * This is associative, so prefixes of all lengths come in ⌈log₂ T⌉ rounds, in each of which no step waits for another. minGRU has
 * a = 1 − z and b = z n, minLSTM a = f / (f + i) and b = i n / (f + i).
 */
public final class LinearScan {
  private LinearScan() {}

  /** One step after the other. */
  public static double[] recurrence(double[] a, double[] b, double h0) {
    var h = new double[a.length];
    double before = h0;
    for (int t = 0; t < h.length; t++) h[t] = before = a[t] * before + b[t];
    return h;
  }

  /** All steps at once, by doubling: after round r each prefix is 2^r steps long (Hillis and Steele 1986). */
  public static double[] scan(double[] a, double[] b, double h0) {
    int T = a.length;
    double[] A = a.clone();
    double[] B = b.clone();
    for (int reach = 1; reach < T; reach *= 2) {
      double[] A0 = A.clone();
      double[] B0 = B.clone();
      for (int t = reach; t < T; t++) {
        A[t] = A0[t - reach] * A0[t];                                           // (1)
        B[t] = A0[t] * B0[t - reach] + B0[t];                                   // (1)
      }
    }
    var h = new double[T];
    for (int t = 0; t < T; t++) h[t] = A[t] * h0 + B[t];
    return h;
  }
}
