package org.unroll.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.unroll.fault.Code;
import org.unroll.fault.Nearest;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code unroll help [VERB | CODE | codes]}. */
@Command(name = "help")
final class HelpCommand implements Callable<Integer> {
  private final Talk talk;

  @Spec
  CommandSpec spec;

  @Parameters(arity = "0..*", paramLabel = "VERB|CODE", descriptionKey = "topic")
  List<String> topic = new ArrayList<>();

  HelpCommand(Talk talk) { this.talk = talk; }

  @Override public Integer call() {
    var first = topic.isEmpty() ? "" : topic.getFirst();
    if (first.equals("codes")) {
      for (var c : Code.values()) talk.data(c.label() + "  " + HelpPages.title(c, talk.language()).orElse(""));
      return 0;
    }
    var code = code(first);
    if (code.isPresent()) {
      page(code.get());
      return 0;
    }
    var command = spec.parent().commandLine();
    for (var word : topic) {
      var below = command.getSubcommands().get(word);
      if (below == null) throw unknown(word, command);
      command = below;
    }
    talk.raw(usage(command, talk));
    return 0;
  }

  private void page(Code code) {
    var title = HelpPages.title(code, talk.language()).orElse("");
    talk.data(code.label() + "  " + title + "  (" + talk.text("help.exit", code.exit()) + ")");
    talk.data("");
    HelpPages.page(code, talk.language()).forEach(l -> talk.data(talk.typed(l)));
  }

  /** UNR-C012, unr-c012 and C012 are one code; an unknown code is no code. */
  private static Optional<Code> code(String typed) {
    var name = typed.toUpperCase(Locale.ROOT).replaceFirst("^UNR-", "");
    return Arrays.stream(Code.values()).filter(c -> c.name().equals(name)).findFirst();
  }

  private static RuntimeException unknown(String word, CommandLine command) {
    var words = new ArrayList<>(command.getSubcommands().keySet());
    if (word.toUpperCase(Locale.ROOT).startsWith("UNR-")) {
      words.clear();
      for (var c : Code.values()) words.add(c.label());
    }
    var fault = Main.usage("no help on %s", word);
    var near = Nearest.of(word, words);
    if (near.isPresent()) fault = fault.mend("did you mean %s?", near.get());
    return fault.mend("all commands: unroll help").mend("all codes: unroll help codes");
  }

  /** A command's usage text. */
  static String usage(CommandLine command, Talk talk) {
    var ansi = talk.colored(Terminal.OUT) ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF;
    return talk.typed(command.getUsageMessage(ansi)).replace("[OPTIONS]", talk.text("usage.options"))
        .replace("[COMMAND]", talk.text("usage.command"));
  }
}
