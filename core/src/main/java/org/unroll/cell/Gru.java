package org.unroll.cell;

import java.util.List;
import java.util.Set;
import org.unroll.kernel.Fused;
import org.unroll.kernel.Kernels;

/**
 * Gated recurrent unit (Cho et al. 2014) with the reset gate after the recurrent product, as in PyTorch and cuDNN. The
 * blocks are q, r, z, n: R feeds q, r, z and W feeds r, z, n, so the candidate's two halves stay apart. With
 * {@link Update#WRITE}, z and 1 − z change places in (4), (B1), (B2) and (B5).
 * <pre>
 *   (1) r = σ(a_r)                      (B1) δa_z = δh ⊙ (h' − n) ⊙ z ⊙ (1 − z)
 *   (2) z = σ(a_z)                      (B2) δa_n = δh ⊙ (1 − z) ⊙ (1 − n²)
 *   (3) n = tanh(a_n + r ⊙ a_q)         (B3) δa_r = δa_n ⊙ a_q ⊙ r ⊙ (1 − r)
 *   (4) h = (1 − z) ⊙ n + z ⊙ h'        (B4) δa_q = δa_n ⊙ r
 *                                        (B5) δh'  = δh ⊙ z
 * </pre>
 */
public record Gru(Update update) implements Cell {
  private static final int Q = 0, R = 1, Z = 2, N = 3;
  private static final Layout LAYOUT = new Layout(4, 3, 3, 1, 0, Scope.UNIT, false);

  @Override public Layout layout() { return LAYOUT; }

  @Override public List<String> gates() { return List.of("q", "r", "z", "n"); }

  @Override public Set<String> opens() { return Set.of("r", "z"); }

  @Override public boolean drops() { return true; }

  @Override public Carry carry() { return update.carry("h", "z", "n"); }

  @Override public Fused fused(Kernels k) { return k.fused(update == Update.KEEP ? Fused.Of.GRU : Fused.Of.GRU_WRITE); }

  @Override public void forward(Row row) {
    float[] a = row.a, s = row.s;
    int units = row.units(), q = row.gate(Q), r = row.gate(R), z = row.gate(Z), n = row.gate(N);
    int h0 = row.prev(0), h = row.next(0);

    row.k.sigmoid(a, r, units);                                                                           // (1)
    row.k.sigmoid(a, z, units);                                                                           // (2)
    for (int k = 0; k < units; k++) a[n + k] = Math.fma(a[r + k], a[q + k], a[n + k]);                    // (3)
    row.k.tanh(a, n, a, n, units);                                                                        // (3)
    for (int k = 0; k < units; k++) s[h + k] = update.blend(a[z + k], row.drop(k, a[n + k]), s[h0 + k]);  // (4)
  }

  @Override public void backward(Row row) {
    float[] a = row.a, s = row.s, da = row.da, ds = row.ds;
    int q = row.gate(Q), r = row.gate(R), z = row.gate(Z), n = row.gate(N), h0 = row.prev(0), dh = row.d(0);
    int dq = row.dGate(Q), dr = row.dGate(R), dz = row.dGate(Z), dn = row.dGate(N);
    for (int k = 0; k < row.units(); k++) {
      float rk = a[r + k], zk = a[z + k], nk = a[n + k], d = ds[dh + k];
      da[dz + k] = d * update.dz(row.drop(k, nk), s[h0 + k]) * zk * (1 - zk);                             // (B1)
      da[dn + k] = row.drop(k, d * update.write(zk)) * Math.fma(-nk, nk, 1f);                             // (B2)
      da[dr + k] = da[dn + k] * a[q + k] * rk * (1 - rk);                                                 // (B3)
      da[dq + k] = da[dn + k] * rk;                                                                       // (B4)
      ds[dh + k] = d * update.keep(zk);                                                                   // (B5)
    }
  }
}
