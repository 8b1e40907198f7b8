package org.unroll.tasks.text;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.file.Sha256;

/**
 * The symbols a model knows, numbered from 0. Symbol 0 is {@link #UNK}, what every other text becomes; the rest come in the
 * order of falling frequency, equals by code point. Immutable; {@link #symbols} and {@link #of} are its form in files.
 */
public final class Vocabulary {
  /** The unknown symbol, id 0. */
  public static final String UNK = "<unk>";
  /** A line end in {@link Unit#WORD}. */
  public static final String EOS = "<eos>";

  private static final int PAGE = 8;

  private final Unit unit;
  private final boolean lowerCase;
  private final List<String> symbols;
  private final Map<String, Integer> words = new HashMap<>();
  private final int[][] characters = new int[(Character.MAX_CODE_POINT >> PAGE) + 1][];

  private Vocabulary(Unit unit, boolean lowerCase, List<String> symbols) {
    this.unit = unit;
    this.lowerCase = lowerCase;
    this.symbols = List.copyOf(symbols);
    for (int id = 0; id < symbols.size(); id++) {
      String s = symbols.get(id);
      if (words.putIfAbsent(s, id) != null) throw wrong(id, "stands twice", "symbols must differ");
      if (unit == Unit.WORD || id == 0) continue;
      int c = s.isEmpty() ? -1 : s.codePointAt(0);
      if (c < 0 || s.length() != Character.charCount(c) || c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
        throw wrong(id, "is \"" + Visible.symbol(s) + "\"", "a character is one code point");
      }
      int[] page = characters[c >> PAGE];
      if (page == null) page = characters[c >> PAGE] = new int[1 << PAGE];
      page[c & (1 << PAGE) - 1] = id;
    }
  }

  /**
   * From its form in files.
   *
   * @param symbols {@link #UNK} first, no two alike; of {@link Unit#CHAR} one code point each
   * @throws Fault C030 if they are not
   */
  public static Vocabulary of(Unit unit, boolean lowerCase, List<String> symbols) {
    if (symbols.isEmpty() || !symbols.getFirst().equals(UNK)) {
      throw Fault.of(Code.C030, "the vocabulary does not begin with " + UNK).because("symbol 0 must be " + UNK);
    }
    return new Vocabulary(unit, lowerCase, symbols);
  }

  private static Fault wrong(int id, String what, String why) {
    return Fault.of(Code.C030, "symbol %d of the vocabulary %s", id, what).because(why);
  }

  /** What a symbol is: a character or a word. */
  public Unit unit() { return unit; }

  /** Whether text is made small before it is looked up. */
  public boolean lowerCase() { return lowerCase; }

  /** How many symbols there are, {@link #UNK} counted. */
  public int size() { return symbols.size(); }

  /** By id; what JSON keeps. */
  public List<String> symbols() { return symbols; }

  /** The symbol of an id, from 0 up to {@link #size}. */
  public String symbol(int id) { return symbols.get(id); }

  /** The id of a symbol, 0 if it is not known. */
  public int id(String symbol) { return words.getOrDefault(symbol, 0); }

  /** The id of a character, 0 if it is not known. */
  public int id(int codePoint) {
    int[] page = characters[codePoint >> PAGE];
    return page == null ? 0 : page[codePoint & (1 << PAGE) - 1];
  }

  /** The id of the line end; 0 if the vocabulary has none. */
  public int lineEnd() { return id(unit == Unit.CHAR ? "\n" : EOS); }

  /** {@code text} as ids, what is not known as 0. CR LF and CR count as LF. */
  public int[] encode(String text) {
    int[] ids = new int[16];
    int n = 0;
    for (var symbol : split(text)) {
      if (n == ids.length) ids = Arrays.copyOf(ids, 2 * n);
      ids[n++] = id(symbol);
    }
    return Arrays.copyOf(ids, n);
  }

  /** The symbols of {@code text} that are not known, each once, in their order. */
  public List<String> unknown(String text) {
    var unknown = new LinkedHashSet<String>();
    for (var symbol : split(text)) if (id(symbol) == 0) unknown.add(symbol);
    return List.copyOf(unknown);
  }

  /** As {@link #encode}, but refuses with D007 what is not known; {@code where} names the text. */
  public int[] encodeKnown(String text, String where) {
    var unknown = unknown(text);
    if (unknown.isEmpty()) return encode(text);
    var shown = new ArrayList<String>();
    for (var s : unknown.subList(0, Math.min(8, unknown.size()))) shown.add(Visible.symbol(s));
    throw Fault.of(Code.D007, "%d symbol%s not in the vocabulary: %s%s", unknown.size(), unknown.size() == 1 ? " is" : "s are",
            String.join(" ", shown), unknown.size() > 8 ? " …" : "").at(where)
        .because("the model knows the %,d symbols of its training text", size() - 1)
        .mend("leave them out, or train on text that has them");
  }

  /** Ids as text: characters side by side, words with a space between, line ends as such. */
  public String decode(int... ids) {
    var s = new StringBuilder();
    for (int id : ids) {
      String symbol = symbols.get(id);
      if (unit == Unit.CHAR) {
        s.append(symbol);
      } else if (symbol.equals(EOS)) {
        s.append('\n');
      } else {
        if (!s.isEmpty() && s.charAt(s.length() - 1) != '\n') s.append(' ');
        s.append(symbol);
      }
    }
    return s.toString();
  }

  /** SHA-256, hexadecimal, of the unit, the case rule and the symbols with their lengths: equal for equal vocabularies only. */
  public String hash() {
    var digest = Sha256.start();
    digest.update((unit + (lowerCase ? "/lower" : "/as-is")).getBytes(StandardCharsets.UTF_8));
    for (var s : symbols) {
      byte[] b = s.getBytes(StandardCharsets.UTF_8);
      digest.update(ByteBuffer.allocate(4).putInt(b.length).array());
      digest.update(b);
    }
    return Sha256.hex(digest);
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Vocabulary v && unit == v.unit && lowerCase == v.lowerCase && symbols.equals(v.symbols);
  }

  @Override
  public int hashCode() { return symbols.hashCode(); }

  private List<String> split(String text) {
    var found = new ArrayList<String>();
    var options = (unit == Unit.CHAR ? TextOptions.chars() : TextOptions.words()).withLowerCase(lowerCase);
    var segmenter = new Segmenter(options, new Segmenter.Out() {
      @Override
      public void character(int c) { found.add(Character.toString(c)); }

      @Override
      public void word(String w) { found.add(w); }

      @Override
      public void endDocument() {}
    });
    text.replace("\r\n", "\n").replace('\r', '\n').codePoints().forEach(segmenter::take);
    segmenter.endPrompt();
    return found;
  }
}
