package org.unroll.tasks.draw;

import java.util.Locale;

/**
 * Curves over lags in SVG, the other axis logarithmic, their names below. What is seen sets the range; what is computed is cut
 * where it leaves it.
 */
final class CurvePlot {
  private static final int LEFT = 64, TOP = 8, WIDTH = 560, HEIGHT = 260;
  private static final String[] COLOURS =
      {"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8c6d31", "#666666"};

  /** Of broken lines, in turn: two that lie on each other can both be seen. */
  private static final String[] DASHES = {"9 5", "3 4", "12 3 3 3"};

  private CurvePlot() {}

  static Svg.Piece draw(Figure.Curves f) {
    int last = f.curves().stream().mapToInt(c -> c.values().length).max().orElse(1);
    var decades = f.decades();
    int top = decades.top(), bottom = decades.bottom();
    var s = new StringBuilder();
    axes(s, f, last, top, bottom);
    int y = TOP + HEIGHT + 58;
    for (int i = 0; i < f.curves().size(); i++, y += 18) {
      curve(s, f.curves().get(i), i, last, decades, y);
    }
    int names = f.curves().stream().mapToInt(c -> Svg.advance(name(c, decades), 12)).max().orElse(0);
    return new Svg.Piece(s.toString(), LEFT + Math.max(WIDTH, 30 + names), y);
  }

  private static void axes(StringBuilder s, Figure.Curves f, int last, int top, int bottom) {
    int every = Math.max(1, (top - bottom + 5) / 6);
    for (int d = bottom; d <= top; d += every) {
      int y = (int) y(Math.pow(10, d), top, bottom);
      s.append(String.format(Locale.ROOT, "<path d=\"M%d %dH%d\" stroke=\"currentColor\" stroke-opacity=\".2\"/>%n",
          LEFT, y, LEFT + WIDTH));
      Svg.text(s, LEFT - 6, y + 4, 11, "normal", "end", "1e" + d);
    }
    int step = Math.max(1, (last + 7) / 8);
    for (int k = step; k <= last; k += step) {
      Svg.text(s, (int) x(k, last), TOP + HEIGHT + 16, 11, "normal", "middle", Integer.toString(k));
    }
    Svg.text(s, LEFT + WIDTH / 2, TOP + HEIGHT + 34, 12, "normal", "middle", f.x());
    s.append(String.format(Locale.ROOT, "<g transform=\"translate(12,%d) rotate(-90)\">", TOP + HEIGHT / 2));
    Svg.text(s, 0, 0, 12, "normal", "middle", f.y());
    s.append("</g>\n");
  }

  private static void curve(StringBuilder s, Figure.Curve c, int number, int last, Figure.Decades decades, int legend) {
    String colour = COLOURS[number % COLOURS.length];
    var path = new StringBuilder();
    double[] v = c.values();
    for (int k = 1; k <= v.length; k++) {
      boolean in = decades.holds(v[k - 1]), before = k > 1 && decades.holds(v[k - 2]);
      if (in && !before && k > 1 && v[k - 2] > 0) path.append(at("M", edge(v, k - 1, decades), v, last, decades));
      if (in) path.append(at(before || k > 1 && v[k - 2] > 0 ? "L" : "M", k, v, last, decades));
      else if (before && v[k - 1] > 0) path.append(at("L", edge(v, k - 1, decades), v, last, decades));
    }
    String dash = c.dashed() ? " stroke-dasharray=\"" + DASHES[number % DASHES.length] + "\"" : "";
    s.append(String.format(Locale.ROOT, "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"%s/>%n",
        path, colour, dash));
    s.append(String.format(Locale.ROOT, "<path d=\"M%d %dh24\" stroke=\"%s\" stroke-width=\"2\"%s/>%n",
        LEFT, legend - 4, colour, dash));
    Svg.text(s, LEFT + 30, legend, 12, "normal", name(c, decades));
  }

  /** With an arrow where no point of it is in the picture. */
  private static String name(Figure.Curve c, Figure.Decades decades) {
    for (double v : c.values()) if (decades.holds(v)) return c.name();
    return c.name() + (c.values().length > 0 && c.values()[0] > 0 && decades.at(c.values()[0]) > 1 ? " ↑" : " ↓");
  }

  /** Where between k and k + 1 the line through both leaves the picture. */
  private static double edge(double[] v, int k, Figure.Decades decades) {
    double a = decades.at(v[k - 1]), b = decades.at(v[k]), end = Math.max(a, b) > 1 ? 1 : 0;
    return k + (end - a) / (b - a);
  }

  /** A move or a line to lag k, which may lie between two. */
  private static String at(String pen, double k, double[] v, int last, Figure.Decades decades) {
    int before = (int) k;
    double part = k - before, height = decades.at(v[before - 1]);
    if (part > 0) height += part * (decades.at(v[before]) - height);
    return String.format(Locale.ROOT, "%s%.1f %.1f", pen, x(k, last), TOP + HEIGHT * (1 - height));
  }

  private static double x(double k, int last) { return LEFT + (last == 1 ? WIDTH / 2.0 : (double) WIDTH * (k - 1) / (last - 1)); }

  private static double y(double v, int top, int bottom) {
    return TOP + HEIGHT * (top - Math.log10(v)) / (top - bottom);
  }
}
