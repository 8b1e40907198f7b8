package org.unroll.bench;

/** Bars of a {@link Table}: how many times as long as ours every other engine takes. One file, SVG. */
final class BarsReport {
  private static final int LEFT = 330, RIGHT = 90, WIDTH = 560, LINE = 18;
  /** Where what is told of the {@link Circumstances} begins, and how many letters fit there. */
  private static final int CAPTION = 110, COLUMNS = 125;
  /** Longer bars are cut here: they have a gap, and their number tells. */
  private static final double MOST = 12;

  private final StringBuilder s = new StringBuilder();
  private int y = 52;

  private BarsReport() {}

  static String of(Table table) {
    var b = new BarsReport();
    for (var r : table.rows()) if (r.ours() != null && !r.others().isEmpty()) b.row(r);
    for (var c : Circumstances.of(table)) b.caption(c);
    int width = LEFT + WIDTH + RIGHT;
    return Numbers.text("""
        <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="sans-serif" font-size="12">
        <rect width="100%%" height="100%%" fill="white"/>
        <text x="10" y="20" font-size="14">Time of the others divided by Unroll's</text>
        <text x="10" y="38">The line is at 1×: a red bar ends before it, that engine is faster. A bar with a gap is cut at %.0f×.</text>
        """, width, b.y + 10, MOST) + b.s + "</svg>\n";
  }

  private static double x(double ratio) { return LEFT + WIDTH * Math.min(ratio, MOST) / MOST; }

  private void row(Table.Row r) {
    y += 8;
    text(10, r.row().id() + ", " + Numbers.time(r.ours().time()), "bold");
    int top = y + LINE - 13;
    for (var e : r.others()) {
      y += LINE;
      text(24, (e.engine() + " " + e.mode()).strip(), "normal");
      double[] edges = r.row().target().edges(Target.What.RATIO, e.engine());
      if (e.refused().isEmpty()) bar(e.ratio());
      beside(e.ratio(), e.refused().isEmpty() ? Numbers.digits(e.ratio(), edges) + "×" : e.refused());
    }
    s.append(Numbers.text("<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"black\"/>\n", x(1), top, x(1), y + 5));
    y += LINE;
  }

  private void bar(double ratio) {
    String colour = ratio >= 1 ? "#4a7ebb" : "#c0504d";
    s.append(Numbers.text("<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"12\" fill=\"%s\"/>\n", LEFT, y - 10, x(ratio) - LEFT,
        colour));
    if (ratio > MOST) s.append(Numbers.text("<path d=\"M%.1f %d l8 -12 h6 l-8 12 z\" fill=\"white\"/>\n", x(MOST) - 40, y + 2));
  }

  /** Right of a bar, and of the line that it may end before. @param ratio NaN where there is no bar */
  private void beside(double ratio, String told) {
    double from = ratio > 1 ? x(ratio) : x(1);
    s.append(Numbers.text("<text x=\"%.1f\" y=\"%d\">%s</text>\n", from + 5, y, told));
  }

  /** In as many lines as it needs. */
  private void caption(Circumstances.Told told) {
    y += 4;
    text(10, told.name(), "bold");
    String rest = told.what();
    while (rest.length() > COLUMNS) {
      int cut = rest.lastIndexOf(' ', COLUMNS) > 0 ? rest.lastIndexOf(' ', COLUMNS) : COLUMNS;
      text(CAPTION, rest.substring(0, cut), "normal");
      y += LINE - 4;
      rest = rest.substring(cut).strip();
    }
    text(CAPTION, rest, "normal");
    y += LINE - 4;
  }

  private void text(int x, String what, String weight) {
    String safe = what.replace("&", "&amp;").replace("<", "&lt;");
    s.append(Numbers.text("<text x=\"%d\" y=\"%d\" font-weight=\"%s\">%s</text>\n", x, y, weight, safe));
  }
}
