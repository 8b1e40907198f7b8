package org.unroll.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/** The commands, and how the one that was asked for is run. A command is a {@code Callable} that answers the exit status. */
final class Commands {

  /** The names of these, as they stand behind {@code unroll}. */
  static final List<String> VERBS = List.of("quickstart", "init", "config", "doctor", "data", "train", "resume", "evaluate",
      "generate", "runs", "model", "explain", "lesson", "gradcheck", "errata", "bench", "completion", "version", "help");

  private Commands() {}

  /** In the order of {@code unroll help}. */
  static List<CommandLine> all(Talk talk) {
    return List.of(new CommandLine(new QuickstartCommand(talk)), InitCommand.of(talk), ConfigCommand.of(talk),
        new CommandLine(new DoctorCommand(talk)),
        DataCommand.of(talk), TrainCommand.of(talk), ResumeCommand.of(talk), new CommandLine(new EvaluateCommand(talk)),
        new CommandLine(new GenerateCommand(talk)), RunsCommand.of(talk), ModelCommand.of(talk),
        ExplainCommand.of(talk), new CommandLine(new LessonCommand(talk)), GradcheckCommand.of(talk),
        new CommandLine(new ErrataCommand(talk)), BenchCommand.of(talk),
        new CommandLine(new CompletionCommand(talk)), new CommandLine(new VersionCommand(talk)),
        new CommandLine(new HelpCommand(talk)));
  }

  /** Runs the innermost command of a command line; prints help where that was asked for or nothing was. */
  static int run(ParseResult parsed, Talk talk) throws Exception {
    var last = parsed;
    while (last.hasSubcommand()) last = last.subcommand();
    var command = last.commandSpec();
    var flags = talk.flags();
    if (flags.help) {
      talk.raw(HelpCommand.usage(command.commandLine(), talk));
      return 0;
    }
    Reach.check(parsed, flags.version ? "version" : Reach.name(command));
    if (flags.version) return new VersionCommand(talk).call();
    if (flags.verbosity() > 2) throw Main.usage("-v is given %d times, must be at most 2", flags.verbosity());
    Numbers.check(parsed);
    if (command.userObject() instanceof Callable<?> c) return (Integer) c.call();
    if (flags.json) throw Main.usage("a command is missing").mend("see %s", Failure.help(command));
    talk.draw(HelpCommand.usage(command.commandLine(), talk)); // unroll, or a noun such as "unroll config", without a verb
    return 2;
  }
}
