package org.unroll.cell;

import java.util.List;
import java.util.Set;
import org.unroll.kernel.Fused;
import org.unroll.kernel.Kernels;

/**
 * sLSTM of xLSTM (Beck et al. 2024, eqs. 8 to 17): exponential input gate, so that a later input can outweigh all before it; n is
 * the sum of the weights in c, and m, near its logarithm, keeps every exponential within (0, 1]. The forget gate is σ; R is one
 * whole matrix, the paper's with a single head. The blocks are i, f, g, o. The paper's z is g, its f' is k.
 * <pre>
 *   a = W x + R h' + b                   (B1) δa_o = δh ⊙ c / n ⊙ o ⊙ (1 − o)
 *   (1) f = σ(a_f)                       (B2) δc  += δh ⊙ o / n
 *   (2) m = max(log f + m', a_i)         (B3) δn  −= δh ⊙ o / n ⊙ c / n
 *   (3) i = exp(a_i − m)                 (B4) u    = (δc ⊙ g + δn) ⊙ i           of a_i − m
 *   (4) k = exp(log f + m' − m)          (B5) v    = (δc ⊙ c' + δn ⊙ n') ⊙ k     of log f + m' − m
 *   (5) g = tanh a_g                     (B6) δa_g = δc ⊙ i ⊙ (1 − g²)
 *   (6) c = k ⊙ c' + i ⊙ g              (B7) w    = δm − u − v                   of m
 *   (7) n = k ⊙ n' + i                   (B8) δa_i = u + [m = a_i] ⊙ w
 *   (8) o = σ(a_o)                       (B9) δm'  = v + [m = log f + m'] ⊙ w
 *   (9) h = o ⊙ c / n                   (B10) δa_f = δm' ⊙ (1 − f)
 *                                        (B11) δc'  = δc ⊙ k,  δn' = δn ⊙ k
 * </pre>
 *
 * <p>h does not depend on which m is subtracted: c and n are scaled by the same e^−m. So w is 0 where the loss sees h alone. It is
 * carried all the same, as a loss may see the state.
 *
 * <p>In the zero state nothing is remembered (n' = 0): log f + m' then counts as −∞, whatever f. From the first step on n ≥ 1,
 * for one of i and k is 1.
 */
public record Slstm() implements Cell {
  private static final int I = 0, F = 1, G = 2, O = 3;      // blocks of a
  private static final int H = 0, C = 1, N = 2, M = 3;      // slots of the state

  @Override public Layout layout() { return new Layout(4, 4, 4, 4, 0, Scope.UNIT, false); }

  @Override public List<String> gates() { return List.of("i", "f", "g", "o"); }

  @Override public Set<String> opens() { return Set.of("i", "f", "o"); }

  @Override public List<String> slots() { return List.of("h", "c", "n", "m"); }

  @Override public float least(int slot) { return slot == N ? 1 : Float.NEGATIVE_INFINITY; }

  @Override public float[] bias(float forget) { return new float[] {0, forget, 0, 0}; }

  @Override public boolean drops() { return true; }

  @Override public Carry carry() { return new Carry("c", new Carry.Rescaled("f", "m", "n"), new Carry.Block("i"), "g"); }

  @Override public Fused fused(Kernels k) { return k.fused(Fused.Of.SLSTM); }

  @Override public void forward(Row r) {
    float[] a = r.a, s = r.s;
    int units = r.units(), ai = r.gate(I), af = r.gate(F), ag = r.gate(G), ao = r.gate(O);
    int c0 = r.prev(C), n0 = r.prev(N), h = r.next(H), c = r.next(C), n = r.next(N), m = r.next(M);

    r.k.sigmoid(a, af, units);                                                                            // (1)
    before(r, s, c);                                          // log f + m' waits in c
    for (int k = 0; k < units; k++) {
      s[m + k] = Math.max(s[c + k], a[ai + k]);                                                           // (2)
      a[ai + k] -= s[m + k];
      s[c + k] -= s[m + k];
    }
    r.k.exp(a, ai, a, ai, units);                                                                         // (3)
    r.k.exp(s, c, s, h, units);                                                                           // (4)
    r.k.tanh(a, ag, a, ag, units);                                                                        // (5)
    r.k.sigmoid(a, ao, units);                                                                            // (8)
    for (int k = 0; k < units; k++) {                         // k waits in h
      s[c + k] = Math.fma(s[h + k], s[c0 + k], a[ai + k] * r.drop(k, a[ag + k]));                         // (6)
      s[n + k] = Math.fma(s[h + k], s[n0 + k], a[ai + k]);                                                // (7)
      s[h + k] = a[ao + k] * (s[c + k] / s[n + k]);                                                       // (9)
    }
  }

  /** log f + m' to {@code y}; −∞ where the memory is empty. */
  private static void before(Row r, float[] y, int to) {
    int n0 = r.prev(N), m0 = r.prev(M);
    r.k.log(r.a, r.gate(F), y, to, r.units());
    for (int k = 0; k < r.units(); k++) y[to + k] = r.s[n0 + k] == 0 ? Float.NEGATIVE_INFINITY : y[to + k] + r.s[m0 + k];
  }

  @Override public void backward(Row r) {
    float[] a = r.a, s = r.s, da = r.da, ds = r.ds;
    int ai = r.gate(I), ag = r.gate(G), ao = r.gate(O), di = r.dGate(I), df = r.dGate(F), dg = r.dGate(G), dO = r.dGate(O);
    int c0 = r.prev(C), n0 = r.prev(N), c = r.next(C), n = r.next(N), m = r.next(M);
    int dh = r.d(H), dc = r.d(C), dn = r.d(N), dm = r.d(M), af = r.gate(F);

    before(r, da, df);
    for (int k = 0; k < r.units(); k++) da[df + k] -= s[m + k];   // 0 where m came from before
    r.k.exp(da, df, da, di, r.units());                       // k waits in δa_i
    for (int k = 0; k < r.units(); k++) {
      float i = a[ai + k], g = a[ag + k], o = a[ao + k], keep = da[di + k], ratio = s[c + k] / s[n + k];
      boolean old = da[df + k] == 0;
      da[dO + k] = ds[dh + k] * ratio * o * (1 - o);                                                      // (B1)
      float each = ds[dh + k] * o / s[n + k];
      float dC = ds[dc + k] + each;                                                                       // (B2)
      float dN = Math.fma(-each, ratio, ds[dn + k]);                                                      // (B3)
      float u = Math.fma(dC, r.drop(k, g), dN) * i;                                                       // (B4)
      float v = Math.fma(dC, s[c0 + k], dN * s[n0 + k]) * keep;                                           // (B5)
      da[dg + k] = r.drop(k, dC * i) * Math.fma(-g, g, 1f);                                               // (B6)
      float w = ds[dm + k] - u - v;                                                                       // (B7)
      da[di + k] = old ? u : u + w;                                                                       // (B8)
      ds[dm + k] = old ? v + w : v;                                                                       // (B9)
      da[df + k] = ds[dm + k] * (1 - a[af + k]);                                                          // (B10)
      ds[dc + k] = dC * keep;                                                                             // (B11)
      ds[dn + k] = dN * keep;                                                                             // (B11)
      ds[dh + k] = 0f;                                        // all of δh' comes through R
    }
  }
}
