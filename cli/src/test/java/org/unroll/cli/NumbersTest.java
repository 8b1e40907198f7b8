package org.unroll.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.unroll.tasks.config.Key;
import org.unroll.tasks.config.LmKeys;
import org.unroll.tasks.config.Type;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** Every flag of every command that takes a number, with what is no number for it. */
class NumbersTest {
  private static final List<String> BAD = List.of("abc", "nan", "inf", "-1", "", "1d");
  private static final Set<Class<?>> NUMERIC = Set.of(int.class, Integer.class, long.class, Long.class, double.class, Double.class);
  /** Keys that may be below 0. */
  private static final Set<String> ANY_SIGN = Set.of("model.forget_bias", "--threshold");

  private static CommandLine program() {
    var nowhere = OutputStream.nullOutputStream();
    return Main.commands(new Talk(Io.of(nowhere, nowhere), new Flags(), Language.EN));
  }

  private static Terminalless run(CommandLine command, String... flag) {
    var args = new ArrayList<>(Arrays.asList(command.getCommandSpec().qualifiedName().split(" ")).subList(1,
        command.getCommandSpec().qualifiedName().split(" ").length));
    args.addAll(Arrays.asList(flag));
    for (var p : command.getCommandSpec().positionalParameters()) args.addAll(Collections.nCopies(p.arity().min(),
        p.type().isEnum() ? p.type().getEnumConstants()[0].toString() : "x"));
    return Terminalless.run(args.toArray(String[]::new));
  }

  private static int eachCommand(CommandLine command, java.util.function.ToIntFunction<CommandLine> check) {
    int checked = command.getSubcommands().isEmpty() ? check.applyAsInt(command) : 0;
    for (var below : command.getSubcommands().values()) checked += eachCommand(below, check);
    return checked;
  }

  @Test void flags_thatAreNumbers_haveARule() {
    int numbers = eachCommand(program(), c -> {
      var typed = c.getCommandSpec().options().stream().filter(o -> NUMERIC.contains(o.type())).map(OptionSpec::longestName).toList();
      for (var name : typed) assertTrue(Numbers.knows(name), c.getCommandName() + " " + name);
      return typed.size();
    });
    assertTrue(numbers > 30, "looked at " + numbers);
  }

  @Test void flags_withBadNumbers_areWrongUsage() {
    int checked = eachCommand(program(), c -> {
      int n = 0;
      for (var o : c.getCommandSpec().options()) {
        if (o.hidden() || !Numbers.knows(o.longestName())) continue; // it does nothing in this command
        for (var typed : BAD) {
          if (typed.equals("-1") && ANY_SIGN.contains(o.longestName())) continue;
          var r = run(c, o.longestName(), typed);
          var at = c.getCommandSpec().qualifiedName() + " " + o.longestName() + " " + typed + "\n" + r.err();
          assertEquals(2, r.status(), at);
          assertTrue(r.err().startsWith("error UNR-U001: " + o.longestName() + " is "), at);
          assertTrue(r.err().matches("(?s).*(must be|is) a (whole )?number[, ].*"), at);
          assertTrue(r.err().contains("see unroll help " + c.getCommandSpec().qualifiedName().substring(7)), at);
          n++;
        }
      }
      return n;
    });
    assertTrue(checked > 200, "looked at " + checked);
  }

  @Test void keys_withBadNumbers_areRefusedAtTheFlag() {
    var numbers = LmKeys.KEYS.all().stream().filter(k -> k.type() instanceof Type.Whole || k.type() instanceof Type.Real).toList();
    assertTrue(numbers.size() > 15, "looked at " + numbers.size());
    for (var key : numbers) {
      for (var typed : BAD) {
        if (typed.equals("-1") && ANY_SIGN.contains(key.name())) continue;
        if (key.flag().isEmpty() || key.flag().equals("seed")) refused(key, "--set " + key.name() + "=" + typed, "--set", key.name() + "=" + typed);
        else refused(key, "--" + key.flag() + " " + typed, "--" + key.flag(), typed);
      }
    }
  }

  private static void refused(Key key, String place, String... flag) {
    var args = new ArrayList<>(List.of("config", "show"));
    args.addAll(Arrays.asList(flag));
    var r = Terminalless.run(args.toArray(String[]::new));
    assertEquals(3, r.status(), place + "\n" + r.err());
    assertTrue(r.err().startsWith("error UNR-C010: " + key.name() + " is ") || r.err().startsWith("error UNR-C011: " + key.name() + " is "),
        place + "\n" + r.err());
    assertTrue(r.err().contains("\n  where  " + place), place + "\n" + r.err());
    assertTrue(r.err().contains("number"), place + "\n" + r.err());
    assertFalse(r.err().contains("\tat "), r.err());
  }

  @Test void quickstart_badMinutes_isRefused() {
    for (var typed : BAD) {
      var r = Terminalless.run("quickstart", "--minutes", typed, "--runs-dir", "target/none");
      assertEquals(3, r.status(), typed + "\n" + r.err());
      assertTrue(r.err().contains("train.minutes is "), r.err());
    }
  }
}
