package org.unroll.cell;

import java.util.List;
import org.unroll.kernel.Activation;
import org.unroll.kernel.Fused;
import org.unroll.kernel.Kernels;
import org.unroll.slab.Init;

/**
 * Independently recurrent network (Li, Li, Cook, Zhu & Gao 2018): each unit sees itself at the step before and no other, by
 * one weight p; units meet in the layer above. As there, φ is max(0, ·), or tanh, and p starts uniform on (0, 1): units
 * of long and of short memory. The paper's u is p.
 * <pre>
 *   a = W x + b                          (B1) δa  = δh ⊙ φ'(a),  from h alone: relu [h > 0], tanh 1 − h²
 *   (1) h = φ(a + p ⊙ h')               (B2) δh' = δa ⊙ p
 *                                        (B3) δp += δa ⊙ h'
 * </pre>
 *
 * @param activation φ
 */
public record IndRnn(Activation activation) implements Cell {

  @Override public Layout layout() {
    return new Layout(1, 0, 1, 1, 1, activation.needsRow() ? Scope.ROW : Scope.UNIT, false);
  }

  @Override public List<String> gates() { return List.of("a"); }

  @Override public Init own(int units, float forget) { return new Init.Range(0, 1); }

  @Override public Fused fused(Kernels k) {
    return switch (activation) {
      case TANH -> k.fused(Fused.Of.INDRNN_TANH);
      case RELU -> k.fused(Fused.Of.INDRNN_RELU);
      case IDENTITY, SIGMOID, SOFTMAX -> null;
    };
  }

  @Override public void forward(Row r) {
    float[] a = r.a, s = r.s, p = r.p;
    int n = r.units(), at = r.gate(0), h0 = r.prev(0), h = r.next(0);
    for (int k = 0; k < n; k++) a[at + k] = Math.fma(p[r.unit(0) + k], s[h0 + k], a[at + k]);             // (1)
    activation.forward(r.k, a, at, s, h, n);                                                              // (1)
  }

  @Override public void backward(Row r) {
    float[] s = r.s, da = r.da, ds = r.ds, dp = r.dp;
    int at = r.dGate(0), h0 = r.prev(0), h = r.next(0), dh = r.d(0), p = r.unit(0), to = r.dUnit(0);
    activation.backward(s, h, ds, dh, da, at, r.units());                                                 // (B1)
    for (int k = 0; k < r.units(); k++) {
      ds[dh + k] = da[at + k] * r.p[p + k];                                                               // (B2)
      dp[to + k] = Math.fma(da[at + k], s[h0 + k], dp[to + k]);                                           // (B3)
    }
  }
}
