package org.unroll.derivation;

import java.util.Map;

/** What a line's numbers must be. */
final class Truth {
  private Truth() {}

  /** Of a quantity of the forward computation or its δ; of any other name what its first expression is. */
  static Matrix of(Page.Line l, Map<String, Matrix> truth) {
    if (truth.containsKey(l.name())) return Expression.value(l.left(), truth);
    if (l.expressions().isEmpty()) throw new IllegalArgumentException(l.name() + " is not known, nor how it comes about");
    return Expression.value(l.expressions().getFirst(), truth);
  }
}
