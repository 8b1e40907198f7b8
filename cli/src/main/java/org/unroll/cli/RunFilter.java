package org.unroll.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.unroll.fault.Fault;
import org.unroll.fault.Nearest;
import org.unroll.tasks.config.Key;
import org.unroll.tasks.config.LmKeys;
import org.unroll.tasks.config.Type;
import org.unroll.tasks.run.RunInfo;

/**
 * Which runs to list: comparisons joined by {@code and}, such as {@code dev.ppl < 90 and model.cell = gru}. Fields are the
 * figures of a run and every key of its configuration. A run that lacks a figure fits no comparison with it.
 */
final class RunFilter implements Predicate<RunInfo> {
  private static final Pattern COMPARISON = Pattern.compile("([\\w.]+)\\s*(<=|>=|!=|=|<|>)\\s*(.+)");
  private static final String EXAMPLE = "for example --where 'dev.ppl<90 and model.cell=gru'";

  /** A figure of a run: a Double where it is a number, else text. */
  private record Figure(String name, boolean number, Function<RunInfo, Object> of) {}

  private static final List<Figure> FIGURES = List.of(
      new Figure("name", false, RunInfo::name),
      new Figure("status", false, RunsCommand::state),
      new Figure("created", false, RunInfo::created),
      new Figure("dev", true, RunInfo::best),
      new Figure("dev.ppl", true, r -> StrictMath.exp(r.best())),
      new Figure("step", true, r -> (double) r.step()),
      new Figure("minutes", true, r -> r.seconds() / 60),
      new Figure("weights", true, r -> r.weights().isPresent() ? (double) r.weights().getAsLong() : Double.NaN));

  /** @param number what to compare with, as a number; null where text is compared */
  private record Comparison(String field, String sign, String text, Double number) {
    boolean fits(RunInfo run) {
      var value = figure(field).map(f -> f.of.apply(run)).orElseGet(() -> setting(run));
      if (number == null) return value instanceof String s && holds(s.compareTo(text));
      return value instanceof Double d && !d.isNaN() && holds(Double.compare(d, number));
    }

    private Object setting(RunInfo run) {
      var s = run.settings().get(field);
      return s.value() instanceof Number n ? (Object) n.doubleValue() : s.text();
    }

    private boolean holds(int order) {
      return switch (sign) {
        case "<" -> order < 0;
        case "<=" -> order <= 0;
        case ">" -> order > 0;
        case ">=" -> order >= 0;
        case "!=" -> order != 0;
        default -> order == 0;
      };
    }
  }

  private final List<Comparison> all;

  private static Optional<Figure> figure(String name) { return FIGURES.stream().filter(f -> f.name.equals(name)).findFirst(); }

  private RunFilter(List<Comparison> all) { this.all = all; }

  @Override public boolean test(RunInfo run) { return all.stream().allMatch(c -> c.fits(run)); }

  /** U001 for what is no comparison; C010 and C011 for a setting that its key could not have. */
  static RunFilter of(String typed) {
    var all = new ArrayList<Comparison>();
    for (var part : typed.strip().split("\\s+and\\s+")) all.add(comparison(part, typed));
    return new RunFilter(all);
  }

  private static Comparison comparison(String part, String typed) {
    var m = COMPARISON.matcher(part.strip());
    if (!m.matches()) {
      throw Main.usage("%s is no comparison", part.isBlank() ? "an empty text" : part).at("--where %s", typed)
          .because("a comparison is a field, a sign (=, !=, <, <=, >, >=) and a value; 'and' stands between two").mend("%s", EXAMPLE);
    }
    var field = m.group(1);
    var key = LmKeys.KEYS.find(field);
    if (figure(field).isEmpty() && key.isEmpty()) throw unknown(field, typed);
    var text = m.group(3).strip();
    if (isNumber(field, key.orElse(null))) return new Comparison(field, m.group(2), text, number(field, key.orElse(null), text, typed));
    if (!Arrays.asList("=", "!=").contains(m.group(2)) && !field.equals("created")) {
      throw Main.usage("%s is text: it has no %s", field, m.group(2)).at("--where %s", typed).mend("it takes only '=' and '!='");
    }
    if (key.isPresent() && key.get().type() instanceof Type.Choice c) c.parse(field, text);
    return new Comparison(field, m.group(2), text, null);
  }

  private static boolean isNumber(String field, Key key) {
    return key == null ? figure(field).orElseThrow().number : key.initialValue() instanceof Number;
  }

  private static double number(String field, Key key, String text, String typed) {
    try {
      var type = key != null && key.type() instanceof Type.Size s ? s
          : new Type.Real(-Double.MAX_VALUE, false, Double.POSITIVE_INFINITY, false);
      return ((Number) type.parse(field, text)).doubleValue();
    } catch (Fault f) {
      throw Main.usage("%s is a number, %s is none", field, text).at("--where %s", typed).mend("%s", EXAMPLE);
    }
  }

  private static Fault unknown(String field, String typed) {
    var figures = FIGURES.stream().map(Figure::name).toList();
    var words = new ArrayList<>(figures);
    LmKeys.KEYS.all().forEach(k -> words.add(k.name()));
    var fault = Main.usage("unknown field %s", field).at("--where %s", typed);
    var near = Nearest.of(field, words);
    if (near.isPresent()) fault = fault.mend("did you mean %s?", near.get());
    return fault.mend("the figures: %s", String.join(", ", figures)).mend("the settings: unroll config keys");
  }
}
