package org.unroll.reference;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** The three-step example of the lecture slides (document 002), recomputed in float64: {@code worked-example.json}. */
public final class WorkedExample {
  private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?(e-?\\d+)?");
  private final String text;

  public WorkedExample() {
    try (InputStream in = WorkedExample.class.getResourceAsStream("/worked-example.json")) {
      text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All numbers of an entry, row by row. */
  public double[] numbers(String key) {
    int at = text.indexOf('"' + key + "\": ");
    if (at < 0) throw new IllegalArgumentException("worked example: no " + key);
    int from = at + key.length() + 4;
    int to = from;
    for (int depth = 0; to == from || depth > 0 || text.charAt(from) != '[' && text.charAt(to) != ','; to++) {
      if (text.charAt(to) == '[') depth++;
      if (text.charAt(to) == ']') depth--;
    }
    return NUMBER.matcher(text.substring(from, to)).results().mapToDouble(m -> Double.parseDouble(m.group())).toArray();
  }

  /** A matrix of the example, which multiplies columns from the left, turned to multiply rows from the right. */
  public double[] turned(String key, int rows, int cols) { return transpose(numbers(key), rows, cols); }

  /** rows × cols to cols × rows. */
  public static double[] transpose(double[] m, int rows, int cols) {
    var t = new double[m.length];
    for (int i = 0; i < rows; i++) for (int j = 0; j < cols; j++) t[j * rows + i] = m[i * cols + j];
    return t;
  }

  /** The class that each row of y marks. */
  public int[][] targets() {
    double[] y = numbers("y");
    var c = new int[1][3];
    for (int i = 0; i < y.length; i++) if (y[i] == 1) c[0][i / 3] = i % 3;
    return c;
  }
}
