package org.unroll.cell;

/**
 * A memory carried on unit by unit: s = keep ⊙ s' + write ⊙ candidate, where s is a slot of the state. What unfolds a cell
 * into a sum over its past.
 *
 * @param slot name of the slot: {@code c}, or {@code h}
 * @param keep what multiplies the old memory
 * @param write what multiplies the candidate
 * @param candidate name of the block that holds what is written
 */
public record Carry(String slot, Gate keep, Gate write, String candidate) {

  /** One unit at one step: its blocks after the step, its state before and after. */
  public interface Values {
    /** A gate or a candidate. */
    double block(String name);

    /** A slot of the state before the step. */
    double before(String slot);

    /** A slot of the state after the step. */
    double after(String slot);
  }

  /** A factor between 0 and 1. */
  public sealed interface Gate {
    /** Its value. */
    double at(Values v);

    /** A block as it is. */
    static Gate of(String block) { return new Block(block); }

    /** As people write it; {@code index} behind every letter: {@code f_j}, {@code (1 − z_j)}. */
    String with(String index);
  }

  /** A block as it is. */
  public record Block(String name) implements Gate {
    @Override public double at(Values v) { return v.block(name); }

    @Override public String with(String index) { return name + index; }
  }

  /** One minus a block. */
  public record OneMinus(String name) implements Gate {
    @Override public double at(Values v) { return 1 - v.block(name); }

    @Override public String with(String index) { return "(1 − " + name + index + ")"; }
  }

  /** The number one: what is always kept. */
  public record One() implements Gate {
    @Override public double at(Values v) { return 1; }

    @Override public String with(String index) { return "1"; }
  }

  /** name / (name + other): two gates scaled to sum 1. */
  public record Share(String name, String other) implements Gate {
    @Override public double at(Values v) {
      double a = Math.max(v.block(name), Float.MIN_NORMAL);
      return a / (a + Math.max(v.block(other), Float.MIN_NORMAL));
    }

    @Override public String with(String index) { return name + index + " / (" + name + index + " + " + other + index + ")"; }
  }

  /** name · e^(m' − m): a gate in a memory that is scaled by e^−m; 0 where the slot {@code norm} was still empty. */
  public record Rescaled(String name, String m, String norm) implements Gate {
    @Override public double at(Values v) {
      return v.before(norm) == 0 ? 0 : v.block(name) * StrictMath.exp(v.before(m) - v.after(m));
    }

    @Override public String with(String index) { return name + index + " e^(" + m + "' − " + m + ")"; }
  }

  /** One gate decides both: s = z ⊙ s' + (1 − z) ⊙ candidate. */
  public static Carry keeps(String slot, String z, String candidate) {
    return new Carry(slot, new Block(z), new OneMinus(z), candidate);
  }

  /** One gate decides both: s = (1 − z) ⊙ s' + z ⊙ candidate. */
  public static Carry writes(String slot, String z, String candidate) {
    return new Carry(slot, new OneMinus(z), new Block(z), candidate);
  }

  @Override public String toString() {
    return slot + " = " + keep.with("") + " ⊙ " + slot + "' + " + write.with("") + " ⊙ " + candidate;
  }
}
