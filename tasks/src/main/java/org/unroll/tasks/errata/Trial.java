package org.unroll.tasks.errata;

import java.util.List;

/**
 * One set-up in which both forms are put to the test.
 *
 * @param caption which network, which loss, what is compared; in the texts by its key until it is told
 * @param rows the comparison
 * @param facts single numbers that belong to it
 */
public record Trial(String caption, List<Row> rows, List<Fact> facts) {

  /** A number and what it is. */
  public record Fact(String name, double value) {}

  static Trial of(String caption, Row... rows) { return new Trial(caption, List.of(rows), List.of()); }

  static Trial of(String caption, List<Row> rows, Fact... facts) { return new Trial(caption, rows, List.of(facts)); }
}
