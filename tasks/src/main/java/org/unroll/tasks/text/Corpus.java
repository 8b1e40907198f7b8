package org.unroll.tasks.text;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.file.Sha256;

/**
 * Encoded text: one int for a symbol, and little else, whatever the size of the files, because they are read twice: once to
 * count, once to encode. Text that changes in between is refused.
 */
public final class Corpus {
  private final Vocabulary vocabulary;
  private final int[] ids;
  private final int[] starts;
  private final List<TextFile> files;
  private final List<Note> notes;

  private Corpus(Vocabulary vocabulary, Filling filled, List<TextFile> files, List<Note> notes) {
    this.vocabulary = vocabulary;
    ids = filled.ids;
    starts = filled.starts;
    this.files = List.copyOf(files);
    this.notes = List.copyOf(notes);
  }

  /** Text of files, folders and {@code -} (standard input), with the vocabulary that it makes. */
  public static Corpus read(List<String> names, TextOptions options) { return read(names, options, null); }

  /** As {@link #read(List, TextOptions)}, with a vocabulary that exists already; null makes one. */
  public static Corpus read(List<String> names, TextOptions options, Vocabulary vocabulary) {
    try (var inputs = Inputs.find(names, options.encoding(), System.in)) {
      return of(inputs.sources(), inputs.notes(), options, vocabulary);
    }
  }

  /** The text of one string. */
  public static Corpus of(String name, String text, TextOptions options) {
    return of(List.of(TextSource.InMemory.of(name, text)), List.of(), options.withEncoding("utf-8"), null);
  }

  /**
   * Reads the sources.
   *
   * @param known what is noted about them so far
   * @param vocabulary null makes one
   * @throws Fault D002 no text, D003 not in its encoding, D004 binary, D006 fewer than two symbols, G001 too long for memory,
   *     G003 unreadable or changed while it was read
   */
  static Corpus of(List<? extends TextSource> sources, List<Note> known, TextOptions options, Vocabulary vocabulary) {
    if (vocabulary != null && (vocabulary.unit() != options.unit() || vocabulary.lowerCase() != options.lowerCase())) {
      throw Fault.of(Code.C014, "the vocabulary was made for other units: %s%s", vocabulary.unit(),
          vocabulary.lowerCase() ? ", small letters" : "").because("text must become symbols the same way as in training");
    }
    var notes = new ArrayList<>(known);
    var counts = new SymbolCounts();
    var files = pass(sources, options, counts, notes);
    String name = sources.size() == 1 ? sources.getFirst().name() : sources.size() + " files";
    if (counts.tokens() == 0) throw Fault.of(Code.D002, "no text").at(name).mend("give a file with at least one window of text");
    var v = vocabulary == null ? vocabulary(counts, options, name) : vocabulary;
    var filling = new Filling(v, counts, options.documents() == Documents.CONTINUOUS, name);
    var again = pass(sources, options, filling, new ArrayList<>());
    for (int i = 0; i < files.size(); i++) {
      if (!files.get(i).sha256().equals(again.get(i).sha256())) throw changed(files.get(i).name());
    }
    return new Corpus(v, filling, files, notes);
  }

  private static Vocabulary vocabulary(SymbolCounts counts, TextOptions options, String name) {
    var v = counts.vocabulary(options);
    if (v.size() >= 3) return v;
    int kept = v.size() - 1;
    var fault = Fault.of(Code.D006, "%d distinct symbol%s", kept, kept == 1 ? "" : "s").at(name)
        .because("a model needs at least two symbols to tell apart");
    if (counts.distinct() > kept) {
      fault = Fault.of(Code.D006, "%d of %d distinct symbols are seen often enough", kept, counts.distinct()).at(name)
          .because("a model needs at least two; the least count is %d", options.minCount());
    }
    throw counts.distinct() > 1 ? fault.mend("a least count of 1 keeps all %d", counts.distinct()) : fault.mend("give other text");
  }

  static Fault changed(String name) {
    return Fault.of(Code.G003, "changed while it was read").at(name).mend("copy it first");
  }

  private static List<TextFile> pass(List<? extends TextSource> sources, TextOptions options, Segmenter.Out out, List<Note> notes) {
    var segmenter = new Segmenter(options, out);
    IntConsumer sink = segmenter::take;
    var charset = Encoding.named(options.encoding());
    var files = new ArrayList<TextFile>();
    for (int i = 0; i < sources.size(); i++) {
      var file = TextReader.read(sources.get(i), charset, sink, notes);
      if (file.codePoints() == 0) throw Inputs.empty(file.name(), file.bytes());
      files.add(file);
      segmenter.endFile(i + 1 < sources.size());
    }
    return files;
  }

  /** Room for {@code n} symbols; G001 if {@code memory} bytes cannot hold it, or the JVM finds that it has less to spare. */
  static int[] room(long n, long memory, String name) {
    boolean within = n <= Integer.MAX_VALUE - 16 && 4 * n <= memory;
    try {
      if (within) return new int[(int) n];
    } catch (OutOfMemoryError e) {
      // the array was not made, so nothing is lost: said below
    }
    throw (within
        ? Fault.of(Code.G001, "%,d symbols need %,d bytes in one piece, and of the JVM's %,d no such piece is free", n, 4 * n, memory)
        : Fault.of(Code.G001, "%,d symbols need %,d bytes, the JVM may use %,d", n, 4 * n, memory)).at(name)
        .because("a corpus is kept as 4 bytes a symbol, at most 2^31 of them")
        .mend("give the JVM more memory (-Xmx), or use less text");
  }

  /** The second reading: symbols to ids. */
  private static final class Filling implements Segmenter.Out {
    private final Vocabulary vocabulary;
    private final int[] ids;
    private final int[] starts;
    private final String name;
    private int size;
    private int documents;

    Filling(Vocabulary vocabulary, SymbolCounts counts, boolean continuous, String name) {
      this.vocabulary = vocabulary;
      this.name = name;
      ids = room(counts.tokens(), Runtime.getRuntime().maxMemory(), name);
      starts = new int[continuous ? 1 : (int) counts.documents()];
      documents = 1;
    }

    @Override
    public void character(int c) { put(vocabulary.id(c)); }

    @Override
    public void word(String w) { put(vocabulary.id(w)); }

    @Override
    public void endDocument() {
      if (documents < starts.length) starts[documents++] = size;
    }

    private void put(int id) {
      if (size == ids.length) throw changed(name);
      ids[size++] = id;
    }
  }

  /** The symbols that its ids stand for. */
  public Vocabulary vocabulary() { return vocabulary; }

  /** How many symbols it has. */
  public int size() { return ids.length; }

  /** What was read, in its order. */
  public List<TextFile> files() { return files; }

  /** What is worth saying about the reading. */
  public List<Note> notes() { return notes; }

  /** All of it. */
  public Tokens all() { return new Tokens(ids, 0, ids.length, starts); }

  /** How many symbols are {@link Vocabulary#UNK}. */
  public long unknown() { return Arrays.stream(ids).filter(id -> id == 0).count(); }

  /** SHA-256, hexadecimal, of the bytes of the one file, or of the digests of many, one a line. */
  public String sha256() {
    if (files.size() == 1) return files.getFirst().sha256();
    var digest = Sha256.start();
    for (var f : files) digest.update((f.sha256() + "\n").getBytes(StandardCharsets.US_ASCII));
    return Sha256.hex(digest);
  }

  /**
   * The last {@code test} share of the text, the {@code dev} share before it, and the rest for training. Shares are of
   * documents, rounded, which are never cut; or of symbols, if there is one document, or too few for each share to get one.
   */
  public Split split(double dev, double test) {
    if (!(dev >= 0) || !(test >= 0) || !(dev + test < 1)) {
      throw Fault.of(Code.C011, "the shares are %s for dev and %s for test", dev, test).at("split")
          .because("must be 0 or more and leave a rest for training").mend("for example dev 0.05 and test 0.05");
    }
    boolean whole = starts.length > 1 && isEnough(dev) && isEnough(test);
    int n = whole ? starts.length : ids.length;
    int testFrom = n - (int) Math.round(n * test);
    int devFrom = testFrom - (int) Math.round(n * dev);
    return new Split(part(0, devFrom, whole), part(devFrom, testFrom, whole), part(testFrom, n, whole));
  }

  private boolean isEnough(double share) { return share == 0 || Math.round(starts.length * share) > 0; }

  private Tokens part(int from, int to, boolean documents) {
    if (!documents) return new Tokens(ids, from, to, new int[] {from});
    int[] own = Arrays.copyOfRange(starts, from, to);
    int begin = from < starts.length ? starts[from] : ids.length;
    int end = to < starts.length ? starts[to] : ids.length;
    return new Tokens(ids, begin, end, own);
  }
}
