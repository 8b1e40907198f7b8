package org.unroll.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.unroll.fault.Fault;
import org.unroll.tasks.config.Type;
import picocli.CommandLine.ParseResult;

/**
 * What the flags take that are numbers and no keys of the configuration. A flag that is wrong, whether no number or out of
 * its range, is one fault: U001 with the rule.
 */
final class Numbers {
  private static final double INFINITY = Double.POSITIVE_INFINITY;

  private static final Map<String, Type> RULES = Map.ofEntries(
      Map.entry("--threads", new Type.Whole(1, 1024)),
      Map.entry("--seed", new Type.Whole(0, Long.MAX_VALUE)),
      Map.entry("--max", new Type.Whole(1, Integer.MAX_VALUE)),
      Map.entry("--beam", new Type.Whole(1, 1000)),
      Map.entry("--temperature", new Type.Real(0, true, INFINITY, false)),
      Map.entry("--top-k", new Type.Whole(0, Integer.MAX_VALUE)),
      Map.entry("--top-p", new Type.Real(0, true, 1, false)),
      Map.entry("--samples", new Type.Whole(1, 10_000)),
      Map.entry("--seconds", new Type.Real(0, true, 3600, false)),
      Map.entry("--layer", new Type.Whole(1, Integer.MAX_VALUE)),
      Map.entry("--neuron", new Type.Whole(0, Integer.MAX_VALUE)),
      Map.entry("--at", new Type.Whole(1, Integer.MAX_VALUE)),
      Map.entry("--max-lag", new Type.Whole(2, 1000)),
      Map.entry("--positions", new Type.Whole(1, 1000)),
      Map.entry("--threshold", new Type.Real(-1, false, INFINITY, false)),
      Map.entry("--quantile", new Type.Real(0, true, 1, true)),
      Map.entry("--questions", new Type.Whole(1, 1000)),
      Map.entry("--top", new Type.Whole(1, 1000)),
      Map.entry("--max-symbols", new Type.Whole(1, Integer.MAX_VALUE)));

  /** What may have been meant. */
  private static final Map<String, String> MENDS = Map.of(
      "--temperature", "--greedy takes the most probable symbol every time",
      "--top-k", "0 keeps all symbols",
      "--top-p", "1 keeps all symbols");

  private Numbers() {}

  static boolean knows(String flag) { return RULES.containsKey(flag); }

  /** Refuses the first number of a command line that breaks its flag's rule. */
  static void check(ParseResult parsed) {
    for (var p = parsed; p != null; p = p.subcommand()) {
      for (var option : p.matchedOptions()) {
        for (var typed : option.stringValues()) {
          var fault = wrong(option.longestName(), typed);
          if (fault.isPresent()) throw fault.get().mend("see %s", Failure.help(p.commandSpec()));
        }
      }
    }
  }

  /** What is wrong with the value of a flag; empty where nothing is, or where the flag is none of these. */
  static Optional<Fault> wrong(String flag, String typed) {
    if (!knows(flag)) return Optional.empty();
    try {
      parse(flag, flag, typed);
      return Optional.empty();
    } catch (Fault f) {
      return Optional.of(f);
    }
  }

  /**
   * The number of this text, by the rule of a flag.
   *
   * @param name as the message calls it
   */
  static Number parse(String flag, String name, String typed) {
    try {
      return (Number) RULES.get(flag).parse(name, typed);
    } catch (Fault f) {
      var fault = Main.usage("%s", f.what()).because("%s", f.why());
      var ways = MENDS.containsKey(flag) ? List.of(MENDS.get(flag)) : f.mend();
      for (var way : ways) fault = fault.mend("%s", way);
      throw fault;
    }
  }
}
