package org.unroll.tasks.draw;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.unroll.tasks.draw.Figure.Scale;

class DrawingTest {
  private static final double[][] VALUES = {{0, 0.5}, {1, Double.NaN}};
  private static final Figure HEAT = new Figure.Heat("heat <1>", "a note", List.of("r&1", "r2"), List.of("明", "\""), VALUES,
      Scale.UNIT);

  private static Sheet sheet(Figure... f) { return new Sheet("a < b", List.of("model x"), "en", List.of(f)); }

  private static long count(String text, String pattern) { return Pattern.compile(pattern).matcher(text).results().count(); }

  @Test void ramp_endsAndMiddle_areTheirColours() {
    assertEquals("#440154", Ramp.hex(Scale.UNIT, 0));
    assertEquals("#fde725", Ramp.hex(Scale.UNIT, 1));
    assertEquals("#fde725", Ramp.hex(Scale.UNIT, 7));
    assertEquals("#ffffff", Ramp.hex(Scale.around(2), 0));
    assertEquals("#b2182b", Ramp.hex(Scale.around(2), -2));
    assertEquals("#2166ac", Ramp.hex(Scale.around(2), 2));
  }

  @Test void light_coloursTakeBlackLetters() {
    assertTrue(Ramp.light(0xFDE725));
    assertTrue(Ramp.light(0xFFFFFF));
    assertFalse(Ramp.light(0x440154));
    assertFalse(Ramp.light(0xB2182B));
  }

  @Test void scale_ofValues_isTheirLargest() {
    assertEquals(new Scale(0, 1, false), Scale.upTo(VALUES));
    assertEquals(new Scale(0, 3, false), Scale.upTo(new double[][] {{-3, 2}}));
    assertEquals(new Scale(0, 1, false), Scale.upTo(new double[][] {{0}}));
    assertEquals(0.75, Scale.around(2).at(1));
    assertEquals("0.5", Scale.text(0.5));
    assertEquals("1", Scale.text(1));
    assertEquals("-0.123", Scale.text(-0.12345));
    assertEquals("120", Scale.text(120));
    assertEquals("1.20e-05", Scale.text(1.2e-5));
  }

  @Test void svg_heat_hasACellForEachNumberAndItsValueAsATip() {
    var svg = Svg.of(sheet(HEAT));
    assertEquals(3, count(svg, "<title>"));
    assertTrue(svg.contains("<title>r&amp;1 · 明: 0.00000</title>"), svg);
    assertTrue(svg.contains("<title>r&amp;1 · &quot;: 0.500000</title>"), svg);
    assertTrue(svg.contains("fill=\"#fde725\"><title>r2 · 明: 1.00000</title>"), svg);
    assertTrue(svg.contains(">heat &lt;1&gt;</text>") && svg.contains("aria-label=\"a &lt; b\""), svg);
    assertTrue(svg.startsWith("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" width=\""),
        svg);
  }

  @Test void svg_isAsLargeAsWhatIsOnIt() {
    var svg = Svg.of(sheet(HEAT, HEAT));
    var size = Pattern.compile("width=\"(\\d+)\" height=\"(\\d+)\"").matcher(svg);
    assertTrue(size.find());
    int width = Integer.parseInt(size.group(1)), height = Integer.parseInt(size.group(2));
    var at = Pattern.compile("translate\\((\\d+),(\\d+)\\)").matcher(svg).results().toList();
    assertEquals(2, at.size());
    assertTrue(Integer.parseInt(at.get(1).group(2)) + 60 < height && width > 240, svg);
  }

  @Test void curves_seenSetTheRange_computedAreCut() {
    var seen = new Figure.Curve("seen", new double[] {1, 0.1, 0, 0.01}, false);
    var bound = new Figure.Curve("bound", new double[] {0.5, 1e80, 1e-3, 0.5}, true);
    var svg = Svg.of(sheet(new Figure.Curves("c", "", "k", "y", List.of(seen, bound))));
    assertTrue(svg.contains(">1e0</text>") && svg.contains(">1e-2</text>") && !svg.contains("1e80"), svg);
    assertTrue(svg.contains("d=\"M64.0 8.0L250.7 138.0M624.0 268.0\""), svg);         // a pen lifted over the zero
    assertEquals(2, count(svg, "stroke-dasharray"));
    assertFalse(svg.contains("NaN") || svg.contains("Infinity"), svg);
  }

  /** A bound that begins above what is seen is seen to leave: up to two decades are added; beyond them an arrow says where it is. */
  @Test void curves_computedThatLeave_areDrawnToTheEdge_orNamedWithAnArrow() {
    var seen = new Figure.Curve("seen", new double[] {0.5, 0.05, 0.02}, false);
    var grows = new Figure.Curve("grows", new double[] {5, 50, 500}, true);
    var falls = new Figure.Curve("falls", new double[] {0.1, 1e-3, 1e-5}, true);
    var far = new Figure.Curve("far", new double[] {1e6, 1e7, 1e8}, true);
    var low = new Figure.Curve("low", new double[] {1e-9, 1e-9, 1e-9}, true);
    var figure = new Figure.Curves("c", "", "k", "y", List.of(seen, grows, falls, far, low));
    assertEquals(new Figure.Decades(-2, 1), figure.decades());
    assertEquals(0.5, figure.decades().at(Math.sqrt(0.1)), 1e-12);
    var svg = Svg.of(sheet(figure));
    double first = 8 + 260 * (1 - (Math.log10(5) + 2) / 3), x = 64 + 280 * (1 - Math.log10(5));
    assertTrue(svg.contains(String.format(java.util.Locale.ROOT, "d=\"M64.0 %.1fL%.1f 8.0\"", first, x)), svg);
    assertTrue(svg.contains("d=\"M64.0 181.3L204.0 268.0\""), svg);          // half way to lag 2 it is a hundredth
    assertTrue(svg.contains(">far ↑</text>") && svg.contains(">low ↓</text>") && svg.contains(">grows</text>"), svg);
    assertEquals(new Figure.Decades(-2, 0), new Figure.Curves("c", "", "k", "y", List.of(seen, far)).decades());
    assertEquals(new Figure.Decades(0, 1), new Figure.Curves("c", "", "k", "y", List.of(new Figure.Curve("2", new double[] {2}, false))).decades());
  }

  @Test void advance_ofCapitalsAndChinese_isWider() {
    assertEquals(7, Svg.advance("n", 12));
    assertEquals(9, Svg.advance("N", 12));
    assertEquals(48, Svg.advance("我们→在", 12));
  }

  @Test void curves_withoutAnything_areAxes() {
    var svg = Svg.of(sheet(new Figure.Curves("c", "", "k", "y", List.of(new Figure.Curve("none", new double[] {0}, false)))));
    assertFalse(svg.contains("NaN") || svg.contains("Infinity"), svg);
  }

  @Test void html_isOneFileWithEveryFigure() {
    var passage = new Figure.Passage("p", "", List.of("<", " "), List.of(new Figure.Voice("unit 1", new double[] {-1, 1})),
        Scale.around(1));
    var table = new Figure.Table("t", "", List.of("h"), List.of(List.of("a&b")));
    var html = Html.of(sheet(HEAT, passage, table, new Figure.Table("t", "", List.of(""), List.of(List.of("bare")))));
    assertTrue(html.contains("<span style=\"background:#b2182b;color:#fff\" title=\"-1.00000\">&lt;</span>"), html);
    assertTrue(html.contains("<td>a&amp;b</td>"), html);
    assertEquals(1, count(html, "<th>"));
    assertEquals(1, count(html, "<svg "));
    assertEquals(4, count(html, "<section"));
    assertEquals(0, count(html, "<script|<link|href=|src="));
    assertEquals(count(html, "<(section|div|p|table|tr|td|th|span|main|h1|h2)\\b"), count(html,
        "</(section|div|p|table|tr|td|th|span|main|h1|h2)>"));
  }

  @Test void csv_quotesWhatItMust() {
    assertEquals("a,b\n\"x,y\",1.5\n\"say \"\"hi\"\"\",\n\"\n\",3\n",
        Csv.of(List.of("a", "b"), List.of(List.of("x,y", 1.5), List.of("say \"hi\"", Double.NaN), List.of("\n", 3))));
  }

  @Test void escape_whatXmlCannotHold_isReplaced() {
    assertEquals("a\uFFFDb\uFFFD\uFFFD😀", Svg.escape("a\u0000b\uD800\uFFFF😀"));
  }
}
