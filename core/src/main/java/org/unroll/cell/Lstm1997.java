package org.unroll.cell;

import java.util.List;
import java.util.Set;
import org.unroll.kernel.Fused;
import org.unroll.kernel.Kernels;

/**
 * LSTM as first printed, without a forget gate: what was written stays (Hochreiter & Schmidhuber 1997). The squashing functions
 * are tanh, as in the variant "no forget gate" of Greff et al. 2017; the paper's own are 2 tanh(a / 2) in (2) and tanh(c / 2)
 * in (5). The gradient is whole: the paper cuts it where it leaves a cell. The blocks are i, g, o.
 * <pre>
 *   a = W x + R h' + b                   (B1) δa_o = δh ⊙ tanh c ⊙ o ⊙ (1 − o)
 *   (1) i = σ(a_i)                       (B2) δc  += δh ⊙ o ⊙ (1 − tanh² c)
 *   (2) g = tanh a_g                     (B3) δa_i = δc ⊙ g ⊙ i ⊙ (1 − i)
 *   (3) c = c' + i ⊙ g                  (B4) δa_g = δc ⊙ i ⊙ (1 − g²)
 *   (4) o = σ(a_o)                       (B5) δc'  = δc
 *   (5) h = o ⊙ tanh c
 * </pre>
 */
public record Lstm1997() implements Cell {
  private static final int I = 0, G = 1, O = 2;             // blocks of a
  private static final int H = 0, C = 1;                    // slots of the state

  @Override public Layout layout() { return new Layout(3, 3, 3, 2, 0, Scope.UNIT, false); }

  @Override public List<String> gates() { return List.of("i", "g", "o"); }

  @Override public Set<String> opens() { return Set.of("i", "o"); }

  @Override public List<String> slots() { return List.of("h", "c"); }

  @Override public boolean drops() { return true; }

  @Override public Carry carry() { return new Carry("c", new Carry.One(), new Carry.Block("i"), "g"); }

  @Override public Fused fused(Kernels k) { return k.fused(Fused.Of.LSTM_1997); }

  @Override public void forward(Row r) {
    float[] a = r.a, s = r.s;
    int n = r.units(), ai = r.gate(I), ag = r.gate(G), ao = r.gate(O);
    int c0 = r.prev(C), c = r.next(C), h = r.next(H);

    r.k.sigmoid(a, ai, n);                                                                                // (1)
    r.k.tanh(a, ag, a, ag, n);                                                                            // (2)
    for (int k = 0; k < n; k++) s[c + k] = Math.fma(a[ai + k], r.drop(k, a[ag + k]), s[c0 + k]);          // (3)
    r.k.sigmoid(a, ao, n);                                                                                // (4)
    r.k.tanh(s, c, s, h, n);
    for (int k = 0; k < n; k++) s[h + k] = a[ao + k] * s[h + k];                                          // (5)
  }

  @Override public void backward(Row r) {
    float[] a = r.a, s = r.s, da = r.da, ds = r.ds;
    int n = r.units(), ai = r.gate(I), ag = r.gate(G), ao = r.gate(O);
    int di = r.dGate(I), dg = r.dGate(G), dO = r.dGate(O), c = r.next(C), dh = r.d(H), dc = r.d(C);

    r.k.tanh(s, c, da, dO, n);                                // tanh c waits in δa_o until (B1) writes over it
    for (int k = 0; k < n; k++) {
      float i = a[ai + k], g = a[ag + k], o = a[ao + k], tanhC = da[dO + k];
      da[dO + k] = ds[dh + k] * tanhC * o * (1 - o);                                                      // (B1)
      float d = Math.fma(ds[dh + k] * o, Math.fma(-tanhC, tanhC, 1f), ds[dc + k]);                        // (B2)
      da[di + k] = d * r.drop(k, g) * i * (1 - i);                                                        // (B3)
      da[dg + k] = r.drop(k, d * i) * Math.fma(-g, g, 1f);                                                // (B4)
      ds[dc + k] = d;                                                                                     // (B5)
      ds[dh + k] = 0f;                                        // all of δh' comes through R
    }
  }
}
