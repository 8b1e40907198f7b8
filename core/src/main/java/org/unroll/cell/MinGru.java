package org.unroll.cell;

import java.util.List;
import java.util.Set;
import org.unroll.kernel.Fused;
import org.unroll.kernel.Kernels;

/**
 * Minimal GRU (Feng, Tung, Ahmed, Bengio & Hajimirsadeghi 2024, "Were RNNs all we needed?"), in its plain form: gates by σ, no
 * logarithms, no nonlinearity in the candidate. Neither gate nor candidate sees the state, so the step is linear in h' and
 * all products are done before the first step. The blocks are z, n; z writes. The paper's h̃ is n; it has no b to keep a memory.
 * <pre>
 *   a = W x + b                          (B1) δa_z = δh ⊙ (n − h') ⊙ z ⊙ (1 − z)
 *   (1) z = σ(a_z)                       (B2) δa_n = δh ⊙ z
 *   (2) n = a_n                          (B3) δh'  = δh ⊙ (1 − z)
 *   (3) h = (1 − z) ⊙ h' + z ⊙ n
 * </pre>
 */
public record MinGru() implements Linear {
  private static final int Z = 0, N = 1;

  @Override public Layout layout() { return new Layout(2, 0, 2, 1, 0, Scope.UNIT, false); }

  @Override public List<String> gates() { return List.of("z", "n"); }

  @Override public Set<String> opens() { return Set.of("z"); }

  @Override public float[] bias(float forget) { return new float[] {-forget, 0}; }

  @Override public boolean drops() { return true; }

  @Override public Carry carry() { return Carry.writes("h", "z", "n"); }

  @Override public Fused fused(Kernels k) { return k.fused(Fused.Of.MINGRU); }

  @Override public void forward(Row row) {
    float[] a = row.a, s = row.s;
    int units = row.units(), z = row.gate(Z), n = row.gate(N), h0 = row.prev(0), h = row.next(0);
    row.k.sigmoid(a, z, units);                                                                           // (1)
    for (int k = 0; k < units; k++) s[h + k] = Math.fma(a[z + k], row.drop(k, a[n + k]) - s[h0 + k], s[h0 + k]); // (2) (3)
  }

  @Override public void keep(Row row) {
    for (int k = 0, z = row.gate(Z), dh = row.d(0); k < row.units(); k++) row.ds[dh + k] *= 1 - row.a[z + k]; // (B3)
  }

  @Override public void backward(Row row) {
    float[] a = row.a, s = row.s, da = row.da, ds = row.ds;
    int z = row.gate(Z), n = row.gate(N), dz = row.dGate(Z), dn = row.dGate(N), h0 = row.prev(0), dh = row.d(0);
    for (int k = 0; k < row.units(); k++) {
      float zk = a[z + k], d = ds[dh + k];
      da[dz + k] = d * (row.drop(k, a[n + k]) - s[h0 + k]) * zk * (1 - zk);                               // (B1)
      da[dn + k] = row.drop(k, d * zk);                                                                   // (B2)
      ds[dh + k] = d * (1 - zk);                                                                          // (B3)
    }
  }
}
