package org.unroll.tasks.tag;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.unroll.tasks.text.Unit;
import org.unroll.tasks.text.Vocabulary;

/**
 * The words and tags that a tagger knows, as ids. Words that it does not know are {@link Vocabulary#UNK}.
 *
 * @param tags in the order of their names
 */
public record TagSymbols(Vocabulary words, List<String> tags) {
  public TagSymbols {
    tags = List.copyOf(tags);
  }

  /**
   * Those of some sentences: at most {@code symbols} − 1 words, the most frequent, of those seen at least {@code least} times. What
   * is left out teaches the tagger what unknown words are like.
   */
  public static TagSymbols of(List<Sentence> sentences, int symbols, int least) {
    var counts = new TreeMap<String, Integer>();
    var tags = new TreeSet<String>();
    for (var s : sentences) {
      for (String word : s.words()) counts.merge(word, 1, Integer::sum);
      tags.addAll(s.tags());
    }
    counts.remove(Vocabulary.UNK);
    var known = new ArrayList<>(List.of(Vocabulary.UNK));
    counts.entrySet().stream().filter(e -> e.getValue() >= least)
        .sorted(Comparator.comparing(e -> -e.getValue()))                 // stable: equals by name
        .limit(symbols - 1).forEach(e -> known.add(e.getKey()));
    return new TagSymbols(Vocabulary.of(Unit.WORD, false, known), List.copyOf(tags));
  }

  /** Their ids, 0 for those not known. */
  public int[] words(List<String> words) { return words.stream().mapToInt(this.words::id).toArray(); }

  /** −1 for a tag that is not known. */
  public int[] tags(List<String> tags) { return tags.stream().mapToInt(this.tags::indexOf).toArray(); }

  /** What the ids stand for. */
  public List<String> names(int[] tags) { return Arrays.stream(tags).mapToObj(this.tags::get).toList(); }
}
