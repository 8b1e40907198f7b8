package org.unroll.tasks.tag;

import java.util.List;
import java.util.function.Consumer;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.kernel.Kernels;
import org.unroll.layer.State;
import org.unroll.model.Learner;
import org.unroll.model.Network;
import org.unroll.model.Spec;
import org.unroll.optim.Adam;
import org.unroll.optim.Clip;
import org.unroll.optim.Penalty;

/**
 * Trains a tagger: some epochs over the sentences in batches of like length, Adam, the gradient clipped by norm. The same sentences,
 * spec and settings give the same weights, bit for bit.
 */
public final class TagTraining {
  private final Learner learner;
  private final Batches batches;
  private final TagSymbols symbols;
  private final Settings settings;

  private TagTraining(Learner learner, Batches batches, TagSymbols symbols, Settings settings) {
    this.learner = learner;
    this.batches = batches;
    this.symbols = symbols;
    this.settings = settings;
  }

  /**
   * @param batch sentences a step
   * @param rate the learning rate
   * @param clip largest norm of the gradient
   * @param least how often a word must be seen to be known
   * @param threads those of the kernels
   */
  public record Settings(int batch, int epochs, double rate, double clip, int least, long seed, int threads) {
    public Settings {
      atLeastOne("batch", batch);
      atLeastOne("epochs", epochs);
      atLeastOne("least", least);
      atLeastOne("threads", threads);
    }

    /** What suits a few thousand sentences: three epochs in batches of 32, on all processors. */
    public static Settings usual() { return new Settings(32, 3, 5e-3, 5, 2, 1, Runtime.getRuntime().availableProcessors()); }

    /** With another number of epochs. */
    public Settings withEpochs(int n) { return new Settings(batch, n, rate, clip, least, seed, threads); }

    /** With another number of threads; the weights do not depend on it. */
    public Settings withThreads(int n) { return new Settings(batch, epochs, rate, clip, least, seed, n); }

    private static void atLeastOne(String what, int n) {
      if (n < 1) throw Fault.of(Code.C011, "%s is %d", what, n).at(what).because("must be at least 1");
    }
  }

  /**
   * After an epoch.
   *
   * @param number from 1
   * @param loss mean of −log p(tags | words) over the sentences, in nats
   */
  public record Epoch(int number, double loss) {}

  /**
   * @param spec symbols in, a CRF on top with a label for each tag of the sentences; {@code symbols} is the most words to know, the
   *     unknown one included
   * @throws Fault C014 where the spec does not fit the sentences
   */
  public static TagTraining of(Spec spec, List<Sentence> sentences, Settings settings) {
    if (!(spec.input() instanceof Spec.Symbols in)) {
      throw Fault.of(Code.C014, "the network takes vectors").at("input").because("words are symbols");
    }
    if (!(spec.head() instanceof Spec.Crf crf)) {
      throw Fault.of(Code.C014, "the head is no crf").at("head").because("a tagger has one");
    }
    var some = sentences.stream().filter(s -> !s.words().isEmpty()).toList();
    if (some.isEmpty()) throw Fault.of(Code.D002, "no sentence to learn from");
    var symbols = TagSymbols.of(some, in.count(), settings.least);
    if (symbols.tags().size() != crf.labels()) {
      throw Fault.of(Code.C014, "labels is %d", crf.labels()).at("head")
          .because("the sentences have %d tags: %s", symbols.tags().size(), String.join(" ", symbols.tags()))
          .mend("labels: %d", symbols.tags().size());
    }
    var steps = new Learner.Settings(Adam.usual(), Penalty.NONE, List.of(new Clip.ByNorm(settings.clip)));
    var learner = new Learner(Network.build(spec), steps, Kernels.best(settings.threads), settings.seed);
    var words = some.stream().map(s -> symbols.words(s.words())).toList();
    var batches = new Batches(words, some.stream().map(s -> symbols.tags(s.tags())).toList(), settings.batch);
    return new TagTraining(learner, batches, symbols, settings);
  }

  /** Trains to the end. R001 if it diverges, R003 if the first epoch gives some weights no gradient at all. */
  public Tagger run(Consumer<Epoch> listener) {
    for (int e = 1; e <= settings.epochs; e++) {
      listener.accept(new Epoch(e, epoch(e)));
      var unmoved = learner.unmoved();
      if (!unmoved.isEmpty()) throw Fault.of(Code.R003, "an epoch gave these weights no gradient at all: %s", String.join(", ", unmoved));
    }
    return Tagger.of(learner.publish(Tagger.attachments(symbols)));
  }

  private double epoch(int number) {
    double sum = 0;
    long sentences = 0;
    for (var b : batches.shuffled(settings.seed, number)) {
      var step = learner.step(b.x(), b.y(), State.ZERO, settings.rate);
      sum += step.loss() * step.count();
      sentences += step.count();
    }
    return sum / sentences;
  }
}
