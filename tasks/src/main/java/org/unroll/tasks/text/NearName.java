package org.unroll.tasks.text;

import java.util.Collection;
import java.util.Locale;

/** The name that was meant, perhaps. */
final class NearName {
  private NearName() {}

  /** The one of {@code names} fewest edits away from {@code name}, case aside; null if none is near. */
  static String of(String name, Collection<String> names) {
    String best = null;
    int least = Math.max(2, name.length() / 3) + 1;
    for (var other : names.stream().sorted().toList()) {
      int d = edits(name.toLowerCase(Locale.ROOT), other.toLowerCase(Locale.ROOT));
      if (d < least) {
        least = d;
        best = other;
      }
    }
    return best;
  }

  /** Levenshtein's distance. */
  private static int edits(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) row[j] = j;
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
