package org.unroll.tasks.lesson;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Worked formulas with their numbers put in; what an exercise asks for appears as its mark, {@code [3]}. */
public final class Worked {
  private static final Pattern PLACE = Pattern.compile("\\{([^}]*)}");
  /** Brackets within brackets: of a negative number that is a function's argument. */
  private static final Pattern TWICE = Pattern.compile("\\((\\(-[0-9.e-]+\\))\\)");

  private final Map<String, Item> byLabel;
  private final List<Item> blanks;

  /** @param blanks what is asked for, in the order of the marks */
  public Worked(Lesson lesson, List<Item> blanks) {
    this.byLabel = lesson.items().stream().collect(Collectors.toMap(Item::label, i -> i));
    this.blanks = blanks;
  }

  /** The mark of an item that is asked for; null for others. */
  String mark(Item item) { return blanks.contains(item) ? "[" + (blanks.indexOf(item) + 1) + "]" : null; }

  /** The worked formula as people read it. */
  public String of(Item item) {
    var filled = fill(item, byLabel, i -> {
      var mark = mark(i);
      return mark == null ? Digits.operand(i.value(), i.digits()) : mark;
    });
    return TWICE.matcher(filled).replaceAll("$1");
  }

  /** The worked formula with all digits, for machines. */
  String exact(Item item) { return fill(item, byLabel, i -> i.value() < 0 ? "(" + i.value() + ")" : Double.toString(i.value())); }

  /** The formula of an item with something in place of each of its numbers. */
  static String fill(Item item, Map<String, Item> byLabel, Function<Item, String> number) {
    return PLACE.matcher(item.worked()).replaceAll(m -> {
      var other = byLabel.get(m.group(1));
      if (other == null) throw new AssertionError(item.label() + " is worked out from " + m.group(1) + ", which is not there");
      return Matcher.quoteReplacement(number.apply(other));
    });
  }
}
