package org.unroll.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.function.LongSupplier;
import org.unroll.fault.Fault;
import org.unroll.kernel.Kernels;
import org.unroll.layer.State;
import org.unroll.model.Learner;
import org.unroll.model.Model;
import org.unroll.model.Network;
import org.unroll.model.Spec;
import org.unroll.optim.Adam;
import org.unroll.optim.Clip;
import org.unroll.optim.Penalty;
import org.unroll.slab.Batch;
import org.unroll.slab.Params;
import org.unroll.slab.Philox;
import org.unroll.slab.Slab;
import org.unroll.tasks.config.LmConfig;
import org.unroll.tasks.run.LmSpec;
import org.unroll.tasks.run.Summary;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code unroll bench}: how fast this machine trains a network and how fast it steps through a stream. */
@Command(name = "bench")
final class BenchCommand implements Callable<Integer> {
  private static final int ROUNDS = 7;
  /** Where the launcher tells the names of its cases; nowhere else are there any. */
  private static final String CASES = "UNROLL_BENCH_CASES";

  private final Talk talk;
  private final LongSupplier nanos = System::nanoTime;
  private final ConfigFlags settings;

  @Parameters(arity = "0..*", paramLabel = "CONFIG|MODEL|RUN", descriptionKey = "unroll.bench.of")
  List<String> of = new ArrayList<>();

  @Option(names = "--seconds", paramLabel = "X")
  double seconds = 10;

  private BenchCommand(Talk talk, ConfigFlags settings) {
    this.talk = talk;
    this.settings = settings;
  }

  static CommandLine of(Talk talk) { return ConfigFlags.command(talk, settings -> new BenchCommand(talk, settings)); }

  /** Units of work a second: the median of the rounds, the slowest and the fastest. */
  private record Speed(double median, double least, double most) {
    static Speed of(double[] rounds) {
      Arrays.sort(rounds);
      return new Speed(rounds[rounds.length / 2], rounds[0], rounds[rounds.length - 1]);
    }
  }

  @Override public Integer call() {
    var kernels = Computing.kernels(talk);
    var configs = of.stream().filter(ConfigFlags::isConfig).map(Path::of).toList();
    if (of.size() > configs.size() && of.size() > 1) throw Main.usage("one argument too many: %s", of.get(1))
        .mend("one model, or configurations");
    Reach.requireModel(of.size() > configs.size(), talk);
    if (of.size() > configs.size()) requireCase(of.getFirst());
    var config = LmConfig.of(settings.resolve(configs));
    var spec = of.size() > configs.size() ? Model.load(Places.model(of.getFirst(), talk), kernels).spec()
        : LmSpec.of(config.model(), 100);
    int symbols = spec.input() instanceof Spec.Symbols s ? s.count() : 0;
    if (symbols == 0) throw Main.usage("only models of symbols can be measured so far");
    var network = Network.build(spec);
    int T = config.train().bptt(), B = config.train().batch();
    if (B == 0) throw Main.usage("train.batch is 0, which is all of a text: here there is none").mend("--batch 32");
    if (!talk.flags().json) talk.data(talk.text("bench.head", Summary.of(spec), B, T, Summary.of(kernels)));
    var training = training(network, kernels, symbols, T, B);
    var streaming = streaming(Model.of(network, fresh(network, kernels), kernels, Map.of()), symbols);
    double flops = 6.0 * products(network) * training.median;
    if (talk.flags().json) {
      talk.json(object(spec, T, B, kernels, training, streaming, flops));
    } else {
      talk.data(talk.text("bench.training", Figures.count(training.median), ROUNDS, Figures.count(training.least),
          Figures.count(training.most),
          flops / 1e9));
      talk.data(talk.text("bench.streaming", 1e6 / streaming.median, ROUNDS, 1e6 / streaming.most, 1e6 / streaming.least));
    }
    return 0;
  }

  /** A word that names nothing here is most likely meant for the comparison with other engines, which the launcher starts. */
  private void requireCase(String word) {
    try {
      Places.find(word, talk);
    } catch (Fault f) {
      String cases = talk.env().getOrDefault(CASES, "").strip();
      if (cases.isEmpty() || !word.matches("[a-z][a-z0-9-]*")) throw f;
      throw Main.usage("no model, no run and no case of the comparison with other engines is called %s", word)
          .because("cases are %s", cases).mend("unroll bench --list");
    }
  }

  private static Params fresh(Network network, Kernels kernels) {
    var params = network.shape().copy();
    params.initialise(new Philox(7, Philox.Stream.INIT));
    return params;
  }

  /** Symbols a second: forward, backward, clip and optimizer on one window after the other. */
  private Speed training(Network network, Kernels kernels, int symbols, int T, int B) {
    var settings = new Learner.Settings(new Adam(0.9, 0.999, 1e-8), new Penalty(0, 0), List.of(new Clip.ByNorm(1)));
    var learner = new Learner(network, settings, kernels, 7);
    var random = new SplittableRandom(7);
    var x = Slab.zeros(T, B, 1);
    var y = Slab.zeros(T, B, 1);
    for (int r = 0; r < T * B; r++) {
      x.set(r, 0, random.nextInt(symbols));
      y.set(r, 0, random.nextInt(symbols));
    }
    var batch = Batch.full(x, new long[B]);
    return measure(1, (double) T * B, () -> learner.step(batch, y, State.ZERO, 1e-4));
  }

  /** Steps a second of one stream. */
  private Speed streaming(Model model, int symbols) {
    var session = model.session();
    int[] id = {0};
    return measure(100, 1, () -> session.step(id[0] = (id[0] * 31 + 7) % symbols));
  }

  /** A third of the time to warm up, the rest in rounds; {@code stride} calls between looks at the clock. */
  private Speed measure(int stride, double units, Runnable work) {
    double part = seconds / 2;
    repeat(part / 3, stride, work);
    double[] rounds = new double[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) rounds[i] = units * repeat(part * 2 / 3 / ROUNDS, stride, work);
    return Speed.of(rounds);
  }

  /** Calls a second. */
  private double repeat(double seconds, int stride, Runnable work) {
    long start = nanos.getAsLong(), calls = 0;
    do {
      for (int i = 0; i < stride; i++) work.run();
      calls += stride;
    } while ((nanos.getAsLong() - start) / 1e9 < seconds);
    return calls / ((nanos.getAsLong() - start) / 1e9);
  }

  /** Weights that a symbol is multiplied with: matrices, but for tables of which a row is looked up. */
  private static long products(Network network) {
    boolean tied = network.spec().head() instanceof Spec.Softmax s && s.tied();
    boolean oneHot = network.spec().layers().stream().noneMatch(Spec.Embedding.class::isInstance);
    long sum = 0;
    for (var p : network.shape().all()) {
      boolean table = p.name().startsWith("embedding") && !tied || oneHot && p.name().equals("rnn0.W");
      if (p.rows() > 1 && !table) sum += p.size();
    }
    return sum;
  }

  private static Map<String, Object> object(Spec spec, int T, int B, Kernels kernels, Speed training, Speed streaming,
      double flops) {
    var o = new LinkedHashMap<String, Object>();
    o.put("v", 1);
    o.put("network", Summary.of(spec));
    o.put("batch", B);
    o.put("bptt", T);
    o.put("kernels", Summary.of(kernels));
    o.put("rounds", ROUNDS);
    o.put("training_tok_s", training.median);
    o.put("training_tok_s_range", List.of(training.least, training.most));
    o.put("training_gflop_s", flops / 1e9);
    o.put("streaming_us", 1e6 / streaming.median);
    o.put("streaming_us_range", List.of(1e6 / streaming.most, 1e6 / streaming.least));
    return o;
  }
}
