package org.unroll.cli;

import java.util.List;
import org.unroll.tasks.text.Note;

/**
 * Commands and flags for what the library advises. The library does not know that it is called from a command line: it says
 * the deed, and the table {@code deeds.txt} has {@link Phrases} {@code deed = what is typed}.
 */
final class Deeds {
  private static final Phrases TABLE = Phrases.read("deeds.txt");

  private Deeds() {}

  /** The text itself where the table lacks it. */
  static String typed(String deed) { return TABLE.of(deed).orElse(deed); }

  /** A note, with the file that it is about. */
  static String typed(Note note) { return new Note(note.where(), typed(note.what())).toString(); }

  /** The deeds of the table, with their holes. */
  static List<String> known() { return TABLE.known(); }
}
