package org.unroll.fault;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Something the user can mend: bad input, a bad value, a full disk. Says where, what, why and how to mend it.
 *
 * <p>{@link #getMessage()} is one line, {@code where: what; why; mend}. The command line prints the parts apart and ends
 * with {@link Code#exit()}. Anything that is not a Fault is a bug of ours.
 */
public final class Fault extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final Code code;
  private final String what;
  private final String where;
  private final String why;
  private final transient List<String> mend;

  private Fault(Code code, String what, String where, String why, List<String> mend, Throwable cause) {
    super(line(what, where, why, mend), cause);
    this.code = code;
    this.what = what;
    this.where = where;
    this.why = why;
    this.mend = List.copyOf(mend);
  }

  /** A fault with nothing but its code and what is wrong; add the rest with {@code at}, {@code because}, {@code mend}. */
  public static Fault of(Code code, String what, Object... args) {
    return new Fault(Objects.requireNonNull(code), format(what, args), "", "", List.of(), null);
  }

  /** Where: a file with line and column, a config key, a tensor's name. */
  public Fault at(String where, Object... args) {
    return new Fault(code, what, format(where, args), why, mend, getCause());
  }

  /** Why it is wrong: the rule that was broken. */
  public Fault because(String why, Object... args) {
    return new Fault(code, what, where, format(why, args), mend, getCause());
  }

  /** One way to mend it; more calls add more ways. */
  public Fault mend(String way, Object... args) {
    var ways = new ArrayList<>(mend);
    ways.add(format(way, args));
    return new Fault(code, what, where, why, ways, getCause());
  }

  /** What the system said, kept for {@code -vv}. */
  public Fault causedBy(Throwable cause) {
    return new Fault(code, what, where, why, mend, cause);
  }

  /** The code of this kind of fault; the exit status follows from it. */
  public Code code() { return code; }

  /** What is wrong, with the value. */
  public String what() { return what; }

  /** Empty when there is no place to name. */
  public String where() { return where; }

  /** Empty when {@link #what()} says it all. */
  public String why() { return why; }

  /** Remedies, in the order in which they were added; may be empty. */
  public List<String> mend() { return mend; }

  private static String line(String what, String where, String why, List<String> mend) {
    var s = new StringBuilder();
    if (!where.isEmpty()) s.append(where).append(": ");
    s.append(what);
    if (!why.isEmpty()) s.append("; ").append(why);
    for (var m : mend) s.append("; ").append(m);
    return s.toString();
  }

  private static String format(String text, Object... args) {
    return args.length == 0 ? text : String.format(Locale.ROOT, text, args);
  }
}
