package org.unroll.tasks.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How often each symbol occurs: the first reading of a corpus. Its size is that of the symbols, not of the text. */
final class SymbolCounts implements Segmenter.Out {
  private static final int PAGE = 8;

  private record Counted(String symbol, long count) {}

  /** Falling frequency, then code points; String's own order would put U+10000 before U+E000. */
  private static final Comparator<Counted> ORDER = Comparator.comparingLong(Counted::count).reversed()
      .thenComparing(Counted::symbol, SymbolCounts::byCodePoint);

  private final long[][] characters = new long[(Character.MAX_CODE_POINT >> PAGE) + 1][];
  private final Map<String, long[]> words = new HashMap<>();
  private long tokens;
  private long documents;

  @Override
  public void character(int c) {
    long[] page = characters[c >> PAGE];
    if (page == null) page = characters[c >> PAGE] = new long[1 << PAGE];
    page[c & (1 << PAGE) - 1]++;
    tokens++;
  }

  @Override
  public void word(String w) {
    words.computeIfAbsent(w, k -> new long[1])[0]++;
    tokens++;
  }

  @Override
  public void endDocument() { documents++; }

  long tokens() { return tokens; }

  long documents() { return documents; }

  long distinct() { return all().size(); }

  /** The symbols that occur often enough, {@link Vocabulary#UNK} before them. */
  Vocabulary vocabulary(TextOptions options) {
    var all = all();
    all.removeIf(c -> c.count < options.minCount() || c.symbol.equals(Vocabulary.UNK));
    all.sort(ORDER);
    var symbols = new ArrayList<String>();
    symbols.add(Vocabulary.UNK);
    for (var c : all.subList(0, Math.min(all.size(), options.maxVocabulary() - 1))) symbols.add(c.symbol);
    return Vocabulary.of(options.unit(), options.lowerCase(), symbols);
  }

  private List<Counted> all() {
    var all = new ArrayList<Counted>();
    for (int p = 0; p < characters.length; p++) {
      for (int i = 0; characters[p] != null && i < 1 << PAGE; i++) {
        if (characters[p][i] > 0) all.add(new Counted(Character.toString(p << PAGE | i), characters[p][i]));
      }
    }
    words.forEach((w, n) -> all.add(new Counted(w, n[0])));
    return all;
  }

  static int byCodePoint(String a, String b) {
    return Arrays.compare(a.codePoints().toArray(), b.codePoints().toArray());
  }
}
