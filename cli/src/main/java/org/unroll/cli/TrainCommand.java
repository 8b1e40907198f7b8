package org.unroll.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.file.Json;
import org.unroll.kernel.Kernels;
import org.unroll.tasks.config.Config;
import org.unroll.tasks.config.ConfigText;
import org.unroll.tasks.config.LmConfig;
import org.unroll.tasks.config.Type;
import org.unroll.tasks.lm.Event;
import org.unroll.tasks.run.LmData;
import org.unroll.tasks.run.Pace;
import org.unroll.tasks.run.Trainings;
import org.unroll.tasks.text.DataCheck;
import org.unroll.tasks.text.Note;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code unroll train [CONFIG…]}: trains a language model into a new run. */
@Command(name = "train")
final class TrainCommand implements Callable<Integer> {
  /** MiB of training memory from which building the network takes noticeable time: some millions of weights. */
  private static final int LARGE = 128;

  private final Talk talk;
  private final ConfigFlags settings;

  @Parameters(arity = "0..*", paramLabel = "CONFIG", descriptionKey = "configs")
  List<Path> files = new ArrayList<>();

  @Option(names = "--name", paramLabel = "NAME")
  String name;

  @Option(names = "--dry-run")
  boolean dryRun;

  @Option(names = "--strict")
  boolean strict;

  private TrainCommand(Talk talk, ConfigFlags settings) {
    this.talk = talk;
    this.settings = settings;
  }

  static CommandLine of(Talk talk) { return ConfigFlags.command(talk, settings -> new TrainCommand(talk, settings)); }

  @Override public Integer call() {
    var builder = settings.builder(files);
    var config = builder.resolve();
    LmConfig.of(config);
    for (var key : List.of("data.train", "data.dev")) {
      var names = config.files(key);
      if (!names.isEmpty()) builder.flag(config.get(key).origin().toString(), key, absolute(names));
    }
    var run = runName(config);
    return start(builder.resolve(), run);
  }

  private int start(Config config, String run) {
    var lm = LmConfig.of(config);
    if (lm.data().train().contains("-")) talk.warn("train.stdin");
    var data = LmData.read(lm.data());
    var warnings = DataCheck.of(data.corpus(), data.train(), data.dev()).warnings();
    warn(warnings, strict, talk);
    var kernels = Computing.kernels(talk);
    if (dryRun) return dry(config, data, kernels);
    if (lm.train().budget().minutes() > 0) talk.say("train.pace", Type.number(lm.train().budget().minutes()));
    long mebibytes = Trainings.memory(lm, data) >> 20;
    if (mebibytes >= LARGE && mebibytes <= Runtime.getRuntime().maxMemory() >> 20) talk.say("train.building", mebibytes);
    long steps = Pace.steps(lm, data, kernels, System::nanoTime);
    try (var screen = new TrainScreen(talk);
        var open = Trainings.start(talk.flags().runs(), run, config, data, kernels, steps, System::nanoTime, screen)) {
      if (name != null && !open.folder().name().equals(name)) talk.warn("train.taken", name, open.folder().name());
      return new Steering(open, talk).run();
    }
  }

  /** Says what there is to mend in the data. D008 if that is asked for. */
  static void warn(List<Note> warnings, boolean strict, Talk talk) {
    for (var w : warnings) talk.warn("data.warning", talk.told(w));
    if (strict && !warnings.isEmpty()) throw strict(warnings);
  }

  static Fault strict(List<Note> warnings) {
    return Fault.of(Code.D008, "the data check has %d warning%s", warnings.size(), warnings.size() == 1 ? "" : "s")
        .at(warnings.getFirst().where()).because("--strict makes warnings errors").mend("mend the data")
            .mend("leave --strict out");
  }

  /** What would be trained, every setting, and the start of the text as it was decoded. */
  private int dry(Config config, LmData data, Kernels kernels) {
    boolean timed = config.real("train.minutes") > 0; // its steps are not known before the machine is measured
    var s = Trainings.inMemory(config, data, kernels, timed ? 1 : 0, System::nanoTime, e -> { }).about();
    long planned = timed ? 0 : s.planned();
    var known = new Event.Started(s.run(), s.network(), s.weights(), s.perEpoch(), planned, s.bound(), s.step(), s.kernels());
    TrainScreen.started(known, talk, talk.flags().runs());
    talk.say("train.memory", (Trainings.memory(LmConfig.of(config), data) >> 20) + 1, Runtime.getRuntime().maxMemory() >> 20);
    talk.data(ConfigText.bare(config).stripTrailing());
    int shown = Math.min(config.count("train.bptt"), data.train().size());
    int[] ids = IntStream.range(0, shown).map(data.train()::id).toArray();
    talk.data("# " + talk.text("train.first", Json.shown(data.vocabulary().decode(ids))));
    return 0;
  }

  private String runName(Config config) {
    var train = config.files("data.train");
    var given = name != null ? name : train.isEmpty() || train.getFirst().equals("-") ? "run" : stem(train.getFirst());
    if (given.matches("[\\p{L}\\p{N}_][\\p{L}\\p{N}._-]{0,99}")) return given;
    if (name == null) return "run";
    throw Main.usage("--name is %s, must be a name", name)
        .because("letters, digits, '_', '-' and '.', no folder; it becomes a folder of %s",
        talk.flags().runsDir()).mend("--name my-run").mend("the folder of all runs: --runs-dir");
  }

  private static String stem(String file) {
    var last = Path.of(file).toAbsolutePath().normalize().getFileName();
    return last == null ? "run" : last.toString().replaceFirst("\\.[^.]*$", "");
  }

  /** File names that hold wherever the run is resumed from. */
  static List<String> absolute(List<String> names) {
    return names.stream().map(n -> n.equals("-") ? n : Path.of(n).toAbsolutePath().normalize().toString()).toList();
  }
}
