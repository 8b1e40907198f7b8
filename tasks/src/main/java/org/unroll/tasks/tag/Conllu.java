package org.unroll.tasks.tag;

import java.util.ArrayList;
import java.util.List;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.tasks.text.Lines;
import org.unroll.tasks.text.TextSource;

/**
 * Sentences with universal part-of-speech tags from CoNLL-U files (universaldependencies.org): a word a line, ten columns with tabs
 * between, an empty line after each sentence. The form (column 2) is the word, UPOS (column 4) its tag. Comments ({@code #}),
 * ranges of multiword tokens ({@code 3-4}) and empty nodes ({@code 5.1}) are no words. A sentence without words is none.
 */
public final class Conllu {
  private static final int COLUMNS = 10, ID = 0, FORM = 1, UPOS = 3;

  private final List<Sentence> sentences = new ArrayList<>();
  private List<String> words = new ArrayList<>(), tags = new ArrayList<>();

  private Conllu() {}

  /**
   * Reads a file (also {@code .gz}), a folder or {@code -}.
   *
   * @throws Fault D009 for a line that the format does not allow, D002 where there is no sentence; for files as {@link Lines#read}
   */
  public static List<Sentence> read(String name) {
    var reader = new Conllu();
    Lines.read(name, reader::take);
    return reader.end(name);
  }

  /** The same from text at hand. */
  public static List<Sentence> parse(String name, String text) {
    var reader = new Conllu();
    Lines.read(TextSource.InMemory.of(name, text), reader::take);
    return reader.end(name);
  }

  private void take(String source, long number, String line) {
    if (number == 1 || line.isBlank()) close();
    if (line.isBlank() || line.startsWith("#")) return;
    String[] columns = line.split("\t", -1);
    if (columns.length != COLUMNS) {
      throw Fault.of(Code.D009, "the line has %d columns", columns.length).at("%s:%d", source, number)
          .because("a line of CoNLL-U has ten columns, with tabs between").mend("is this a CoNLL-U file?");
    }
    String id = columns[ID];
    if (id.contains("-") || id.contains(".")) return;
    if (!id.equals(Integer.toString(words.size() + 1))) {
      throw Fault.of(Code.D009, "the word's number is '%s'", id).at("%s:%d", source, number)
          .because("it must be %d, the words of a sentence count from 1", words.size() + 1)
          .mend("is there an empty line between the sentences?");
    }
    words.add(columns[FORM]);
    tags.add(columns[UPOS]);
  }

  private void close() {
    if (words.isEmpty()) return;
    sentences.add(new Sentence(words, tags));
    words = new ArrayList<>();
    tags = new ArrayList<>();
  }

  private List<Sentence> end(String name) {
    close();
    if (sentences.isEmpty()) throw Fault.of(Code.D002, "no sentence").at(name).mend("give a CoNLL-U file");
    return List.copyOf(sentences);
  }
}
