package org.unroll.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.unroll.fault.Fault;
import org.unroll.file.Json;
import org.unroll.tasks.run.RunInfo;

/** What a run wrote down: its events. */
final class RunLog {

  private RunLog() {}

  /** A heading and a row for each evaluation; nothing where there was none. */
  static List<String> evaluations(RunInfo run, Talk talk) {
    var rows = new ArrayList<String>();
    for (var e : events(run, "eval")) {
      boolean dev = e.get("dev_ppl") != null;
      if (rows.isEmpty()) rows.add(heads(dev, talk));
      rows.add(String.format(Locale.ROOT, "%7s %8s %7s %8s%s", e.get("epoch"), e.get("step"), real(e.get("loss"), 3),
          dev ? perplexity(e.get("dev_ppl")) : trained(e.get("loss")),
          Boolean.TRUE.equals(e.get("best")) ? "  ★" : ""));
    }
    return rows;
  }

  private static String heads(boolean dev, Talk talk) {
    return RunsCommand.left(talk.text("runs.epoch"), 7) + " " + RunsCommand.left(talk.text("runs.step"), 8) + " "
        + RunsCommand.left(talk.text("runs.loss"), 7) + " " + RunsCommand.left(talk.text(dev ? "runs.ppl" : "runs.train.ppl"), 8);
  }

  static Optional<String> lastSample(RunInfo run) {
    var samples = events(run, "sample");
    return samples.isEmpty() ? Optional.empty() : Optional.of("" + samples.getLast().get("prompt")
        + samples.getLast().get("text"));
  }

  private static String real(Object v, int digits) {
    return Figures.real(v instanceof Number n ? n.doubleValue() : Double.NaN, digits);
  }

  /** Of the training text, where there is no dev part. */
  private static String trained(Object loss) {
    return Figures.perplexity(loss instanceof Number n ? StrictMath.exp(n.doubleValue()) : Double.NaN);
  }

  private static String perplexity(Object v) { return Figures.perplexity(v instanceof Number n ? n.doubleValue() : Double.NaN); }

  private static List<Map<?, ?>> events(RunInfo run, String kind) {
    var found = new ArrayList<Map<?, ?>>();
    if (!Files.exists(run.events())) return found;
    var mark = "\"event\":\"" + kind + "\"";
    try (var lines = Files.lines(run.events())) {
      lines.filter(l -> l.contains(mark)).forEach(l -> read(l, run).ifPresent(found::add));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }

  /** Empty for the half of a line that a killed process left. */
  private static Optional<Map<?, ?>> read(String line, RunInfo run) {
    try {
      return Json.read(line, run.events().toString(), Json.Rules.CONFIG) instanceof Map<?, ?> m
          ? Optional.of(m) : Optional.empty();
    } catch (Fault f) {
      return Optional.empty();
    }
  }
}
