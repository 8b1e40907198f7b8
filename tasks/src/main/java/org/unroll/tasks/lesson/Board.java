package org.unroll.tasks.lesson;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.unroll.tasks.draw.Figure;

/** Where a lesson is written down: part by part, number by number. What it hands back is a number's place in a worked formula. */
final class Board {
  final Words words;
  private final String lesson;
  private final List<Part> parts = new ArrayList<>();
  private final List<Figure> figures = new ArrayList<>();
  private final List<String> about = new ArrayList<>();
  private final Set<String> labels = new HashSet<>();
  private List<Item> items = new ArrayList<>();
  private String title = "", note = "";

  Board(String lesson, Words words) { this(lesson, lesson + ".about", words); }

  /** @param about key of the line below the title */
  Board(String lesson, String about, Words words) {
    this.lesson = lesson;
    this.words = words;
    about(about);
  }

  /** A line below the title. */
  void about(String key, Object... args) { about.add(words.text(key, args)); }

  /** Begins a part; its note is the text of {@code key.note}, if there is one. */
  Board part(String key, Object... args) {
    close();
    title = words.text(key, args);
    note = words.maybe(key + ".note", args);
    return this;
  }

  /** A number that is given. */
  String given(String label, double value) { return add(new Item(label, label, "", value, Double.NaN)); }

  /** A number that an equation gives; its label stands before the first {@code =}. */
  String show(String equation, String worked, double value) { return show(equation, worked, value, Double.NaN); }

  /** A gradient, with what finite differences say of it. */
  String show(String equation, String worked, double value, double difference) {
    return add(new Item(equation.substring(0, equation.indexOf(" = ")), equation, worked, value, difference));
  }

  private String add(Item item) {
    if (!labels.add(item.label())) throw new AssertionError(lesson + ": two numbers are called " + item.label());
    items.add(item);
    return place(item.label());
  }

  void figure(Figure f) { figures.add(f); }

  private void close() {
    if (!items.isEmpty()) parts.add(new Part(title, note, items));
    items = new ArrayList<>();
  }

  Lesson end() {
    close();
    return new Lesson(lesson, words.text(lesson + ".title"), about, Precision.fit(parts), figures, words.language());
  }

  // ---- formulas

  /** A number's place in a worked formula. */
  static String place(String label) { return "{" + label + "}"; }

  /** a + b + … */
  static String plus(List<String> terms) { return String.join(" + ", terms); }

  /** a·b·… */
  static String times(String... factors) { return String.join("·", factors); }

  /** Σ a_k·b_k. */
  static String dot(List<String> a, List<String> b) {
    return IntStream.range(0, a.size()).mapToObj(k -> times(a.get(k), b.get(k))).collect(Collectors.joining(" + "));
  }
}
