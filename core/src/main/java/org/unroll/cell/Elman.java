package org.unroll.cell;

import java.util.Arrays;
import java.util.List;

/**
 * The simple recurrent network (Elman 1990).
 * <pre>
 *   a = W x + R h' + b                  (B1) δa = δh ⊙ φ'(a),  from h alone:
 *   (1) h = φ(a)                             tanh 1 − h², relu [h > 0], identity 1
 * </pre>
 */
public record Elman(Activation activation) implements Cell {

  /** φ. */
  public enum Activation { TANH, RELU, IDENTITY }

  @Override public Layout layout() { return new Layout(1, 1, 1, 1, 0, Scope.UNIT, false); }

  @Override public List<String> gates() { return List.of("a"); }

  @Override public void forward(Row r) {
    float[] a = r.a, s = r.s;
    int n = r.units(), at = r.gate(0), h = r.next(0);
    switch (activation) {
      case TANH -> r.k.tanh(a, at, s, h, n);                                          // (1)
      case RELU -> { for (int k = 0; k < n; k++) s[h + k] = Math.max(a[at + k], 0f); }  // (1)
      case IDENTITY -> System.arraycopy(a, at, s, h, n);                              // (1)
    }
  }

  @Override public void backward(Row r) {
    float[] s = r.s, ds = r.ds, da = r.da;
    int n = r.units(), h = r.next(0), dh = r.d(0), at = r.dGate(0);
    switch (activation) {
      case TANH -> { for (int k = 0; k < n; k++) da[at + k] = ds[dh + k] * Math.fma(-s[h + k], s[h + k], 1f); }  // (B1)
      case RELU -> { for (int k = 0; k < n; k++) da[at + k] = s[h + k] > 0 ? ds[dh + k] : 0f; }                  // (B1)
      case IDENTITY -> System.arraycopy(ds, dh, da, at, n);                                                      // (B1)
    }
    Arrays.fill(ds, dh, dh + n, 0f); // all of δh' comes through R
  }
}
