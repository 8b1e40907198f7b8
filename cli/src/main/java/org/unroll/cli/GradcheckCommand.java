package org.unroll.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import org.unroll.cell.Cells;
import org.unroll.check.GradCheck;
import org.unroll.check.GradCheck.Row;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.head.Head;
import org.unroll.kernel.Kernels;
import org.unroll.kernel.Weights;
import org.unroll.layer.Dropout.Over;
import org.unroll.layer.Noise;
import org.unroll.layer.Run;
import org.unroll.model.Model;
import org.unroll.model.Network;
import org.unroll.model.Spec;
import org.unroll.model.Start;
import org.unroll.slab.Batch;
import org.unroll.slab.Philox;
import org.unroll.slab.Slab;
import org.unroll.slab.Workspace;
import org.unroll.tasks.config.LmConfig;
import org.unroll.tasks.run.LmSpec;
import org.unroll.tasks.run.Summary;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code unroll gradcheck}: the gradients of a network against the double-precision reference and against differences. */
@Command(name = "gradcheck")
final class GradcheckCommand implements Callable<Integer> {
  private static final int STEPS = 9, ROWS = 3;

  private final Talk talk;
  private final ConfigFlags settings;

  @Parameters(arity = "0..*", paramLabel = "CONFIG|MODEL|RUN", descriptionKey = "unroll.gradcheck.of")
  List<String> of = new ArrayList<>();

  @Option(names = "--all")
  boolean all;

  @Option(names = "--samples", paramLabel = "N")
  int samples = GradCheck.SAMPLES;

  private GradcheckCommand(Talk talk, ConfigFlags settings) {
    this.talk = talk;
    this.settings = settings;
  }

  static CommandLine of(Talk talk) { return ConfigFlags.command(talk, settings -> new GradcheckCommand(talk, settings)); }

  @Override public Integer call() {
    var kernels = Computing.kernels(talk);
    var failed = new ArrayList<String>();
    for (var spec : specs()) if (!check(spec, kernels)) failed.add(Summary.of(spec));
    if (failed.isEmpty()) return 0;
    throw Fault.of(Code.R002, "gradients are wrong: %s", String.join("; ", failed)).because("an error is above its tolerance")
        .mend("if the cell is yours: its backward pass").mend("if not: please report it with this output");
  }

  private List<Spec> specs() {
    if (all) {
      if (!of.isEmpty()) throw Main.usage("--all and %s exclude each other", of.getFirst()).mend("leave one of them out");
      Reach.requireModel(false, talk);
      return everything();
    }
    boolean model = of.size() == 1 && !ConfigFlags.isConfig(of.getFirst());
    Reach.requireModel(model, talk);
    if (model) return List.of(Model.load(Places.model(of.getFirst(), talk), Kernels.scalar()).spec());
    var stray = of.stream().filter(o -> !ConfigFlags.isConfig(o)).findFirst();
    if (stray.isPresent()) throw Main.usage("one argument too many: %s", stray.get())
        .mend("one model, or configurations (.yaml)");
    return List.of(LmSpec.of(LmConfig.of(settings.resolve(of.stream().map(Path::of).toList())).model(), 100));
  }

  /**
   * Every cell; two layers with dropout between, one-hot input and tied weights with the first configuration; a tagger; a mixed stack; an
   * mLSTM; layers with noise.
   */
  private List<Spec> everything() {
    var specs = new ArrayList<Spec>();
    var net = LmConfig.of(settings.resolve(List.of())).model();
    for (var cell : Cells.names()) specs.add(spec(net, cell, 1, net.embed(), 0, false));
    specs.add(spec(net, "lstm", 2, 8, 0.3, false));
    specs.add(spec(net, "lstm", 1, 0, 0, false));
    specs.add(spec(net, "gru", 1, net.hidden(), 0, true));
    specs.add(tagger(net.hidden()));
    specs.add(mixed(net.hidden()));
    specs.add(matrices(net.hidden()));
    specs.add(noisy(net, "lstm", new Noise(0.2, 0.3, 0.1, 0.4, 0.3)));
    specs.add(noisy(net, "gru-before", new Noise(0.2, 0.3, 0.1, 0, 0.3)));
    return specs;
  }

  /** Regularised in every way that the cell allows. */
  private static Spec noisy(LmConfig.Net n, String cell, Noise noise) {
    return LmSpec.of(new LmConfig.Net(cell, 1, n.hidden(), 8, 0.3, 0.2, n.forgetBias(), false, n.init(), 0, List.of(), Over.SEQUENCE,
        noise), 100);
  }

  /** A bidirectional LSTM with a CRF. */
  private static Spec tagger(int units) {
    var start = Start.of(Start.Kind.GLOROT);
    return new Spec(new Spec.Symbols(100), List.of(new Spec.Embedding(units, start),
        new Spec.Recurrent("lstm", units, Spec.Direction.BOTH, 1, start, start)),
        new Spec.Crf(17, start, new Start(Start.Kind.UNIFORM, 0.1)));
  }

  /** Layers of different kinds and directions with ways around them, under a CRF. */
  private static Spec mixed(int units) {
    var start = Start.of(Start.Kind.GLOROT);
    var both = new Spec.Recurrent("lstm", units, Spec.Direction.BOTH, 1, start, start);
    return new Spec(new Spec.Symbols(100), List.of(new Spec.Embedding(units, start), both,
        new Spec.Residual(List.of(new Spec.Recurrent("gru", units, Spec.Direction.BOTH, 1, start, start), new Spec.Dropout(0.2))),
        new Spec.Highway(List.of(new Spec.Recurrent("slstm", 2 * units, Spec.Direction.BACKWARD, 1, start, start)), -2, start),
        new Spec.Recurrent("lstm", 2 * units, Spec.Direction.BOTH, 1, start, start, units)),
        new Spec.Crf(17, start, new Start(Start.Kind.UNIFORM, 0.1)));
  }

  /** An mLSTM both ways. */
  private static Spec matrices(int units) {
    var start = Start.of(Start.Kind.GLOROT);
    return new Spec(new Spec.Symbols(100), List.of(new Spec.Mlstm(units, 4, Spec.Direction.BOTH, 1, start)),
        new Spec.Softmax(100, false, Head.At.EVERY_STEP, start));
  }

  private static Spec spec(LmConfig.Net n, String cell, int layers, int embed, double dropout, boolean tie) {
    double embedDropout = embed > 0 ? n.embedDropout() : 0;
    return LmSpec.of(
        new LmConfig.Net(cell, layers, n.hidden(), embed, dropout, embedDropout, n.forgetBias(), tie, n.init()), 100);
  }

  private boolean check(Spec spec, Kernels kernels) {
    long seed = talk.flags().seed == null ? 7 : talk.flags().seed;
    var small = Small.of(spec);
    var network = Network.build(small);
    var params = network.shape().copy();
    params.initialise(new Philox(seed, Philox.Stream.INIT));
    var random = new SplittableRandom(seed);
    for (int i = 0; i < params.size(); i++) params.array()[i] += (float) (0.4 * random.nextDouble() - 0.2); // no bias stays 0
    params.touch();
    var x = input(small, random);
    var y = target(small, random);
    var run = new Run(new Weights(params, kernels), true, new Philox(seed, Philox.Stream.DROPOUT), 1, new Workspace());
    var report = GradCheck.model(network.body(), network.head(), Batch.full(x, new long[ROWS]), y, run, seed, samples);
    if (talk.flags().json) talk.json(object(small, report));
    else tell(spec, small, report);
    return report.passed();
  }

  private static Slab input(Spec spec, SplittableRandom random) {
    return switch (spec.input()) {
      case Spec.Symbols s -> ids(s.count(), random);
      case Spec.Vectors v -> reals(v.width(), random);
    };
  }

  private static Slab target(Spec spec, SplittableRandom random) {
    return switch (spec.head()) {
      case Spec.Softmax s -> ids(s.classes(), random);
      case Spec.SquaredError s -> reals(s.outputs(), random);
      case Spec.Crf c -> ids(c.labels(), random);
    };
  }

  private static Slab ids(int symbols, SplittableRandom random) {
    var x = Slab.zeros(STEPS, ROWS, 1);
    for (int r = 0; r < STEPS * ROWS; r++) x.set(r, 0, random.nextInt(symbols));
    return x;
  }

  private static Slab reals(int width, SplittableRandom random) {
    var x = Slab.zeros(STEPS, ROWS, width);
    for (int r = 0; r < STEPS * ROWS; r++) for (int k = 0; k < width; k++) x.set(r, k, (float) (2 * random.nextDouble() - 1));
    return x;
  }

  private void tell(Spec asked, Spec small, GradCheck.Report report) {
    talk.data((report.passed() ? "✔ " : "✖ ") + talk.text("gradcheck.head", Summary.of(small), report.worst(),
        report.tolerance()));
    if (!small.equals(asked)) talk.say("gradcheck.small", Summary.of(asked));
    if (all && report.passed() && talk.flags().verbosity() == 0) return;
    talk.data("  " + talk.text(report.against() == GradCheck.Against.REFERENCE ? "gradcheck.reference"
        : "gradcheck.differences"));
    report.rows().forEach(r -> row(r, report.tolerance()));
    if (report.samples().isEmpty()) return;
    talk.data("  " + talk.text("gradcheck.samples"));
    report.samples().forEach(r -> row(r, GradCheck.SAMPLE_TOLERANCE));
  }

  private void row(Row r, double tolerance) {
    talk.data(String.format(Locale.ROOT, "  %s %7d  %.1e  [%d] %+.8f  %+.8f%s", Width.pad(r.tensor(), 18), r.entries(),
        r.error(), r.worst(),
        r.got(), r.want(), r.error() <= tolerance ? "" : "  ✖"));
  }

  private static Map<String, Object> object(Spec spec, GradCheck.Report report) {
    var o = new LinkedHashMap<String, Object>();
    o.put("v", 1);
    o.put("network", Summary.of(spec));
    o.put("against", report.against().name().toLowerCase(Locale.ROOT));
    o.put("tolerance", report.tolerance());
    o.put("worst", report.worst());
    o.put("passed", report.passed());
    o.put("tensors", report.rows().stream().map(GradcheckCommand::object).toList());
    o.put("samples", report.samples().stream().map(GradcheckCommand::object).toList());
    return o;
  }

  private static Map<String, Object> object(Row r) {
    var o = new LinkedHashMap<String, Object>();
    o.put("tensor", r.tensor());
    o.put("entries", r.entries());
    o.put("error", r.error());
    o.put("worst", r.worst());
    o.put("got", r.got());
    o.put("want", r.want());
    return o;
  }
}
