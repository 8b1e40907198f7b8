package org.unroll.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.kernel.Kernels;
import org.unroll.tasks.LanguageModel;
import org.unroll.tasks.config.ConfigBuilder;
import org.unroll.tasks.config.LmConfig;
import org.unroll.tasks.config.LmKeys;
import org.unroll.tasks.lm.Event;
import org.unroll.tasks.run.LmData;
import org.unroll.tasks.run.Pace;
import org.unroll.tasks.run.RunInfo;
import org.unroll.tasks.run.Trainings;
import org.unroll.tasks.text.NGram;
import org.unroll.tasks.text.Sampling;
import org.unroll.tasks.text.Visible;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code unroll quickstart}: a network learns real text in a minute, and then writes some. */
@Command(name = "quickstart")
final class QuickstartCommand implements Callable<Integer> {
  private static final int EVALUATIONS = 6;
  private static final int SAMPLE = 300;

  private final Talk talk;

  @Option(names = "--data", paramLabel = "FILE")
  List<String> files = new ArrayList<>();

  @Option(names = "--minutes", paramLabel = "X")
  String minutes = "1";

  QuickstartCommand(Talk talk) { this.talk = talk; }

  @Override public Integer call() {
    var runs = talk.flags().runs();
    var texts = files.isEmpty() ? List.of(OwnText.write(runs, talk).toString()) : TrainCommand.absolute(files);
    var builder = builder(texts);
    var lm = LmConfig.of(builder.resolve());
    var data = data(lm);
    var kernels = Computing.kernels(talk);
    talk.say("quickstart.text", data.corpus().size(), data.vocabulary().size() - 1);
    talk.say("train.pace", minutes);
    long steps = Pace.steps(lm, data, kernels, System::nanoTime);
    var config = builder.set("train.eval_every=" + Math.max(1, steps / EVALUATIONS)).resolve();
    var before = new String[1];
    Consumer<Event> first = e -> {
      if (e instanceof Event.Sampled s && before[0] == null) before[0] = s.text();
    };
    try (var screen = new TrainScreen(talk);
        var open = Trainings.start(runs, "quickstart", config, data, kernels, steps, System::nanoTime, first.andThen(screen))) {
      int status = new Steering(open, talk).quietly();
      if (status == 0) report(open.folder().path(), before[0], data, kernels, lm);
      return status;
    }
  }

  /** D005 and D006, with ways that this command has, for a text too short: windows and counts are not to be chosen here. */
  private LmData data(LmConfig lm) {
    try {
      var data = LmData.read(lm.data());
      data.requireTrainable(lm);
      return data;
    } catch (Fault f) {
      if (f.code() != Code.D005 && f.code() != Code.D006) throw f;
      throw Fault.of(f.code(), "%s", f.what()).at("%s", f.where()).because("%s", f.why()).mend("give more text")
          .mend("a short text with a small network: unroll train --data %s --batch 2 --bptt 16 --hidden 64", String.join(" --data ", files))
          .causedBy(f);
    }
  }

  /** Small enough for two processors and a minute, large enough to beat the n-gram model. */
  private ConfigBuilder builder(List<String> texts) {
    var config = new ConfigBuilder(LmKeys.KEYS);
    List.of("model.cell=lstm", "model.hidden=192", "model.embed=48", "train.batch=16", "train.bptt=64", "train.lr=6e-3",
        "train.schedule=cosine", "data.min_count=10", "train.epochs=0", "train.sample_length=" + SAMPLE).forEach(config::set);
    config.flag("--data", "data.train", texts).flag("--minutes " + minutes, "train.minutes", minutes);
    ConfigFlags.global(config, talk.flags());
    return config;
  }

  private void report(Path run, String before, LmData data, Kernels kernels, LmConfig lm) {
    var model = LanguageModel.load(RunInfo.of(run).model(), kernels);
    var part = data.heldOut();
    var score = model.evaluate(part);
    double ngram = NGram.of(data.train(), data.vocabulary().size(), lm.ngram().order(), lm.ngram().memory()).nllPerToken(part);
    var sampling = Sampling.of(lm.train().seed()).withTemperature(0.7);
    var after = new StringBuilder();
    model.generate("", sampling).limit(SAMPLE).forEach(t -> after.append(t.text()));
    if (talk.flags().json) {
      var o = new LinkedHashMap<String, Object>();
      o.put("v", 1);
      o.put("event", "quickstart.end");
      o.put("run", run.toString());
      o.put("before", before);
      o.put("after", after.toString());
      o.put("ppl", score.perplexity());
      o.put("ngram_ppl", StrictMath.exp(ngram));
      talk.json(o);
      return;
    }
    talk.data("\n" + talk.text("quickstart.before"));
    talk.data(indented(before));
    talk.data("\n" + talk.text("quickstart.after"));
    talk.data(indented(after.toString()));
    talk.data("\n" + talk.text("quickstart.score", Figures.perplexity(score.perplexity()), lm.ngram().order(),
        Figures.perplexity(StrictMath.exp(ngram))));
    var name = Places.spoken(run);
    talk.data(talk.text("quickstart.run", run));
    talk.data(talk.text("quickstart.next", name, name));
  }

  private static String indented(String text) { return Visible.text(text).strip().indent(2).stripTrailing(); }
}
