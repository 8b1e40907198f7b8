package org.unroll.cli;

import java.util.List;
import java.util.Optional;

/**
 * What is said most often in faults, in Chinese. A fault is made in English, by the core as well; the table
 * {@code faults-zh.txt} has {@link Phrases} {@code English = 中文}. What it lacks stays English.
 */
final class Chinese {
  private static final Phrases TABLE = Phrases.read("faults-zh.txt");

  private Chinese() {}

  /** Empty for what the table lacks. */
  static Optional<String> of(String english) { return TABLE.of(english); }

  /** The English messages of the table, with their holes. */
  static List<String> known() { return TABLE.known(); }
}
