package org.unroll.tasks.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;

class VocabularyTest {
  private static Vocabulary of(String text) { return Corpus.of("t", text, TextOptions.chars()).vocabulary(); }

  @Test
  void vocabulary_roundTrip_hashAndUnknown() {
    var v = of("hello 世界😀\n");
    var back = Vocabulary.of(Unit.CHAR, false, v.symbols());
    assertEquals(v, back);
    assertEquals(v.hash(), back.hash());
    assertEquals(64, v.hash().length());
    assertNotEquals(v.hash(), Vocabulary.of(Unit.WORD, false, v.symbols()).hash());
    assertNotEquals(Vocabulary.of(Unit.WORD, false, List.of("<unk>", "ab", "c")).hash(),
        Vocabulary.of(Unit.WORD, false, List.of("<unk>", "a", "bc")).hash());
    assertEquals("o世\n", v.decode(v.encode("o世\r\n")));
    assertArrayEquals(new int[] {v.id("h"), 0, v.id(0x1F600)}, v.encode("hX😀"));
    assertEquals(List.of("X", "床"), v.unknown("hX床X"));
    assertEquals("--text: 2 symbols are not in the vocabulary: X \\u{1B}; the model knows the 9 symbols of its training text;"
        + " leave them out, or train on text that has them",
        assertThrows(Fault.class, () -> v.encodeKnown("X\u001BX", "--text")).getMessage());
    assertEquals(Code.D007, assertThrows(Fault.class, () -> v.encodeKnown("X", "--text")).code());
    assertArrayEquals(v.encode("he"), v.encodeKnown("he", "--text"));
    var w = Vocabulary.of(Unit.WORD, true, List.of("<unk>", "<eos>", "the", "cat"));
    assertArrayEquals(new int[] {2, 3, 1, 0}, w.encode("The  CAT\ndog"));
    assertEquals("the cat\nthe <unk>", w.decode(2, 3, 1, 2, 0));
  }

  @Test
  void vocabulary_damaged_isAFault() {
    assertEquals("the vocabulary does not begin with <unk>; symbol 0 must be <unk>",
        assertThrows(Fault.class, () -> Vocabulary.of(Unit.CHAR, false, List.of("a"))).getMessage());
    assertEquals("symbol 2 of the vocabulary stands twice; symbols must differ",
        assertThrows(Fault.class, () -> Vocabulary.of(Unit.CHAR, false, List.of("<unk>", "a", "a"))).getMessage());
    for (var bad : List.of("ab", "", "\uD83D")) {
      assertThrows(Fault.class, () -> Vocabulary.of(Unit.CHAR, false, List.of("<unk>", bad)));
    }
  }

  @Test
  void visible_escapesWhatMovesTheCursor() {
    assertEquals("a\\u{1B}[2J\n\t\\u{202E}\\u{200B}👩\u200D💻\\u{2028}", Visible.text("a\u001B[2J\n\t\u202E\u200B👩\u200D💻\u2028"));
    assertEquals("\\u{20}\\u{A}床", Visible.symbol(" \n床"));
  }
}
