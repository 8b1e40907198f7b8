package org.unroll.cell;

import java.util.List;
import java.util.Set;
import org.unroll.kernel.Fused;
import org.unroll.kernel.Kernels;

/**
 * Long short-term memory with forget gate (Hochreiter & Schmidhuber 1997; Gers, Schmidhuber & Cummins 2000) and, if wanted,
 * peepholes (Gers, Schraudolph & Schmidhuber 2002). The blocks are i, f, g, o in that order, as in PyTorch and cuDNN.
 * <pre>
 *   a = W x + R h' + b                   (B1) δa_o = δh ⊙ tanh c ⊙ o ⊙ (1 − o)
 *   (1) i = σ(a_i + p_i ⊙ c')           (B2) δc  += δh ⊙ o ⊙ (1 − tanh² c)
 *   (2) f = σ(a_f + p_f ⊙ c')           (B3) δc  += p_o ⊙ δa_o
 *   (3) g = tanh a_g                     (B4) δa_i = δc ⊙ g ⊙ i ⊙ (1 − i)
 *   (4) c = f ⊙ c' + i ⊙ g              (B5) δa_f = δc ⊙ c' ⊙ f ⊙ (1 − f)
 *   (5) o = σ(a_o + p_o ⊙ c)            (B6) δa_g = δc ⊙ i ⊙ (1 − g²)
 *   (6) h = o ⊙ tanh c                  (B7) δc'  = δc ⊙ f + p_i ⊙ δa_i + p_f ⊙ δa_f
 *                                        (B8) δp_i += δa_i ⊙ c'   δp_f += δa_f ⊙ c'   δp_o += δa_o ⊙ c
 * </pre>
 */
public record Lstm(boolean peepholes) implements Cell {
  private static final int I = 0, F = 1, G = 2, O = 3;      // blocks of a
  private static final int P_I = 0, P_F = 1, P_O = 2;       // blocks of p
  private static final int H = 0, C = 1;                    // slots of the state

  private static final Layout PLAIN = new Layout(4, 4, 4, 2, 0, Scope.UNIT, false);
  private static final Layout PEEPHOLES = new Layout(4, 4, 4, 2, 3, Scope.UNIT, false);

  @Override public Layout layout() { return peepholes ? PEEPHOLES : PLAIN; }

  @Override public List<String> gates() { return List.of("i", "f", "g", "o"); }

  @Override public Set<String> opens() { return Set.of("i", "f", "o"); }

  @Override public List<String> slots() { return List.of("h", "c"); }

  @Override public boolean drops() { return true; }

  @Override public Carry carry() { return new Carry("c", new Carry.Block("f"), new Carry.Block("i"), "g"); }

  @Override public float[] bias(float forget) { return new float[] {0, forget, 0, 0}; }

  @Override public Fused fused(Kernels k) { return k.fused(peepholes ? Fused.Of.LSTM_PEEPHOLE : Fused.Of.LSTM); }

  @Override public void forward(Row r) {
    float[] a = r.a, s = r.s;
    int n = r.units(), ai = r.gate(I), af = r.gate(F), ag = r.gate(G), ao = r.gate(O);
    int c0 = r.prev(C), c = r.next(C), h = r.next(H);

    if (peepholes) {
      look(r, P_I, c0, ai);
      look(r, P_F, c0, af);
    }
    r.k.sigmoid(a, ai, n);                                                                                // (1)
    r.k.sigmoid(a, af, n);                                                                                // (2)
    r.k.tanh(a, ag, a, ag, n);                                                                            // (3)
    for (int k = 0; k < n; k++) s[c + k] = Math.fma(a[af + k], s[c0 + k], a[ai + k] * r.drop(k, a[ag + k])); // (4)
    if (peepholes) look(r, P_O, c, ao);
    r.k.sigmoid(a, ao, n);                                                                                // (5)
    r.k.tanh(s, c, s, h, n);
    for (int k = 0; k < n; k++) s[h + k] = a[ao + k] * s[h + k];                                          // (6)
  }

  /** The pre-activation at {@code to} sees the cell at {@code c}. */
  private static void look(Row r, int block, int c, int to) {
    for (int k = 0; k < r.units(); k++) r.a[to + k] = Math.fma(r.p[r.unit(block) + k], r.s[c + k], r.a[to + k]);
  }

  @Override public void backward(Row r) {
    float[] a = r.a, s = r.s, da = r.da, ds = r.ds;
    int n = r.units(), ai = r.gate(I), af = r.gate(F), ag = r.gate(G), ao = r.gate(O);
    int di = r.dGate(I), df = r.dGate(F), dg = r.dGate(G), dO = r.dGate(O);
    int c0 = r.prev(C), c = r.next(C), dh = r.d(H), dc = r.d(C);

    r.k.tanh(s, c, da, dO, n);                                // tanh c waits in δa_o until (B1) writes over it
    for (int k = 0; k < n; k++) {
      float o = a[ao + k], tanhC = da[dO + k];
      da[dO + k] = ds[dh + k] * tanhC * o * (1 - o);                                                      // (B1)
      ds[dc + k] = Math.fma(ds[dh + k] * o, Math.fma(-tanhC, tanhC, 1f), ds[dc + k]);                     // (B2)
    }
    if (peepholes) join(r, P_O, dO, dc);                                                                  // (B3)
    for (int k = 0; k < n; k++) {
      float i = a[ai + k], f = a[af + k], g = a[ag + k], d = ds[dc + k];
      da[di + k] = d * r.drop(k, g) * i * (1 - i);                                                        // (B4)
      da[df + k] = d * s[c0 + k] * f * (1 - f);                                                           // (B5)
      da[dg + k] = r.drop(k, d * i) * Math.fma(-g, g, 1f);                                                // (B6)
      ds[dc + k] = d * f;                                                                                 // (B7)
      ds[dh + k] = 0f;                                        // all of δh' comes through R
    }
    if (peepholes) backwardPeepholes(r);
  }

  private static void backwardPeepholes(Row r) {
    float[] s = r.s, da = r.da, dp = r.dp;
    int di = r.dGate(I), df = r.dGate(F), dO = r.dGate(O), c0 = r.prev(C), c = r.next(C), dc = r.d(C);
    int pi = r.dUnit(P_I), pf = r.dUnit(P_F), po = r.dUnit(P_O);
    join(r, P_I, di, dc);                                                                                 // (B7)
    join(r, P_F, df, dc);                                                                                 // (B7)
    for (int k = 0; k < r.units(); k++) {
      dp[pi + k] = Math.fma(da[di + k], s[c0 + k], dp[pi + k]);                                           // (B8)
      dp[pf + k] = Math.fma(da[df + k], s[c0 + k], dp[pf + k]);                                           // (B8)
      dp[po + k] = Math.fma(da[dO + k], s[c + k], dp[po + k]);                                            // (B8)
    }
  }

  /** A gradient that came through a peephole joins δc. */
  private static void join(Row r, int block, int d, int dc) {
    for (int k = 0; k < r.units(); k++) r.ds[dc + k] = Math.fma(r.p[r.unit(block) + k], r.da[d + k], r.ds[dc + k]);
  }
}
