package org.unroll.mutation;

import java.util.List;

/** Mutants that no proof can tell from the original, each with its reason. */
final class Equivalents {

  /**
   * @param file end of the file's name
   * @param was part of the line before the change
   * @param is part of the line after it; empty for any
   */
  private record Entry(String file, String was, String is, String reason) {}

  private static final String NO_GRADIENTS = "forward has no gradients: where they would lie is not read";

  private static final String SPEED = "into how many parts a step goes is a matter of speed: the bits are the same";

  private static final List<Entry> ENTRIES = List.of(
      new Entry("head/BestPaths.java", "emission, 0);", "emission, 1);", "nothing comes before the first step"),
      new Entry("head/BestPaths.java", "int all = 0;", "int all = 1;", "room for one way that never comes"),
      new Entry("head/Crf.java", "k.columnSums(dA, 0,", "A.offset(), 0, A.size())", "a sum over rows looks at its target's columns only"),
      new Entry("layer/Dense.java", "w, y, ", ", true)", "where there is a bias the product starts from it and does not add"),
      new Entry("layer/Recurrent.java", "boolean ahead = ", "", "W x ahead or step by step has the same bits: a matter of speed"),
      new Entry("layer/Recurrent.java", "if (rows <= 0) continue;", "if (rows < 0)", "no rows are no work"),
      new Entry("layer/Recurrent.java", "if (rows > 0) units.forward", "if (rows >= 0)", "no rows are no work"),
      new Entry("layer/Steps.java", "int leastPanels()", "", SPEED),
      new Entry("layer/Steps.java", "long recurrent = ", "", SPEED),
      new Entry("layer/Steps.java", "return W == null ? recurrent", "", SPEED),
      new Entry("layer/UnitParts.java", "long WORTH = ", "", SPEED),
      new Entry("layer/UnitParts.java", "mostRows * step.work() < WORTH", "<= WORTH", SPEED),
      new Entry("layer/UnitParts.java", "(a + b - 1) / b", "(a + b - 0) / b", SPEED),
      new Entry("layer/RecurrentStepper.java", "Slab.zeros(2, rows,", "Slab.zeros(3, rows,", "a third slot is never used"),
      new Entry("layer/Rows.java", "from = 0, rows = 0;", "from = 1, rows = 0;", "the first step sets it"),
      new Entry("layer/Rows.java", "int parts = n < WORTH ? 1 :", "n < WORTH ? 0 :", "no part and one part are both the calling thread's"),
      new Entry("layer/Run.java", "return new Run(weights, false,", "", "evaluation draws no random numbers"),
      new Entry("layer/TiedDense.java", "eT, y, ", ", true)", "where there is a bias the product starts from it and does not add"),
      new Entry("layer/Steps.java", "this.biasR = split == 0 ? null", "split == 1", "no blocks of biases are nothing to write"),
      new Entry("layer/Steps.java", "r.gates(whole", ", 1, a.blockStride())", NO_GRADIENTS),
      new Entry("layer/Steps.java", "r.states(s.row(", ", 1, layer.slot())", NO_GRADIENTS),
      new Entry("layer/Steps.java", "r.units(p.offset() + u, 0,", "u, 1, layer.units())", NO_GRADIENTS),
      new Entry("layer/Steps.java", "r.second(m.row(row + i) + u, 0)", "u, 1)", NO_GRADIENTS));

  private Equivalents() {}

  /** Why this mutant means the same; null if it does not. */
  static String reason(Mutant m) {
    for (var e : ENTRIES) {
      if (m.source().name().endsWith(e.file) && m.was().contains(e.was) && m.is().contains(e.is)) return e.reason;
    }
    return null;
  }
}
