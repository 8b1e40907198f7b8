package org.unroll.tasks.longrange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The table of docs/quality.md is made of docs/long-range.tsv: outcomes of {@link LongRangeCampaign} without their seconds. Outcomes join
 * it, in the place of older ones of the same run, by {@code -Dunroll.renew=true -Dunroll.results=FILE}.
 */
class LongRangePageTest {
  private static final Path DOCS = Path.of("..", "docs"), FILE = DOCS.resolve("long-range.tsv"), PAGE = DOCS.resolve("quality.md");
  private static final List<String> TASKS = List.of("adding", "order", "copying"), CELLS = List.of("lstm", "gru", "mingru", "elman-relu", "elman");
  private static final Pattern ROWS = Pattern.compile("(\\| task \\| T \\| no memory [^\\n]*\\n\\|[-|]*\\n)(?:\\|[^\\n]*\\n)*");

  private static LongRangeRun.Outcome outcome(String line) { return LongRangeRun.Outcome.of(line.split("\t").length == 13 ? line + "\t0" : line); }

  private static String withoutSeconds(LongRangeRun.Outcome o) { return o.line().substring(0, o.line().lastIndexOf('\t')); }

  /** The later of two outcomes of one run stays. */
  private static List<LongRangeRun.Outcome> merged(List<String> lines) {
    var byRun = new TreeMap<String, LongRangeRun.Outcome>();
    for (var line : lines) byRun.put(outcome(line).run().key(), outcome(line));
    var all = new ArrayList<>(byRun.values());
    all.sort(Comparator.comparing((LongRangeRun.Outcome o) -> TASKS.indexOf(o.run().task())).thenComparing(o -> o.run().lag())
        .thenComparing(o -> CELLS.indexOf(o.run().cell())).thenComparing(o -> o.run().seed()));
    return all;
  }

  /** A row for each task and T. */
  private static String rows(List<LongRangeRun.Outcome> all) {
    var rows = new StringBuilder();
    for (var task : TASKS) {
      for (int lag : new int[] {100, 400}) {
        var of = all.stream().filter(o -> o.run().task().equals(task) && o.run().lag() == lag).toList();
        double baseline = LongRange.of(task, lag).baseline();
        int decimals = baseline < 0.1 ? 4 : 3;
        rows.append(String.format(Locale.ROOT, "| %s | %d | %." + decimals + "f | %,d | %s |%n", task.equals("order") ? "temporal order" : task,
            lag, baseline, of.getFirst().run().steps(), CELLS.stream().map(c -> cell(of, c, decimals)).collect(Collectors.joining(" | "))));
      }
    }
    return rows.toString();
  }

  /** Seed by seed; a dash for one that was not run. */
  private static String cell(List<LongRangeRun.Outcome> of, String cell, int decimals) {
    var seeds = new ArrayList<String>();
    for (long seed = 1; seed <= 3; seed++) {
      long s = seed;
      seeds.add(of.stream().filter(o -> o.run().cell().equals(cell) && o.run().seed() == s).findFirst().map(o -> switch (o.end()) {
        case "solved" -> String.format(Locale.ROOT, "**%,d**", o.taken());
        case "diverged" -> String.format(Locale.ROOT, "diverged at %,d", o.taken());
        default -> String.format(Locale.ROOT, "%." + decimals + "f (%.0f %%)", o.measure(), 100 * o.wrong());
      }).orElse("–"));
    }
    return String.join("; ", seeds);
  }

  @Test void table_isThatOfTheOutcomes() throws IOException {
    var lines = new ArrayList<>(Files.exists(FILE) ? Files.readAllLines(FILE) : List.of());
    var page = Files.readString(PAGE);
    if (Boolean.getBoolean("unroll.renew")) {
      var more = System.getProperty("unroll.results");
      if (more != null) lines.addAll(Files.readAllLines(Path.of(more)));
      Files.writeString(FILE, merged(lines).stream().map(o -> withoutSeconds(o) + "\n").collect(Collectors.joining()));
      Files.writeString(PAGE, page = ROWS.matcher(page).replaceFirst("$1" + rows(merged(lines)).replace("$", "\\$")));
      lines = new ArrayList<>(Files.readAllLines(FILE));
    }
    assertEquals(merged(lines).stream().map(LongRangePageTest::withoutSeconds).toList(), lines, "sorted, a run once");
    assertTrue(page.contains(rows(merged(lines))), "docs/quality.md is stale; renew it: mvn -q -pl core,tasks test -Dtest=LongRangePageTest"
        + " -Dsurefire.failIfNoSpecifiedTests=false -Dunroll.renew=true");
    assertFalse(rows(merged(lines)).contains("–"), "a training that was not run");
    assertEquals(90, lines.size());
  }

  @Test void rows_ofSomeOutcomes_haveDashesForTheRest_andTheLaterOutcome() {
    var of = merged(TASKS.stream().flatMap(t -> List.of(100, 400).stream().flatMap(lag -> List.of(
        t + "\t" + lag + "\tlstm\t2\t32\t20\t0.01\t3.0\t3000\t700\tsolved\t0.01000\t0.1000\t9",
        t + "\t" + lag + "\tlstm\t2\t32\t20\t0.01\t3.0\t3000\t1700\tsolved\t0.01000\t0.1000",
        t + "\t" + lag + "\telman\t1\t32\t20\t0.001\t3.0\t3000\t12\tdiverged\tNaN\tNaN",
        t + "\t" + lag + "\tgru\t3\t32\t20\t0.01\t3.0\t3000\t3000\tbudget\t0.04958\t0.8735").stream())).toList());
    assertEquals(18, of.size());
    var rows = rows(of).lines().toList();
    assertEquals("| adding | 100 | 0.167 | 3,000 | –; **1,700**; – | –; –; 0.050 (87 %) | –; –; – | –; –; – | diverged at 12; –; – |", rows.getFirst());
    assertEquals("| copying | 400 | 0.0495 | 3,000 | –; **1,700**; – | –; –; 0.0496 (87 %) | –; –; – | –; –; – | diverged at 12; –; – |",
        rows.getLast());
  }
}
