package org.unroll.tasks.text;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What there is to know about text before training on it.
 *
 * @param files one by one: encoding, bytes, U+FFFD, control characters and where
 * @param bytes of all files
 * @param codePoints of all files
 * @param distinct symbols of the vocabulary but {@link Vocabulary#UNK}
 * @param train symbols to train on
 * @param dev symbols of the dev part, 0 if there is none
 * @param unknown symbols of both that the vocabulary does not hold
 * @param covered share of the dev part's symbols that occur in the training part; 1 without a dev part
 * @param missing symbols that occur in the dev part only, at most 20 of them; {@link Vocabulary#UNK} stands for the unknown
 * @param trainLines lines of the training part that are not empty
 * @param repeated how many of these stand in the dev part too: the model is then judged on what it has seen
 * @param notes of the reading
 */
public record DataCheck(List<TextFile> files, long bytes, long codePoints, int distinct, long train, long dev, long unknown,
    double covered, List<String> missing, long trainLines, long repeated, List<Note> notes) {
  private static final int SHOWN = 20;

  /** Checks {@code train} and {@code dev}, parts of {@code corpus} or encoded with its vocabulary; an empty dev part is none. */
  public static DataCheck of(Corpus corpus, Tokens train, Tokens dev) {
    long bytes = 0;
    long codePoints = 0;
    for (var f : corpus.files()) {
      bytes += f.bytes();
      codePoints += f.codePoints();
    }
    var v = corpus.vocabulary();
    var inTrain = new BitSet(v.size());
    for (int i = 0; i < train.size(); i++) inTrain.set(train.id(i));
    inTrain.clear(0);
    long seen = 0;
    var missing = new BitSet(v.size());
    for (int i = 0; i < dev.size(); i++) {
      if (inTrain.get(dev.id(i))) seen++;
      else missing.set(dev.id(i));
    }
    var shown = new ArrayList<String>();
    missing.stream().limit(SHOWN).forEach(id -> shown.add(v.symbol(id)));
    int lineEnd = v.lineEnd() == 0 ? -1 : v.lineEnd();
    var devLines = new HashSet<Long>();
    lines(dev, lineEnd, devLines, null);
    long[] count = lines(train, lineEnd, null, devLines);
    return new DataCheck(corpus.files(), bytes, codePoints, v.size() - 1, train.size(), dev.size(), unknown(train) + unknown(dev),
        dev.size() == 0 ? 1 : (double) seen / dev.size(), List.copyOf(shown), count[0], count[1], corpus.notes());
  }

  /** How often U+FFFD occurs in all files. */
  public long replaced() { return files.stream().mapToLong(TextFile::replaced).sum(); }

  /** Control characters of all files. */
  public long control() { return files.stream().mapToLong(TextFile::control).sum(); }

  /** One line for each thing that a user may want to mend; empty if there is none. */
  public List<Note> warnings() {
    var w = new ArrayList<Note>();
    for (var f : files) {
      if (f.replaced() > 0) {
        w.add(new Note(f.name(), f.replaced() + " U+FFFD, first at " + String.join(", ", f.replacedAt())
            + ": the file was decoded wrongly once; export it again"));
      }
      if (f.control() > 0) {
        w.add(new Note(f.name(), f.control() + " control characters, first at " + String.join(", ", f.controlAt())));
      }
    }
    if (repeated > 0) {
      w.add(new Note("", String.format(Locale.ROOT, "%,d of %,d training lines (%.1f %%) are also in the dev part",
          repeated, trainLines, 100.0 * repeated / trainLines)));
    }
    if (covered < 1) {
      w.add(new Note("", String.format(Locale.ROOT, "%.2f %% of the dev part's symbols occur in the training part",
          100 * covered)));
    }
    return w;
  }

  private static long unknown(Tokens t) {
    long n = 0;
    for (int i = 0; i < t.size(); i++) if (t.id(i) == 0) n++;
    return n;
  }

  /** {lines that are not empty, how many of them are among {@code known}}; a line counts by a 64-bit hash of its symbols. */
  private static long[] lines(Tokens t, int lineEnd, Set<Long> into, Set<Long> known) {
    long[] count = new long[2];
    long hash = 0;
    int length = 0;
    for (int i = 0; i <= t.size(); i++) {
      if (i < t.size() && t.id(i) != lineEnd) {
        hash = (hash ^ t.id(i) + 1) * 0x9E3779B97F4A7C15L;
        hash ^= hash >>> 32;
        length++;
        continue;
      }
      if (length > 0) {
        count[0]++;
        if (into != null) into.add(hash);
        if (known != null && known.contains(hash)) count[1]++;
      }
      hash = 0;
      length = 0;
    }
    return count;
  }
}
