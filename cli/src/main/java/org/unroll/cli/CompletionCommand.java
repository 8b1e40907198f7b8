package org.unroll.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code unroll completion bash|zsh}: a script to be sourced by the shell. Where it has no words, the shell completes file names:
 * its template would turn that off in every command.
 */
@Command(name = "completion")
final class CompletionCommand implements Callable<Integer> {
  /** Shells that the script is written for. It tells them apart itself. */
  enum Shell { bash, zsh }

  private static final String NO_FILES = "  type compopt &>/dev/null && compopt +o default\n";

  private final Talk talk;

  @Spec
  CommandSpec spec;

  @Parameters(index = "0", paramLabel = "bash|zsh", descriptionKey = "shell")
  Shell shell;

  CompletionCommand(Talk talk) { this.talk = talk; }

  @Override public Integer call() {
    talk.raw(AutoComplete.bash("unroll", spec.parent().commandLine()).replace(NO_FILES, ""));
    return 0;
  }
}
