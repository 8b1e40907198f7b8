package org.unroll.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code unroll explain gates | memory | gradient | connectivity | states}: what a model does with a text. */
@Command(name = "explain")
final class ExplainCommand {

  private ExplainCommand() {}

  static CommandLine of(Talk talk) {
    return new CommandLine(new ExplainCommand()).addSubcommand(new ExplainGates(talk)).addSubcommand(new ExplainMemory(talk))
        .addSubcommand(new ExplainGradient(talk)).addSubcommand(new ExplainConnectivity(talk))
        .addSubcommand(new ExplainStates(talk));
  }
}
