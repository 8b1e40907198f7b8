package org.unroll.tasks.draw;

import java.util.List;
import java.util.Locale;

/** Figures as SVG: one drawing, no script, no link; text is text. */
public final class Svg {
  static final String FONTS =
      "'PingFang SC','Microsoft YaHei','Noto Sans CJK SC','WenQuanYi Micro Hei','Source Han Sans SC',sans-serif";
  private static final int EDGE = 16, LINE = 18;

  private Svg() {}

  /** A piece of a drawing, and the room it takes. */
  record Piece(String svg, int width, int height) {}

  /** The whole sheet, one figure below the other. */
  public static String of(Sheet sheet) {
    var body = new StringBuilder();
    int y = EDGE + 20, width = 0;
    text(body, EDGE, y, 18, "bold", sheet.title());
    width = Math.max(width, advance(sheet.title(), 18));
    for (var line : sheet.about()) {
      y += LINE;
      text(body, EDGE, y, 12, "normal", line);
      width = Math.max(width, advance(line, 12));
    }
    y += LINE;
    for (var figure : sheet.figures()) {
      y += LINE;
      text(body, EDGE, y, 14, "bold", figure.title());
      width = Math.max(width, advance(figure.title(), 14));
      if (!figure.note().isEmpty()) {
        y += LINE;
        text(body, EDGE, y, 12, "normal", figure.note());
        width = Math.max(width, advance(figure.note(), 12));
      }
      var piece = draw(figure);
      y += 8;
      body.append(String.format(Locale.ROOT, "<g transform=\"translate(%d,%d)\">%n", EDGE, y)).append(piece.svg).append("</g>\n");
      y += piece.height + 12;
      width = Math.max(width, piece.width);
    }
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        + wrap(body.toString(), width + 2 * EDGE, y + EDGE, "#ffffff", sheet.title());
  }

  /** One figure, without title: for a page that has its own. */
  static String alone(Figure figure) {
    var piece = draw(figure);
    return wrap(piece.svg, piece.width + 2, piece.height + 2, "none", figure.title());
  }

  private static String wrap(String body, int width, int height, String paper, String label) {
    boolean bare = paper.equals("none");
    var ink = bare ? " fill=\"currentColor\"" : " fill=\"#1a1a1a\" color=\"#1a1a1a\"";
    var ground = bare ? "" : "<rect width=\"100%\" height=\"100%\" fill=\"" + paper + "\"/>\n";
    return String.format(Locale.ROOT,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" role=\"img\" "
            + "aria-label=\"%s\" font-family=\"%s\"%s>%n%s%s</svg>%n",
        width, height, width, height, escape(label), FONTS, ink, ground, body);
  }

  private static Piece draw(Figure figure) {
    return switch (figure) {
      case Figure.Heat f -> HeatMap.draw(f);
      case Figure.Passage f -> HeatMap.passage(f);
      case Figure.Curves f -> CurvePlot.draw(f);
      case Figure.Table f -> table(f);
    };
  }

  private static Piece table(Figure.Table f) {
    int columns = f.head().size();
    var wide = new int[columns];
    for (int c = 0; c < columns; c++) {
      wide[c] = advance(f.head().get(c), 12);
      for (var row : f.rows()) wide[c] = Math.max(wide[c], advance(row.get(c), 12));
    }
    var s = new StringBuilder();
    int y = 14, width = 0;
    for (int r = f.headless() ? 0 : -1; r < f.rows().size(); r++) {
      List<String> row = r < 0 ? f.head() : f.rows().get(r);
      int x = 0;
      for (int c = 0; c < columns; c++) {
        text(s, x, y, 12, r < 0 ? "bold" : "normal", row.get(c));
        x += wide[c] + 16;
      }
      width = Math.max(width, x);
      y += LINE;
    }
    return new Piece(s.toString(), width, y - 8);
  }

  static void text(StringBuilder s, int x, int y, int size, String weight, String text) {
    text(s, x, y, size, weight, "start", text);
  }

  static void text(StringBuilder s, int x, int y, int size, String weight, String anchor, String text) {
    if (text.isEmpty()) return;
    s.append(String.format(Locale.ROOT, "<text x=\"%d\" y=\"%d\" font-size=\"%d\"%s%s>%s</text>%n", x, y, size,
        weight.equals("normal") ? "" : " font-weight=\"" + weight + "\"",
        anchor.equals("start") ? "" : " text-anchor=\"" + anchor + "\"", escape(text)));
  }

  /** About how many pixels a text takes: a wide character or an arrow its size, a capital three quarters of it, others less. */
  static int advance(String text, int size) {
    return (int) Math.ceil(text.codePoints()
        .mapToDouble(c -> size * (isWide(c) || c == '→' ? 1 : Character.isUpperCase(c) ? 0.75 : 0.58)).sum());
  }

  private static boolean isWide(int c) {
    return c >= 0x2E80 && Character.isLetter(c) || c >= 0xFF00 || c >= 0x3000 && c < 0x3100;
  }

  /** For text and attributes; what XML cannot hold becomes a replacement character. */
  public static String escape(String text) {
    var s = new StringBuilder();
    text.codePoints().forEach(c -> {
      switch (c) {
        case '&' -> s.append("&amp;");
        case '<' -> s.append("&lt;");
        case '>' -> s.append("&gt;");
        case '"' -> s.append("&quot;");
        default -> s.appendCodePoint(isXml(c) ? c : 0xFFFD);
      }
    });
    return s.toString();
  }

  private static boolean isXml(int c) {
    boolean control = c < 0x20 && c != '\n' && c != '\t';
    boolean surrogate = c >= 0xD800 && c < 0xE000;
    return !control && !surrogate && (c & 0xFFFE) != 0xFFFE;
  }

  /** A number in full, for a tip. */
  static String number(double v) { return String.format(Locale.ROOT, "%.6g", v); }
}
