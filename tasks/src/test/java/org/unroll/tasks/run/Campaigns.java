package org.unroll.tasks.run;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.unroll.kernel.Kernels;
import org.unroll.tasks.LanguageModel;
import org.unroll.tasks.config.ConfigBuilder;
import org.unroll.tasks.config.LmConfig;
import org.unroll.tasks.config.LmKeys;
import org.unroll.tasks.lm.Event;

/**
 * Trainings at full size, as {@code unroll train} does them: on two threads, with a run folder, the best checkpoint read back.
 * {@code -Dunroll.minutes=} gives another budget, {@code -Dunroll.set="key=value; key=value"} other settings.
 */
final class Campaigns {
  private Campaigns() {}

  /** What came out of a training; {@code best} is the model of the best evaluation. */
  record Outcome(LmConfig config, LmData data, LanguageModel best, Event.Ended end) {}

  /** A file of the data folder: {@code $UNROLL_DATA}, or the one beside the repository. The test is skipped where it is absent. */
  static Path data(String file) {
    var root = System.getenv("UNROLL_DATA") != null ? Path.of(System.getenv("UNROLL_DATA")) : Path.of("../../shared/data");
    assumeTrue(Files.exists(root.resolve(file)), "no " + root.resolve(file) + " here");
    return root.resolve(file);
  }

  static Outcome train(Path runs, ConfigBuilder layers) {
    var minutes = System.getProperty("unroll.minutes");
    if (minutes != null) layers.environment("train.minutes=" + minutes);
    var config = layers.environment(System.getProperty("unroll.set")).resolve();
    var lm = LmConfig.of(config);
    var data = LmData.read(lm.data());
    var kernels = Kernels.best(2);
    long steps = Pace.steps(lm, data, kernels, System::nanoTime);
    try (var open = Trainings.start(runs, "campaign", config, data, kernels, steps, System::nanoTime, Campaigns::tell)) {
      var end = open.training().run();
      return new Outcome(lm, data, LanguageModel.load(RunInfo.of(open.folder().path()).model(), kernels), end);
    }
  }

  static ConfigBuilder preset(String name, Path text) {
    return new ConfigBuilder(LmKeys.KEYS).preset(name).flag("--data " + text, "data.train", text.toString());
  }

  private static void tell(Event e) {
    switch (e) {
      case Event.Started s -> say("%s, %,d weights, %,d steps planned, %,d an epoch; %s", s.network(), s.weights(), s.planned(), s.perEpoch(), s.kernels());
      case Event.Evaluated v -> say("step %6d  epoch %3d  train %.4f  dev %.4f (perplexity %.2f)  lr %.2e  clipped %3.0f %%  %,.0f symbols/s  %4.0f s%s",
          v.step(), v.epoch(), v.loss(), v.dev(), v.perplexity(), v.rate(), 100 * v.clipped(), v.perSecond(), v.seconds(), v.best() ? "  best" : "");
      case Event.Ended x -> say("%s after %,d steps, %.0f s; best %.4f at step %,d", x.end(), x.step(), x.seconds(), x.best(), x.bestStep());
      default -> { }
    }
  }

  static void say(String format, Object... args) { System.out.println(String.format(Locale.ROOT, format, args)); }
}
