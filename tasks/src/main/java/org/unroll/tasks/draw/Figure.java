package org.unroll.tasks.draw;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Something to be drawn. */
public sealed interface Figure {

  /** What it shows, in a few words. */
  String title();

  /** How to read it; may be empty. */
  String note();

  /**
   * What colours stand for.
   *
   * @param low value of the first colour
   * @param high value of the last
   * @param signed whether the middle is 0 and drawn as paper
   */
  record Scale(double low, double high, boolean signed) {
    /** 0 to 1. */
    public static final Scale UNIT = new Scale(0, 1, false);

    /** ±most. */
    public static Scale around(double most) { return new Scale(-most, most, true); }

    /** 0 to the largest finite value; 0 to 1 where there is none above 0. */
    public static Scale upTo(double[][] values) {
      double most = largest(values);
      return new Scale(0, most > 0 ? most : 1, false);
    }

    /** The largest magnitude of a finite value. */
    public static double largest(double[][] values) {
      double most = 0;
      for (var row : values) for (double v : row) if (Double.isFinite(v)) most = Math.max(most, Math.abs(v));
      return most;
    }

    /** A value in three digits, without zeros at its end. */
    public static String text(double value) {
      var digits = String.format(Locale.ROOT, "%.3g", value);
      return digits.contains("e") || !digits.contains(".") ? digits : digits.replaceFirst("\\.?0+$", "");
    }

    /** Where a value stands between low and high, from 0 to 1. */
    public double at(double value) { return Math.clamp((value - low) / (high - low), 0, 1); }
  }

  /**
   * A matrix as colours.
   *
   * @param rows names of the rows
   * @param columns names of the columns: symbols of a text
   * @param values [row][column]; NaN stays blank
   */
  record Heat(String title, String note, List<String> rows, List<String> columns, double[][] values,
      Scale scale) implements Figure {}

  /**
   * A text, coloured by what each voice says of every symbol.
   *
   * @param symbols of the text, as they are
   */
  record Passage(String title, String note, List<String> symbols, List<Voice> voices, Scale scale) implements Figure {}

  /** @param values one for each symbol */
  record Voice(String name, double[] values) {}

  /**
   * Curves over whole numbers.
   *
   * @param x name of the axis
   * @param y name of the other, which is logarithmic
   */
  record Curves(String title, String note, String x, String y, List<Curve> curves) implements Figure {
    /** Decades that are drawn below the largest value that was seen. */
    private static final int MOST = 12;

    /**
     * Powers of ten: the axis begins at the lower and ends at the upper one. What is seen sets them; what is computed begins
     * within them if it begins at most two decades above, and is cut there.
     */
    public Decades decades() {
      var seen = curves.stream().filter(c -> !c.dashed()).flatMapToDouble(c -> Arrays.stream(c.values()))
          .filter(v -> v > 0 && v < 1e300).toArray();
      double high = Arrays.stream(seen).max().orElse(1), low = Arrays.stream(seen).min().orElse(high / 10);
      double room = 100 * high;
      high = curves.stream().filter(c -> c.dashed() && c.values().length > 0).mapToDouble(c -> c.values()[0])
          .filter(v -> v <= room).reduce(high, Math::max);
      int top = (int) Math.ceil(Math.log10(high)), bottom = Math.max(top - MOST, (int) Math.floor(Math.log10(low)));
      return new Decades(bottom == top ? bottom - 1 : bottom, top);
    }
  }

  /** An axis from 10^bottom to 10^top. */
  record Decades(int bottom, int top) {
    /** Where a value stands between the ends, from 0 to 1 in the logarithm; beyond them for one that is not drawn. */
    public double at(double value) { return (Math.log10(value) - bottom) / (top - bottom); }

    /** Whether a value is drawn. */
    public boolean holds(double value) { return value >= Math.pow(10, bottom) && value <= Math.pow(10, top); }
  }

  /**
   * @param values at 1, 2, …; what is not above 0 is not drawn
   * @param dashed for what is computed rather than seen
   */
  record Curve(String name, double[] values, boolean dashed) {}

  /** Words and numbers. A head of empty words is left out. */
  record Table(String title, String note, List<String> head, List<List<String>> rows) implements Figure {
    /** Whether every word of the head is empty. */
    public boolean headless() { return head.stream().allMatch(String::isEmpty); }
  }
}
