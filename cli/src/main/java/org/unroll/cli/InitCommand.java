package org.unroll.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.unroll.tasks.config.ConfigText;
import org.unroll.tasks.config.LmConfig;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code unroll init [lm] [--preset NAME]}: a configuration with every key, to be kept and changed. */
@Command(name = "init")
final class InitCommand implements Callable<Integer> {
  /** Tasks there are. */
  enum Task { lm }

  private final Talk talk;
  private final ConfigFlags settings;

  @Parameters(index = "0", arity = "0..1", paramLabel = "lm", descriptionKey = "task")
  Task task = Task.lm;

  private InitCommand(Talk talk, ConfigFlags settings) {
    this.talk = talk;
    this.settings = settings;
  }

  static CommandLine of(Talk talk) { return ConfigFlags.command(talk, settings -> new InitCommand(talk, settings)); }

  @Override public Integer call() {
    var config = settings.resolve(List.of());
    LmConfig.of(config);
    talk.data("# " + talk.text("init.head"));
    talk.raw(ConfigText.commented(config, talk.language().tag()));
    return 0;
  }
}
