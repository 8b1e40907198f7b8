package org.unroll.tasks.lesson;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.unroll.tasks.draw.Figure;
import org.unroll.tasks.draw.Sheet;

/** A lesson in the forms it can be written in. */
public final class LessonSheet {
  private static final int WIDTH = 70;

  private LessonSheet() {}

  /** Heads of {@link #rows}. */
  public static final List<String> HEAD = List.of("lesson", "part", "name", "equation", "worked", "value", "difference");

  /**
   * For people.
   *
   * @param blanks numbers that an exercise asks for; none to show all
   */
  public static Sheet of(Lesson lesson, List<Item> blanks, Words words) {
    var worked = new Worked(lesson, blanks);
    var figures = new ArrayList<Figure>();
    for (var p : lesson.parts()) figures.add(table(p, worked, words));
    if (blanks.isEmpty()) figures.addAll(lesson.figures());
    return new Sheet(lesson.title(), lesson.about(), lesson.language(), figures);
  }

  /** The same to be printed and filled in, with the key at the end. */
  public static Sheet worksheet(Lesson lesson, List<Item> blanks, Words words) {
    var sheet = of(lesson, blanks, words);
    var all = new Worked(lesson, List.of());
    var marks = new Worked(lesson, blanks);
    var figures = new ArrayList<>(sheet.figures());
    figures.add(new Figure.Table(words.text("key"), "", List.of("", "", words.text("value")),
        blanks.stream().map(i -> List.of(marks.mark(i), i.equation() + " = " + all.of(i), i.written())).toList()));
    return new Sheet(sheet.title(), sheet.about(), sheet.language(), figures);
  }

  private static Figure table(Part part, Worked worked, Words words) {
    boolean gradients = part.items().stream().anyMatch(Item::gradient);
    var given = new StringBuilder();
    var rows = new ArrayList<List<String>>();
    for (var i : part.items()) {
      if (i.given() && !i.gradient()) {
        var text = i.label() + " = " + i.written();
        if (given.length() + text.length() > WIDTH) flush(given, rows, gradients);
        given.append(given.isEmpty() ? "" : "   ").append(text);
        continue;
      }
      flush(given, rows, gradients);
      var mark = worked.mark(i);
      rows.add(row(i.equation(), mark == null ? i.written() : mark,
          !i.gradient() ? "" : mark == null ? Digits.of(i.difference(), i.digits()) : mark, gradients));
      if (i.computed()) rows.add(row("  = " + worked.of(i), "", "", gradients));
    }
    flush(given, rows, gradients);
    boolean values = part.items().stream().anyMatch(i -> !i.given());
    return new Figure.Table(part.title(), part.note(), values ? row("", words.text("value"), words.text("difference"), gradients)
        : row("", "", "", gradients), rows);
  }

  private static void flush(StringBuilder given, List<List<String>> rows, boolean gradients) {
    if (!given.isEmpty()) rows.add(row(given.toString(), "", "", gradients));
    given.setLength(0);
  }

  private static List<String> row(String text, String value, String difference, boolean gradients) {
    return gradients ? List.of(text, value, difference) : List.of(text, value);
  }

  /** For programs: keys are never translated. */
  public static Map<String, Object> json(Lesson lesson) {
    var worked = new Worked(lesson, List.of());
    var o = new LinkedHashMap<String, Object>();
    o.put("v", 1);
    o.put("lesson", lesson.name());
    o.put("title", lesson.title());
    o.put("about", lesson.about());
    o.put("parts", lesson.parts().stream().map(p -> {
      var m = new LinkedHashMap<String, Object>();
      m.put("title", p.title());
      m.put("note", p.note());
      m.put("numbers", p.items().stream().map(i -> number(i, worked)).toList());
      return m;
    }).toList());
    return o;
  }

  private static Map<String, Object> number(Item i, Worked worked) {
    var m = new LinkedHashMap<String, Object>();
    m.put("name", i.label());
    if (!i.given()) m.put("equation", i.equation());
    if (!i.worked().isEmpty()) m.put("worked", worked.of(i));
    m.put("value", i.value());
    if (i.gradient()) m.put("difference", i.difference());
    return m;
  }

  /** For tables. */
  public static List<List<Object>> rows(Lesson lesson) {
    var worked = new Worked(lesson, List.of());
    var rows = new ArrayList<List<Object>>();
    for (var p : lesson.parts()) {
      for (var i : p.items()) {
        rows.add(List.of(lesson.name(), p.title(), i.label(), i.given() ? "" : i.equation(), worked.of(i), i.value(), i.difference()));
      }
    }
    return rows;
  }
}
