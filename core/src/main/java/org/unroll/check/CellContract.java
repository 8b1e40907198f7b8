package org.unroll.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.function.LongFunction;
import org.unroll.cell.Cell;
import org.unroll.kernel.Kernels;
import org.unroll.layer.Recurrent.Direction;
import org.unroll.layer.State;

/**
 * What every {@link Cell} owes to its users, as rules that can be run: a new cell is checked by one line.
 * {@snippet :
 * System.out.println(CellContract.check(new MyCell()));
 * }
 * The gradient is compared with differences of the cell's own output, in float, to {@value Directional#TOLERANCE}: that
 * finds a wrong equation, not a lost digit. Cells of ours are compared with the double-precision reference besides.
 */
public final class CellContract {
  private CellContract() {}

  /** Rules of the contract. */
  public enum Rule {
    /** Backward is the derivative of forward, by W, R, S, b, p, x and the first state; T from 1 to 25, ragged, both ways. */
    DERIVATIVE,
    /** A row in a batch has the bits of the row alone, whether W x was computed ahead or step by step. */
    ROW_ALONE,
    /** What stands in dead rows changes nothing. */
    DEAD_ROWS,
    /** Forward and backward give the same bits again, on memory that was used before, and take no new memory. */
    TWICE,
    /** Backward writes to nothing that forward remembered. */
    UNTOUCHED,
    /** Weights, inputs and states of ±50 give finite outputs and gradients. */
    SATURATED,
    /** A chunk of time that starts in the state of the chunk before gives the bits of the whole. */
    CHUNKS,
    /** Step by step gives the bits of the whole sequence. */
    STEPPER,
    /** The whole row at once gives the bits of 16 units at a time; only for cells of {@link Cell.Scope#UNIT}. */
    SCOPE,
    /** The fused twin has the bits of the plain cell; only for cells that have one. */
    FUSED,
    /** These kernels give the bits of {@linkplain Kernels#scalar() the scalar kernels}. */
    KERNELS
  }

  /**
   * What a check found.
   *
   * @param cases how many comparisons were made
   * @param findings the rules that were broken, empty if none
   */
  public record Report(Cell cell, int cases, List<Finding> findings) {
    public Report {
      findings = List.copyOf(findings);
    }

    /** Whether nothing was found. */
    public boolean passed() { return findings.isEmpty(); }

    @Override public String toString() {
      var s = new StringBuilder(cell + ": " + cases + " cases, " + (passed() ? "all hold" : findings.size() + " broken"));
      for (var f : findings) s.append("\n  ").append(f);
      return s.toString();
    }
  }

  /** Checks every rule on the scalar kernels. */
  public static Report check(Cell cell) { return check(cell, Kernels.scalar()); }

  /** Checks every rule on these kernels. */
  public static Report check(Cell cell, Kernels k) { return check(cell, k, Rule.values()); }

  /** Checks some rules. A cell that throws breaks the rule under which it did. */
  public static Report check(Cell cell, Kernels k, Rule... rules) {
    int cases = 0;
    var findings = new ArrayList<Finding>();
    for (var rule : rules) {
      var found = new Findings(rule.name().toLowerCase(Locale.ROOT).replace('_', '-'));
      try {
        check(rule, cell, k, found);
      } catch (RuntimeException | AssertionError e) {
        found.add("any", "threw " + e);
      }
      cases += found.cases();
      findings.addAll(found.list());
    }
    return new Report(cell, cases, findings);
  }

  private static void check(Rule rule, Cell cell, Kernels k, Findings found) {
    for (var d : Direction.values()) {
      switch (rule) {
        case DERIVATIVE -> derivative(cell, k, d, found);
        case STEPPER -> {
          if (d == Direction.FORWARD) BitRules.stepper(Rig.of(cell, k, 3, 19, d, new int[] {6, 6, 6}, 5), found);
        }
        case ROW_ALONE -> {
          BitRules.rowAlone(Rig.of(cell, k, 3, 19, d, new int[] {7, 5, 5, 1}, 1), found);
          BitRules.rowAlone(Rig.of(cell, k, 4, 16, d, lengths(20), 2), found);
        }
        case KERNELS -> {
          for (int units : new int[] {5, 16, 33}) {
            kernels(Rig.of(cell, k, 3, units, d, new int[] {7, 5, 5, 1}, 3), found);
            kernels(Rig.of(cell, k, 6, units, d, lengths(37), 4), found);
          }
        }
        default -> {
          for (int units : new int[] {5, 16, 19}) bits(rule, Rig.of(cell, k, 3, units, d, new int[] {7, 5, 5, 1}, 3), found);
        }
      }
    }
  }

  private static void bits(Rule rule, Rig rig, Findings found) {
    switch (rule) {
      case DEAD_ROWS -> BitRules.deadRows(rig, found);
      case TWICE -> BitRules.twice(rig, found);
      case UNTOUCHED -> BitRules.untouched(rig, found);
      case SATURATED -> BitRules.saturated(rig, found);
      case CHUNKS -> BitRules.chunks(rig, found);
      case SCOPE -> BitRules.scope(rig, found);
      case FUSED -> BitRules.fused(rig, found);
      default -> throw new AssertionError(rule);
    }
  }

  private static void kernels(Rig rig, Findings found) {
    BitRules.same(rig.with(Kernels.scalar()).both(), rig.both(), rig, "scalar and these kernels", found);
  }

  private static void derivative(Cell cell, Kernels k, Direction d, Findings found) {
    for (int T = 1; T <= 25; T++) {
      int[] lengths = {T, Math.max(1, T * 2 / 3), 1};
      derivative(seed -> Rig.of(cell, k, 2, 3, d, lengths, seed), T, "every step", found);
    }
    for (int T : new int[] {1, 5, 12}) {
      derivative(seed -> lastOnly(Rig.of(cell, k, 3, 17, d, new int[] {T, T, 1}, seed)), 50 + T, "the last step", found);
    }
  }

  /** A kink of the cell may stand where the numbers fell: what disagrees is tried on other numbers, three times in all. */
  private static void derivative(LongFunction<Rig> rigs, long seed, String loss, Findings found) {
    var first = new HashMap<String, Directional.Slope>();
    Rig rig = rigs.apply(seed);
    for (int i = 0; i < 3 && (i == 0 || !first.isEmpty()); i++) {
      var wrong = new HashMap<String, Directional.Slope>();
      for (var s : Directional.slopes(rigs.apply(seed + 1000 * i), seed + i)) {
        if (i == 0) found.counted();
        if (!s.ok() && (i == 0 || first.containsKey(s.tensor()))) wrong.put(s.tensor(), s);
      }
      first = wrong;
    }
    for (var s : first.values()) {
      found.add(where(rig) + ", loss at " + loss + ", " + s.tensor(),
          "slope is " + s.backward() + " by backward and " + s.differences() + " by differences");
    }
  }

  /** The loss hears of nothing but the step at which each row's walk ends. */
  private static Rig lastOnly(Rig rig) {
    var dy = Slabs.like(rig.dy());
    for (int n = 0; n < dy.rows(); n++) {
      boolean backward = BitRules.recurrent(rig).direction() == Direction.BACKWARD;
      int r = (backward ? 0 : rig.x().length(n) - 1) * dy.rows() + n;
      dy.setRow(r, rig.dy(), r);
    }
    return rig.withDy(dy).withDOut(State.ZERO);
  }

  /** The case in words. */
  static String where(Rig rig) {
    var layer = BitRules.recurrent(rig);
    var lengths = new ArrayList<Integer>();
    for (int n = 0; n < rig.x().x().rows(); n++) lengths.add(rig.x().length(n));
    return layer.direction().name().toLowerCase(Locale.ROOT) + ", " + layer.units() + " units, lengths " + lengths;
  }

  /** {@code rows} lengths that fall from 6 to 1. */
  private static int[] lengths(int rows) {
    var lengths = new int[rows];
    for (int n = 0; n < rows; n++) lengths[n] = 6 - 6 * n / rows;
    return lengths;
  }
}
