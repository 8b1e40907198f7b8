package org.unroll.bench;

import java.util.Map;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;

/**
 * How far two engines are apart on one problem. Nothing is timed before they agree.
 *
 * @param output largest |ours − theirs| of any output
 * @param gradient largest, over the tensors, of max |ours − theirs| / max |theirs|
 */
public record Agreement(double output, double gradient) {
  public static final double OUTPUT = 1e-5;
  public static final double GRADIENT = 1e-4;

  /** Compares the two; tensors of one name must exist on both sides. */
  public static Agreement of(Outcome ours, Outcome theirs) {
    return new Agreement(worst(ours.outputs(), theirs.outputs(), false), worst(ours.gradients(), theirs.gradients(), true));
  }

  /** Runs the problem on both engines; a {@link Fault} R002 unless they agree. */
  static Agreement check(Problem p, int threads) {
    Libtorch.threads(threads);
    return of(new OurLayer(p, threads).outcome(), new TorchLayer(p).outcome()).require(p);
  }

  /** This; a {@link Fault} R002 where it is not agreement. */
  Agreement require(Problem p) {
    if (output <= OUTPUT && gradient <= GRADIENT) return this;
    throw Fault.of(Code.R002, "outputs are %.2g apart, gradients %.2g", output, gradient)
        .at("%s %s", p.cell(), p.shape())
        .because("engines that disagree are not timed: outputs must be within %.0e, gradients within %.0e", OUTPUT, GRADIENT);
  }

  private static double worst(Map<String, float[]> ours, Map<String, float[]> theirs, boolean relative) {
    if (!ours.keySet().equals(theirs.keySet())) throw new AssertionError(ours.keySet() + " against " + theirs.keySet());
    double worst = 0;
    for (var name : ours.keySet()) {
      float[] a = ours.get(name), b = theirs.get(name);
      if (a.length != b.length) throw new AssertionError(name + ": " + a.length + " against " + b.length);
      double difference = 0, size = 0;
      for (int i = 0; i < a.length; i++) {
        double d = Math.abs((double) a[i] - b[i]);
        difference = d <= difference ? difference : d;                                       // a NaN stays
        size = Math.max(size, Math.abs(b[i]));
      }
      double error = relative ? difference / size : difference;
      worst = error <= worst ? worst : error;
    }
    return worst;
  }
}
