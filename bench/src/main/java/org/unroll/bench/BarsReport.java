package org.unroll.bench;

/** Bars of a {@link Table}: how much longer than we every other engine takes. One file, SVG. */
final class BarsReport {
  private static final int LEFT = 330, RIGHT = 90, WIDTH = 560, LINE = 18;
  /** Where what is told of the {@link Circumstances} begins, and how many letters fit there. */
  private static final int CAPTION = 110, COLUMNS = 125;
  /** Longer bars are cut here, and their number tells. */
  private static final double MOST = 12;

  private final StringBuilder s = new StringBuilder();
  private int y = 40;

  private BarsReport() {}

  static String of(Table table) {
    var b = new BarsReport();
    for (var r : table.rows()) if (r.ours() != null && !r.others().isEmpty()) b.row(r);
    int end = b.y;
    for (var c : Circumstances.of(table)) b.caption(c);
    int width = LEFT + WIDTH + RIGHT;
    return Numbers.text("""
        <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="sans-serif" font-size="12">
        <rect width="100%%" height="100%%" fill="white"/>
        <text x="10" y="20" font-size="14">Time of others divided by ours; the line is at 1×, longer is slower than we</text>
        """, width, b.y + 10) + b.s + Numbers.text("""
        <line x1="%.1f" y1="30" x2="%.1f" y2="%d" stroke="black"/>
        </svg>
        """, x(1), x(1), end);
  }

  private static double x(double ratio) { return LEFT + WIDTH * Math.min(ratio, MOST) / MOST; }

  private void row(Table.Row r) {
    y += 8;
    text(10, r.row().id() + ", " + Numbers.time(r.ours().time()), "bold");
    y += LINE;
    for (var e : r.others()) {
      text(24, (e.engine() + " " + e.mode()).strip(), "normal");
      double[] edges = r.row().target().edges(Target.What.RATIO, e.engine());
      if (e.refused().isEmpty()) {
        String colour = e.ratio() >= 1 ? "#4a7ebb" : "#c0504d";
        s.append(Numbers.text("<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"12\" fill=\"%s\"/>\n", LEFT, y - 10,
            x(e.ratio()) - LEFT, colour));
        s.append(Numbers.text("<text x=\"%.1f\" y=\"%d\">%s×</text>\n", x(e.ratio()) + 5, y, Numbers.digits(e.ratio(), edges)));
      } else {
        s.append(Numbers.text("<text x=\"%d\" y=\"%d\">%s</text>\n", LEFT + 5, y, e.refused()));
      }
      y += LINE;
    }
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
