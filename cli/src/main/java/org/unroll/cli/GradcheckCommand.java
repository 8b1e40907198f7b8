package org.unroll.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import org.unroll.check.GradCheck;
import org.unroll.check.ModelCheck;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.kernel.Kernels;
import org.unroll.model.Model;
import org.unroll.model.Network;
import org.unroll.model.Spec;
import org.unroll.slab.Params;
import org.unroll.slab.Philox;
import org.unroll.tasks.config.LmConfig;
import org.unroll.tasks.config.SpecYaml;
import org.unroll.tasks.run.LmSpec;
import org.unroll.tasks.run.Summary;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code unroll gradcheck}: the gradients of a network against the double-precision reference and against differences. A model as
 * it is, weights and sizes; what a configuration or a spec builds, in a small size; or every cell.
 */
@Command(name = "gradcheck")
final class GradcheckCommand implements Callable<Integer> {
  private final Talk talk;
  private final ConfigFlags settings;

  @Parameters(arity = "0..*", paramLabel = "CONFIG|SPEC|MODEL|RUN", descriptionKey = "unroll.gradcheck.of")
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
    long seed = talk.flags().seed == null ? 7 : talk.flags().seed;
    var failed = new ArrayList<String>();
    if (isModel()) {
      var model = Model.load(Places.model(of.getFirst(), talk), kernels);
      var parts = ModelCheck.of(model, kernels, seed, samples);
      if (!tell(model.spec(), model.spec(), true, parts)) failed.add(Summary.of(model.spec()));
    } else {
      var specs = specs();
      for (var spec : specs) if (!check(spec, kernels, seed)) failed.add(Summary.of(spec));
      if (all && failed.isEmpty()) talk.say("gradcheck.total", specs.size());
    }
    if (failed.isEmpty()) return 0;
    throw Fault.of(Code.R002, "gradients are wrong: %s", String.join("; ", failed)).because("an error is above its tolerance")
        .mend("if the cell is yours: its backward pass").mend("if not: please report it with this output");
  }

  /** Whether a model or a run is named. Refuses what does not go together. */
  private boolean isModel() {
    if (all) {
      if (!of.isEmpty()) throw Main.usage("--all and %s exclude each other", of.getFirst()).mend("leave one of them out");
      Reach.requireModel(false, talk);
      return false;
    }
    boolean model = of.size() == 1 && !isPage(of.getFirst());
    Reach.requireModel(model, talk);
    if (model) requireNoSettings("a model");
    var stray = of.stream().filter(o -> !isPage(o)).findFirst();
    if (!model && stray.isPresent()) {
      throw Main.usage("one argument too many: %s", stray.get()).mend("one model, or configurations (.yaml)");
    }
    return model;
  }

  /** Whether a file is a configuration or a spec by its name. */
  private static boolean isPage(String name) { return ConfigFlags.isConfig(name) || name.matches("(?i).*\\.json"); }

  /** A model has its weights, a spec its layers: nothing can be set in them. */
  private void requireNoSettings(String what) {
    settings.given().ifPresent(flag -> {
      throw Main.usage("%s has no effect with %s", flag, what).because("it has its own sizes, and is checked as it is")
          .mend("leave it out");
    });
  }

  private List<Spec> specs() {
    if (all) return GradcheckNetworks.all(LmConfig.of(settings.resolve(List.of())).model());
    var files = of.stream().map(Path::of).toList();
    if (files.size() == 1) {
      var spec = SpecYaml.find(files.getFirst());
      if (spec.isPresent()) {
        requireNoSettings("a spec");
        return List.of(spec.get());
      }
    }
    return List.of(LmSpec.of(LmConfig.of(settings.resolve(files)).model(), 100));
  }

  private boolean check(Spec spec, Kernels kernels, long seed) {
    var small = Small.of(spec);
    var network = Network.build(small);
    return tell(spec, small, false, ModelCheck.of(network, weights(network, seed), kernels, seed, samples));
  }

  /** As training would start, and each then moved a little: no bias stays 0. */
  private static Params weights(Network network, long seed) {
    var params = network.shape().copy();
    params.initialise(new Philox(seed, Philox.Stream.INIT));
    var random = new SplittableRandom(seed);
    for (int i = 0; i < params.size(); i++) params.array()[i] += (float) (0.4 * random.nextDouble() - 0.2);
    params.touch();
    return params;
  }

  private boolean tell(Spec asked, Spec taken, boolean own, List<ModelCheck.Part> parts) {
    var text = new GradcheckText(talk, taken, own);
    for (int i = 0; i < parts.size(); i++) text.tell(parts.get(i), i == 0);
    if (!taken.equals(asked)) talk.say("gradcheck.small", Summary.of(asked));
    return parts.stream().allMatch(p -> p.report().passed());
  }
}
