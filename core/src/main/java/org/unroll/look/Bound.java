package org.unroll.look;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.IntToDoubleFunction;
import org.unroll.cell.Elman;
import org.unroll.cell.IndRnn;
import org.unroll.kernel.Activation;
import org.unroll.slab.Slab;

/**
 * What is known about a gradient's way back without following it, beside which {@link GradientFlow} is read.
 *
 * <pre>
 *   (1) ‖∂h_t/∂h_{t−k}‖ ≤ (β_f β_w)^k     of h = φ(x W + h' R + b), β_f the largest |φ'| met, β_w = ‖R‖₂
 *   (2) ‖R‖₂ < 1/γ                     γ the largest |φ'| there is: every gradient vanishes
 *   (3) ‖∂s_t/∂s_{t−k}‖ ≤ ∏ ‖∂s_j/∂s_{j−1}‖   of any cell: the largest singular values of the steps' Jacobians
 * </pre>
 * (1) is document 003's: below 1 the gradient must vanish, above 1 the bound says nothing. (2) is that of Pascanu, Mikolov and Bengio
 * 2013.
 *
 * @param walk the layer's name
 * @param singular ‖R_b‖₂ of each block that R feeds, by the name of its gate; {@code p} for a weight a unit in place of R;
 *     {@code U} and {@code V} of a Jordan layer; none of an mLSTM, in which nothing that is remembered is multiplied by a
 *     matrix
 * @param steepness β_f; empty for a cell with gates
 * @param gamma γ; empty for a cell with gates
 * @param jacobian the mean of ‖∂s_t/∂s_{t−1}‖₂ over the sampled steps: s of all slots; p of a Jordan layer; of an mLSTM (C, n),
 *     with m held, where it is the largest κ of the heads
 * @param jacobianMost the largest
 */
public record Bound(String walk, List<Singular> singular, OptionalDouble steepness, OptionalDouble gamma, double jacobian,
    double jacobianMost) {

  /** ‖R_b‖₂ of one block. */
  public record Singular(String block, double value) {}

  /** @param samples steps whose Jacobian is measured, spread evenly */
  public static Bound of(Walk walk, int samples) {
    return switch (walk) {
      case CellWalk w -> of(w, singular(w), steepness(w), gamma(w), samples, t -> Spectrum.largest(Spectrum.jacobian(w, t))); // (3)
      case MatrixWalk w -> of(w, List.of(), OptionalDouble.empty(), OptionalDouble.empty(), samples, t -> kept(w, t));
      case FeedbackWalk w -> of(w, singular(w), OptionalDouble.empty(), OptionalDouble.empty(), samples, t -> Spectrum.largest(w,
          t));
    };
  }

  private static Bound of(Walk walk, List<Singular> singular, OptionalDouble steepness, OptionalDouble gamma, int samples,
      IntToDoubleFunction jacobian) {
    double sum = 0, most = 0;
    int count = Math.min(samples, walk.steps());
    for (int i = 0; i < count; i++) {
      double sigma = jacobian.applyAsDouble(count == 1 ? walk.steps() - 1 : (int) ((long) i * (walk.steps() - 1) / (count - 1)));
      sum += sigma;
      most = Math.max(most, sigma);
    }
    return new Bound(walk.name(), singular, steepness, gamma, sum / count, most);
  }

  /** The largest κ of the heads: with m held, ∂(C, n)_t/∂(C, n)_{t−1} of a head is κ times the identity. */
  private static double kept(MatrixWalk w, int t) {
    double most = 0;
    for (int head = 0; head < w.count(); head++) most = Math.max(most, w.gate(w.gate("κ"), t, head));
    return most;
  }

  private static List<Singular> singular(FeedbackWalk w) {
    var weights = w.trace().run().weights();
    return List.of(new Singular("U", Spectrum.largest(weights.of(w.trace().layer().U()))),
        new Singular("V", Spectrum.largest(weights.of(w.trace().layer().V()))));
  }

  private static List<Singular> singular(CellWalk walk) {
    var layer = walk.trace().layer();
    var weights = walk.trace().run().weights();
    var singular = new ArrayList<Singular>();
    for (int b = 0; b < layer.cell().layout().byR(); b++) {
      singular.add(new Singular(walk.gates().get(b), norm(weights.of(layer.R()), b, walk)));
    }
    if (simple(walk) != null && layer.R() == null) singular.add(new Singular("p", largest(weights.of(layer.p()))));
    if (layer.S() != null) singular.add(new Singular(walk.gates().getLast(), Spectrum.largest(weights.of(layer.S()))));
    return List.copyOf(singular);
  }

  private static double norm(Slab R, int block, CellWalk walk) {
    return Spectrum.largest(R.cols(block * walk.units(), (block + 1) * walk.units()));
  }

  private static double largest(Slab diagonal) {
    double most = 0;
    for (int u = 0; u < diagonal.cols(); u++) most = Math.max(most, Math.abs(diagonal.get(0, u)));
    return most;
  }

  /** β_f β_w: its k-th power bounds k steps, with the slopes that were met; empty for a cell with gates. */
  public OptionalDouble factor() { return times(steepness); }

  /**
   * γ ‖R‖₂: its k-th power bounds k steps, whatever slopes are met; below 1 every gradient vanishes. Empty for a cell with
   * gates.
   */
  public OptionalDouble condition() { return times(gamma); }

  private OptionalDouble times(OptionalDouble slope) {
    return slope.isEmpty() ? slope : OptionalDouble.of(slope.getAsDouble() * singular.getFirst().value()); // (1)
  }

  /** Whether ‖R‖₂ < 1/γ, so that every gradient vanishes; empty for a cell with gates, of which this says nothing. */
  public Optional<Boolean> vanishes() {
    if (gamma.isEmpty()) return Optional.empty();
    return Optional.of(singular.getFirst().value() < 1 / gamma.getAsDouble());                  // (2)
  }

  private static OptionalDouble gamma(CellWalk walk) {
    var phi = simple(walk);
    if (phi == null) return OptionalDouble.empty();
    return OptionalDouble.of(phi.steepest());
  }

  /** The largest |φ'(a)| of all steps and units, from h alone. */
  private static OptionalDouble steepness(CellWalk walk) {
    var phi = simple(walk);
    if (phi == null) return OptionalDouble.empty();
    double most = 0;
    for (int t = 0; t < walk.steps(); t++) {
      for (int u = 0; u < walk.units(); u++) most = Math.max(most, phi.slope((float) walk.after(0, t, u)));
    }
    return OptionalDouble.of(most);
  }

  /** φ of a simple recurrence: of a matrix R, or of a weight a unit, whose norm is the largest; null for another cell or with zoneout. */
  private static Activation simple(CellWalk walk) {
    if (walk.trace().layer().P() != null || walk.trace().layer().noise().zoneout() > 0) return null;
    var phi = switch (walk.trace().layer().cell()) {
      case Elman e -> e.activation();
      case IndRnn i -> i.activation();
      default -> null;
    };
    return phi == null || phi.needsRow() ? null : phi;
  }
}
