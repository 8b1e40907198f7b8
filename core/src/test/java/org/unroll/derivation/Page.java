package org.unroll.derivation;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A page of docs/derivations. Blocks marked {@code given} hold what the example starts from, blocks marked {@code numbers} lines
 * {@code name = expression = numbers  # remark}: a row's numbers have blanks between them, a matrix's rows semicolons. Of two
 * expressions the second is the first with numbers put in.
 */
record Page(Path file, List<String> lines) {
  static final int DIGITS = 6;
  private static final Pattern LEFT = Pattern.compile("(" + Expression.NAME.pattern() + ")(\\[[\\d, ]+])?");

  /** @param expressions between the name and the numbers */
  record Line(int at, String left, List<String> expressions, String numbers, String remark) {
    String name() { return left.replaceFirst("\\[.*", ""); }

    /** Whether it tells all of the quantity, not one element. */
    boolean whole() { return left.equals(name()); }

    Matrix printed() { return matrix(numbers); }
  }

  static Page read(String file) throws IOException {
    var path = Path.of("..", "docs", "derivations", file);
    return new Page(path, Files.readAllLines(path));
  }

  Map<String, Matrix> given() {
    var given = new LinkedHashMap<String, Matrix>();
    for (var l : block("given")) given.put(l.left, l.printed());
    return given;
  }

  List<Line> numbers() { return block("numbers"); }

  private List<Line> block(String kind) {
    var found = new ArrayList<Line>();
    boolean inside = false;
    for (int i = 0; i < lines.size(); i++) {
      var l = lines.get(i);
      if (l.startsWith("```")) inside = l.equals("```" + kind);
      else if (inside && !l.isBlank()) found.add(line(i, l));
    }
    return found;
  }

  private static Line line(int at, String text) {
    int hash = text.indexOf('#');
    var parts = Arrays.stream((hash < 0 ? text : text.substring(0, hash)).split(" = ", -1)).map(String::strip).toList();
    boolean reads = LEFT.matcher(parts.getFirst()).matches() && parts.size() > 1;
    if (!reads) throw new IllegalArgumentException("line " + (at + 1) + ": " + text);
    var remark = hash < 0 ? "" : text.substring(hash + 1).strip();
    return new Line(at, parts.getFirst(), parts.subList(1, parts.size() - 1), parts.getLast(), remark);
  }

  /** What stands outside the blocks. */
  String prose() {
    var s = new StringBuilder();
    boolean inside = false;
    for (var l : lines) {
      if (l.startsWith("```")) inside = !inside;
      else if (!inside) s.append(l).append('\n');
    }
    return s.toString();
  }

  /** What stands in them. */
  List<String> blocks() {
    var in = new ArrayList<String>();
    boolean inside = false;
    for (var l : lines) {
      if (l.startsWith("```")) inside = !inside;
      else if (inside) in.add(l);
    }
    return in;
  }

  static Matrix matrix(String numbers) {
    var rows = Arrays.stream(numbers.split(";"))
        .map(r -> Arrays.stream(r.strip().split(" +")).mapToDouble(Double::parseDouble).toArray()).toList();
    return new Matrix(rows.size(), rows.getFirst().length, rows.stream().flatMapToDouble(Arrays::stream).toArray());
  }

  static String text(Matrix m) {
    var rows = new ArrayList<String>();
    for (int i = 0; i < m.rows(); i++) {
      int row = i;
      rows.add(Arrays.stream(Arrays.copyOfRange(m.data(), row * m.cols(), (row + 1) * m.cols())).mapToObj(Page::text)
          .collect(Collectors.joining(" ")));
    }
    return String.join(" ; ", rows);
  }

  static String text(double v) {
    var s = String.format(Locale.ROOT, "%." + DIGITS + "f", v);
    return s.matches("-0\\.0+") ? s.substring(1) : s;
  }

  /** The page with the numbers that are true now. */
  void rewrite(Map<String, Matrix> truth) throws IOException {
    var to = new ArrayList<>(lines);
    var printed = new LinkedHashMap<>(given());
    for (var l : numbers()) {
      var value = Truth.of(l, truth);
      if (l.whole()) truth.putIfAbsent(l.name(), value);
      if (l.whole()) printed.put(l.name(), matrix(text(value)));
      var expressions = new ArrayList<>(l.expressions);
      if (expressions.size() == 2) expressions.set(1, put(expressions.getFirst(), printed, given()));
      to.set(l.at, l.left + " = " + (expressions.isEmpty() ? "" : String.join(" = ", expressions) + " = ") + text(value)
          + (l.remark.isEmpty() ? "" : "   # " + l.remark));
    }
    Files.writeString(file, String.join("\n", to) + "\n");
  }

  /** The expression with numbers for its elements and scalars. */
  private static String put(String expression, Map<String, Matrix> printed, Map<String, Matrix> given) {
    var m = Pattern.compile("(" + Expression.NAME.pattern() + ")(\\[[\\d, ]+])?(?!\\()").matcher(expression);
    return m.replaceAll(r -> {
      var name = r.group().replaceFirst("\\[.*", "");
      if (!printed.containsKey(name)) return Matcher.quoteReplacement(r.group());
      double v = Expression.value(r.group(), printed).data()[0];
      var s = given.containsKey(name) ? BigDecimal.valueOf(v).stripTrailingZeros().toPlainString() : text(v);
      return v < 0 ? "(" + s + ")" : s;
    });
  }
}
