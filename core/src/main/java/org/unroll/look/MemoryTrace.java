package org.unroll.look;

import java.util.Arrays;
import java.util.List;
import org.unroll.cell.Carry;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;

/**
 * A gated memory as a sum over its past. From s_t = keep_t ⊙ s_{t−1} + write_t ⊙ candidate_t follows
 * <pre>
 *   (1) s_t = w_0^t ⊙ s_0 + Σ_{i=1..t} w_i^t ⊙ candidate_i
 *   (2) w_0^t = ∏_{j=1..t} keep_j
 *   (3) w_i^t = write_i ⊙ ∏_{j=i+1..t} keep_j
 * </pre>
 * which is equation 25.26 of Li Hang's book for an LSTM, with the term of s_0 that is missing there (Levy et al. 2018 for
 * the same sum). A GRU's weights are (1 − z_i) ∏ z_j. Steps count in the order of the walk. Zoneout counts as what it is in
 * evaluation: its share of the units is kept besides.
 *
 * @param walk whose gates are used
 * @param carry which gates keep and write
 */
public record MemoryTrace(CellWalk walk, Carry carry) implements Unfolded {

  /** M009, with what there is, for a layer without a memory that gates carry on unit by unit. */
  public static MemoryTrace of(Walk walk) {
    if (walk instanceof CellWalk w && w.trace().layer().cell().carry() instanceof Carry carry) return new MemoryTrace(w, carry);
    if (walk instanceof MatrixWalk) {
      throw none(walk, Fault.of(Code.M009, "%s has no memory unit by unit", walk.cell()).because("%s", walk.has()));
    }
    throw none(walk, Fault.of(Code.M009, "%s has no gated memory", walk.cell())
        .because("its state is made anew at every step; %s", walk.has()));
  }

  /** The fault of a walk that has not what is asked for. */
  static Fault none(Walk walk, Fault fault) {
    return fault.at(walk.name()).mend("look at the gradient flow, or at the connectivity, for how far back it reaches");
  }

  @Override public String slot() { return carry.slot(); }

  @Override public String whole() { return carry.slot(); }

  @Override public String candidate() { return carry.candidate(); }

  @Override public List<String> equations() {
    return List.of(carry.toString(), slot() + "_t = w_0^t ⊙ " + slot() + "_0 + Σ_i w_i^t ⊙ " + candidate() + "_i,   w_i^t = "
        + carry.write().with("_i") + " ⊙ ∏_{j>i} " + carry.keep().with("_j"));
  }

  /** Column 0 is that of s_0. */
  @Override public double[][] weights(int unit) {
    int T = walk.steps();
    var w = new double[T][T + 1];
    for (int t = 1; t <= T; t++) {
      Arrays.fill(w[t - 1], Double.NaN);
      double kept = 1;
      for (int i = t; i >= 1; i--) {
        w[t - 1][i] = kept * write(i, unit);                                                               // (3)
        kept *= keep(i, unit);
      }
      w[t - 1][0] = kept;                                                                                  // (2)
    }
    return w;
  }

  /** w_i^t ⊙ candidate_i of a unit, and w_0^t ⊙ s_0 in column 0: what the state of step t is made of. */
  @Override public double[][] contributions(int unit) {
    var w = weights(unit);
    for (var row : w) {
      row[0] *= initial(unit);
      for (int i = 1; i < row.length; i++) row[i] *= block(carry.candidate(), i, unit);                     // (1)
    }
    return w;
  }

  /** The state itself as the pass has it, for each t. */
  @Override public double[] states(int unit) {
    int slot = walk.slot(carry.slot());
    var s = new double[walk.steps()];
    for (int i = 0; i < s.length; i++) s[i] = walk.after(slot, walk.time(i), unit);
    return s;
  }

  /** s_0. */
  public double initial(int unit) { return walk.before(walk.slot(carry.slot()), walk.time(0), unit); }

  @Override public Check check() {
    double worst = 0, scale = 0;
    for (int u = 0; u < walk.units(); u++) {
      double[] sums = sums(u), states = states(u);
      for (int t = 0; t < sums.length; t++) {
        worst = Math.max(worst, Math.abs(sums[t] - states[t]));
        scale = Math.max(scale, Math.abs(states[t]));
      }
    }
    return new Check(worst, scale, worst / (1e-5 * Math.max(1, scale)));
  }

  /** With zoneout s = z ⊙ s' + (1 − z) ⊙ ŝ: more is kept and less written. */
  private double keep(int i, int unit) { return zoneout() + (1 - zoneout()) * gate(carry.keep(), i, unit); }

  private double write(int i, int unit) { return (1 - zoneout()) * gate(carry.write(), i, unit); }

  private double zoneout() { return walk.trace().layer().noise().zoneout(walk.slot(carry.slot())); }

  private double gate(Carry.Gate gate, int i, int unit) { return gate.at(new At(walk, walk.time(i - 1), unit)); }

  /** The i-th step of the walk, from 1. */
  private double block(String name, int i, int unit) { return walk.gate(walk.gate(name), walk.time(i - 1), unit); }

  private record At(CellWalk walk, int t, int unit) implements Carry.Values {
    @Override public double block(String name) { return walk.gate(walk.gate(name), t, unit); }

    @Override public double before(String slot) { return walk.before(walk.slot(slot), t, unit); }

    @Override public double after(String slot) { return walk.after(walk.slot(slot), t, unit); }
  }
}
