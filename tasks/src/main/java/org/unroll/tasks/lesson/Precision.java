package org.unroll.tasks.lesson;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * With how many digits the numbers of a lesson must be written so that whoever works with what is written gets what is asked for: whether
 * all numbers of a formula are there, or those that can be worked out are blank and are worked out first. A small difference of large
 * numbers asks for more of theirs.
 */
final class Precision {
  /** All that a double has. */
  private static final int MOST = 17;

  private final Map<String, Item> items = new HashMap<>();
  private final List<String> order;

  private Precision(List<Item> all) {
    order = all.stream().map(Item::label).toList();
    all.forEach(i -> items.put(i.label(), i));
  }

  /** The same numbers, each with its digits. */
  static List<Part> fit(List<Part> parts) {
    var p = new Precision(parts.stream().flatMap(part -> part.items().stream()).toList());
    while (p.order.stream().filter(p::fit).count() > 0);       // a digit more for one formula may round against another
    return parts.stream().map(part -> new Part(part.title(), part.note(), part.items().stream().map(i -> p.items.get(i.label())).toList()))
        .toList();
  }

  /** Whether any number got more digits, or this one is no longer asked for. */
  private boolean fit(String label) {
    if (!items.get(label).asked()) return false;
    boolean changed = false;
    for (boolean deep : new boolean[] {false, true}) {
      while (!Digits.near(worked(label, deep, null, new HashMap<>()), items.get(label).value())) {
        boolean all = deep;
        var worst = operands(label, deep, new ArrayList<>()).stream().map(items::get).filter(i -> i.digits() < MOST)
            .max(Comparator.comparingDouble(i -> harm(label, all, i)));
        changed = true;
        worst.ifPresent(i -> items.put(i.label(), i.with(i.digits() + 1, i.fair())));
        if (worst.isPresent()) continue;
        items.put(label, items.get(label).with(items.get(label).digits(), false));
        return true;
      }
    }
    return changed;
  }

  /** How far the formula is off because of one operand's missing digits. */
  private double harm(String label, boolean deep, Item operand) {
    return Math.abs(worked(label, deep, operand, new HashMap<>()) - items.get(label).value());
  }

  /**
   * What comes out.
   *
   * @param deep from what cannot be worked out, all else being blank
   * @param only the one that is written with its digits alone, the others having all; null for all as they are written
   */
  private double worked(String label, boolean deep, Item only, Map<String, Double> known) {
    return Arithmetic.of(Worked.fill(items.get(label), items, i -> operand(i, deep, only, known)));
  }

  private String operand(Item i, boolean deep, Item only, Map<String, Double> known) {
    if (!deep || !i.asked()) return Digits.operand(i.value(), only == null || only == i ? i.digits() : MOST);
    if (!known.containsKey(i.label())) known.put(i.label(), worked(i.label(), true, only, known));
    double v = known.get(i.label());
    return v < 0 ? "(" + v + ")" : Double.toString(v);
  }

  private List<String> operands(String label, boolean deep, List<String> found) {
    Worked.fill(items.get(label), items, i -> {
      if (found.contains(i.label())) return "";
      if (deep && i.asked()) operands(i.label(), true, found);
      else found.add(i.label());
      return "";
    });
    return found;
  }
}
