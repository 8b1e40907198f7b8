package org.unroll.bench;

import org.unroll.kernel.Tiling;

/**
 * What more cores would give to a training step of one layer, computed from the times of one and two threads. The cores are
 * dealt out to groups, which share the rows of the batch, and within a group to parts, which share the units:
 * <pre>
 *   recurrence  two thirds of the work, forward and back: rows in tiles of 4 over the groups, units in panels of 16 over the
 *               parts; or, if that takes longer, reading a part's weights at every step from where they stand;
 *               with several parts, at every step a meeting of the group and reading what the others have made of h
 *   gradients   a third of the work, of the weights: panels of 16 units times blocks of 64 inputs over all cores
 *   meetings    all cores, a few times a step of training; a meeting takes so many hops as a tree of the cores is high
 *   rest        what does not get shorter: 2 t₂ − t₁, if two threads lose to nothing else
 * </pre>
 * The rest is the pessimist's reading of what two threads lost. The optimist's: each core loses the same share as with two, and
 * nothing stays alone. They differ, too, in what a core reads from the third cache: the optimist lets each core read what one
 * thread was measured to read, the pessimist lets the cores of a chip share what two threads were measured to read together. A
 * chip has eight cores and a third cache of its own. The truth lies between.
 *
 * @param machine whose cores they are
 * @param one seconds with one thread
 * @param two seconds with two threads
 */
record ManyCores(Shape shape, Cores machine, double one, double two) {
  private static final int TILE = Tiling.ROWS, PANEL = Tiling.LANES, BLOCK = 64, MEETINGS = 6;
  /** Cores that share a third cache. */
  static final int CHIP = 8;

  /**
   * The layer.
   *
   * @param gates products of the input, and of the state: 4 for an LSTM
   */
  record Shape(int T, int B, int I, int H, int gates) {
    /** Bytes of W and R. */
    double weights() { return 4.0 * gates * H * (I + H); }
  }

  /**
   * @param l2 bytes of a core's own cache
   * @param near bytes a second that a core reads from it
   * @param far bytes a second that a core alone reads from what the cores of a chip share
   * @param chip bytes a second that all cores of a chip together read from there, as the pessimist has it
   * @param hop seconds from one core's writing to another's seeing it
   */
  record Cores(double l2, double near, double far, double chip, double hop) {
    /** Bytes a second of each of so many cores that read at the same time, as the pessimist has it. */
    double readingRate(int cores) { return Math.min(far, chip / Math.min(cores, CHIP)); }
  }

  /** How cores are dealt out. @param groups share the rows @param parts share the units, in each group */
  record Layout(int groups, int parts) {}

  /** Seconds that stay with one thread, as the pessimist reads them. */
  double rest() { return Math.clamp(2 * two - one, 0, one); }

  /** The layout that takes the least time. */
  Layout best(int cores) {
    Layout best = null;
    for (int parts = 1; parts <= cores; parts *= 2) {
      if (cores % parts != 0) continue;
      var l = new Layout(cores / parts, parts);
      if (best == null || pessimist(l) < pessimist(best)) best = l;
    }
    return best;
  }

  /** Seconds of a training step. */
  double pessimist(Layout l) { return rest() + shared(l, one - rest(), machine.readingRate(l.groups * l.parts)); }

  /** Seconds of a training step. */
  double optimist(Layout l) { return shared(l, Math.max(one, 2 * two), machine.far); }

  /** @param work seconds of one core for all that is shared @param far bytes a second of a core from the third cache */
  private double shared(Layout l, double work, double far) {
    int cores = l.groups * l.parts;
    double longest = unevenness(shape.B, TILE, l.groups) * unevenness(shape.H, PANEL, l.parts);
    double recurrence = Math.max(work * 2 / 3 / cores * longest, reading(l, far));
    long blocks = (long) ceil(shape.H, PANEL) * ceil(shape.I + shape.H, BLOCK);
    double gradients = work / 3 * ((blocks + cores - 1) / cores) / blocks;
    return recurrence + exchange(l, far) + gradients + MEETINGS * meeting(cores);
  }

  /** Forward and back, a part's weights at every step. */
  private double reading(Layout l, double far) {
    double bytes = shape.weights() / l.parts;
    return 2 * shape.T * bytes / (bytes <= machine.l2 ? machine.near : far);
  }

  /** Forward and back, a meeting and the others' h at every step. */
  private double exchange(Layout l, double far) {
    if (l.parts == 1) return 0;
    double rows = ceil(ceil(shape.B, TILE), l.groups) * TILE;
    return 2 * shape.T * (meeting(l.parts) + 4 * rows * shape.H * (l.parts - 1) / l.parts / far);
  }

  private double meeting(int cores) { return 2 * machine.hop * (32 - Integer.numberOfLeadingZeros(cores - 1)); }

  /** How much longer the longest share is than an even one, when {@code n} things go in pieces of {@code piece}. */
  static double unevenness(int n, int piece, int shares) { return (double) ceil(ceil(n, piece), shares) * piece * shares / n; }

  private static int ceil(int n, int by) { return (n + by - 1) / by; }
}
