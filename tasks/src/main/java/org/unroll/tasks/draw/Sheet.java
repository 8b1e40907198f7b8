package org.unroll.tasks.draw;

import java.util.List;

/**
 * Figures that belong together.
 *
 * @param title of the page
 * @param about lines below it: which model, which text
 * @param language of the words: {@code en} or {@code zh}
 */
public record Sheet(String title, List<String> about, String language, List<Figure> figures) {
  public Sheet {
    about = List.copyOf(about);
    figures = List.copyOf(figures);
  }
}
