package org.unroll.tasks.lesson;

import java.util.List;
import org.unroll.tasks.draw.Figure;

/**
 * A lesson, computed.
 *
 * @param name as it is asked for: {@code lstm}
 * @param about lines below the title: what it shows, where the numbers come from
 * @param figures pictures behind the numbers
 * @param language of the words: {@code en} or {@code zh}
 */
public record Lesson(String name, String title, List<String> about, List<Part> parts, List<Figure> figures, String language) {
  public Lesson {
    about = List.copyOf(about);
    parts = List.copyOf(parts);
    figures = List.copyOf(figures);
  }

  /** All numbers in their order. */
  public List<Item> items() { return parts.stream().flatMap(p -> p.items().stream()).toList(); }

  /** The number of this label. */
  public Item item(String label) {
    return items().stream().filter(i -> i.label().equals(label)).findFirst()
        .orElseThrow(() -> new IllegalArgumentException("lesson " + name + ": no number " + label));
  }
}
