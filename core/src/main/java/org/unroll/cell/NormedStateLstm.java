package org.unroll.cell;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.unroll.slab.Init;

/**
 * LSTM whose cell state is normalised before it is put out (Ba, Kiros, Hinton 2016, eq. 22); what it keeps for the next step
 * is c as it is. LN is {@link Norm}. The blocks are i, f, g, o; the own weights γ and β, which start at 1 and 0.
 * <pre>
 *   a = W x + R h' + b                   (B1) δa_o = δh ⊙ tanh u ⊙ o ⊙ (1 − o)
 *   (1) i = σ(a_i)                       (B2) δu   = δh ⊙ o ⊙ (1 − tanh² u),  δβ += δu
 *   (2) f = σ(a_f)                       (B3) δc  += from δu by LN, and δγ
 *   (3) g = tanh a_g                     (B4) δa_i = δc ⊙ g ⊙ i ⊙ (1 − i)
 *   (4) c = f ⊙ c' + i ⊙ g              (B5) δa_f = δc ⊙ c' ⊙ f ⊙ (1 − f)
 *   (5) o = σ(a_o)                       (B6) δa_g = δc ⊙ i ⊙ (1 − g²)
 *   (6) u = LN(c; γ) + β                 (B7) δc'  = δc ⊙ f
 *   (7) h = o ⊙ tanh u
 * </pre>
 */
public record NormedStateLstm(Norm norm) implements Cell {
  private static final int I = 0, F = 1, G = 2, O = 3;      // blocks of a
  private static final int H = 0, C = 1;                    // slots of the state

  @Override public Layout layout() { return new Layout(4, 4, 4, 2, 0, Scope.ROW, false); }

  @Override public List<String> gates() { return List.of("i", "f", "g", "o"); }

  @Override public Set<String> opens() { return Set.of("i", "f", "o"); }

  @Override public List<String> slots() { return List.of("h", "c"); }

  @Override public boolean drops() { return true; }

  @Override public Carry carry() { return new Carry("c", Carry.Gate.of("f"), Carry.Gate.of("i"), "g"); }

  @Override public float[] bias(float forget) { return new float[] {0, forget, 0, 0}; }

  @Override public int leastUnits() { return norm.leastUnits(); }

  @Override public int owns(int units) { return 2 * norm.scales(1, units); }

  @Override public Init own(int units, float forget) {
    var own = new float[owns(units)];
    Arrays.fill(own, 0, own.length / 2, 1f);
    return new Init.Given(own);
  }

  @Override public void forward(Row r) {
    float[] a = r.a, s = r.s;
    int n = r.units(), ai = r.gate(I), af = r.gate(F), ag = r.gate(G), ao = r.gate(O);
    int c0 = r.prev(C), c = r.next(C), h = r.next(H);

    r.k.sigmoid(a, ai, n);                                                                                // (1)
    r.k.sigmoid(a, af, n);                                                                                // (2)
    r.k.tanh(a, ag, a, ag, n);                                                                            // (3)
    for (int k = 0; k < n; k++) s[c + k] = Math.fma(a[af + k], s[c0 + k], a[ai + k] * r.drop(k, a[ag + k])); // (4)
    r.k.sigmoid(a, ao, n);                                                                                // (5)
    normalised(r, s, h);                                                                                  // (6)
    r.k.tanh(s, h, s, h, n);
    for (int k = 0; k < n; k++) s[h + k] = a[ao + k] * s[h + k];                                          // (7)
  }

  /** u of {@code to}, which lies in {@code into}: states or gradients. */
  private void normalised(Row r, float[] into, int to) {
    norm.offset(r, into, to, norm.scales(1, r.units()));                                                  // (6)
    norm.forward(r, r.s, r.next(C), into, to, 1, 0);                                                      // (6)
  }

  @Override public void backward(Row r) {
    float[] a = r.a, s = r.s, da = r.da, ds = r.ds;
    int n = r.units(), ai = r.gate(I), af = r.gate(F), ag = r.gate(G), ao = r.gate(O);
    int di = r.dGate(I), df = r.dGate(F), dg = r.dGate(G), dO = r.dGate(O);
    int c0 = r.prev(C), dh = r.d(H), dc = r.d(C);

    normalised(r, da, dO);
    r.k.tanh(da, dO, da, dO, n);                              // tanh u waits in δa_o until (B1) writes over it
    for (int k = 0; k < n; k++) {
      float o = a[ao + k], tanhU = da[dO + k], d = ds[dh + k];
      da[dO + k] = d * tanhU * o * (1 - o);                                                               // (B1)
      ds[dh + k] = d * o * Math.fma(-tanhU, tanhU, 1f);                                                   // (B2)
    }
    norm.offsetBackward(r, ds, dh, norm.scales(1, n));                                                    // (B2)
    norm.backward(r, s, ds, r.next(C), dh, dh, 1, 0);                                                     // (B3)
    for (int k = 0; k < n; k++) {
      float i = a[ai + k], f = a[af + k], g = a[ag + k], d = ds[dc + k] + ds[dh + k];                     // (B3)
      da[di + k] = d * r.drop(k, g) * i * (1 - i);                                                        // (B4)
      da[df + k] = d * s[c0 + k] * f * (1 - f);                                                           // (B5)
      da[dg + k] = r.drop(k, d * i) * Math.fma(-g, g, 1f);                                                // (B6)
      ds[dc + k] = d * f;                                                                                 // (B7)
      ds[dh + k] = 0f;                                        // all of δh' comes through R
    }
  }
}
