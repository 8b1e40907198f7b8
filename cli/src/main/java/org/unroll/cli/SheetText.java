package org.unroll.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.unroll.tasks.draw.Figure;
import org.unroll.tasks.draw.Ramp;
import org.unroll.tasks.draw.Sheet;

/** A sheet as text for a terminal: two columns for a Chinese character, shades or colours for values. */
final class SheetText {
  private static final String[] SHADES = {" ", "░", "▒", "▓", "█"};
  private static final String[] SIGNED = {"=", "-", "·", "+", "#"};
  private static final int WIDEST = 8, BAR = 32;

  private final StringBuilder out = new StringBuilder();
  private final Talk talk;
  private final boolean colored;
  private final int width;

  private SheetText(Talk talk, boolean terminal) {
    this.talk = talk;
    this.colored = terminal && talk.colored(Terminal.OUT);
    this.width = terminal ? Math.max(40, talk.terminal().width()) : 100;
  }

  /** @param terminal whether it goes to standard output: only that may be coloured */
  static String of(Sheet sheet, Talk talk, boolean terminal) {
    var t = new SheetText(talk, terminal);
    t.line(sheet.title());
    sheet.about().forEach(t::line);
    for (var f : sheet.figures()) t.figure(f);
    return t.out.toString();
  }

  private void line(String s) { out.append(s.stripTrailing()).append('\n'); }

  private void figure(Figure f) {
    line("");
    line(f.title());
    if (!f.note().isEmpty()) Width.folded(f.note(), width).forEach(this::line);
    switch (f) {
      case Figure.Table t -> table(t);
      case Figure.Heat h -> heat(h);
      case Figure.Passage p -> heat(new Figure.Heat(p.title(), p.note(), p.voices().stream().map(Figure.Voice::name).toList(),
          p.symbols().stream().map(s -> s.equals(" ") ? "␣" : s.strip()).toList(),
          p.voices().stream().map(Figure.Voice::values).toArray(double[][]::new), p.scale()));
      case Figure.Curves c -> curves(c);
    }
  }

  private void table(Figure.Table t) {
    if (t.headless() && t.head().size() == 1) {
      for (var row : t.rows()) Width.folded(row.getFirst(), width - 2).forEach(l -> line("  " + l));
      return;
    }
    var all = new ArrayList<List<String>>();
    if (!t.headless()) all.add(t.head());
    all.addAll(t.rows());
    var wide = new int[t.head().size()];
    for (var row : all) for (int c = 0; c < wide.length; c++) wide[c] = Math.max(wide[c], Width.of(row.get(c)));
    for (var row : all) {
      var s = new StringBuilder("  ");
      for (int c = 0; c < wide.length; c++) {
        var cell = row.get(c);
        s.append(c == 0 ? Width.pad(cell, wide[c]) : " ".repeat(wide[c] - Width.of(cell)) + cell).append("  ");
      }
      line(s.toString());
    }
  }

  private void heat(Figure.Heat h) {
    int left = h.rows().stream().mapToInt(Width::of).max().orElse(0);
    int cell = Math.min(WIDEST, h.columns().stream().mapToInt(Width::of).max().orElse(1));
    int gap = cell > 1 ? 1 : 0, perLine = Math.max(1, (width - left - 4) / (cell + gap));
    line("  " + key(h.scale()));
    for (int from = 0; from < h.columns().size(); from += perLine) {
      int to = Math.min(h.columns().size(), from + perLine);
      if (from > 0) line("");
      var head = new StringBuilder("  " + " ".repeat(left) + " ");
      for (int c = from; c < to; c++) head.append(Width.pad(Width.cut(h.columns().get(c), cell), cell + gap));
      line(head.toString());
      for (int r = 0; r < h.rows().size(); r++) {
        var s = new StringBuilder("  " + Width.pad(h.rows().get(r), left) + " ");
        boolean any = false;
        for (int c = from; c < to; c++) {
          any |= !Double.isNaN(h.values()[r][c]);
          s.append(value(h.scale(), h.values()[r][c], cell)).append(" ".repeat(gap));
        }
        if (any) line(s.toString());
      }
    }
  }

  private String value(Figure.Scale scale, double v, int cell) {
    if (Double.isNaN(v)) return " ".repeat(cell);
    if (colored) {
      int rgb = Ramp.rgb(scale, v);
      return String.format(Locale.ROOT, "\033[48;2;%d;%d;%dm%s\033[0m", rgb >> 16, rgb >> 8 & 0xFF, rgb & 0xFF, " ".repeat(cell));
    }
    var shades = scale.signed() ? SIGNED : SHADES;
    return shades[Math.min(shades.length - 1, (int) (scale.at(v) * shades.length))].repeat(cell);
  }

  private String key(Figure.Scale scale) {
    String low = Figure.Scale.text(scale.low()), high = Figure.Scale.text(scale.high());
    if (!colored) return low + " " + String.join("", scale.signed() ? SIGNED : SHADES) + " " + high;
    var s = new StringBuilder();
    for (int i = 0; i <= 8; i++) s.append(value(scale, scale.low() + (scale.high() - scale.low()) * i / 8, 1));
    return low + " " + s + " " + high;
  }

  /** Some lags, a bar each, on one logarithmic scale for all curves. */
  private void curves(Figure.Curves f) {
    var scale = f.decades();
    line(talk.text("explain.bars", scale.bottom(), scale.top(), f.y()));
    for (var c : f.curves()) {
      line("  " + c.name());
      int last = c.values().length;
      if (Arrays.stream(c.values()).allMatch(v -> scale.at(v) > 1)) {
        line(String.format(Locale.ROOT, "  %5s  → %.2e … %.2e", "1…" + last, c.values()[0], c.values()[last - 1]));
        continue;
      }
      for (int k : lags(last)) {
        double v = c.values()[k - 1];
        boolean beyond = scale.at(v) > 1;
        int bar = v > 0 ? (int) Math.round(BAR * Math.clamp(scale.at(v), 0, 1)) : 0;
        var drawn = (c.dashed() ? "▒" : "█").repeat(beyond ? BAR - 1 : bar) + (beyond ? "→" : "");
        line(String.format(Locale.ROOT, "  %5d  %s %.2e", k, Width.pad(drawn, BAR), v));
      }
    }
  }

  /** 1, 2, 3, 5, 7, 10, 15, 20, … and the last. */
  private static List<Integer> lags(int last) {
    var lags = new ArrayList<Integer>();
    int[] steps = {10, 15, 20, 30, 50, 70};
    for (int k : new int[] {1, 2, 3, 5, 7}) if (k < last) lags.add(k);
    for (int decade = 1; decade <= 1000; decade *= 10) for (int s : steps) if (s * decade < last) lags.add(s * decade);
    lags.add(last);
    return lags;
  }
}
