package org.unroll.tasks.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;

class CorpusTest {
  @TempDir Path dir;

  private static final String POEMS = "床前明月光\n疑是地上霜\n\n \n春眠不覺曉\n處處聞啼鳥\n\n白日依山盡";

  private static Corpus of(String text, TextOptions o) { return Corpus.of("t", text, o); }

  private static List<String> documents(Corpus c) {
    var list = new ArrayList<String>();
    for (int d = 0; d < c.all().documents(); d++) list.add(c.vocabulary().decode(c.all().document(d).toArray()));
    return list;
  }

  @Test
  void chars_orderedByFrequencyThenCodePoint() {
    var c = of("bbb😀\uE000aa\n\n", TextOptions.chars());
    assertEquals(List.of("<unk>", "b", "\n", "a", "\uE000", "😀"), c.vocabulary().symbols());
    assertArrayEquals(new int[] {1, 1, 1, 5, 4, 3, 3, 2, 2}, c.all().toArray());
    assertEquals("bbb😀\uE000aa\n\n", c.vocabulary().decode(c.all().toArray()));
  }

  @Test
  void chars_lastCodePoint_isASymbol() {
    var c = of("a\uDBFF\uDFFD", TextOptions.chars()); // U+10FFFD
    assertEquals(0x10FFFD, c.vocabulary().symbol(c.all().id(1)).codePointAt(0));
  }

  @Test
  void words_whiteSpaceParts_lineEndIsEos() {
    var c = of("the cat\u3000sat\n\n the  Cat", TextOptions.words());
    assertEquals("the cat sat\n\nthe Cat\n", c.vocabulary().decode(c.all().toArray()));
    assertEquals(List.of("<unk>", "<eos>", "the", "Cat", "cat", "sat"), c.vocabulary().symbols());
    assertArrayEquals(new int[] {2, 4, 5, 1, 1, 2, 3, 1}, c.all().toArray());
    var small = of("The the THE Élan\n", TextOptions.words().withLowerCase(true));
    assertEquals(List.of("<unk>", "the", "<eos>", "élan"), small.vocabulary().symbols());
    assertEquals(List.of("<unk>", "i", "ß"), of("IißI", TextOptions.chars().withLowerCase(true)).vocabulary().symbols());
  }

  @Test
  void words_rareOnesAndUnkInTheText_becomeUnk() {
    var c = of("a a a <unk> <unk> b b c\n", TextOptions.words().withMinCount(2));
    assertEquals(List.of("<unk>", "a", "b"), c.vocabulary().symbols());
    assertArrayEquals(new int[] {1, 1, 1, 0, 0, 2, 2, 0, 0}, c.all().toArray());
    assertEquals(4, c.unknown());
    var few = of("a a a b b c\n", TextOptions.words().withMaxVocabulary(3));
    assertEquals(List.of("<unk>", "a", "b"), few.vocabulary().symbols());
  }

  @Test
  void word_withoutEnd_isAFault() {
    var f = assertThrows(Fault.class, () -> of("x".repeat(200_000), TextOptions.words()));
    assertEquals(Code.D004, f.code());
    assertEquals("a word has more than 65,536 characters", f.what());
    assertEquals(List.of("if the text has none, use characters"), f.mend());
  }

  @Test
  void paragraphs_areDocuments_endingWithOneEmptyLine() {
    var c = of(POEMS, TextOptions.chars().withDocuments(Documents.PARAGRAPH));
    assertEquals(List.of("床前明月光\n疑是地上霜\n\n", "春眠不覺曉\n處處聞啼鳥\n\n", "白日依山盡\n\n"), documents(c));
    var split = c.split(1 / 3.0, 1 / 3.0);
    assertEquals("床前明月光\n疑是地上霜\n\n", c.vocabulary().decode(split.train().toArray()));
    assertEquals("春眠不覺曉\n處處聞啼鳥\n\n", c.vocabulary().decode(split.dev().toArray()));
    assertEquals("白日依山盡\n\n", c.vocabulary().decode(split.test().document(0).toArray()));
    assertEquals(0, c.split(0, 0).dev().documents());
    assertEquals(2, c.split(0.05, 0).dev().size(), "three poems cannot give a twentieth whole, so symbols are cut");
  }

  @Test
  void lines_areDocuments_blankOnesDropped_indentKept() {
    var c = of("ab\n\n  \n  cd\n", TextOptions.chars().withDocuments(Documents.LINE));
    assertEquals(List.of("ab\n", "  cd\n"), documents(c));
    var w = of("a b\n\nc", TextOptions.words().withDocuments(Documents.LINE));
    assertEquals(List.of("a b\n", "c\n"), documents(w));
  }

  @Test
  void files_areJoinedAtALineEnd_andKeepTheirPlace() throws IOException {
    Files.writeString(dir.resolve("1.txt"), "ab");
    Files.writeString(dir.resolve("2.txt"), "cd\n");
    Files.writeString(dir.resolve("3.txt"), "e");
    var c = Corpus.read(List.of(dir.toString()), TextOptions.chars());
    assertEquals("ab\ncd\ne", c.vocabulary().decode(c.all().toArray()));
    assertEquals(3, c.files().size());
    assertEquals(1, c.all().documents());
    assertNotEquals(c.files().getFirst().sha256(), c.sha256());
    assertEquals(64, c.sha256().length());
  }

  @Test
  void givenVocabulary_isUsed_unknownIsCounted() throws IOException {
    var v = of("abc", TextOptions.chars()).vocabulary();
    var file = Files.writeString(dir.resolve("d.txt"), "axbyc");
    var c = Corpus.read(List.of(file.toString()), TextOptions.chars(), v);
    assertArrayEquals(new int[] {1, 0, 2, 0, 3}, c.all().toArray());
    assertEquals(2, c.unknown());
    var names = List.of(file.toString());
    assertEquals(Code.C014, assertThrows(Fault.class, () -> Corpus.read(names, TextOptions.words(), v)).code());
  }

  @Test
  void split_roundsShares_andLeavesTheRest() {
    var c = of("abcdefghij".repeat(10), TextOptions.chars());
    var s = c.split(0.05, 0.1);
    assertEquals(List.of(0, 85), List.of(s.train().from(), s.train().to()));
    assertEquals(List.of(85, 90), List.of(s.dev().from(), s.dev().to()));
    assertEquals(List.of(90, 100), List.of(s.test().from(), s.test().to()));
    for (double bad : new double[] {-0.1, 1, Double.NaN}) {
      var f = assertThrows(Fault.class, () -> c.split(bad, 0));
      assertEquals("must be 0 or more and leave a rest for training", f.why());
    }
  }

  @Test
  void oneSymbol_isAFault() {
    var f = assertThrows(Fault.class, () -> of("aaaa", TextOptions.chars()));
    assertEquals("t: 1 distinct symbol; a model needs at least two symbols to tell apart; give other text", f.getMessage());
    assertEquals(Code.D006, f.code());
    var rare = assertThrows(Fault.class, () -> of("a b\n", TextOptions.words().withMinCount(5)));
    assertEquals("t: 0 of 3 distinct symbols are seen often enough; a model needs at least two; the least count is 5; "
        + "a least count of 1 keeps all 3", rare.getMessage());
    f = assertThrows(Fault.class, () -> of("\uFEFF", TextOptions.chars())); // nothing but a byte order mark
    assertEquals("t: no text in 3 bytes; give a file with at least one window of text", f.getMessage());
    assertEquals(Code.D002, f.code());
    assertEquals(Code.D002,
        assertThrows(Fault.class, () -> of("\n \n", TextOptions.chars().withDocuments(Documents.LINE))).code());
  }

  @Test
  void room_moreThanThereIs_isSaidBeforeItIsTaken() {
    assertEquals(7, Corpus.room(7, 28, "t").length);
    var f = assertThrows(Fault.class, () -> Corpus.room(1000, 3999, "t"));
    assertEquals(Code.G001, f.code());
    assertEquals("t: 1,000 symbols need 4,000 bytes, the JVM may use 3,999; a corpus is kept as 4 bytes a symbol, at most 2^31 of"
        + " them; give the JVM more memory (-Xmx), or use less text", f.getMessage());
    assertThrows(Fault.class, () -> Corpus.room(1L << 31, Long.MAX_VALUE, "t"));
    int most = Integer.MAX_VALUE - 16;
    org.junit.jupiter.api.Assumptions.assumeTrue(Runtime.getRuntime().maxMemory() < 4L * most, "this JVM has room for all");
    assertEquals("2,147,483,631 symbols need 8,589,934,524 bytes in one piece, and of the JVM's 9,000,000,000 no such piece is free",
        assertThrows(Fault.class, () -> Corpus.room(most, 9_000_000_000L, "t")).what());
  }

  @Test
  void window_longerThanTheText_isAFaultWithTheRemedy() {
    var t = Tokens.of(new int[37]);
    t.requireWindow(36, 1, "dev");
    var f = assertThrows(Fault.class, () -> t.requireWindow(64, 1, "train.txt"));
    assertEquals("train.txt: 37 symbols, need 65; one window of 64 symbols in each of 1 parallel streams, and one symbol more;"
        + " windows of 36 symbols; give more text", f.getMessage());
    assertEquals(Code.D005, f.code());
    assertEquals(List.of("windows of 9 symbols", "batches of 3", "give more text"), assertThrows(Fault.class, () -> t.requireWindow(10, 4, "x")).mend());
    assertEquals(List.of("give more text"), assertThrows(Fault.class, () -> t.requireWindow(64, 64, "x")).mend());
  }

  /** The digest differs, or the length: the channel is overwritten as soon as the first reading is through. */
  @Test
  void textThatChangesBetweenTheReadings_isAFault() throws IOException {
    for (String second : List.of("abd", "abcabc", "a")) {
      var file = Files.writeString(dir.resolve("c.txt"), "abc");
      try (var channel = java.nio.channels.FileChannel.open(file, java.nio.file.StandardOpenOption.READ)) {
        var first = new TextSource.Spooled("c.txt", channel);
        // the second source is counted once the first was read, and overwrites it
        var f = assertThrows(Fault.class, () -> Corpus.of(new Overwriting(List.of(first), file, second), List.of(),
            TextOptions.chars(), null));
        assertEquals(Code.G003, f.code());
        assertEquals("c.txt: changed while it was read; copy it first", f.getMessage());
      }
    }
  }

  /** A list of one source that overwrites the file when it is asked for the source a third time: the second reading. */
  private static final class Overwriting extends java.util.AbstractList<TextSource> {
    private final List<TextSource> sources;
    private final Path file;
    private final String text;
    private int asked;

    Overwriting(List<TextSource> sources, Path file, String text) {
      this.sources = sources;
      this.file = file;
      this.text = text;
    }

    @Override
    public TextSource get(int i) {
      try {
        if (++asked == 3) Files.writeString(file, text);
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
      return sources.get(i);
    }

    @Override
    public int size() { return 1; }
  }

  @Test
  void options_outOfRange_areFaults() {
    assertEquals("min-count: the minimum count is 0; must be 1 or more",
        assertThrows(Fault.class, () -> TextOptions.chars().withMinCount(0)).getMessage());
    assertEquals("max-vocabulary: the vocabulary may have 2 symbols; must be 3 or more: two symbols and <unk>",
        assertThrows(Fault.class, () -> TextOptions.chars().withMaxVocabulary(2)).getMessage());
    assertEquals(Code.C011, assertThrows(Fault.class, () -> TextOptions.chars().withEncoding("x y")).code());
  }

  @Test
  void standardInput_isACorpus() throws IOException {
    InputStream in = new ByteArrayInputStream("ab\nab".getBytes(StandardCharsets.UTF_8));
    try (var inputs = Inputs.find(List.of("-"), "auto", in)) {
      var c = Corpus.of(inputs.sources(), inputs.notes(), TextOptions.words(), null);
      assertEquals("ab\nab\n", c.vocabulary().decode(c.all().toArray()));
      assertEquals("-", c.files().getFirst().name());
      assertEquals(4, Arrays.stream(c.all().toArray()).count());
    }
  }
}
