package org.unroll.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** A flag of many commands works in a command, or is refused there and stands on no help page of it. */
class ReachTest {
  private static final Map<String, String> VALUES = Map.of("--threads", "2", "--device", "cpu", "--kernels", "plain", "--seed", "3", "--encoding", "gbk",
      "--runs-dir", "x");

  private static void refused(String what, String works, String... args) {
    var r = Terminalless.run(args);
    assertEquals("error UNR-U001: " + what + "\n  why    it works in " + works + "\n  mend   leave it out\n", r.err());
    assertEquals(2, r.status());
    assertEquals("", r.out());
  }

  private static Stream<String> commands(CommandLine command) {
    var below = command.getSubcommands().values().stream().flatMap(ReachTest::commands);
    return Stream.concat(Stream.of(Reach.name(command.getCommandSpec())), below);
  }

  private static CommandLine unroll() {
    var io = Io.of(OutputStream.nullOutputStream(), OutputStream.nullOutputStream());
    return Main.commands(new Talk(io, new Flags(), Language.EN));
  }

  @Test void flag_thatDoesNothing_isRefused_whereverItStands() {
    var seed = "quickstart, init, config show, train, resume, generate, lesson, gradcheck";
    refused("--seed has no effect in runs list", seed, "runs", "list", "--seed", "3");
    refused("--seed has no effect in runs list", seed, "--seed", "3", "runs", "list");
    refused("--threads has no effect in version",
        "quickstart, train, resume, evaluate, generate, explain, lesson, gradcheck, bench", "version", "--threads", "9");
    refused("--seed has no effect in version", seed, "--version", "--seed", "3");
    refused("--no-input has no effect in errata", "generate, lesson", "errata", "--no-input");
    var zh = Terminalless.run("--lang", "zh", "config", "keys", "--seed", "3").err();
    assertTrue(zh.contains("  说明   --seed 在 config keys 中不起作用\n  原因   它用于 quickstart, init, config show, "), zh);
  }

  @Test void flag_thatWorks_isTaken() {
    assertTrue(Terminalless.run("init", "--encoding", "gbk").out().contains("  encoding: gbk "));
    assertTrue(Terminalless.run("--seed", "5", "config", "show").out().lines().anyMatch(l -> l.equals("train.seed = 5")));
    assertEquals(0, Terminalless.run("gradcheck", "--hidden", "4", "--device", "auto", "--threads", "1").status());
  }

  @Test void device_thatIsNotThere_saysWhy() {
    assertEquals("""
        error UNR-U001: --device is cuda:0, must be one of auto, cpu
          why    networks are computed on the processor alone
          mend   see unroll help train
        """, Terminalless.run("train", "--device", "cuda:0").err());
  }

  @Test void kernels_thatThereAreNot_areRefused() {
    assertEquals("""
        error UNR-U001: --kernels is plan, must be one of fast, plain, scalar
          mend   did you mean plain?
                 see unroll help train
        """, Terminalless.run("train", "--kernels", "plan").err());
  }

  @Test void table_namesCommandsThatThereAre() {
    var all = commands(unroll()).toList();
    for (var names : Reach.COMMANDS.values()) assertTrue(all.containsAll(names), names.toString());
  }

  /** Every flag with every command: on its help page, or refused. */
  @Test void help_everyFlagOfIt_isAccepted_andNoOther() {
    var wrong = new TreeSet<String>();
    for (var command : commands(unroll()).filter(c -> !c.isEmpty()).toList()) {
      var help = Terminalless.run((command + " --help").split(" ")).out();
      for (var flag : Reach.COMMANDS.keySet()) {
        var args = new ArrayList<>(List.of((command + " qqq qqq").split(" ")));
        args.add(flag);
        if (VALUES.containsKey(flag)) args.add(VALUES.get(flag));
        boolean refused = Terminalless.run(args.toArray(String[]::new)).err().contains(flag + " has no effect in " + command + "\n");
        if (refused && help.contains(flag)) wrong.add(command + " shows " + flag);
      }
    }
    assertEquals(new TreeSet<String>(), wrong);
    assertTrue(Terminalless.run("train", "--help").out().contains("--seed=N"));
    assertTrue(Terminalless.run("runs", "list", "--help").out().contains("--runs-dir=DIR"));
    assertFalse(Terminalless.run("runs", "list", "--help").out().contains("--seed"));
    assertTrue(Terminalless.run("--help").out().contains("--seed=N"));
  }

  @Test void encoding_whereNothingIsRead_isRefused() {
    for (var command : List.of("evaluate x", "explain gates x --text a", "explain states x --text a", "explain gradient x")) {
      var r = Terminalless.run((command + " --encoding gbk").split(" "));
      assertTrue(r.err().startsWith("error UNR-U001: --encoding has no effect without FILE\n"), command + r.err());
    }
  }

  @Test void runsDir_whereNoModelIsNamed_isRefused() {
    for (var command : List.of("gradcheck", "gradcheck --all", "bench", "lesson lstm")) {
      var r = Terminalless.run((command + " --runs-dir x").split(" "));
      assertTrue(r.err().startsWith("error UNR-U001: --runs-dir has no effect without a model\n"), command + r.err());
    }
  }

  @Test void lesson_withFlagsOfAnother_isRefused() {
    assertTrue(Terminalless.run("lesson", "--text", "x").err().startsWith("error UNR-U001: --text has no effect without a lesson\n"));
    assertTrue(Terminalless.run("lesson", "lstm", "--seed", "3").err()
        .startsWith("error UNR-U001: --seed has no effect without --exercise\n"));
    assertTrue(Terminalless.run("lesson", "lstm", "--threads", "3").err()
        .startsWith("error UNR-U001: --threads has no effect without a model\n"));
  }
}
