package org.unroll.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.unroll.fault.Fault;
import org.unroll.fault.Nearest;
import org.unroll.tasks.config.ConfigText;
import org.unroll.tasks.config.LmConfig;
import org.unroll.tasks.config.Preset;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code unroll init [lm] [--preset NAME]}: a configuration with every key, to be kept and changed. */
@Command(name = "init")
final class InitCommand implements Callable<Integer> {
  /** Tasks there are. */
  private static final List<String> TASKS = List.of("lm");

  private final Talk talk;
  private final ConfigFlags settings;

  @Parameters(index = "0", arity = "0..1", paramLabel = "lm", descriptionKey = "task")
  String task = "lm";

  private InitCommand(Talk talk, ConfigFlags settings) {
    this.talk = talk;
    this.settings = settings;
  }

  static CommandLine of(Talk talk) { return ConfigFlags.command(talk, settings -> new InitCommand(talk, settings)); }

  @Override public Integer call() {
    if (!TASKS.contains(task)) throw unknown(task);
    var config = settings.resolve(List.of());
    LmConfig.of(config);
    talk.data("# " + talk.text("init.head"));
    talk.raw(ConfigText.commented(config, talk.language().tag()));
    return 0;
  }

  private static Fault unknown(String task) {
    var fault = Main.usage("there is no task %s", task).because("the tasks there are: lm (a language model)");
    if (Preset.names().contains(task)) fault = fault.mend("unroll init lm --preset %s", task);
    var near = Nearest.of(task, TASKS);
    if (near.isPresent()) fault = fault.mend("did you mean %s?", near.get());
    return fault.mend("unroll init lm, with --preset %s", String.join("|", Preset.names()));
  }
}
