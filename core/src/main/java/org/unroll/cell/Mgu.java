package org.unroll.cell;

import java.util.List;
import java.util.Set;
import org.unroll.kernel.Fused;
import org.unroll.kernel.Kernels;

/**
 * Minimal gated unit (Zhou, Wu, Zhang & Zhou 2016): a GRU whose reset and update gates are one. The gate acts before the
 * product with S, which comes second in the step. The blocks are f, n; R feeds f, W both. The paper's h̃ is n.
 * <pre>
 *   (1) f = σ(a_f)                      (B1) δf   = δh ⊙ (n − h')
 *   (2) m = f ⊙ h'                      (B2) δa_n = δh ⊙ f ⊙ (1 − n²)
 *       a_n += m S      by Recurrent         δm   = δa_n Sᵀ          done by Recurrent
 *   (3) n = tanh a_n                     (B3) δa_f = (δf + δm ⊙ h') ⊙ f ⊙ (1 − f)
 *   (4) h = (1 − f) ⊙ h' + f ⊙ n        (B4) δh'  = δh ⊙ (1 − f) + δm ⊙ f
 * </pre>
 */
public record Mgu() implements Cell {
  private static final int F = 0, N = 1;

  @Override public Layout layout() { return new Layout(2, 1, 2, 1, 0, Scope.UNIT, true); }

  @Override public List<String> gates() { return List.of("f", "n"); }

  @Override public Set<String> opens() { return Set.of("f"); }

  @Override public boolean drops() { return true; }

  @Override public Carry carry() { return Carry.writes("h", "f", "n"); }

  @Override public Fused fused(Kernels k) { return k.fused(Fused.Of.MGU); }

  @Override public void forward(Row row) {
    float[] a = row.a, s = row.s;
    int units = row.units(), f = row.gate(F), h0 = row.prev(0), m = row.second();
    row.k.sigmoid(a, f, units);                                                                           // (1)
    for (int k = 0; k < units; k++) row.m[m + k] = a[f + k] * s[h0 + k];                                  // (2)
  }

  @Override public void forward2(Row row) {
    float[] a = row.a, s = row.s;
    int units = row.units(), f = row.gate(F), n = row.gate(N), h0 = row.prev(0), h = row.next(0);
    row.k.tanh(a, n, a, n, units);                                                                        // (3)
    for (int k = 0; k < units; k++) s[h + k] = Math.fma(a[f + k], row.drop(k, a[n + k]) - s[h0 + k], s[h0 + k]); // (4)
  }

  @Override public void backward(Row row) {
    float[] a = row.a, s = row.s, da = row.da, ds = row.ds;
    int f = row.gate(F), n = row.gate(N), df = row.dGate(F), dn = row.dGate(N), h0 = row.prev(0), dh = row.d(0);
    for (int k = 0; k < row.units(); k++) {
      float nk = a[n + k], d = ds[dh + k];
      da[df + k] = d * (row.drop(k, nk) - s[h0 + k]);                                                     // (B1)
      da[dn + k] = row.drop(k, d * a[f + k]) * Math.fma(-nk, nk, 1f);                                     // (B2)
    }
  }

  @Override public void backward2(Row row) {
    float[] a = row.a, s = row.s, da = row.da, ds = row.ds, dm = row.dm;
    int f = row.gate(F), df = row.dGate(F), h0 = row.prev(0), dh = row.d(0), m = row.dSecond();
    for (int k = 0; k < row.units(); k++) {
      float fk = a[f + k];
      da[df + k] = Math.fma(dm[m + k], s[h0 + k], da[df + k]) * fk * (1 - fk);                            // (B3)
      ds[dh + k] = Math.fma(dm[m + k], fk, ds[dh + k] * (1 - fk));                                        // (B4)
    }
  }
}
