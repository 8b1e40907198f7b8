package org.unroll.check;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Findings of one rule as they are made. */
final class Findings {
  private final String rule;
  private final List<Finding> list = new ArrayList<>();
  private int cases;

  Findings(String rule) { this.rule = rule; }

  void expect(boolean holds, String where, Supplier<String> what) {
    counted();
    if (!holds) add(where, what.get());
  }

  void counted() { cases++; }

  /** @param difference null where there is none */
  void none(String where, String difference) { expect(difference == null, where, () -> difference); }

  void add(String where, String what) { list.add(new Finding(rule, where, what)); }

  int cases() { return cases; }

  List<Finding> list() { return list; }
}
