package org.unroll.cell;

import java.util.List;
import java.util.Set;
import org.unroll.kernel.Fused;
import org.unroll.kernel.Kernels;

/**
 * LSTM whose input and forget gates are one: what is written is what is forgotten (Greff et al. 2017, CIFG); with peepholes
 * if wanted. The blocks are i, g, o.
 * <pre>
 *   a = W x + R h' + b                   (B1) δa_o = δh ⊙ tanh c ⊙ o ⊙ (1 − o)
 *   (1) i = σ(a_i + p_i ⊙ c')           (B2) δc  += δh ⊙ o ⊙ (1 − tanh² c)
 *   (2) g = tanh a_g                     (B3) δc  += p_o ⊙ δa_o
 *   (3) c = (1 − i) ⊙ c' + i ⊙ g        (B4) δa_i = δc ⊙ (g − c') ⊙ i ⊙ (1 − i)
 *   (4) o = σ(a_o + p_o ⊙ c)            (B5) δa_g = δc ⊙ i ⊙ (1 − g²)
 *   (5) h = o ⊙ tanh c                  (B6) δc'  = δc ⊙ (1 − i) + p_i ⊙ δa_i
 *                                        (B7) δp_i += δa_i ⊙ c'   δp_o += δa_o ⊙ c
 * </pre>
 */
public record CoupledLstm(boolean peepholes) implements Cell {
  private static final int I = 0, G = 1, O = 2;             // blocks of a
  private static final int P_I = 0, P_O = 1;                // blocks of p
  private static final int H = 0, C = 1;                    // slots of the state

  @Override public Layout layout() { return new Layout(3, 3, 3, 2, peepholes ? 2 : 0, Scope.UNIT, false); }

  @Override public List<String> gates() { return List.of("i", "g", "o"); }

  @Override public Set<String> opens() { return Set.of("i", "o"); }

  @Override public List<String> slots() { return List.of("h", "c"); }

  @Override public boolean drops() { return true; }

  @Override public Carry carry() { return Carry.writes("c", "i", "g"); }

  @Override public float[] bias(float forget) { return new float[] {-forget, 0, 0}; }

  @Override public Fused fused(Kernels k) {
    return k.fused(peepholes ? Fused.Of.LSTM_COUPLED_PEEPHOLE : Fused.Of.LSTM_COUPLED);
  }

  @Override public void forward(Row r) {
    float[] a = r.a, s = r.s, p = r.p;
    int n = r.units(), ai = r.gate(I), ag = r.gate(G), ao = r.gate(O);
    int c0 = r.prev(C), c = r.next(C), h = r.next(H);

    if (peepholes) for (int k = 0; k < n; k++) a[ai + k] = Math.fma(p[r.unit(P_I) + k], s[c0 + k], a[ai + k]);
    r.k.sigmoid(a, ai, n);                                                                                // (1)
    r.k.tanh(a, ag, a, ag, n);                                                                            // (2)
    for (int k = 0; k < n; k++) s[c + k] = Math.fma(a[ai + k], r.drop(k, a[ag + k]) - s[c0 + k], s[c0 + k]); // (3)
    if (peepholes) for (int k = 0; k < n; k++) a[ao + k] = Math.fma(p[r.unit(P_O) + k], s[c + k], a[ao + k]);
    r.k.sigmoid(a, ao, n);                                                                                // (4)
    r.k.tanh(s, c, s, h, n);
    for (int k = 0; k < n; k++) s[h + k] = a[ao + k] * s[h + k];                                          // (5)
  }

  @Override public void backward(Row r) {
    float[] a = r.a, s = r.s, p = r.p, da = r.da, ds = r.ds, dp = r.dp;
    int n = r.units(), ai = r.gate(I), ag = r.gate(G), ao = r.gate(O);
    int di = r.dGate(I), dg = r.dGate(G), dO = r.dGate(O);
    int c0 = r.prev(C), c = r.next(C), dh = r.d(H), dc = r.d(C);

    r.k.tanh(s, c, da, dO, n);                                // tanh c waits in δa_o until (B1) writes over it
    for (int k = 0; k < n; k++) {
      float i = a[ai + k], g = a[ag + k], o = a[ao + k], tanhC = da[dO + k];
      da[dO + k] = ds[dh + k] * tanhC * o * (1 - o);                                                      // (B1)
      float d = Math.fma(ds[dh + k] * o, Math.fma(-tanhC, tanhC, 1f), ds[dc + k]);                        // (B2)
      if (peepholes) d = Math.fma(p[r.unit(P_O) + k], da[dO + k], d);                                     // (B3)
      da[di + k] = d * (r.drop(k, g) - s[c0 + k]) * i * (1 - i);                                          // (B4)
      da[dg + k] = r.drop(k, d * i) * Math.fma(-g, g, 1f);                                                // (B5)
      ds[dc + k] = d * (1 - i);                                                                           // (B6)
      ds[dh + k] = 0f;                                        // all of δh' comes through R
    }
    if (peepholes) for (int k = 0; k < n; k++) {
      ds[dc + k] = Math.fma(p[r.unit(P_I) + k], da[di + k], ds[dc + k]);                                  // (B6)
      dp[r.dUnit(P_I) + k] = Math.fma(da[di + k], s[c0 + k], dp[r.dUnit(P_I) + k]);                       // (B7)
      dp[r.dUnit(P_O) + k] = Math.fma(da[dO + k], s[c + k], dp[r.dUnit(P_O) + k]);                        // (B7)
    }
  }
}
