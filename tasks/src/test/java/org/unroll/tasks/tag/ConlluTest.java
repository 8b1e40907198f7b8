package org.unroll.tasks.tag;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;

class ConlluTest {
  @TempDir Path folder;

  static String line(String id, String word, String tag) { return id + "\t" + word + "\t_\t" + tag + "\t_\t_\t_\t_\t_\t_\n"; }

  private static final String TEXT = "# sent_id = 1\n# text = I can't.\n" + line("1", "I", "PRON") + line("2-3", "can't", "_") + line("2", "ca", "AUX")
      + line("3", "n't", "PART") + line("3.1", "go", "VERB") + line("4", ".", "PUNCT") + "\n\n# nothing\n\n" + line("1", "New York", "PROPN");

  @Test void words_andTheirTags_areRead_rangesAndEmptyNodesAreNot() {
    var sentences = Conllu.parse("a.conllu", TEXT);
    assertEquals(List.of(new Sentence(List.of("I", "ca", "n't", "."), List.of("PRON", "AUX", "PART", "PUNCT")),
        new Sentence(List.of("New York"), List.of("PROPN"))), sentences);
    assertEquals(sentences, Conllu.parse("a.conllu", TEXT.replace("\n", "\r\n")));
  }

  @Test void files_ofAFolder_areReadOneAfterTheOther_andTheirSentencesDoNotMeet() throws IOException {
    Files.writeString(folder.resolve("a.conllu"), line("1", "a", "X").stripTrailing());
    Files.writeString(folder.resolve("b.conllu"), line("1", "b", "Y"));
    assertEquals(List.of(new Sentence(List.of("a"), List.of("X")), new Sentence(List.of("b"), List.of("Y"))), Conllu.read(folder.toString()));
  }

  private static void refused(Code code, String message, String text) {
    var f = assertThrows(Fault.class, () -> Conllu.parse("a.conllu", text));
    assertEquals(code, f.code());
    assertEquals(message, f.getMessage());
  }

  @Test void lines_thatAreNone_areRefusedWithTheirPlace() {
    refused(Code.D009, "a.conllu:2: the line has 2 columns; a line of CoNLL-U has ten columns, with tabs between; is this a CoNLL-U file?", "# x\n1\tword\n");
    refused(Code.D009, "a.conllu:2: the word's number is '1'; it must be 2, the words of a sentence count from 1; is there an empty line between the sentences?",
        line("1", "a", "X") + line("1", "b", "X"));
    refused(Code.D002, "a.conllu: no sentence; give a CoNLL-U file", "# only this\n\n");
    assertEquals(Code.D001, assertThrows(Fault.class, () -> Conllu.read(folder.resolve("none.conllu").toString())).code());
    var f = assertThrows(Fault.class, () -> new Sentence(List.of("a"), List.of()));
    assertEquals("1 words and 0 tags; each word must have a tag", f.getMessage());
  }
}
