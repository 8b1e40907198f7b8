package org.unroll.tasks.draw;

import java.util.Locale;

/** Matrices and coloured text in SVG. Every cell tells its value as a tip. */
final class HeatMap {
  private static final int CELL = 18, ROW = 16, KEY = 120;

  private HeatMap() {}

  static Svg.Piece draw(Figure.Heat f) {
    int left = f.rows().stream().mapToInt(r -> Svg.advance(r, 12)).max().orElse(0) + 8;
    int cell = Math.max(CELL, f.columns().stream().mapToInt(c -> Svg.advance(c, 12)).max().orElse(0) + 4);
    var s = new StringBuilder();
    for (int c = 0; c < f.columns().size(); c++) {
      Svg.text(s, left + c * cell + cell / 2, 13, 12, "normal", "middle", f.columns().get(c));
    }
    int y = 18;
    for (int r = 0; r < f.rows().size(); r++, y += ROW) {
      Svg.text(s, left - 6, y + 12, 12, "normal", "end", f.rows().get(r));
      for (int c = 0; c < f.columns().size(); c++) {
        double v = f.values()[r][c];
        if (Double.isNaN(v)) continue;
        s.append(String.format(Locale.ROOT,
            "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\"><title>%s · %s: %s</title></rect>%n",
            left + c * cell, y, cell - 1, ROW - 1, Ramp.hex(f.scale(), v),
            Svg.escape(f.rows().get(r)), Svg.escape(f.columns().get(c)), Svg.number(v)));
      }
    }
    key(s, left, y + 6, f.scale());
    return new Svg.Piece(s.toString(), left + Math.max(f.columns().size() * cell, KEY + 120), y + 24);
  }

  /** The text once for each voice, on the colours of its values. */
  static Svg.Piece passage(Figure.Passage f) {
    int left = f.voices().stream().mapToInt(v -> Svg.advance(v.name(), 12)).max().orElse(0) + 8, perLine = 40, height = 22;
    int cell = Math.max(14, f.symbols().stream().mapToInt(c -> Svg.advance(c, 14)).max().orElse(0) + 2);
    var s = new StringBuilder();
    int y = 0, n = f.symbols().size();
    for (var voice : f.voices()) {
      Svg.text(s, left - 6, y + 15, 12, "normal", "end", voice.name());
      for (int i = 0; i < n; i++) {
        int x = left + i % perLine * cell;
        if (i > 0 && i % perLine == 0) y += height;
        int rgb = Ramp.rgb(f.scale(), voice.values()[i]);
        s.append(String.format(Locale.ROOT,
            "<g fill=\"%s\"><rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"20\" fill=\"#%06x\"><title>%s</title></rect>",
            Ramp.light(rgb) ? "#000" : "#fff", x, y, cell, rgb, Svg.number(voice.values()[i])));
        Svg.text(s, x + cell / 2, y + 15, 14, "normal", "middle", f.symbols().get(i));
        s.append("</g>\n");
      }
      y += height + 2;
    }
    key(s, left, y + 4, f.scale());
    return new Svg.Piece(s.toString(), left + Math.max(Math.min(n, perLine) * cell, KEY + 120), y + 22);
  }

  /** Which colour is which value. */
  private static void key(StringBuilder s, int x, int y, Figure.Scale scale) {
    String low = Figure.Scale.text(scale.low()), high = Figure.Scale.text(scale.high());
    int from = x + Svg.advance(low, 11) + 6, steps = 24;
    Svg.text(s, x, y + 10, 11, "normal", low);
    for (int i = 0; i < steps; i++) {
      double v = scale.low() + (scale.high() - scale.low()) * i / (steps - 1);
      s.append(String.format(Locale.ROOT, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"10\" fill=\"%s\"/>%n",
          from + i * KEY / steps, y + 1, KEY / steps, Ramp.hex(scale, v)));
    }
    Svg.text(s, from + KEY + 6, y + 10, 11, "normal", high);
  }
}
