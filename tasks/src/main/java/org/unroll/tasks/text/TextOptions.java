package org.unroll.tasks.text;

import org.unroll.fault.Code;
import org.unroll.fault.Fault;

/**
 * How text becomes symbols.
 *
 * @param encoding {@code auto} or the name of a character set, see {@link Encoding}
 * @param unit characters or words
 * @param documents where one ends
 * @param lowerCase whether letters are made small, by the rules of no language
 * @param minCount symbols that occur less often become {@link Vocabulary#UNK}; at least 1
 * @param maxVocabulary the most symbols a vocabulary may have, {@link Vocabulary#UNK} counted; the rarest go first
 */
public record TextOptions(String encoding, Unit unit, Documents documents, boolean lowerCase, int minCount, int maxVocabulary) {

  public TextOptions {
    Encoding.named(encoding);
    if (minCount < 1) throw Fault.of(Code.C011, "the minimum count is " + minCount).at("min-count").because("must be 1 or more");
    if (maxVocabulary < 3) {
      throw Fault.of(Code.C011, "the vocabulary may have " + maxVocabulary + " symbols").at("max-vocabulary")
          .because("must be 3 or more: two symbols and %s", Vocabulary.UNK);
    }
  }

  /** Every character a symbol, encoding found out. */
  public static TextOptions chars() {
    return new TextOptions(Encoding.AUTO, Unit.CHAR, Documents.CONTINUOUS, false, 1, Integer.MAX_VALUE);
  }

  /** Words between white space, encoding found out. */
  public static TextOptions words() {
    return new TextOptions(Encoding.AUTO, Unit.WORD, Documents.CONTINUOUS, false, 1, Integer.MAX_VALUE);
  }

  /** With another encoding; C011 for one that is not known. */
  public TextOptions withEncoding(String e) { return new TextOptions(e, unit, documents, lowerCase, minCount, maxVocabulary); }

  /** With other ends of documents. */
  public TextOptions withDocuments(Documents d) { return new TextOptions(encoding, unit, d, lowerCase, minCount, maxVocabulary); }

  /** With letters made small, or left as they are. */
  public TextOptions withLowerCase(boolean l) { return new TextOptions(encoding, unit, documents, l, minCount, maxVocabulary); }

  /** With another least count; C011 below 1. */
  public TextOptions withMinCount(int m) { return new TextOptions(encoding, unit, documents, lowerCase, m, maxVocabulary); }

  /** With another size of the vocabulary; C011 below 3. */
  public TextOptions withMaxVocabulary(int m) { return new TextOptions(encoding, unit, documents, lowerCase, minCount, m); }
}
