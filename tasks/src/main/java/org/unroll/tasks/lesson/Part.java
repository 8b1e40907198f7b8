package org.unroll.tasks.lesson;

import java.util.List;

/**
 * Numbers that belong together.
 *
 * @param note what to see in them; may be empty
 */
public record Part(String title, String note, List<Item> items) {
  public Part {
    items = List.copyOf(items);
  }
}
