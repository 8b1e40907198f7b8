package org.unroll.cli;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.unroll.fault.Fault;
import org.unroll.tasks.run.RunInfo;
import org.unroll.tasks.text.Visible;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code unroll runs list | show | compare}. */
@Command(name = "runs")
final class RunsCommand {

  private RunsCommand() {}

  static CommandLine of(Talk talk) {
    return new CommandLine(new RunsCommand()).addSubcommand(new Listing(talk)).addSubcommand(new Show(talk))
        .addSubcommand(new Compare(talk));
  }

  /**
   * How a run stands; "killed?" for one that says it is running while no process has it, "damaged" for one that has no whole
   * checkpoint left.
   */
  static String state(RunInfo run) { return run.abandoned() ? "killed?" : run.lost() ? "damaged" : run.status(); }

  /** The same in the person's language. */
  private static String state(RunInfo run, Talk talk) { return stateIn(talk, state(run)); }

  private static String stateIn(Talk talk, String state) {
    var key = "runs.is." + state.replace("?", "");
    return talk.messages().containsKey(key) ? talk.text(key) : state;
  }

  static Map<String, Object> object(RunInfo r) {
    var o = new LinkedHashMap<String, Object>();
    o.put("v", 1);
    o.put("name", r.name());
    o.put("status", state(r));
    o.put("path", r.path().toString());
    o.put("dev", r.best());
    o.put("dev_ppl", StrictMath.exp(r.best()));
    o.put("step", r.step());
    o.put("seconds", r.seconds());
    o.put("state", r.state().isEmpty() ? null : r.state());
    o.put("network", r.network());
    o.put("created", r.created().isEmpty() ? null : r.created());
    o.put("data", r.data());
    return o;
  }

  /** Text at the right end of so many columns. */
  static String left(String text, int columns) { return " ".repeat(Math.max(0, columns - Width.of(text))) + text; }

  /** All runs of the runs folder. */
  @Command(name = "list")
  static final class Listing implements Callable<Integer> {
    /** Figures have the names that {@code --where} knows; the last two are short for such. */
    enum Sort {
      newest, dev_ppl, step, name, ppl, steps;

      @Override public String toString() { return name().replace('_', '.'); }
    }

    private final Talk talk;

    @Option(names = "--sort", paramLabel = "newest|dev.ppl|step|name")
    Sort sort = Sort.newest;

    @Option(names = "--where", paramLabel = "CONDITION")
    String where;

    Listing(Talk talk) { this.talk = talk; }

    @Override public Integer call() {
      var damaged = new ArrayList<String>();
      var filter = where == null ? null : RunFilter.of(where);
      var runs = new ArrayList<>(RunInfo.list(talk.flags().runs(), damaged));
      if (filter != null) keep(runs, filter, damaged);
      switch (sort) {
        case newest -> { }
        case dev_ppl, ppl -> runs.sort(Comparator.comparingDouble(RunInfo::best)); // NaN, no evaluation yet, comes last
        case step, steps -> runs.sort(Comparator.comparingLong(RunInfo::step).reversed());
        case name -> runs.sort(Comparator.comparing(RunInfo::name));
      }
      for (var d : damaged) talk.warn("data.warning", Talk.printable(d));
      if (talk.flags().json) {
        runs.forEach(r -> talk.json(object(r)));
        return 0;
      }
      if (runs.isEmpty()) {
        if (where == null) talk.say("runs.none", talk.flags().runsDir());
        else talk.say("runs.none.where", talk.flags().runsDir(), Talk.printable(where));
        return 0;
      }
      int wide = Math.clamp(runs.stream().mapToInt(r -> Width.of(r.name())).max().orElse(8), 8, 40);
      talk.data(heads(wide));
      for (var r : runs) talk.data(row(r, wide));
      return 0;
    }

    /** A run whose settings cannot be read fits nothing, and is named. */
    private static void keep(List<RunInfo> runs, RunFilter filter, List<String> damaged) {
      runs.removeIf(r -> {
        try {
          return !filter.test(r);
        } catch (Fault f) {
          damaged.add(f.getMessage());
          return true;
        }
      });
    }

    private String heads(int wide) {
      var s = new StringBuilder(Width.pad(talk.text("runs.run"), wide)).append("  ").append(Width.pad(talk.text("runs.status"), 8));
      int[] columns = {7, 7, 8};
      for (int i = 0; i < 3; i++) s.append("  ").append(left(talk.text(List.of("runs.ppl", "runs.step", "runs.time").get(i)), columns[i]));
      return s.append("  ").append(Width.pad(talk.text("runs.when"), 16)).append("  ").append(talk.text("runs.network")).toString();
    }

    private String row(RunInfo r, int wide) {
      return "%s  %s  %7s  %7d  %8s  %s  %s".formatted(Width.pad(Talk.printable(r.name()), wide), Width.pad(state(r, talk), 8),
          Figures.perplexity(StrictMath.exp(r.best())), r.step(), Figures.time(r.seconds()), when(r),
              Talk.printable(r.network()));
    }

    private static String when(RunInfo r) {
      try {
        var at = Instant.parse(r.created()).atZone(ZoneId.systemDefault());
        return at.format(DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm"));
      } catch (DateTimeParseException e) {
        return "–               ";
      }
    }
  }

  /** One run: what it is, its settings that differ from the defaults, its evaluations and its last sample. */
  @Command(name = "show")
  static final class Show implements Callable<Integer> {
    private final Talk talk;

    @Parameters(index = "0", paramLabel = "RUN", descriptionKey = "run")
    String run;

    Show(Talk talk) { this.talk = talk; }

    @Override public Integer call() {
      var r = RunInfo.of(Places.run(run, talk));
      if (talk.flags().json) {
        talk.json(object(r));
        return 0;
      }
      talk.data(talk.text("runs.head", Talk.printable(r.name()), state(r, talk), r.path()));
      talk.data(Talk.printable(r.network()) + " · " + talk.text("runs.steps", r.step(), Figures.time(r.seconds())));
      if (Double.isFinite(r.best())) talk.data(talk.text("train.best", Figures.perplexity(StrictMath.exp(r.best())),
          r.bestStep()));
      if (!r.state().isEmpty()) talk.data(talk.text("runs.state", r.state()));
      talk.data("");
      r.settings().settings().stream().filter(s -> s.changed())
          .forEach(s -> talk.data("  " + s.key().name() + " = " + Talk.printable(s.text())));
      talk.data("");
      RunLog.evaluations(r, talk).forEach(talk::data);
      RunLog.lastSample(r).ifPresent(s -> talk.data("\n" + Visible.text(s)));
      return 0;
    }
  }

  /** Two or more runs: the settings that differ, and the figures. */
  @Command(name = "compare")
  static final class Compare implements Callable<Integer> {
    private static final String NONE = "–";

    private final Talk talk;

    @Parameters(arity = "2..*", paramLabel = "RUN", descriptionKey = "run")
    List<String> names = new ArrayList<>();

    Compare(Talk talk) { this.talk = talk; }

    @Override public Integer call() {
      var runs = names.stream().map(n -> RunInfo.of(Places.run(n, talk))).toList();
      var rows = rows(runs);
      if (runs.stream().map(RunInfo::corpus).distinct().count() > 1) talk.warn("runs.data");
      if (talk.flags().json) {
        var o = new LinkedHashMap<String, Object>();
        o.put("v", 1);
        o.put("runs", runs.stream().map(RunInfo::name).toList());
        o.put("same_data", runs.stream().map(RunInfo::corpus).distinct().count() == 1);
        o.put("differ", rows);
        talk.json(o);
        return 0;
      }
      int wide = rows.values().stream().flatMap(List::stream).mapToInt(Width::of).max().orElse(8);
      wide = Math.clamp(Math.max(wide, runs.stream().mapToInt(r -> Width.of(r.name())).max().orElse(8)), 8, 40);
      line("", runs.stream().map(RunInfo::name).toList(), wide);
      for (var e : rows.entrySet()) line(head(e.getKey()), e.getKey().equals("status") ? spoken(e.getValue()) : e.getValue(), wide);
      return 0;
    }

    /** Settings are called as in the configuration, figures in the person's language. */
    private String head(String row) {
      var key = "runs.of." + row;
      return talk.messages().containsKey(key) ? talk.text(key) : row;
    }

    private List<String> spoken(List<String> states) { return states.stream().map(s -> stateIn(talk, s)).toList(); }

    private void line(String head, List<String> cells, int wide) {
      var s = new StringBuilder(Width.pad(head, 20));
      for (var c : cells) s.append("  ").append(left(Talk.printable(c), wide));
      talk.data(s.toString());
    }

    /** Settings that are not the same in all, then the figures. */
    private static Map<String, List<String>> rows(List<RunInfo> runs) {
      var rows = new LinkedHashMap<String, List<String>>();
      var settings = runs.stream().map(r -> r.settings().texts()).toList();
      for (var key : settings.getFirst().keySet()) {
        var values = settings.stream().map(s -> s.getOrDefault(key, NONE)).toList();
        if (values.stream().distinct().count() > 1) rows.put(key, values);
      }
      rows.put("dev.ppl", runs.stream().map(r -> Figures.perplexity(StrictMath.exp(r.best()))).toList());
      rows.put("weights", runs.stream().map(r -> r.weights().isPresent() ? Long.toString(r.weights().getAsLong()) : NONE).toList());
      rows.put("step", runs.stream().map(r -> Long.toString(r.step())).toList());
      rows.put("time", runs.stream().map(r -> Figures.time(r.seconds())).toList());
      rows.put("status", runs.stream().map(RunsCommand::state).toList());
      return rows;
    }
  }
}
