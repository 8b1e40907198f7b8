package org.unroll.mutation;

import java.util.List;

/** Mutants that no proof can tell from the original, each with its reason. */
final class Equivalents {

  /**
   * @param file end of the file's name
   * @param was part of the line before the change
   * @param is part of the line after it; empty for any
   */
  private record Entry(String file, String was, String is, String reason) {
    boolean fits(Mutant m) { return m.source().name().endsWith(file) && m.was().contains(was) && m.is().contains(is); }
  }

  private static final String NO_GRADIENTS = "forward has no gradients: where they would lie is not read";

  private static final String BIASED = "where there is a bias the product starts from it and does not add";

  private static final String SPEED = "into how many parts a step goes is a matter of speed: the bits are the same";

  private static final String NO_ROWS = "no rows are no work";

  private static final String OUTSIDE = "no row comes into the first chunk, or into one beyond the last";

  private static final String KEEPS = "a linear cell keeps by its gates, of the gradient of its one slot, and reads no state";

  private static final String NO_SCORE = "reached only where no score is a number: there is no best label";

  private static final String OWN_PLACE =
      "each group has a place of its own, lest threads meet there; groups one after the other make the same numbers in one place";

  private static final List<Entry> ENTRIES = List.of(
      new Entry("layer/Scan.java", "int chunks(int length", "T < length", "of that length the division makes one chunk too"),
      new Entry("layer/Scan.java", "if (chunks == 1) return;", "chunks == 0", "with one chunk nothing is carried, and no row joins another"),
      new Entry("layer/Scan.java", "for (int i = 1; i < chunks; i++) carry", "i = 0;", OUTSIDE),
      new Entry("layer/Scan.java", "for (int i = 1; i < chunks; i++) carry", "i <= chunks", OUTSIDE),
      new Entry("layer/Scan.java", "for (int i = chunks - 1; i > 0; i--)", "i >= 0", OUTSIDE),
      new Entry("layer/Scan.java", "for (int i = chunks - 1; i > 0; i--)", "i = chunks + 1", OUTSIDE),
      new Entry("layer/Scan.java", "for (int i = chunks - 1; i > 0; i--)", "i = chunks - 0", OUTSIDE),
      new Entry("layer/Scan.java", "return c < 0 || c >= chunks ||", "c < 0 && c >= chunks", "its border is outside of time, which gives 0 too"),
      new Entry("layer/Scan.java", "return c < 0 || c >= chunks ||", "c > chunks", "its border is outside of time, which gives 0 too"),
      new Entry("layer/Scan.java", "if (zeros > 0)", "zeros >= 0", NO_ROWS),
      new Entry("layer/Scan.java", "if (zeros < rows)", "zeros <= rows", NO_ROWS),
      new Entry("layer/Scan.java", "if (entering(c) <= n0)", "entering(c) < n0", NO_ROWS),
      new Entry("layer/Scan.java", "if (chunks > 1) each", "chunks >= 1", "what leaves the only chunk is not read"),
      new Entry("layer/Scan.java", "if (chunks > 1) each", "chunks > 0", "what leaves the only chunk is not read"),
      new Entry("layer/Scan.java", "int panels = a.panels(), want", "", SPEED),
      new Entry("layer/Scan.java", "int down = ", "", SPEED),
      new Entry("layer/Scan.java", "row.gates(a.lanes(j)", ", j), 1, a.blockStride", KEEPS),
      new Entry("layer/Scan.java", "row.states(0, 0,", "", KEEPS),
      new Entry("layer/Walk.java", "for (end = n + 1;", "end = n + 0", "the loop counts row n itself too: it starts where it starts"),
      new Entry("layer/Recurrent.java", "scan > 0 ? T + 2 : T + 1", "scan >= 0 ? T", "a slot more is never used"),
      new Entry("layer/Recurrent.java", "scan > 0 ? T + 2 : T + 1", "T + 3", "a slot more is never used"),
      new Entry("layer/Rows.java", "int n = b.x().rows(), parts = n < FEW", "", SPEED),
      new Entry("layer/Rows.java", "long all = b.tokens(), sum", "", SPEED),
      new Entry("layer/Rows.java", "for (int row = 0, i = 0; row < n && i", "", SPEED),
      new Entry("layer/Rows.java", "sum += b.length(row)", "", SPEED),
      new Entry("layer/Rows.java", "while (i < parts && sum", "", SPEED),
      new Entry("layer/Rows.java", "if (ends[i] > from)", ">= from", NO_ROWS),
      new Entry("head/Softmax.java", "first < count; first += most()", "first <= count", NO_ROWS),
      new Entry("head/Counted.java", "if (rows > 0) body.run(index", "rows >= 0", NO_ROWS),
      new Entry("head/Crf.java", "for (int n = g * LANES; n < Math.min(N", "g / LANES", "a score has the same bits whoever writes it, and how often"),
      new Entry("head/Crf.java", "float scale = s.count == 0", "? 1f :", "without sequences there is nothing to scale"),
      new Entry("head/BestSweep.java", "int best = 0;", "best = 1", NO_SCORE),
      new Entry("head/BestSweep.java", "boolean positive = false;", "", "what is expected of the sign is a matter of speed: no bit depends on it"),
      new Entry("head/BestSweep.java", "if (v[at] + columns[column + i] == max)", "i <= K", NO_SCORE),
      new Entry("head/ChainSweep.java", "else small = sums.sums(alpha", "g / size", OWN_PLACE),
      new Entry("head/ChainSweep.java", "int terms(int g)", "g / size", OWN_PLACE),
      new Entry("head/ChainSweep.java", "sums.settle(w, slot", "g / LANES", OWN_PLACE),
      new Entry("head/ChainSweep.java", "sums.posterior(alpha", "g / LANES", OWN_PLACE),
      new Entry("head/ChainSweep.java", "int last = 0, steps = 0;", "last = 1", "each group has a sequence with a first step"),
      new Entry("head/ChainSweep.java", "* size, small = 0;", "small = 1", "read only where it was set"),
      new Entry("head/ChainSweep.java", "beta, b) & (1 << on) - 1;", "(0 << on)", "rows from on on are asked nowhere"),
      new Entry("head/ChainSweep.java", "(small >> l & 1) == 1) onward", "l <= on", "that row is written over by the scores of the end"),
      new Entry("head/BestSweep.java", "return 0;", "return 1;", NO_SCORE),
      new Entry("head/ChainSweep.java", "largest = Math.max(largest, beta[at + i", "i / LANES", "what is taken off all scores of a step cancels"),
      new Entry("head/ChainSweep.java", "if (++steps == BLOCK", "!= BLOCK", "how many steps are summed at a time is a matter of speed"),
      new Entry("head/ChainSweep.java", "beta = ws.array(2 * groups", "3 * groups", "a third slot is never used"),
      new Entry("kernel/ScalarMath.java", "(a > TANH_FAR ? TANH_FAR : a)", ">= TANH_FAR", "the bound is the bound on either side"),
      new Entry("kernel/ScalarMath.java", "tiny = x < Float.MIN_NORMAL", "<= Float", "23 more in the exponent and 23 less in n: the same bits"),
      new Entry("kernel/ScalarChainSums.java", "if (p[at + k] > max)", ">= max", "zeros of either sign have one exponential"),
      new Entry("hopfield/Hopfield.java", "+= xi[i] * xi[j]", "/ xi[j]", "by 1 or -1, to divide is to multiply"),
      new Entry("hopfield/Hopfield.java", "+= T[i][j] * s[j]", "/ s[j]", "by 1 or -1, to divide is to multiply"),
      new Entry("hopfield/Hopfield.java", "h[i] * s[i] >= 0", "/ s[i]", "by 1 or -1, to divide is to multiply"),
      new Entry("hopfield/Hopfield.java", "+= 2 * T[j][i] * s[i]", "/ s[i]", "by 1 or -1, to divide is to multiply"),
      new Entry("hopfield/Hopfield.java", "+= s[i] * xi[i]", "/ xi[i]", "by 1 or -1, to divide is to multiply"),
      new Entry("layer/Recurrent.java", "S, P, Noise.NONE, 0, 0);", "1, 0);", "without noise the number is not read"),
      new Entry("layer/AllSteps.java", "step.panels(), true, (n0", "false", SPEED),
      new Entry("layer/Rows.java", "parts = divide && n < FEW", "", SPEED),
      new Entry("layer/Rows.java", "if (parts <= 1) split(k, b,", "split(k, b,", SPEED),
      new Entry("layer/BackwardStep.java", "boolean apart()", "ST != null", SPEED),
      new Entry("layer/BackwardStep.java", "boolean apart()", "PT != null", SPEED),
      new Entry("layer/BackwardStep.java", "RT, dy, prev, false)", "true)", "each row is written once, and was zero"),
      new Entry("layer/Jordan.java", ", bias, false);", "true)", BIASED),
      new Entry("layer/Jordan.java", ", offset, false);", "true)", BIASED),
      new Entry("layer/Jordan.java", "if (rows > 0) step.forward", "if (rows >= 0)", NO_ROWS),
      new Entry("layer/Jordan.java", "if (rows <= 0) continue;", "if (rows < 0)", NO_ROWS),
      new Entry("layer/Jordan.java", "- n0, count), row = t", "+ n0, count), row = t", "what is made of rows that have ended is not read"),
      new Entry("layer/Jordan.java", "p = Slab.zeros(2, N,", "Slab.zeros(3, N,", "a third slot is never used"),
      new Entry("cell/MatrixMemory.java", "small = new float[2]", "float[3]", "a third number is never used"),
      new Entry("cell/LayerNormed.java", "r.shift(-in.byR());", "", "the place of a row is set anew before each step"),
      new Entry("cell/LayerNormed.java", "if (blocks > 0) norm.", "if (blocks >= 0)", "no blocks are no work"),
      new Entry("cell/Norm.java", "sum += (a[j + k] - mean) * (a[j + k] - mean)", "+ mean)", "the deviations sum up to 0"),
      new Entry("head/BestPaths.java", "emission, 0);", "emission, 1);", "nothing comes before the first step"),
      new Entry("head/BestPaths.java", "int all = 0;", "int all = 1;", "room for one way that never comes"),
      new Entry("layer/Dense.java", "w, y, ", ", true)", BIASED),
      new Entry("layer/StepPlan.java", "return hasR() ? Math.max", "", SPEED),
      new Entry("layer/StepPlan.java", "long recurrent = ", "", SPEED),
      new Entry("layer/StepPlan.java", "return ids() ? recurrent", "", SPEED),
      new Entry("layer/UnitParts.java", "back = !back;", "", "in which order panels are taken is a matter of speed"),
      new Entry("layer/UnitParts.java", "if (parts == 1) part(0);", "parts == 0", SPEED),
      new Entry("layer/UnitParts.java", "groups = Math.ceilDiv(end - first", "end + first", "groups behind the last have no panels"),
      new Entry("layer/UnitParts.java", "int p = first + (back ?", "(back ? n :", "in which order panels are taken is a matter of speed"),
      new Entry("layer/UnitParts.java", "k.parallel(parts, i -> step.inputPanels", "i / chunk", "panels made twice have the same numbers"),
      new Entry("layer/UnitParts.java", "long WORTH = ", "", SPEED),
      new Entry("layer/UnitParts.java", "mostRows * plan.work() < WORTH", "<= WORTH", SPEED),
      new Entry("layer/RecurrentStepper.java", "Slab.zeros(2, rows,", "Slab.zeros(3, rows,", "a third slot is never used"),
      new Entry("layer/Rows.java", "from = 0, rows = 0;", "from = 1, rows = 0;", "the first step sets it"),
      new Entry("layer/Rows.java", "int parts = n < FEW ? 1 :", "n < FEW ? 0 :", "no part and one part are both the calling thread's"),
      new Entry("layer/Run.java", "return new Run(weights, purpose,", "", "evaluation draws no random numbers"),
      new Entry("layer/TiedDense.java", "eT, y, ", ", true)", BIASED),
      new Entry("layer/ForwardStep.java", "this.biasR = split == 0 ? null", "split == 1", "no blocks of biases are nothing to write"),
      new Entry("layer/ForwardStep.java", "r.gates(whole", ", 1, a.blockStride())", NO_GRADIENTS),
      new Entry("layer/ForwardStep.java", "r.states(from, made", ", 1, stateRows.slot())", NO_GRADIENTS),
      new Entry("layer/Masks.java", "for (int t = 1; t <= T; t++)", "t = 0;", "the first row is the one that is copied"),
      new Entry("layer/Activity.java", "if (rows <= 0) continue;", "if (rows < 0)", NO_ROWS),
      new Entry("layer/ForwardStep.java", "r.units(p.offset() + u, 0,", "u, 1, ownStride)", NO_GRADIENTS),
      new Entry("layer/ForwardStep.java", "r.second(m.row(gates + i) + u, 0)", "u, 1)", NO_GRADIENTS));

  private Equivalents() {}

  /** Why this mutant means the same; null if it does not. */
  static String reason(Mutant m) {
    for (var e : ENTRIES) {
      if (e.fits(m)) return e.reason;
    }
    return null;
  }

  /** Entries that none of these mutants fits. */
  static List<String> stale(List<Mutant> mutants) {
    return ENTRIES.stream().filter(e -> mutants.stream().noneMatch(e::fits)).map(Entry::toString).toList();
  }
}
