package org.unroll.tasks;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.unroll.kernel.Kernels;
import org.unroll.tasks.config.Config;
import org.unroll.tasks.config.ConfigBuilder;
import org.unroll.tasks.config.LmConfig;
import org.unroll.tasks.lm.Event;
import org.unroll.tasks.run.LmData;
import org.unroll.tasks.run.Pace;
import org.unroll.tasks.run.RunInfo;
import org.unroll.tasks.run.Training;
import org.unroll.tasks.run.Trainings;

/**
 * Trains a language model in a few lines.
 *
 * {@snippet :
 * var lm = Trainer.of(LanguageModel.builder().chars().lstm(2, 256).dropout(0.3))
 *     .adam(2e-3).clip(1.0).epochs(10).fit(Texts.of("poems.txt")).best();
 * }
 */
public final class Trainer {
  private final ConfigBuilder config;
  private Consumer<Event> listener = e -> { };
  private int threads = Runtime.getRuntime().availableProcessors();
  private String kernels = "fast";
  private Path runs;
  private String name = "run";

  private Trainer(ConfigBuilder config) { this.config = config; }

  /** A trainer of such a model; the builder may be changed and used again. */
  public static Trainer of(LanguageModelBuilder model) { return new Trainer(model.config().copy()); }

  /** Adam with this learning rate. */
  public Trainer adam(double rate) { return optimizer("adam", rate); }

  /** Plain gradient descent with this learning rate. */
  public Trainer sgd(double rate) { return optimizer("sgd", rate); }

  /** Any optimizer by its name in the configuration. */
  public Trainer optimizer(String name, double rate) { return set("train.optimizer", name).set("train.lr", rate); }

  /** Largest norm of the gradient; 0 for none. */
  public Trainer clip(double norm) { return set("train.clip", norm); }

  /** How often the text is read; 0 where something else ends the training. */
  public Trainer epochs(int n) { return set("train.epochs", n); }

  /** Evaluations without gain before it stops. */
  public Trainer patience(int n) { return set("train.patience", n); }

  /** Where all random numbers come from: the same seed gives the same weights, bit for bit. */
  public Trainer seed(long seed) { return set("train.seed", seed); }

  /** Any key of the configuration. */
  public Trainer set(String key, Object value) {
    config.flag(key, key, String.valueOf(value));
    return this;
  }

  /** Threads of the kernels, at first one for each processor. The result does not depend on it. */
  public Trainer threads(int n) {
    threads = n;
    return this;
  }

  /**
   * {@code fast}, {@code plain} without fused cells, {@code scalar} without vectors; see {@link Kernels#of}. The result does not depend
   * on it.
   */
  public Trainer kernels(String name) {
    Kernels.of(name, 1);                                       // refuses a wrong name here, not when training starts
    kernels = name;
    return this;
  }

  /** Hears what happens; see {@link Event}. */
  public Trainer listen(Consumer<Event> listener) {
    this.listener = this.listener.andThen(listener);
    return this;
  }

  /** Keeps checkpoints and logs in a folder of {@code runs}; without this nothing is left on disk. */
  public Trainer into(Path runs, String name) {
    this.runs = runs;
    this.name = name;
    return this;
  }

  /** Trains to the end of the budget. */
  public Fitted fit(Texts texts) {
    Config config = this.config.resolve();
    var lm = LmConfig.of(config);
    var data = LmData.of(texts.read(LmData.options(lm.data())), lm.data());
    var kernels = Kernels.of(this.kernels, threads);
    long steps = Pace.steps(lm, data, kernels, System::nanoTime);
    if (runs == null) return inMemory(config, data, kernels, steps);
    try (var open = Trainings.start(runs, name, config, data, kernels, steps, System::nanoTime, listener)) {
      var end = open.training().run();
      return new Fitted(LanguageModel.load(RunInfo.of(open.folder().path()).model(), kernels), end);
    }
  }

  private Fitted inMemory(Config config, LmData data, Kernels kernels, long steps) {
    var best = new Training[1];
    var kept = new LanguageModel[1];
    best[0] = Trainings.inMemory(config, data, kernels, steps, System::nanoTime, listener.andThen(e -> {
      if (e instanceof Event.Evaluated v && v.best()) kept[0] = LanguageModel.of(best[0].publish());
    }));
    var end = best[0].run();
    return new Fitted(kept[0] != null ? kept[0] : LanguageModel.of(best[0].publish()), end);
  }

  /**
   * A training that has ended.
   *
   * @param best the model of the best evaluation
   */
  public record Fitted(LanguageModel best, Event.Ended end) {}
}
