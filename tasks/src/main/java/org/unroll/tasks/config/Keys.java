package org.unroll.tasks.config;

import static org.unroll.fault.Code.C012;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.unroll.fault.Fault;
import org.unroll.fault.Nearest;

/** The keys of one task, in the order in which they are shown. */
public final class Keys {
  private final String task;
  private final List<String> budgets;
  private final Map<String, List<String>> insteadOf;
  private final Map<String, Key> byName = new LinkedHashMap<>();

  /**
   * @param budgets keys that bound the same thing, 0 for no bound: one that a user gives lifts those that nobody asked for
   * @param insteadOf keys that say more than others, and these others, whose place they take once they are given
   */
  public Keys(String task, List<Key> keys, List<String> budgets, Map<String, List<String>> insteadOf) {
    this.task = task;
    this.budgets = List.copyOf(budgets);
    this.insteadOf = Map.copyOf(insteadOf);
    for (var k : keys) {
      if (byName.put(k.name(), k) != null) throw new IllegalArgumentException("key " + k.name() + " is there twice");
    }
  }

  /** The task's name, the value of the key {@code task}. */
  public String task() { return task; }

  /** Keys that bound the same thing; see {@link ConfigBuilder#resolve}. */
  public List<String> budgets() { return budgets; }

  /** Keys that take the place of others; see {@link ConfigBuilder#resolve}. */
  Map<String, List<String>> insteadOf() { return insteadOf; }

  /** Every key, in the order of the table. */
  public Collection<Key> all() { return byName.values(); }

  /** The key of that name, if there is one. */
  public Optional<Key> find(String name) { return Optional.ofNullable(byName.get(name)); }

  /** The key of that name; C012 with the nearest name when there is none. */
  public Key get(String name) { return find(name).orElseThrow(() -> unknown(name)); }

  /** Whether keys stand below this name: {@code train}. */
  public boolean isSection(String name) { return byName.keySet().stream().anyMatch(k -> k.startsWith(name + ".")); }

  /** The fault for a name that is neither key nor section. */
  public Fault unknown(String name) {
    var fault = Fault.of(C012, "unknown key %s", name.length() <= 80 ? name : name.substring(0, 80) + "…");
    var near = nearest(name);
    var last = name.substring(name.lastIndexOf('.') + 1);
    if (last.equals("direction")) {
      return fault.because("a language model predicts the next symbol, so all its layers walk forward").mend("leave the direction out");
    }
    if (last.equals("activation")) {
      return fault.because("the activation is part of the cell").mend("for example: %s", "model.cell: elman-relu");
    }
    if (near.isPresent()) fault = fault.mend("did you mean %s?", near.get());
    int dot = name.indexOf('.');
    var section = dot > 0 && isSection(name.substring(0, dot)) ? " " + name.substring(0, dot) : "";
    return fault.mend("all keys: unroll config keys" + section);
  }

  private Optional<String> nearest(String name) {
    var sections = byName.values().stream().map(Key::section).filter(s -> !s.isEmpty()).distinct();
    var near = Nearest.of(name, Stream.concat(byName.keySet().stream(), sections).toList());
    if (near.isPresent()) return near;
    var begun = byName.values().stream().map(Key::section) // the beginning of a section is right: trane
        .filter(s -> s.length() > 3 && !name.contains(".") && name.startsWith(s.substring(0, 3))).findFirst();
    if (begun.isPresent()) return begun;
    var last = name.substring(name.lastIndexOf('.') + 1); // the right word in the wrong section, or in none: data.lr
    return Nearest.of(last, byName.values().stream().map(Key::last).toList())
        .flatMap(w -> byName.values().stream().filter(k -> k.last().equals(w)).map(Key::name).findFirst());
  }
}
