package org.unroll.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How the three reports show what a table has. */
class ReportTest {
  private static final Case ROW = Cases.all().getFirst();

  private final List<Line> lines = new ArrayList<>();

  private void sample(Case row, String engine, double time) {
    lines.add(new Line.Sample(row.id(), 1, engine, "", 2, 9e6, 2, new double[] {time}, new double[] {time}));
  }

  private Table table(Case row) { return Table.of(List.of(row), lines); }

  @Test
  void quickFigures_sayInEveryReportThatTheyAreNotForPublishing() {
    sample(ROW, "unroll", 4e6);
    sample(ROW, "libtorch", 6e6);
    for (var full : List.of("", "full")) {
      if (!full.isEmpty()) lines.add(new Line.Figure(ROW.id(), 1, "plan", full));
      assertFalse(TextReport.of(table(ROW)).contains("quick"), "no mark is a full run's");
      assertFalse(BarsReport.of(table(ROW)).contains("quick"));
      assertTrue(JsonReport.of(table(ROW)).contains("\"plan\": \"full\""));
    }
    lines.add(new Line.Figure(ROW.id(), 2, "plan", "quick"));
    assertTrue(TextReport.of(table(ROW)).startsWith("plan          quick: not for publishing\n"), TextReport.of(table(ROW)));
    assertTrue(JsonReport.of(table(ROW)).contains("\"plan\": \"quick\""));
    assertTrue(BarsReport.of(table(ROW)).contains(">quick: not for publishing</text>"));
    assertFalse(table(ROW).rows().getFirst().figures().containsKey("plan"));
  }

  @Test
  void disagreement_keepsApartFromWhatFollows() {
    sample(ROW, "unroll", 4e6);
    sample(ROW, "libtorch", 6e6);
    lines.add(new Line.Apart(ROW.id(), 1, "libtorch", "", 3e-4, 0.42, false));
    String text = TextReport.of(table(ROW));
    assertTrue(text.contains("disagrees: outputs 3.0e-04 apart, gradients 4.2e-01  cold 9.00 ms"), text);
  }

  /** Twelve times is 560 wide from 330 on, so 1× is at 376.7. */
  @Test
  void bars_thatAreCut_haveAGapAndTheirNumber() {
    sample(ROW, "unroll", 4e6);
    sample(ROW, "libtorch", 47.9e6);
    String svg = BarsReport.of(table(ROW));
    assertFalse(svg.contains("<path"), svg);
    sample(ROW, "dl4j", 72e6);
    svg = BarsReport.of(table(ROW));
    assertEquals(2, svg.split("<path", -1).length, svg);
    assertTrue(svg.contains("width=\"560.0\" height=\"12\" fill=\"#4a7ebb\"/>\n<path d=\"M850.0 "), svg);
    assertTrue(svg.contains("<text x=\"895.0\" y=\"96\">18.0×</text>"), svg);
    assertTrue(svg.contains("A bar with a gap is cut at 12×."), svg);
  }

  @Test
  void bars_line_standsBesideTheBarsAlone_andNoWordStandsInIt() {
    sample(ROW, "unroll", 4e6);
    sample(ROW, "libtorch", 2e6);
    sample(ROW, "dl4j", 3e6);
    lines.add(new Line.Apart(ROW.id(), 1, "dl4j", "", 3e-4, 0.42, false));
    String svg = BarsReport.of(table(ROW));
    assertTrue(svg.contains("fill=\"#c0504d\"/>\n<text x=\"381.7\" y=\"78\">0.50×</text>\n"), svg);
    assertTrue(svg.contains("<text x=\"381.7\" y=\"96\">disagrees: outputs"), svg);
    assertTrue(svg.contains("<line x1=\"376.7\" y1=\"65\" x2=\"376.7\" y2=\"101\" stroke=\"black\"/>\n<text x=\"10\" y=\"118\" "), svg);
    assertEquals(2, svg.split("<line", -1).length, "a row, a line");
  }

  /** W of 128 and of 512 inputs, R twice, each times 2,048; 100 scores of 512 numbers; a multiplication and an addition, 64 rows. */
  @Test
  void sessions_countTheirOperations() {
    var row = Cases.all().stream().filter(c -> c.group().equals("sessions")).findFirst().orElseThrow();
    double operations = 2.0 * 64 * ((128 + 512 + 512 + 512) * 2048 + 512 * 100);
    assertEquals(442_761_216, operations);
    assertEquals(operations, row.cost().flops());
    sample(row, "unroll", 2e6);
    lines.add(new Line.Figure("limits", 1, "peak 2", "2.952e11"));
    String text = TextReport.of(table(row));
    assertTrue(text.contains("221 GF/s, 75 % of peak, cold"), text);
  }
}
