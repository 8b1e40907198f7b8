package org.unroll.tasks.draw;

import java.util.Arrays;
import java.util.Locale;

/** Curves over lags in SVG, the other axis logarithmic. What is seen sets the range; what is computed is cut where it leaves it. */
final class CurvePlot {
  private static final int LEFT = 64, TOP = 8, WIDTH = 560, HEIGHT = 260, DECADES = 12;
  private static final String[] COLOURS =
      {"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8c6d31", "#666666"};

  private CurvePlot() {}

  static Svg.Piece draw(Figure.Curves f) {
    int last = f.curves().stream().mapToInt(c -> c.values().length).max().orElse(1);
    var seen = f.curves().stream().filter(c -> !c.dashed()).flatMapToDouble(c -> Arrays.stream(c.values()))
        .filter(v -> v > 0 && v < 1e300).toArray();
    double high = Arrays.stream(seen).max().orElse(1), low = Arrays.stream(seen).min().orElse(high / 10);
    int top = (int) Math.ceil(Math.log10(high)), bottom = Math.max(top - DECADES, (int) Math.floor(Math.log10(low)));
    if (bottom == top) bottom--;
    var s = new StringBuilder();
    axes(s, f, last, top, bottom);
    int y = TOP + 14;
    for (int i = 0; i < f.curves().size(); i++, y += 18) {
      curve(s, f.curves().get(i), COLOURS[i % COLOURS.length], last, top, bottom, y);
    }
    int names = f.curves().stream().mapToInt(c -> Svg.advance(c.name(), 12)).max().orElse(0);
    return new Svg.Piece(s.toString(), LEFT + WIDTH + 40 + names, Math.max(TOP + HEIGHT + 40, y));
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

  private static void curve(StringBuilder s, Figure.Curve c, String colour, int last, int top, int bottom, int legend) {
    var path = new StringBuilder();
    boolean pen = false;
    for (int k = 1; k <= c.values().length; k++) {
      double v = c.values()[k - 1];
      boolean seen = v >= Math.pow(10, bottom) && v <= Math.pow(10, top);
      if (seen) path.append(String.format(Locale.ROOT, "%s%.1f %.1f", pen ? "L" : "M", x(k, last), y(v, top, bottom)));
      pen = seen;
    }
    String dash = c.dashed() ? " stroke-dasharray=\"5 4\"" : "";
    s.append(String.format(Locale.ROOT, "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"%s/>%n",
        path, colour, dash));
    s.append(String.format(Locale.ROOT, "<path d=\"M%d %dh24\" stroke=\"%s\" stroke-width=\"2\"%s/>%n",
        LEFT + WIDTH + 8, legend - 4, colour, dash));
    Svg.text(s, LEFT + WIDTH + 38, legend, 12, "normal", c.name());
  }

  private static double x(int k, int last) { return LEFT + (last == 1 ? WIDTH / 2.0 : (double) WIDTH * (k - 1) / (last - 1)); }

  private static double y(double v, int top, int bottom) {
    return TOP + HEIGHT * (top - Math.log10(v)) / (top - bottom);
  }
}
