package org.unroll.hopfield;

import java.util.ArrayList;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.slab.Philox;

/**
 * Hopfield's network (Hopfield 1982, "Neural networks and physical systems with emergent collective computational abilities"):
 * N units s of −1 or 1, each fed by all others. It remembers patterns ξ as states that it falls back into.
 * <pre>
 *   (1) T_ij = Σ_μ ξ_i ξ_j for i ≠ j, T_ii = 0      what is stored, by Hebb's rule
 *   (2) h_i  = Σ_j T_ij s_j                          what unit i is fed
 *   (3) s_i  = 1 where h_i > 0, −1 where h_i < 0, as it was where h_i = 0; one unit after the other
 *   (4) E    = −½ Σ_ij T_ij s_i s_j                  falls by 2 |h_i| with each flip, so recall comes to an end
 * </pre>
 * All of it in whole numbers, so E is exact. In one sweep each unit has its turn, in an order drawn anew. Nothing here is trained by a
 * gradient: this is where recurrent networks began.
 */
public final class Hopfield {
  /** Largest N: T has N² numbers. */
  public static final int MOST = 20_000;

  private final int units;
  private final int[][] T;
  private final int patterns;

  private Hopfield(int[][] T, int patterns) {
    this.units = T.length;
    this.T = T;
    this.patterns = patterns;
  }

  /**
   * A network that has stored these patterns.
   *
   * @param patterns [P][N], each number −1 or 1. C030 for none, for lengths that differ, for other numbers
   */
  public static Hopfield of(int[][] patterns) {
    if (patterns.length == 0) throw Fault.of(Code.C030, "there are no patterns").at("patterns").because("there must be at least one");
    int n = patterns[0].length;
    if (n < 2 || n > MOST) throw Fault.of(Code.C030, "it has %d units", n).at("patterns[0]").because("must have from 2 to %d", MOST);
    for (int p = 0; p < patterns.length; p++) check(patterns[p], n, "patterns[" + p + "]");
    var T = new int[n][n];
    for (var xi : patterns) {
      for (int i = 0; i < n; i++) for (int j = 0; j < n; j++) T[i][j] += xi[i] * xi[j];                   // (1)
    }
    for (int i = 0; i < n; i++) T[i][i] = 0;                                                              // (1)
    return new Hopfield(T, patterns.length);
  }

  private static void check(int[] s, int n, String where) {
    if (s.length != n) throw Fault.of(Code.C030, "it has %d units", s.length).at(where).because("must have %d", n);
    for (int i = 0; i < n; i++) {
      if (s[i] != 1 && s[i] != -1) throw Fault.of(Code.C030, "unit %d is %d", i, s[i]).at(where).because("must be -1 or 1");
    }
  }

  /** N. */
  public int units() { return units; }

  /** How many patterns were stored. */
  public int patterns() { return patterns; }

  /** T_ij. */
  public int weight(int i, int j) { return T[i][j]; }

  /** E of a state. */
  public long energy(int[] s) {
    check(s, units, "state");
    long sum = 0;
    for (int i = 0; i < units; i++) sum += (long) s[i] * field(s, i);
    return -sum / 2;                                                                                      // (4)
  }

  private int field(int[] s, int i) {
    int sum = 0;
    for (int j = 0; j < units; j++) sum += T[i][j] * s[j];                                                // (2)
    return sum;
  }

  /**
   * What came of a state.
   *
   * @param state where it ended
   * @param energies E before the first sweep and after each
   * @param settled whether the last sweep changed nothing: further ones would change nothing either
   */
  public record Recall(int[] state, long[] energies, boolean settled) {
    /** Sweeps done. */
    public int sweeps() { return energies.length - 1; }
  }

  /**
   * Lets a state fall to where it is stable.
   *
   * @param start [N], left as it is
   * @param rng for the order of the units in each sweep
   * @param most sweeps at most
   */
  public Recall recall(int[] start, Philox rng, int most) {
    check(start, units, "start");
    int[] s = start.clone(), h = new int[units];
    for (int i = 0; i < units; i++) h[i] = field(s, i);
    var energies = new ArrayList<Long>();
    energies.add(energy(s));
    boolean settled = false;
    for (int sweep = 0; sweep < most && !settled; sweep++) {
      long fall = 0;
      for (int i : rng.permutation(sweep, units)) fall += turn(s, h, i);
      energies.add(energies.getLast() - fall);
      settled = fall == 0;
    }
    return new Recall(s, energies.stream().mapToLong(Long::longValue).toArray(), settled);
  }

  /** Unit i has its turn; by how much E falls. */
  private int turn(int[] s, int[] h, int i) {
    if ((long) h[i] * s[i] >= 0) return 0;                                                                // (3)
    s[i] = -s[i];                                                                                         // (3)
    for (int j = 0; j < units; j++) h[j] += 2 * T[j][i] * s[i];                                           // (2)
    return 2 * Math.abs(h[i]);                                                                            // (4)
  }

  /** How alike two states are: Σ s ξ / N, 1 for the same and −1 for the opposite. */
  public static double overlap(int[] s, int[] xi) {
    long sum = 0;
    for (int i = 0; i < s.length; i++) sum += s[i] * xi[i];
    return (double) sum / s.length;
  }
}
