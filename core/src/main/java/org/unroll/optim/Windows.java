package org.unroll.optim;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.unroll.slab.Params;
import org.unroll.slab.Params.Param;

/**
 * Some of the windows of a {@link Params}: those that are trained, those that a penalty holds for.
 *
 * @param ranges in rising order, neighbours joined
 */
public record Windows(List<Range> ranges) {

  /** Elements {@code from} (inclusive) to {@code to} (exclusive). */
  public record Range(int from, int to) {}

  public Windows { ranges = List.copyOf(ranges); }

  /** Every weight. */
  public static Windows all(Params w) { return of(w, p -> true); }

  /** Matrices: what has more than one row. Biases and weights per unit are left out. */
  public static Windows matrices(Params w) { return of(w, p -> p.rows() > 1); }

  /** The windows that {@code chosen} holds for. */
  public static Windows of(Params w, Predicate<Param> chosen) {
    var ranges = new ArrayList<Range>();
    for (var p : w.all()) {
      if (!chosen.test(p) || p.size() == 0) continue;
      boolean joins = !ranges.isEmpty() && ranges.getLast().to() == p.offset();
      int from = joins ? ranges.removeLast().from() : p.offset();
      ranges.add(new Range(from, p.end()));
    }
    return new Windows(ranges);
  }
}
