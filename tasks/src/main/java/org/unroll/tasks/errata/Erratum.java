package org.unroll.tasks.errata;

import java.util.List;
import java.util.OptionalDouble;

/**
 * A mistake of the source documents, in words and in numbers.
 *
 * @param id {@code E21}
 * @param document which of them, and where in it
 * @param title in a line
 * @param printed what stands there
 * @param right what must stand there
 * @param why it is wrong, and how it shows
 * @param trials both forms in numbers
 */
public record Erratum(String id, String document, String title, String printed, String right, String why, List<Trial> trials) {

  /** The largest error of the printed form; empty where there is nothing to compare. */
  public OptionalDouble error() {
    return trials.stream().flatMap(t -> t.rows().stream()).mapToDouble(Row::printedError).max();
  }

  /** The largest error of the right form, which is that of the difference quotients. */
  public OptionalDouble rightError() {
    return trials.stream().flatMap(t -> t.rows().stream()).mapToDouble(Row::rightError).max();
  }
}
