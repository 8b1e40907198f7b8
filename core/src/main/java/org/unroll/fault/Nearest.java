package org.unroll.fault;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** "Did you mean": the word with the smallest edit distance, capitals aside, if that is small for its length. */
public final class Nearest {

  private Nearest() {}

  /**
   * The nearest of {@code words}, the first of equals. None when more than a third of the letters would have to change, one
   * letter excepted, or when what was typed is longer than 80.
   */
  public static Optional<String> of(String typed, Collection<String> words) { return all(typed, words).stream().findFirst(); }

  /** All words that are as near as the nearest, in their order; none where {@link #of} finds none. */
  public static List<String> all(String typed, Collection<String> words) {
    if (typed.length() > 80) return List.of();
    var best = new ArrayList<String>();
    int least = Integer.MAX_VALUE;
    for (var w : words) {
      int d = distance(typed.toLowerCase(Locale.ROOT), w.toLowerCase(Locale.ROOT));
      if (d <= least && d <= Math.max(1, Math.max(typed.length(), w.length()) / 3)) {
        if (d < least) best.clear();
        least = d;
        best.add(w);
      }
    }
    return List.copyOf(best);
  }

  /** Insertions, deletions, changes and swaps of neighbours that lead from a to b (optimal string alignment). */
  static int distance(String a, String b) {
    var d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) d[i][0] = i;
    for (int j = 0; j <= b.length(); j++) d[0][j] = j;
    for (int i = 1; i <= a.length(); i++) {
      for (int j = 1; j <= b.length(); j++) {
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        d[i][j] = Math.min(Math.min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + change);
        boolean swap = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        if (swap) d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
      }
    }
    return d[a.length()][b.length()];
  }
}
