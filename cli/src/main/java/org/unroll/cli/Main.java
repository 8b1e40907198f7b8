package org.unroll.cli;

import java.io.OutputStream;
import java.util.Arrays;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import picocli.CommandLine;

/** The program. Its exit statuses are those of {@link Code#exit()}, 0, 1 (a bug of ours), and 130 and 143 (stopped). */
public final class Main {

  private Main() {}

  public static void main(String[] args) {
    var io = Io.system();
    if (io.env().containsKey("UNROLL_INCUBATOR") && io.terminal().is(Terminal.ERR) && io.terminal().width() > 60
        && !"dumb".equals(io.env().get("TERM"))) {
      io.err().print("\033[A\033[2K"); // wipes the JVM's line "WARNING: Using incubator modules", which no option silences
    }
    int status = run(args, io);
    io.out().flush();
    io.err().flush();
    System.exit(status);
  }

  /** Runs a command line without a terminal, an input or an environment; answers the exit status. */
  public static int run(String[] args, OutputStream out, OutputStream err) { return run(args, Io.of(out, err)); }

  static int run(String[] args, Io io) {
    var flags = new Flags();
    var talk = new Talk(io, flags, Language.of(args, io.env()));
    try {
      if (!Failure.utf8() && Arrays.stream(args).anyMatch(a -> a.contains("\uFFFD"))) throw Failure.locale();
      int status = commands(talk).execute(args);
      talk.flush();
      var lost = io.outlet().failure();
      return status == 0 && lost.isPresent() ? failed(lost.get(), args, talk) : status;
    } catch (Throwable t) {
      return failed(t, args, talk);
    }
  }

  /** Every command, ready to parse. */
  static CommandLine commands(Talk talk) {
    var unroll = new CommandLine(talk.flags());
    for (var command : Commands.all(talk)) unroll.addSubcommand(command);
    Reach.hide(unroll);
    unroll.setResourceBundle(talk.messages());
    unroll.setCaseInsensitiveEnumValuesAllowed(false);
    unroll.setOverwrittenOptionsAllowed(true); // of a flag given twice the later wins
    unroll.setUsageHelpWidth(80);
    layOut(unroll);
    unroll.setExecutionStrategy(parsed -> execute(parsed, talk));
    unroll.setParameterExceptionHandler((e, args) -> failed(Failure.usage(e, args), args, talk));
    return unroll;
  }

  private static void layOut(CommandLine command) {
    command.getCommandSpec().usageMessage().abbreviateSynopsis(true).sortOptions(false);
    command.getSubcommands().values().forEach(Main::layOut);
  }

  private static int execute(CommandLine.ParseResult parsed, Talk talk) {
    try {
      return Commands.run(parsed, talk);
    } catch (Throwable t) {
      return failed(t, parsed.originalArgs().toArray(String[]::new), talk);
    }
  }

  /** Tells what went wrong and answers the exit status. */
  static int failed(Throwable thrown, String[] args, Talk talk) {
    talk.flags().json |= Arrays.asList(args).contains("--json"); // parsing may have stopped before the flag
    var fault = Failure.of(thrown);
    if (fault.isPresent()) {
      FaultText.tell(fault.get(), talk);
      return fault.get().code().exit();
    }
    Crash.tell(thrown, args, talk);
    return 1;
  }

  /** For commands: a fault of usage that parsing cannot see. */
  static Fault usage(String what, Object... args) { return Fault.of(Code.U001, what, args); }
}
