package org.unroll.tasks;

import java.util.List;
import org.unroll.tasks.config.ConfigBuilder;
import org.unroll.tasks.config.LmKeys;

/**
 * A language model to be: the keys of the configuration by their Java names. What is not said keeps the default that
 * {@code unroll config keys} lists. A {@link Trainer} makes it.
 */
public final class LanguageModelBuilder {
  private final ConfigBuilder config = new ConfigBuilder(LmKeys.KEYS);

  LanguageModelBuilder() {}

  /** One symbol is a code point. */
  public LanguageModelBuilder chars() { return set("data.unit", "char"); }

  /** One symbol is a word between spaces. */
  public LanguageModelBuilder words() { return set("data.unit", "word"); }

  /** {@code count} layers of LSTM, {@code hidden} units each. */
  public LanguageModelBuilder lstm(int count, int hidden) { return cell("lstm", count, hidden); }

  /** {@code count} layers of GRU, {@code hidden} units each. */
  public LanguageModelBuilder gru(int count, int hidden) { return cell("gru", count, hidden); }

  /** {@code count} layers of the simple recurrent network of Elman (1990), {@code hidden} units each. */
  public LanguageModelBuilder elman(int count, int hidden) { return cell("elman", count, hidden); }

  /** {@code count} layers of a cell, {@code hidden} units each. */
  public LanguageModelBuilder cell(String name, int count, int hidden) {
    return set("model.cell", name).set("model.layers", count).set("model.hidden", hidden);
  }

  /**
   * Layers one by one, from the input up: {@code stack("lstm 256", "gru 256 residual dropout 0.2", "lstm 512 projection 128")}. Each is a
   * cell and its units, then any of residual, highway, dropout X, projection N, heads N, scan N. In place of {@link #cell}.
   */
  public LanguageModelBuilder stack(String... layers) {
    config.flag("stack", "model.stack", List.of(layers));
    return this;
  }

  /** Width of the symbol vectors; 0 for one-hot input. */
  public LanguageModelBuilder embed(int width) { return set("model.embed", width); }

  /** Share of the values between layers that is dropped while training, in [0, 1). */
  public LanguageModelBuilder dropout(double rate) { return set("model.dropout", rate); }

  /** Any key of the configuration. C010, C011 or C012 if it is none, or the value does not fit. */
  public LanguageModelBuilder set(String key, Object value) {
    config.flag(key, key, String.valueOf(value));
    return this;
  }

  ConfigBuilder config() { return config; }
}
