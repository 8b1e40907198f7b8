package org.unroll.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.tasks.LanguageModel;
import org.unroll.tasks.config.ConfigBuilder;
import org.unroll.tasks.config.LmConfig;
import org.unroll.tasks.config.LmKeys;
import org.unroll.tasks.lm.Evaluator.Score;
import org.unroll.tasks.lm.Rounding;
import org.unroll.tasks.run.LmData;
import org.unroll.tasks.run.RunInfo;
import org.unroll.tasks.text.NGram;
import org.unroll.tasks.text.Note;
import org.unroll.tasks.text.TextOptions;
import org.unroll.tasks.text.Tokens;
import org.unroll.tasks.text.Unit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code unroll evaluate MODEL|RUN [FILE…]}: how well a model predicts text, beside the n-gram model of its training text. */
@Command(name = "evaluate")
final class EvaluateCommand implements Callable<Integer> {
  private final Talk talk;

  @Parameters(index = "0", paramLabel = "MODEL|RUN", descriptionKey = "model")
  String model;

  @Parameters(index = "1..*", arity = "0..*", paramLabel = "FILE", descriptionKey = "unroll.evaluate.files")
  List<String> files = new ArrayList<>();

  @Option(names = "--fail-under", paramLabel = "METRIC=X")
  String failUnder;

  @Option(names = "--ngram-memory", paramLabel = "SIZE")
  String ngramMemory;

  @Mixin
  WeightsFlag weights;

  EvaluateCommand(Talk talk) { this.talk = talk; }

  /** @param name as people call it; tokens to be predicted */
  private record Text(String name, Tokens tokens, long unknown, String sha256) {}

  /** @param nats a symbol */
  private record Baseline(int order, double nats) {}

  @Override public Integer call() {
    var bound = failUnder == null ? null : Bound.of(failUnder);
    Reach.requireText(!files.isEmpty(), "FILE", talk);
    var lm = LanguageModel.load(Places.model(model, talk), Computing.kernels(talk));
    var run = Places.runOf(model, talk);
    var own = run.flatMap(this::own);
    if (files.isEmpty() && own.isEmpty()) {
      throw Main.usage("FILE is missing").because("a model file has no text of its own").mend("name a text, or a run");
    }
    var text = files.isEmpty() ? ownText(own.get()) : given(lm, run);
    text.tokens.requireWindow(1, 1, text.name);
    var rounding = weights.rounded() ? Rounding.of(lm.model(), weights.precision(), text.tokens) : null;
    var score = rounding == null ? lm.evaluate(text.tokens) : rounding.rounded();
    var baseline = own.map(d -> baseline(d, text.tokens, run.get(), lm.vocabulary().size()));
    boolean passed = bound == null || bound.holds(score);
    if (talk.flags().json) talk.json(object(lm, text, score, rounding, baseline, passed));
    else tell(text, score, rounding, baseline);
    if (!passed) {
      throw Fault.of(Code.R002, "%s is %.4f, must be at most %s", bound.metric, bound.value(score), bound.text)
          .at("--fail-under %s", failUnder);
    }
    return 0;
  }

  /** The run's text; empty where it cannot be read any more, which is said. M010 if it is another one now. */
  private Optional<LmData> own(RunInfo run) {
    LmData data;
    try {
      data = LmData.read(LmConfig.of(run.settings()).data());
    } catch (Fault f) {
      if (files.isEmpty()) throw LmConfig.of(run.settings()).data().train().contains("-") ? gone(f) : f;
      talk.warn("evaluate.nobaseline", talk.told(new Note(f.where(), f.what())));
      return Optional.empty();
    }
    if (data.sha256().equals(run.corpus())) return Optional.of(data);
    var fault = Fault.of(Code.M010, "the text is not the one that the run was trained on")
        .at(String.join(", ", LmConfig.of(run.settings()).data().train()))
        .because("its sha256 was %s, is %s", run.corpus(), data.sha256()).mend("name the text to evaluate: unroll evaluate %s FILE",
            model);
    if (files.isEmpty()) throw fault;
    talk.warn("evaluate.nobaseline", talk.told(new Note(fault.where(), fault.what())));
    return Optional.empty();
  }

  private Fault gone(Fault f) {
    return f.because("the run learnt from standard input, which is not kept").mend("name a text: unroll evaluate %s FILE", model)
        .mend("or pipe in the text that it was trained on");
  }

  private Text ownText(LmData data) {
    var part = data.heldOut();
    if (part.size() < 2) {
      throw Main.usage("FILE is missing").because("nothing of the run's text was kept apart: it has no test part and no dev part")
          .mend("name a text: unroll evaluate %s FILE", model);
    }
    return new Text(talk.text(part == data.test() ? "evaluate.test" : "evaluate.dev"), part, 0, data.sha256());
  }

  private Text given(LanguageModel lm, Optional<RunInfo> run) {
    var v = lm.vocabulary();
    var options = run.map(r -> LmData.options(LmConfig.of(r.settings()).data()))
        .orElse((v.unit() == Unit.CHAR ? TextOptions.chars() : TextOptions.words()).withLowerCase(v.lowerCase()))
            .withEncoding("auto");
    var encoding = talk.flags().encoding;
    var text = GivenText.read(files, encoding == null ? options : options.withEncoding(encoding), v);
    text.notes().forEach(n -> talk.detail("data.warning", talk.told(n)));
    if (text.unknown() > 0) {
      talk.warn("evaluate.unknown", text.unknown(), text.tokens().size(), 100.0 * text.unknown() / text.tokens().size(),
          String.join(" ", text.shown()));
    }
    return new Text(String.join(", ", files), text.tokens(), text.unknown(), text.sha256());
  }

  private Baseline baseline(LmData data, Tokens text, RunInfo run, int symbols) {
    var ngram = ngram(run);
    var model = NGram.of(data.train(), symbols, ngram.order(), ngram.memory());
    model.notes().forEach(n -> talk.warn("data.warning", talk.told(n)));
    return new Baseline(ngram.order(), model.nllPerToken(text));
  }

  /** As the run has it, the environment or the flag: the table is counted here, not in training. */
  private LmConfig.Ngram ngram(RunInfo run) {
    var config = new ConfigBuilder(LmKeys.KEYS).file(run.config());
    config.environment(talk.env().get(ConfigBuilder.VARIABLE));
    if (ngramMemory != null) config.flag("--ngram-memory " + ngramMemory, "ngram.memory", ngramMemory);
    return LmConfig.of(config.resolve()).ngram();
  }

  private void tell(Text text, Score score, Rounding rounding, Optional<Baseline> baseline) {
    talk.data(talk.text("evaluate.text", Talk.printable(text.name), score.symbols()));
    talk.data(line(talk.text("evaluate.network"), (rounding == null ? score : rounding.exact()).mean()));
    if (rounding != null) {
      talk.data(line(weights.toString(), score.mean()));
      talk.data(talk.text("evaluate.rounding", weights, rounding.percent(), rounding.logit(), rounding.compared()));
    }
    if (baseline.isEmpty()) return;
    double other = baseline.get().nats;
    talk.data(line(talk.text("evaluate.ngram", baseline.get().order), other));
    double bits = (other - score.mean()) / Math.log(2);
    double share = 100 * (1 - StrictMath.exp(score.mean() - other));
    talk.data(talk.text(bits >= 0 ? "evaluate.better" : "evaluate.worse", Math.abs(bits), Math.abs(share)));
  }

  private String line(String who, double nats) {
    return Width.pad(who, 10) + talk.text("evaluate.line", nats, Figures.perplexity(StrictMath.exp(nats)),
        nats / StrictMath.log(2));
  }

  private Map<String, Object> object(LanguageModel lm, Text text, Score score, Rounding rounding, Optional<Baseline> baseline,
      boolean passed) {
    var o = new LinkedHashMap<String, Object>();
    o.put("v", 1);
    o.put("task", "lm");
    o.put("model", "sha256:" + lm.model().id());
    o.put("data", ordered("name", text.name, "sha256", text.sha256, "symbols", score.symbols(), "unknown", text.unknown));
    o.put("metrics", metrics(score.mean()));
    if (rounding != null) {
      o.put("weights", ordered("kind", weights.toString(), "exact", metrics(rounding.exact().mean()), "ppl_percent", rounding.percent(),
          "logit", rounding.logit(), "compared", rounding.compared()));
    }
    o.put("baseline", baseline.map(b -> {
      var m = metrics(b.nats);
      m.put("order", b.order);
      return m;
    }).orElse(null));
    o.put("passed", passed);
    return o;
  }

  private static Map<String, Object> metrics(double nats) {
    return ordered("nats", nats, "ppl", StrictMath.exp(nats), "bits", nats / StrictMath.log(2));
  }

  private static Map<String, Object> ordered(Object... pairs) {
    var m = new LinkedHashMap<String, Object>();
    for (int i = 0; i < pairs.length; i += 2) m.put((String) pairs[i], pairs[i + 1]);
    return m;
  }

  /** {@code ppl=80}: the worst figure that still passes. */
  private record Bound(String metric, double most, String text) {
    static Bound of(String typed) {
      var m = Pattern.compile("(nats|ppl|bits)=([0-9]+(?:\\.[0-9]+)?)").matcher(typed.toLowerCase(Locale.ROOT));
      if (m.matches()) return new Bound(m.group(1), Double.parseDouble(m.group(2)), m.group(2));
      throw Main.usage("--fail-under is %s, must be METRIC=X", typed).because("METRIC is nats, ppl or bits, X a number")
          .mend("--fail-under ppl=80");
    }

    double value(Score s) {
      return switch (metric) {
        case "nats" -> s.mean();
        case "bits" -> s.bits();
        default -> s.perplexity();
      };
    }

    boolean holds(Score s) { return value(s) <= most; }
  }
}
