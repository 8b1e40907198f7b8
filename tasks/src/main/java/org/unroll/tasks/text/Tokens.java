package org.unroll.tasks.text;

import java.util.Arrays;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;

/**
 * A stretch of encoded text: a view, never a copy.
 *
 * @param ids of a whole corpus; not to be written to
 * @param from first position that belongs to the stretch
 * @param to first position after it
 * @param starts positions in {@code ids} at which its documents begin, rising, the first equal to {@code from}
 */
public record Tokens(int[] ids, int from, int to, int[] starts) {

  /** One document of all of {@code ids}. */
  public static Tokens of(int... ids) { return new Tokens(ids, 0, ids.length, new int[] {0}); }

  /** How many symbols the stretch has. */
  public int size() { return to - from; }

  /** The symbol at position {@code i} of the stretch. */
  public int id(int i) { return ids[from + i]; }

  /** How many documents begin in it; 0 if it is empty. */
  public int documents() { return size() == 0 ? 0 : starts.length; }

  /** Document {@code d} alone. */
  public Tokens document(int d) {
    int start = starts[d];
    return new Tokens(ids, start, d + 1 < starts.length ? starts[d + 1] : to, new int[] {start});
  }

  /** A copy of the symbols. */
  public int[] toArray() { return Arrays.copyOfRange(ids, from, to); }

  /**
   * Refuses, with D005, text too short for one window of {@code bptt} symbols and their successors in each of
   * {@code batch} parallel streams.
   *
   * @param where what the text is called, for the message
   */
  public void requireWindow(int bptt, int batch, String where) {
    long need = (long) bptt * batch + 1;
    if (size() >= need) return;
    var fault = Fault.of(Code.D005, "%d symbols, need %d", size(), need).at(where)
        .because("one window of %d symbols in each of %d parallel streams, and one symbol more", bptt, batch);
    int fits = (size() - 1) / batch;
    if (fits > 0) fault = fault.mend("windows of %d symbols", fits);
    if (batch > 1 && size() > bptt) fault = fault.mend("batches of %d", (size() - 1) / bptt);
    throw fault.mend("give more text");
  }
}
