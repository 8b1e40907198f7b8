package org.unroll.tasks.longrange;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Every task × T × cell × seed, each with the same budget of steps. Outcomes are appended to a file, so a campaign that was stopped
 * goes on where it was: {@code -Dunroll.results=}. Parts of it: {@code -Dunroll.tasks=adding -Dunroll.lags=100 -Dunroll.cells=lstm,gru
 * -Dunroll.seeds=1 -Dunroll.steps=500}. {@code -Dunroll.together=1} trains one at a time instead of two.
 */
@Tag("slow")
class LongRangeCampaign {
  private static final String CELLS = "lstm,gru,mingru,elman-relu,elman";
  private static final int UNITS = 32, ROWS = 20;
  private static final double FORGET = 3;

  @Test void trainings_onEveryTask_areCounted_andLstmAndGruAdd() throws Exception {
    var file = Path.of(System.getProperty("unroll.results", "target/long-range.tsv"));
    var done = read(file);
    var left = runs().stream().filter(r -> done.stream().noneMatch(o -> o.run().key().equals(r.key()))).toList();
    LongRangeRun.tell("%d trainings are in %s, %d are to come", done.size(), file, left.size());
    try (var pool = Executors.newFixedThreadPool(Integer.getInteger("unroll.together", 2))) {
      var running = left.stream().map(r -> pool.submit(() -> append(file, r.train(500)))).toList();
      for (var r : running) r.get();
    }
    var all = read(file).stream().filter(o -> runs().contains(o.run())).toList();
    print(all);
    assertEquals(runs().size(), all.size());
    for (var o : all) {
      boolean must = o.run().task().equals("adding") && o.run().lag() == 400 && List.of("lstm", "gru").contains(o.run().cell());
      if (must) assertEquals("solved", o.end(), o.line());
    }
  }

  /** Seed by seed, so that a campaign cut short has something of everything. */
  private static List<LongRangeRun> runs() {
    var runs = new ArrayList<LongRangeRun>();
    for (var seed : words("seeds", "1,2,3")) {
      for (var task : words("tasks", "adding,order,copying")) {
        for (var lag : words("lags", "100,400")) {
          for (var cell : words("cells", CELLS)) runs.add(run(task, Integer.parseInt(lag), cell, Long.parseLong(seed)));
        }
      }
    }
    return runs;
  }

  private static LongRangeRun run(String task, int lag, String cell, long seed) {
    double rate = number("rate", cell.startsWith("elman") ? 1e-3 : 1e-2);
    return new LongRangeRun(task, lag, cell, seed, UNITS, ROWS, rate, number("forget", FORGET), Integer.getInteger("unroll.steps", budget(task)));
  }

  private static int budget(String task) {
    return switch (task) {
      case "adding" -> 5_000;
      case "order" -> 3_000;
      default -> 2_000;
    };
  }

  private static double number(String key, double usual) { return Double.parseDouble(System.getProperty("unroll." + key, "" + usual)); }

  private static List<String> words(String key, String usual) {
    return Arrays.asList(System.getProperty("unroll." + key, usual).split(","));
  }

  private static synchronized void append(Path file, LongRangeRun.Outcome o) {
    LongRangeRun.tell("done: %s", o.line());
    try {
      Files.writeString(file, o.line() + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<LongRangeRun.Outcome> read(Path file) throws IOException {
    return Files.exists(file) ? Files.readAllLines(file).stream().map(LongRangeRun.Outcome::of).toList() : List.of();
  }

  /** A row for each task and T, a column for each cell. */
  private static void print(List<LongRangeRun.Outcome> all) {
    var cells = words("cells", CELLS);
    LongRangeRun.tell("| task | T | no memory | steps at most | %s |", String.join(" | ", cells));
    LongRangeRun.tell("|---%s|", "|---".repeat(3 + cells.size()));
    for (var task : words("tasks", "adding,order,copying")) {
      for (var lag : words("lags", "100,400")) {
        var of = all.stream().filter(o -> o.run().task().equals(task) && o.run().lag() == Integer.parseInt(lag)).toList();
        var row = cells.stream().map(c -> cell(of.stream().filter(o -> o.run().cell().equals(c)).toList())).collect(Collectors.joining(" | "));
        double baseline = LongRange.of(task, Integer.parseInt(lag)).baseline();
        LongRangeRun.tell("| %s | %s | %.4f | %,d | %s |", task, lag, baseline, of.isEmpty() ? 0 : of.getFirst().run().steps(), row);
      }
    }
  }

  /** Steps until it was solved, or the measure and the share of wrong answers after the last step; seed by seed. */
  private static String cell(List<LongRangeRun.Outcome> seeds) {
    return seeds.stream().map(o -> switch (o.end()) {
      case "solved" -> String.format(Locale.ROOT, "**%,d**", o.taken());
      case "diverged" -> String.format(Locale.ROOT, "diverged at %,d", o.taken());
      default -> String.format(Locale.ROOT, "%.4f (%.0f %%)", o.measure(), 100 * o.wrong());
    }).collect(Collectors.joining(", "));
  }
}
