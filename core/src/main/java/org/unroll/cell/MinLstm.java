package org.unroll.cell;

import java.util.List;
import java.util.Set;
import org.unroll.kernel.Fused;
import org.unroll.kernel.Kernels;

/**
 * Minimal LSTM (Feng, Tung, Ahmed, Bengio & Hajimirsadeghi 2024, "Were RNNs all we needed?"), in its plain form: gates by σ, no
 * logarithms, no nonlinearity in the candidate, gates scaled to sum 1 so that h keeps its size over any number of steps. Nothing
 * but (4) sees the state; all products are done before the first step. The blocks are f, i, n. The paper's h̃ is n, its f' is k.
 * <pre>
 *   a = W x + b                          (B1) δk   = δh ⊙ (h' − n)
 *   (1) f = σ(a_f)                       (B2) δa_f =  δk ⊙ k ⊙ (1 − k) ⊙ (1 − f)
 *   (2) i = σ(a_i)                       (B3) δa_i = −δk ⊙ k ⊙ (1 − k) ⊙ (1 − i)
 *   (3) k = f / (f + i)                  (B4) δa_n = δh ⊙ (1 − k)
 *   (4) h = k ⊙ h' + (1 − k) ⊙ n        (B5) δh'  = δh ⊙ k
 *       n = a_n
 * </pre>
 * Gates below {@link Float#MIN_NORMAL} count as that: two gates of 0 would leave k undefined.
 */
public record MinLstm() implements Linear {
  private static final int F = 0, I = 1, N = 2;

  @Override public Layout layout() { return new Layout(3, 0, 3, 1, 0, Scope.UNIT, false); }

  @Override public List<String> gates() { return List.of("f", "i", "n"); }

  @Override public Set<String> opens() { return Set.of("f", "i"); }

  @Override public float[] bias(float forget) { return new float[] {forget, 0, 0}; }

  @Override public boolean drops() { return true; }

  @Override public Carry carry() { return new Carry("h", new Carry.Share("f", "i"), new Carry.Share("i", "f"), "n"); }

  @Override public Fused fused(Kernels k) { return k.fused(Fused.Of.MINLSTM); }

  @Override public void forward(Row row) {
    float[] a = row.a, s = row.s;
    int units = row.units(), f = row.gate(F), i = row.gate(I), n = row.gate(N), h0 = row.prev(0), h = row.next(0);
    row.k.sigmoid(a, f, units);                                                                           // (1)
    row.k.sigmoid(a, i, units);                                                                           // (2)
    for (int u = 0; u < units; u++) {
      float k = keep(a[f + u], a[i + u]), in = row.drop(u, a[n + u]);                                     // (3)
      s[h + u] = Math.fma(k, s[h0 + u] - in, in);                                                         // (4)
    }
  }

  private static float keep(float f, float i) {
    float least = Math.max(f, Float.MIN_NORMAL);
    return least / (least + Math.max(i, Float.MIN_NORMAL));
  }

  @Override public void keep(Row row) {
    int f = row.gate(F), i = row.gate(I), dh = row.d(0);
    for (int u = 0; u < row.units(); u++) row.ds[dh + u] *= keep(row.a[f + u], row.a[i + u]);                // (B5)
  }

  @Override public void backward(Row row) {
    float[] a = row.a, s = row.s, da = row.da, ds = row.ds;
    int f = row.gate(F), i = row.gate(I), n = row.gate(N), h0 = row.prev(0), dh = row.d(0);
    int df = row.dGate(F), di = row.dGate(I), dn = row.dGate(N);
    for (int u = 0; u < row.units(); u++) {
      float k = keep(a[f + u], a[i + u]), d = ds[dh + u];
      float dk = d * (s[h0 + u] - row.drop(u, a[n + u])) * k * (1 - k);                                   // (B1)
      da[df + u] = dk * (1 - a[f + u]);                                                                   // (B2)
      da[di + u] = -dk * (1 - a[i + u]);                                                                  // (B3)
      da[dn + u] = row.drop(u, d * (1 - k));                                                              // (B4)
      ds[dh + u] = d * k;                                                                                 // (B5)
    }
  }
}
