package org.unroll.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;

/**
 * In which commands a flag of {@link Flags} has an effect. Every command parses them all, so that they may stand anywhere;
 * where one would do nothing it is refused, and the help page does not show it. The flags that this table lacks, of how a
 * command speaks, work everywhere.
 */
final class Reach {
  private static final List<String> COMPUTING =
      List.of("quickstart", "train", "resume", "evaluate", "generate", "explain", "lesson", "gradcheck", "bench");

  /** By the flag: commands, or nouns with all their verbs. */
  static final Map<String, List<String>> COMMANDS = Map.of(
      "--threads", COMPUTING,
      "--device", COMPUTING,
      "--kernels", COMPUTING,
      "--seed", List.of("quickstart", "init", "config show", "train", "resume", "generate", "lesson", "gradcheck"),
      "--encoding", List.of("quickstart", "init", "config show", "data check", "train", "resume", "evaluate", "generate", "explain"),
      "--runs-dir", List.of("quickstart", "doctor", "train", "resume", "evaluate", "generate", "runs", "model", "explain", "lesson",
          "gradcheck", "bench"),
      "--no-input", List.of("generate", "lesson"));

  private Reach() {}

  /** Hides from each help page the flags that do nothing there. */
  static void hide(CommandLine unroll) {
    for (var command : unroll.getSubcommands().values()) {
      var spec = command.getCommandSpec();
      for (var option : List.copyOf(spec.options())) {
        if (works(option.longestName(), name(spec))) continue;
        spec.remove(option);
        spec.addOption(OptionSpec.builder(option).hidden(true).scopeType(ScopeType.LOCAL).build());
      }
      hide(command);
    }
  }

  /** Refuses the first flag of a command line that does nothing in its command. */
  static void check(ParseResult parsed, String command) {
    for (var p = parsed; p != null; p = p.subcommand()) {
      for (var option : p.matchedOptions()) {
        var flag = option.longestName();
        if (!works(flag, command)) throw Main.usage("%s has no effect in %s", flag, command)
            .because("it works in %s", String.join(", ", COMMANDS.get(flag))).mend("leave it out");
      }
    }
  }

  private static boolean works(String flag, String command) {
    var commands = COMMANDS.get(flag);
    return commands == null || commands.stream()
        .anyMatch(c -> c.equals(command) || command.startsWith(c + " ") || c.startsWith(command + " "));
  }

  /** {@code runs list}; empty for the program itself. */
  static String name(CommandSpec spec) { return spec.qualifiedName().replaceFirst("^unroll ?", ""); }

  /** The first flag that is given; pairs of a flag and its value, null where it is not given. */
  static Optional<String> first(Object... flags) {
    for (int i = 0; i < flags.length; i += 2) if (flags[i + 1] != null) return Optional.of((String) flags[i]);
    return Optional.empty();
  }

  /** Refuses {@code --encoding} where no text is read; {@code source} is what would be one. */
  static void requireText(boolean read, String source, Talk talk) {
    if (!read && talk.flags().encoding != null) throw Main.usage("--encoding has no effect without %s", source)
        .because("it is the encoding of a text that is read").mend("leave it out");
  }

  /** Refuses {@code --runs-dir} where no model is named that could be looked for there. */
  static void requireModel(boolean named, Talk talk) {
    if (!named && talk.flags().runsDir != null) throw Main.usage("%s has no effect without a model", "--runs-dir").mend("leave it out");
  }
}
