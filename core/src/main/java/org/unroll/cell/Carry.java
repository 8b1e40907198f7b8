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

  /**
   * A block by its name, or one where there is none.
   *
   * @param block null for the number one: what is always kept
   * @param complement one minus the block
   */
  public record Gate(String block, boolean complement) {
    public static Gate of(String block) { return new Gate(block, false); }

    public static Gate oneMinus(String block) { return new Gate(block, true); }

    /** Always 1. */
    public static Gate one() { return new Gate(null, false); }

    /** The gate, given the block's value. */
    public double at(double value) { return complement ? 1 - value : value; }

    /** As people write it, with an index: {@code f_j}, {@code (1 − z_j)}; without for an empty one. */
    public String with(String index) {
      if (block == null) return "1";
      var name = index.isEmpty() ? block : block + "_" + index;
      return complement ? "(1 − " + name + ")" : name;
    }

    @Override public String toString() { return with(""); }
  }

  /** One gate decides both: s = z ⊙ s' + (1 − z) ⊙ candidate. */
  public static Carry keeps(String slot, String z, String candidate) {
    return new Carry(slot, Gate.of(z), Gate.oneMinus(z), candidate);
  }

  /** One gate decides both: s = (1 − z) ⊙ s' + z ⊙ candidate. */
  public static Carry writes(String slot, String z, String candidate) {
    return new Carry(slot, Gate.oneMinus(z), Gate.of(z), candidate);
  }

  @Override public String toString() { return slot + " = " + keep + " ⊙ " + slot + "' + " + write + " ⊙ " + candidate; }
}
