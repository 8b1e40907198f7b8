package org.unroll.cli;

import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.function.Consumer;
import org.unroll.file.Json;
import org.unroll.tasks.lm.Event;
import org.unroll.tasks.run.EventJson;

/**
 * A training as a person sees it: what is trained, a row per evaluation with a sample below, a bar between; plain lines where
 * there is no terminal; with {@code --json} the events on standard output, one a line.
 */
final class TrainScreen implements Consumer<Event>, AutoCloseable {
  /** Steps between those told as JSON. */
  private static final int EVERY = 10;
  private static final String HEAD = " EPOCH    STEP   LOSS %8s    ‖g‖   CLIP   TOK/S     TIME";

  private final Talk talk;
  private final Path runs;
  private final Progress progress;
  private final boolean json;
  private boolean headed;
  private double untrained = Double.NaN;

  TrainScreen(Talk talk) { this(talk, talk.flags().runs()); }

  /** @param runs the folder that the run lies in */
  TrainScreen(Talk talk, Path runs) {
    this.talk = talk;
    this.runs = runs;
    this.progress = Progress.of(talk);
    this.json = talk.flags().json;
  }

  @Override public void accept(Event e) {
    if (json) {
      if (e instanceof Event.Stepped s && s.step() % EVERY != 0) return;
      talk.data(EventJson.line(e, Instant.now().truncatedTo(ChronoUnit.SECONDS).toString()));
      return;
    }
    switch (e) {
      case Event.Started s -> started(s, talk, runs);
      case Event.Noted n -> note(n);
      case Event.Stepped s -> progress.at(s.share(), () -> talk.text("train.epoch", s.epoch() + 1), () -> behind(s),
          () -> plain(s));
      case Event.Evaluated v -> {
        if (v.step() == 0) untrained = v.dev();
        row(v);
      }
      case Event.Sampled s -> progress.keep(() -> sample(s), () -> "sample step=" + s.step() + " text="
          + Json.shown(s.prompt() + s.text()));
      case Event.Saved s -> { }
      case Event.Ended x -> {
        progress.wipe();
        if (x.best() > untrained) talk.warn("train.worse");
      }
    }
  }

  /** What is about to be trained, in two lines or three. */
  static void started(Event.Started s, Talk talk, Path runs) {
    talk.say("train.head", s.network(), s.perEpoch(), Figures.count(s.weights()), s.kernels());
    if (!s.run().isEmpty()) talk.say("train.run", runs.resolve(s.run()));
    if (s.step() > 0) talk.say("train.resumed", s.step());
    if (s.planned() > 0) talk.say("train.planned", s.planned(), s.bound());
  }

  private void note(Event.Noted n) {
    progress.wipe();
    talk.say("data.note", talk.told(n.note()));
  }

  private void row(Event.Evaluated v) {
    if (!headed && progress.isBar()) progress.keep(() -> HEAD.formatted(v.hasDev() ? "DEV-PPL" : "PPL"), () -> "");
    headed = true;
    progress.keep(() -> row(v, talk), () -> plain(v));
  }

  private static String row(Event.Evaluated v, Talk talk) {
    var row = String.format(Locale.ROOT, "%6d %7d %6s %8s %6s %6s %7s %8s", v.epoch(), v.step(), Figures.real(v.loss(), 3),
        Figures.perplexity(v.perplexity()), v.step() == 0 ? "–" : Figures.real(v.norm(), 2),
        v.step() == 0 ? "–" : Math.round(100 * v.clipped()) + " %", v.step() == 0 ? "–" : Figures.count(v.perSecond()),
            Figures.time(v.seconds()));
    return v.best() ? row + "  " + talk.color(Talk.Style.GREEN, "★") : row;
  }

  private String behind(Event.Stepped s) {
    return talk.text("train.behind", Figures.real(s.loss(), 3), Figures.count(s.perSecond()), Figures.time(s.left()));
  }

  private static String plain(Event.Stepped s) {
    return String.format(Locale.ROOT, "train step=%d epoch=%d loss=%s gnorm=%.3f tok_s=%.0f done=%.0f%% eta=%s", s.step(),
        s.epoch() + 1,
        Figures.real(s.loss(), 4), s.norm(), s.perSecond(), 100 * s.share(), Figures.time(s.left()));
  }

  private static String plain(Event.Evaluated v) {
    if (v.step() == 0) return String.format(Locale.ROOT, "eval step=0 dev=%s dev.ppl=%.4g", Figures.real(v.dev(), 4),
        v.perplexity());
    var dev = v.hasDev() ? String.format(Locale.ROOT, "dev=%s dev.ppl=%.4g", Figures.real(v.dev(), 4), v.perplexity())
        : String.format(Locale.ROOT, "ppl=%.4g", v.perplexity());
    return String.format(Locale.ROOT, "eval step=%d epoch=%d loss=%s %s gnorm=%.3f clipped=%.2f tok_s=%.0f%s", v.step(),
        v.epoch(), Figures.real(v.loss(), 4), dev, v.norm(), v.clipped(), v.perSecond(), v.best() ? " best" : "");
  }

  private String sample(Event.Sampled s) {
    var text = Talk.printable((s.prompt() + s.text()).strip().replace("\n", "↵"));
    return Width.cut("   ▸ " + text, talk.terminal().width() - 1);
  }

  @Override public void close() { progress.close(); }
}
