package org.unroll.tasks.lesson;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a wrong answer is right for: a turned sign, or the worked formula without one of its terms or factors. */
public final class Slip {
  private Slip() {}

  /** The slip in words; empty where none explains the answer. */
  public static Optional<String> of(Item item, double answer, Worked worked, Words words) {
    if (Digits.right(answer, item.value())) return Optional.empty();
    if (Digits.right(-answer, item.value())) return Optional.of(words.text("slip.sign"));
    var exact = worked.exact(item);
    var shown = worked.of(item);
    for (var by : List.of("+", "·")) {
      List<String> parts = split(exact, by), read = split(shown, by);
      for (int i = 0; i < parts.size() && parts.size() > 1; i++) {
        var without = new ArrayList<>(parts);
        without.remove(i);
        double v = Arithmetic.of(String.join(by, without));
        if (v != 0 && Digits.right(answer, v)) return Optional.of(words.text(by.equals("+") ? "slip.term" : "slip.factor", read.get(i)));
      }
      if (parts.size() > 1) return Optional.empty();           // a sum: its terms are not looked into
    }
    return Optional.empty();
  }

  /** The parts of a sum or a product, outside of brackets. One where it is neither, or has a − or a / there. */
  private static List<String> split(String formula, String by) {
    var parts = new ArrayList<String>();
    int depth = 0, from = 0;
    for (int i = 0; i < formula.length(); i++) {
      char c = formula.charAt(i);
      if (c == '(') depth++;
      if (c == ')') depth--;
      if (depth > 0) continue;
      if (c == '−' || c == '/' || c == '+' && by.equals("·")) return List.of(formula);
      if (formula.startsWith(by, i)) {
        parts.add(formula.substring(from, i).strip());
        from = i + 1;
      }
    }
    parts.add(formula.substring(from).strip());
    return parts;
  }
}
