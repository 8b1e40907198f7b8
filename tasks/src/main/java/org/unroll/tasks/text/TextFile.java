package org.unroll.tasks.text;

import java.util.List;

/**
 * What a source turned out to be, a row of a corpus's table of sources.
 *
 * @param name path as given, {@code -} for standard input
 * @param encoding it was read in
 * @param bytes after expansion
 * @param sha256 of these bytes, hexadecimal
 * @param codePoints without a byte order mark, every line end counted once
 * @param lines line ends, and one more if the last line has none
 * @param replaced how often U+FFFD occurs: text that was decoded wrongly once
 * @param replacedAt {@code file:line:column} of the first of these
 * @param control control characters, but for tab, line end and form feed
 * @param controlAt {@code file:line:column} of the first of these
 */
public record TextFile(String name, String encoding, long bytes, String sha256, long codePoints, long lines, long replaced,
    List<String> replacedAt, long control, List<String> controlAt) {
  /** How many places are kept. */
  static final int PLACES = 8;
}
