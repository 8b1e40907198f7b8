package org.unroll.tasks.config;

import static org.unroll.fault.Code.C010;
import static org.unroll.fault.Code.C011;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.unroll.fault.Fault;
import org.unroll.fault.Nearest;

/** What a key may hold. A value is written and read as text; the faults thrown here say what and why, the caller where. */
public sealed interface Type {

  /** Longest number that is read, in characters. */
  int LONGEST_NUMBER = 64;

  /** The value of this text: Boolean, Long, Double, String or a list of String. */
  Object parse(String key, String text);

  /** The rule in words: "a whole number from 1 to 1024". */
  String rule();

  /** The range in few characters, for tables: "1 … 1024". */
  String range();

  /** The value as it is written in YAML and on the command line. */
  default String show(Object value) { return String.valueOf(value); }

  /** true or false. */
  record Truth() implements Type {
    @Override public Object parse(String key, String text) {
      return switch (text) {
        case "true" -> true;
        case "false" -> false;
        default -> throw mistyped(key, text, this);
      };
    }

    @Override public String rule() { return "true or false"; }

    @Override public String range() { return "true | false"; }
  }

  /** A whole number from {@code min} to {@code max}. */
  record Whole(long min, long max) implements Type {
    @Override public Object parse(String key, String text) {
      if (text.length() > LONGEST_NUMBER || !text.matches("[-+]?[0-9]+")) throw mistyped(key, text, this);
      var n = new BigInteger(text);
      if (n.compareTo(BigInteger.valueOf(min)) < 0) throw outOfRange(key, text, this, Long.toString(min));
      if (n.compareTo(BigInteger.valueOf(max)) > 0) throw outOfRange(key, text, this, Long.toString(max));
      return n.longValueExact();
    }

    @Override public String rule() {
      return max == Long.MAX_VALUE ? "a whole number, at least " + min : "a whole number from " + min + " to " + max;
    }

    @Override public String range() { return max == Long.MAX_VALUE ? "≥ " + min : min + " … " + max; }
  }

  /**
   * A finite number from {@code min} to {@code max}; {@code above} and {@code below} say that the end itself is left out.
   */
  record Real(double min, boolean above, double max, boolean below) implements Type {
    @Override public Object parse(String key, String text) {
      if (text.matches("[-+]?\\.?(?i:nan|inf|infinity)")) throw notFinite(key, text);
      if (text.length() > LONGEST_NUMBER || !text.matches("[-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][-+]?[0-9]+)?")) {
        throw mistyped(key, text, this);
      }
      double v = Double.parseDouble(text);
      if (Double.isInfinite(v)) throw notFinite(key, text);
      if (v < min || above && v == min) throw outOfRange(key, text, this, above ? "" : number(min));
      if (v > max || below && v == max) throw outOfRange(key, text, this, below ? "" : number(max));
      return v + 0.0; // −0 is 0
    }

    private Fault notFinite(String key, String text) {
      return Fault.of(C011, "%s is %s, must be finite", key, text).because("%s is %s", key, rule());
    }

    @Override public String rule() {
      String low = (above ? "greater than " : "at least ") + number(min);
      if (max == Double.POSITIVE_INFINITY) return "a number " + low;
      return "a number " + low + " and " + (below ? "less than " : "at most ") + number(max);
    }

    @Override public String range() {
      if (max == Double.POSITIVE_INFINITY) return (above ? "> " : "≥ ") + number(min);
      return number(min) + (above ? " < … " : " … ") + (below ? "< " : "") + number(max);
    }

    @Override public String show(Object value) { return number((Double) value); }
  }

  /**
   * One word of a list.
   *
   * @param words those that people are told
   * @param more words that are taken too
   * @param also what these are, in few words; empty where there are none
   * @param elsewhere words that another key takes, with the remedy
   */
  record Choice(List<String> words, List<String> more, String also, Map<String, String> elsewhere) implements Type {
    public Choice(List<String> words) { this(words, List.of(), "", Map.of()); }

    @Override public Object parse(String key, String text) {
      if (words.contains(text) || more.contains(text)) return text;
      var fault = Fault.of(C011, "%s is %s, must be %s", key, quote(text), rule());
      if (elsewhere.containsKey(text)) throw fault.mend("%s", elsewhere.get(text));
      var near = Nearest.all(text, words);
      throw near.isEmpty() ? fault : fault.mend("did you mean %s?", String.join(", ", near));
    }

    @Override public String rule() { return "one of " + String.join(", ", words) + (also.isEmpty() ? "" : ", " + also); }

    @Override public String range() { return String.join(" | ", words); }
  }

  /** Any text. */
  record Text() implements Type {
    @Override public Object parse(String key, String text) { return text; }

    @Override public String rule() { return "text"; }

    @Override public String range() { return "text"; }

    @Override public String show(Object value) { return YamlText.scalar((String) value); }
  }

  /** Files and folders, and {@code -} for standard input; none is the empty list. In YAML a name or a list of names. */
  record Files() implements Type {
    @Override public Object parse(String key, String text) { return text.isEmpty() ? List.of() : List.of(text); }

    @Override public String rule() { return "a file, a folder or - (standard input), or a list of them"; }

    @Override public String range() { return "files"; }

    @Override public String show(Object value) {
      var names = ((List<?>) value).stream().map(n -> YamlText.scalar((String) n)).toList();
      return names.isEmpty() ? "\"\"" : names.size() == 1 ? names.getFirst() : "[" + String.join(", ", names) + "]";
    }
  }

  /** ConfigBuilder of a network, from the input up: in YAML a list, or one line with commas between. */
  record Stack() implements Type {
    private static final int MOST = 64;

    @Override public Object parse(String key, String text) {
      var line = text.strip().replaceFirst("^\\[(.*)]$", "$1");
      return parse(key, line.isBlank() ? List.of() : List.of(line.split(",", -1)));
    }

    /** The layers as {@link StackLayer#text} has them. */
    List<String> parse(String key, List<String> items) {
      requireFew(key, items.size());
      return IntStream.range(0, items.size()).mapToObj(i -> StackLayer.parse(who(key, i), items.get(i)).text()).toList();
    }

    void requireFew(String key, int layers) {
      if (layers > MOST) throw Fault.of(C011, "%s has %d layers, must be at most %d", key, layers, MOST);
    }

    /** Item i in messages. */
    static String who(String key, int i) { return "layer " + (i + 1) + " of " + key; }

    @Override public String rule() { return "layers such as \"lstm 256, gru 256 residual\", or a list of them"; }

    @Override public String range() { return "layers"; }

    @Override public String show(Object value) {
      var layers = ((List<?>) value).stream().map(String::valueOf).toList();
      return layers.isEmpty() ? "\"\"" : String.join(", ", layers);
    }
  }

  /** Bytes: a number with B, KB, MB, GB (powers of 1,000) or KiB, MiB, GiB (powers of 1,024). */
  record Size(long min, long max) implements Type {
    private static final List<String> UNITS = List.of("B", "KB", "MB", "GB", "KIB", "MIB", "GIB");
    private static final long[] BYTES = {1, 1_000, 1_000_000, 1_000_000_000, 1L << 10, 1L << 20, 1L << 30};

    @Override public Object parse(String key, String text) {
      var parts = Pattern.compile("([0-9]{1,12}) ?([KMG]?i?B)", Pattern.CASE_INSENSITIVE)
          .matcher(text);
      if (!parts.matches()) throw mistyped(key, text, this);
      var unit = BigInteger.valueOf(BYTES[UNITS.indexOf(parts.group(2).toUpperCase(Locale.ROOT))]);
      var bytes = new BigInteger(parts.group(1)).multiply(unit);
      if (bytes.compareTo(BigInteger.valueOf(min)) < 0) throw outOfRange(key, text, this, show(min));
      if (bytes.compareTo(BigInteger.valueOf(max)) > 0) throw outOfRange(key, text, this, show(max));
      return bytes.longValueExact();
    }

    @Override public String rule() { return "a size from " + show(min) + " to " + show(max) + ", such as 512MB or 1GiB"; }

    @Override public String range() { return show(min) + " … " + show(max); }

    @Override public String show(Object value) {
      long bytes = (Long) value;
      for (int u : new int[] {3, 6, 2, 5, 1, 4}) {
        if (bytes >= BYTES[u] && bytes % BYTES[u] == 0) return bytes / BYTES[u] + UNITS.get(u).replace("IB", "iB");
      }
      return bytes + "B";
    }
  }

  /** The shortest plain decimal or scientific form: 2e-3, 0.05, 10. */
  static String number(double v) {
    if (v == 0) return "0";
    var d = new BigDecimal(Double.toString(v)).stripTrailingZeros();
    int exponent = d.precision() - d.scale() - 1;
    if (exponent >= -2 && exponent < 7) return d.toPlainString();
    var digits = d.unscaledValue().abs().toString();
    return (v < 0 ? "-" : "") + digits.charAt(0) + (digits.length() > 1 ? "." + digits.substring(1) : "") + "e" + exponent;
  }

  private static Fault mistyped(String key, String text, Type type) {
    return Fault.of(C010, "%s is %s, must be %s", key, quote(text), type.rule());
  }

  private static Fault outOfRange(String key, String text, Type type, String nearest) {
    var fault = Fault.of(C011, "%s is %s, must be %s", key, text, type.rule());
    return nearest.isEmpty() ? fault : fault.mend("the nearest value allowed is %s", nearest);
  }

  /** In double quotes, cut after 60 characters. */
  static String quote(String text) { return '"' + (text.length() <= 60 ? text : text.substring(0, 60) + "…") + '"'; }
}
