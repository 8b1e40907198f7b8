package org.unroll.tasks.config;

import static org.unroll.fault.Code.C014;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.unroll.fault.Fault;
import org.unroll.layer.Dropout.Over;
import org.unroll.layer.Noise;
import org.unroll.model.ActivityPenalty;
import org.unroll.tasks.text.Documents;
import org.unroll.tasks.text.Unit;

/** The configuration of a language model, bound to types. The components are the keys of {@link LmKeys} by another name. */
public record LmConfig(Data data, Net model, Training train, Ngram ngram) {

  /** Section {@code data}. Fractions are shares of {@code train}. */
  public record Data(List<String> train, List<String> dev, double devFraction, double testFraction, Unit unit,
      Documents documents, String encoding, boolean lowercase, long minCount, int maxVocab) {}

  /**
   * Section {@code model}. {@code embed} 0 is one-hot input.
   *
   * @param projection of every layer; 0 for none
   * @param stack what {@code model.stack} says; empty where cell, layers, hidden and projection hold
   * @param mask what one mask of both dropouts is for
   * @param noise of every recurrent layer
   * @param scan steps of a chunk of every layer whose cell can be scanned over time; 0 for none
   */
  public record Net(String cell, int layers, int hidden, int embed, double dropout, double embedDropout, double forgetBias, boolean tie,
      String init, int projection, List<StackLayer> stack, Over mask, Noise noise, int scan) {

    /** Without a scan. */
    public Net(String cell, int layers, int hidden, int embed, double dropout, double embedDropout, double forgetBias, boolean tie,
        String init, int projection, List<StackLayer> stack, Over mask, Noise noise) {
      this(cell, layers, hidden, embed, dropout, embedDropout, forgetBias, tie, init, projection, stack, mask, noise, 0);
    }

    /** Without noise, and with another mask at each step. */
    public Net(String cell, int layers, int hidden, int embed, double dropout, double embedDropout, double forgetBias, boolean tie,
        String init, int projection, List<StackLayer> stack) {
      this(cell, layers, hidden, embed, dropout, embedDropout, forgetBias, tie, init, projection, stack, Over.STEP, Noise.NONE);
    }

    /** Equal layers without a projection. */
    public Net(String cell, int layers, int hidden, int embed, double dropout, double embedDropout, double forgetBias, boolean tie,
        String init) {
      this(cell, layers, hidden, embed, dropout, embedDropout, forgetBias, tie, init, 0, List.of());
    }

    /** The recurrent layers, from the input up. */
    public List<StackLayer> all() {
      if (!stack.isEmpty()) return stack;
      return Collections.nCopies(layers, new StackLayer(cell, hidden, projection, StackLayer.Connect.NONE, OptionalDouble.empty()));
    }

    /** Steps of a chunk of a layer's scan over time: its own, or {@code model.scan} where its cell can be scanned; 0 for none. */
    public int scan(StackLayer layer) { return ScanFit.scans(layer.cell()) ? layer.scan().orElse(scan) : 0; }

    /** The same with other units in each layer, where these are equal; a tied embedding goes along. */
    public Net withHidden(int units) {
      int narrow = Math.min(projection, units - 1);
      int wide = !tie ? embed : narrow > 0 ? narrow : units;
      return new Net(cell, layers, units, wide, dropout, embedDropout, forgetBias, tie, init, narrow, stack, mask, noise, scan);
    }
  }

  /** Section {@code train}. {@code batch} 0 is all of the text in each step. */
  public record Training(Budget budget, int batch, int bptt, boolean stateful, Steps steps, Rate rate, Habits habits,
      long seed) {}

  /** When training ends; 0 is no bound. */
  public record Budget(long epochs, long steps, double minutes) {}

  /** How a gradient becomes a step. A clip of 0 is none. */
  public record Steps(String optimizer, double momentum, double rho, double beta1, double beta2, double eps, double weightDecay,
      double l1, double l2, double clip, double clipValue, ActivityPenalty activity) {
    /** Without a penalty on activations. */
    public Steps(String optimizer, double momentum, double rho, double beta1, double beta2, double eps, double weightDecay,
        double l1, double l2, double clip, double clipValue) {
      this(optimizer, momentum, rho, beta1, beta2, eps, weightDecay, l1, l2, clip, clipValue, ActivityPenalty.NONE);
    }
  }

  /** The learning rate and how it falls. */
  public record Rate(double lr, String schedule, long warmup, double decay, long decayEvery, long decayPatience,
      double lrMin) {}

  /** What happens beside the steps. Counts of steps; 0 as in {@link LmKeys}. */
  public record Habits(long evalEvery, long patience, long saveEvery, int sampleLength, String samplePrompt) {}

  /** Section {@code ngram}; {@code memory} in bytes. */
  public record Ngram(int order, long memory) {}

  /** Binds a configuration; C014 when settings exclude each other. */
  public static LmConfig of(Config c) {
    check(c);
    StackFit.check(c, net(c));
    NoiseFit.check(c, net(c));
    ScanFit.check(c, net(c));
    return new LmConfig(data(c), net(c), training(c), new Ngram(c.count("ngram.order"), c.whole("ngram.memory")));
  }

  private static Data data(Config c) {
    return new Data(c.files("data.train"), c.files("data.dev"), c.real("data.dev_fraction"), c.real("data.test_fraction"),
        c.text("data.unit").equals("word") ? Unit.WORD : Unit.CHAR,
        Documents.valueOf(c.text("data.documents").toUpperCase(Locale.ROOT)), c.text("data.encoding"), c.truth("data.lowercase"),
        c.whole("data.min_count"), c.count("data.max_vocab"));
  }

  private static Net net(Config c) {
    return new Net(c.text("model.cell"), c.count("model.layers"), c.count("model.hidden"), c.count("model.embed"),
        c.real("model.dropout"), c.real("model.embed_dropout"), c.real("model.forget_bias"), c.truth("model.tie"), c.text("model.init"),
        c.count("model.projection"), c.layers("model.stack"), Over.valueOf(c.text("model.dropout_mask").toUpperCase(Locale.ROOT)),
        new Noise(c.real("model.state_dropout"), c.real("model.recurrent_dropout"), c.real("model.zoneout"),
            c.real("model.zoneout_memory"), c.real("model.drop_connect")), c.count("model.scan"));
  }

  private static Training training(Config c) {
    var budget = new Budget(c.whole("train.epochs"), c.whole("train.steps"), c.real("train.minutes"));
    var steps = new Steps(c.text("train.optimizer"), c.real("train.momentum"), c.real("train.rho"), c.real("train.beta1"),
        c.real("train.beta2"), c.real("train.eps"), c.real("train.weight_decay"), c.real("train.l1"), c.real("train.l2"),
        c.real("train.clip"), c.real("train.clip_value"),
        new ActivityPenalty(c.real("train.activation_l2"), c.real("train.temporal_l2")));
    var rate = new Rate(c.real("train.lr"), c.text("train.schedule"), c.whole("train.warmup"), c.real("train.decay"),
        c.whole("train.decay_every"), c.whole("train.decay_patience"), c.real("train.lr_min"));
    var habits = new Habits(c.whole("train.eval_every"), c.whole("train.patience"), c.whole("train.save_every"),
        c.count("train.sample_length"), c.text("train.sample_prompt"));
    return new Training(budget, c.count("train.batch"), c.count("train.bptt"), c.truth("train.stateful"), steps, rate, habits,
        c.whole("train.seed"));
  }

  private static void check(Config c) {
    int top = net(c).all().getLast().width();
    if (c.truth("model.tie") && c.whole("model.embed") != top) {
      boolean stack = !c.layers("model.stack").isEmpty();
      String last = stack ? "the last layer of model.stack" : c.count("model.projection") > 0 ? "model.projection" : "model.hidden";
      throw clash(c, "model.tie", "model.embed is %d and %s %d%s, must be equal with model.tie", c.whole("model.embed"), last, top,
          stack ? " wide" : "").because("one matrix serves as embedding and as output").mend("set model.embed to %d", top);
    }
    if (c.real("model.embed_dropout") > 0 && c.whole("model.embed") == 0) {
      throw clash(c, "model.embed_dropout", "model.embed_dropout is %s and model.embed 0", Type.number(c.real("model.embed_dropout")))
          .because("a one-hot input has no symbol vectors to drop values from").mend("model.embed_dropout: 0").mend("model.embed: 64");
    }
    boolean full = c.whole("train.batch") == 0;
    if (c.whole("train.bptt") == 1 && (full || !c.truth("train.stateful"))) {
      throw clash(c, "train.bptt", "train.bptt is 1 and %s", full ? "train.batch 0" : "train.stateful false")
          .because("no step would ever see a past").mend(full ? "train.batch: 32" : "train.stateful: true")
          .mend("train.bptt: 64");
    }
    if (c.real("data.dev_fraction") + c.real("data.test_fraction") >= 1) {
      throw clash(c, "data.dev_fraction", "data.dev_fraction + data.test_fraction is %s, must be less than 1",
          Type.number(c.real("data.dev_fraction") + c.real("data.test_fraction"))).because("nothing would be left to learn from")
          .mend("the defaults are 0.05 and 0.05");
    }
    if (!c.files("data.dev").isEmpty() && c.get("data.dev_fraction").changed()) {
      throw clash(c, "data.dev_fraction", "data.dev and data.dev_fraction exclude each other")
          .because("a dev part is given, or it is cut off").mend("leave one of them out");
    }
    boolean dev = !c.files("data.dev").isEmpty() || c.real("data.dev_fraction") > 0;
    for (var key : List.of("train.patience", "train.schedule")) {
      boolean asks = key.equals("train.patience") ? c.whole(key) > 0 : c.text(key).equals("plateau");
      if (asks && !dev) throw clash(c, key, "%s needs a dev part", key).mend("give data.dev, or set data.dev_fraction to 0.05");
    }
    if (c.whole("train.epochs") == 0 && c.whole("train.steps") == 0 && c.real("train.minutes") == 0) {
      throw clash(c, "train.epochs", "train.epochs, train.steps and train.minutes are all 0")
          .because("training would never end").mend("set one of them");
    }
  }

  private static Fault clash(Config c, String key, String what, Object... args) {
    return Fault.of(C014, what, args).at("%s", c.get(key).origin());
  }
}
