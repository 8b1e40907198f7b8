package org.unroll.cli;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the user calls the program. Messages, pages and remedies are written with {@code unroll}; this turns the commands in
 * them into ones that can be typed here, such as {@code ./unroll train} in a fresh clone.
 */
final class Called {
  /** Where the launcher says it: ready to be typed, with quotes where the shell needs them. */
  static final String VARIABLE = "UNROLL_CALLED";
  private static final String WRITTEN = "unroll";
  private static final Pattern COMMAND =
      Pattern.compile("(?<![\\w./\\\\-])" + WRITTEN + "(?= (\\[OPTIONS\\]|(" + String.join("|", Commands.VERBS) + ")(?![\\w-])))");

  private final String name;

  private Called(String name) { this.name = name; }

  static Called of(Map<String, String> env) {
    var name = Talk.printable(env.getOrDefault(VARIABLE, ""));
    return new Called(name.isBlank() ? WRITTEN : name);
  }

  /** The text with its commands as they are typed here. */
  String in(String text) {
    return name.equals(WRITTEN) ? text : COMMAND.matcher(text).replaceAll(Matcher.quoteReplacement(name));
  }
}
