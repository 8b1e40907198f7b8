package org.unroll.cell;

import java.util.Arrays;
import java.util.List;
import org.unroll.kernel.Activation;
import org.unroll.kernel.Fused;
import org.unroll.kernel.Kernels;

/**
 * The simple recurrent network (Elman 1990). φ is that of {@link Activation}.
 * <pre>
 *   a = W x + R h' + b                  (B1) δa = δh ⊙ φ'(a),  from h alone:
 *   (1) h = φ(a)                             tanh 1 − h², relu [h > 0], identity 1
 * </pre>
 *
 * @param activation φ
 */
public record Elman(Activation activation) implements Cell {
  private static final Layout LAYOUT = new Layout(1, 1, 1, 1, 0, Scope.UNIT, false);
  private static final Layout OF_ROW = new Layout(1, 1, 1, 1, 0, Scope.ROW, false);

  @Override public Layout layout() { return activation.needsRow() ? OF_ROW : LAYOUT; }

  @Override public List<String> gates() { return List.of("a"); }

  @Override public Fused fused(Kernels k) {
    return switch (activation) {
      case TANH -> k.fused(Fused.Of.ELMAN_TANH);
      case RELU -> k.fused(Fused.Of.ELMAN_RELU);
      case IDENTITY -> k.fused(Fused.Of.ELMAN_IDENTITY);
      case SIGMOID, SOFTMAX -> null;
    };
  }

  @Override public void forward(Row r) {
    activation.forward(r.k, r.a, r.gate(0), r.s, r.next(0), r.units());                                   // (1)
  }

  @Override public void backward(Row r) {
    int dh = r.d(0);
    activation.backward(r.s, r.next(0), r.ds, dh, r.da, r.dGate(0), r.units());                           // (B1)
    Arrays.fill(r.ds, dh, dh + r.units(), 0f); // all of δh' comes through R
  }
}
