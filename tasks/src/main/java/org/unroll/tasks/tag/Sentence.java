package org.unroll.tasks.tag;

import java.util.List;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;

/** Words, and a tag for each. */
public record Sentence(List<String> words, List<String> tags) {
  public Sentence {
    words = List.copyOf(words);
    tags = List.copyOf(tags);
    if (words.size() != tags.size()) {
      throw Fault.of(Code.C030, "%d words and %d tags", words.size(), tags.size()).because("each word must have a tag");
    }
  }
}
