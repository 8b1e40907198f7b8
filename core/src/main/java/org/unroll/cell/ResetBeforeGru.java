package org.unroll.cell;

import java.util.List;
import java.util.Set;
import org.unroll.kernel.Fused;
import org.unroll.kernel.Kernels;

/**
 * Gated recurrent unit as first printed (Cho et al. 2014): the reset gate acts before the product, which therefore has a
 * matrix S of its own and comes second in the step. The blocks are r, z, n; R feeds r and z, W all three. With
 * {@link Update#WRITE}, z and 1 − z change places in (5), (B1), (B2) and (B5).
 * <pre>
 *   (1) r = σ(a_r)                      (B1) δa_z = δh ⊙ (h' − n) ⊙ z ⊙ (1 − z)
 *   (2) z = σ(a_z)                      (B2) δa_n = δh ⊙ (1 − z) ⊙ (1 − n²)
 *   (3) m = r ⊙ h'                           δm   = δa_n Sᵀ          done by Recurrent
 *       a_n += m S      by Recurrent     (B3) δa_r = δm ⊙ h' ⊙ r ⊙ (1 − r)
 *   (4) n = tanh a_n                     (B4) δh'  = δm ⊙ r
 *   (5) h = (1 − z) ⊙ n + z ⊙ h'        (B5) δh' += δh ⊙ z
 * </pre>
 */
public record ResetBeforeGru(Update update) implements Cell {
  private static final int R = 0, Z = 1, N = 2;

  @Override public Layout layout() { return new Layout(3, 2, 3, 1, 0, Scope.UNIT, true); }

  @Override public List<String> gates() { return List.of("r", "z", "n"); }

  @Override public Set<String> opens() { return Set.of("r", "z"); }

  @Override public boolean drops() { return true; }

  @Override public Carry carry() { return update.carry("h", "z", "n"); }

  @Override public Fused fused(Kernels k) {
    return k.fused(update == Update.KEEP ? Fused.Of.GRU_BEFORE : Fused.Of.GRU_BEFORE_WRITE);
  }

  @Override public void forward(Row row) {
    float[] a = row.a, s = row.s;
    int units = row.units(), r = row.gate(R), z = row.gate(Z), h0 = row.prev(0), m = row.second();
    row.k.sigmoid(a, r, units);                                                                           // (1)
    row.k.sigmoid(a, z, units);                                                                           // (2)
    for (int k = 0; k < units; k++) row.m[m + k] = a[r + k] * s[h0 + k];                                  // (3)
  }

  @Override public void forward2(Row row) {
    float[] a = row.a, s = row.s;
    int units = row.units(), z = row.gate(Z), n = row.gate(N), h0 = row.prev(0), h = row.next(0);
    row.k.tanh(a, n, a, n, units);                                                                        // (4)
    for (int k = 0; k < units; k++) s[h + k] = update.blend(a[z + k], row.drop(k, a[n + k]), s[h0 + k]);  // (5)
  }

  @Override public void backward(Row row) {
    float[] a = row.a, s = row.s, da = row.da, ds = row.ds;
    int z = row.gate(Z), n = row.gate(N), dz = row.dGate(Z), dn = row.dGate(N), h0 = row.prev(0), dh = row.d(0);
    for (int k = 0; k < row.units(); k++) {
      float zk = a[z + k], nk = a[n + k], d = ds[dh + k];
      da[dz + k] = d * update.dz(row.drop(k, nk), s[h0 + k]) * zk * (1 - zk);                             // (B1)
      da[dn + k] = row.drop(k, d * update.write(zk)) * Math.fma(-nk, nk, 1f);                             // (B2)
    }
  }

  @Override public void backward2(Row row) {
    float[] a = row.a, s = row.s, da = row.da, ds = row.ds, dm = row.dm;
    int r = row.gate(R), z = row.gate(Z), dr = row.dGate(R), h0 = row.prev(0), dh = row.d(0), m = row.dSecond();
    for (int k = 0; k < row.units(); k++) {
      float rk = a[r + k];
      da[dr + k] = dm[m + k] * s[h0 + k] * rk * (1 - rk);                                                 // (B3)
      ds[dh + k] = Math.fma(dm[m + k], rk, ds[dh + k] * update.keep(a[z + k]));                           // (B4) (B5)
    }
  }
}
