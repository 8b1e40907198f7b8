package org.unroll.tasks.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class DataCheckTest {
  @Test
  void dataCheck_countsWhatThereIsToMend() {
    var c = Corpus.of("t", "one\ntwo\none\n\uFFFD\nzed\none\nnew\n", TextOptions.chars());
    int[] ids = c.all().ids();
    var train = new Tokens(ids, 0, 14, new int[] {0});
    var r = DataCheck.of(c, train, new Tokens(ids, 14, ids.length, new int[] {14}));
    assertEquals(26, r.codePoints());
    assertEquals(28, r.bytes()); // U+FFFD has three bytes
    assertEquals(9, r.distinct()); // o n e t w z d, the line end, U+FFFD
    assertEquals(14, r.train());
    assertEquals(12, r.dev());
    assertEquals(1, r.replaced());
    assertEquals(4, r.trainLines()); // one two one U+FFFD
    assertEquals(2, r.repeated());
    assertEquals(10 / 12.0, r.covered(), 1e-15);
    assertEquals(List.of("d", "z"), r.missing());
    assertEquals(List.of("t: 1 U+FFFD, first at t:4:1: the file was decoded wrongly once; export it again",
        "2 of 4 training lines (50.0 %) are also in the dev part",
        "83.33 % of the dev part's symbols occur in the training part"),
        r.warnings().stream().map(Note::toString).toList());
    assertEquals(1, DataCheck.of(c, c.all(), Tokens.of()).covered());
  }
}
