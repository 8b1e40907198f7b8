package org.unroll.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** From what processes tell to the rows of the table. */
class TableTest {
  /** lstm-train T64 B16 I128 H128: ≥ 1.30× or ≥ 88 % of peak, ≥ 10× dl4j. */
  private static final Case ROW = Cases.all().getFirst();
  private static final double FLOPS = 6.0 * 4 * 128 * 256 * 64 * 16;

  private final List<Line> lines = new ArrayList<>();

  private void sample(int process, String engine, String mode, int threads, double... rounds) {
    lines.add(new Line.Sample(ROW.id(), process, engine, mode, threads, 9e6, 2, rounds, rounds));
  }

  private Table.Row row() { return Table.of(List.of(ROW), lines).rows().getFirst(); }

  private void usual() {
    sample(1, "unroll", "", 2, 4e6, 5e6, 6e6);
    sample(1, "unroll", "", 1, 8e6);
    sample(2, "unroll", "", 2, 4e6);
    sample(2, "unroll", "", 1, 8e6);
    sample(1, "libtorch", "nn::LSTM", 2, 10e6);
    sample(2, "libtorch", "nn::LSTM", 2, 6e6);
    sample(1, "libtorch", "nn::LSTM", 1, 7e6);
  }

  @Test
  void figures_areMediansOfProcesses_ratiosAreWithinThem() {
    usual();
    var r = row();
    assertEquals(4.5e6, r.ours().time());
    assertEquals(2, r.ours().threads());
    assertEquals(8e6, r.oneThread());
    assertEquals(9e6, r.ours().cold());
    var torch = r.others().getFirst();
    assertEquals(2, torch.threads(), "the entry that all processes measured, though one process of another was faster");
    assertArrayEquals(new double[] {2, 1.5}, torch.ratios());
    assertEquals(1.75, torch.ratio());
    assertEquals(FLOPS / 4.5e-3, r.flops(), 1);
  }

  @Test
  void ratio_ofOneThatDisagrees_isRefused() {
    usual();
    lines.add(new Line.Apart(ROW.id(), 1, "libtorch", "nn::LSTM", 3e-4, 2e-3, false));
    var r = row();
    assertTrue(r.disagrees());
    assertEquals(0, r.others().getFirst().ratios().length);
    String text = TextReport.of(Table.of(List.of(ROW), lines));
    assertTrue(text.contains("disagrees: outputs 3.0e-04 apart, gradients 2.0e-03"), text);
    assertFalse(text.contains("1.75×"), text);
    assertTrue(text.contains("disagree      " + ROW.id()), text);
    assertFalse(JsonReport.of(Table.of(List.of(ROW), lines)).contains("1.75"));
    assertFalse(BarsReport.of(Table.of(List.of(ROW), lines)).contains("1.75"));
  }

  @Test
  void ratio_whereOursDisagreesWithItself_isRefusedEverywhere() {
    usual();
    lines.add(new Line.Apart(ROW.id(), 1, "unroll", "", 1e-9, 0, false));
    var r = row();
    assertTrue(r.disagrees());
    assertEquals(0, r.others().getFirst().ratios().length);
    assertEquals("open", Table.of(List.of(ROW), lines).verdict(r));
  }

  @Test
  void agreement_thatHolds_leavesTheRatio() {
    usual();
    lines.add(new Line.Apart(ROW.id(), 1, "libtorch", "nn::LSTM", 3e-6, 2e-6, true));
    assertFalse(row().disagrees());
    assertEquals(1.75, row().others().getFirst().ratio());
  }

  @Test
  void versions_standInTheHead_oursToo_andAllThatTookPart() {
    usual();
    lines.add(new Line.Figure(ROW.id(), 1, "version unroll", "0.1.0, commit a"));
    lines.add(new Line.Figure(ROW.id(), 2, "version unroll", "0.1.0, commit a"));
    assertTrue(TextReport.of(Table.of(List.of(ROW), lines)).contains("\nunroll        0.1.0, commit a\n"));
    lines.add(new Line.Figure(ROW.id(), 3, "version unroll", "0.1.0, commit b"));
    var libtorch = "libtorch 2.10.0: Intel(R) MKL-DNN v3.7.1; CPU capability usage: AVX512";
    for (int process = 1; process <= 2; process++) lines.add(new Line.Figure(ROW.id(), process, "version libtorch", libtorch));
    String text = TextReport.of(Table.of(List.of(ROW), lines));
    assertTrue(text.contains("\nunroll        0.1.0, commit a; 0.1.0, commit b\n"), text);
    assertTrue(text.contains("\nlibtorch      " + libtorch + "\n"), text);
    assertTrue(JsonReport.of(Table.of(List.of(ROW), lines)).contains("\"unroll\": \"0.1.0, commit a; 0.1.0, commit b\""));
  }

  @Test
  void fewerProcesses_areTold_ofOursAsOfOthers() {
    usual();
    for (int process = 1; process <= 3; process++) lines.add(new Line.Done(ROW.id(), process));
    lines.removeIf(l -> l instanceof Line.Sample s && s.engine().equals("libtorch") && s.process() == 2);
    String text = TextReport.of(Table.of(List.of(ROW), lines));
    assertTrue(text.contains("of peak, cold 9.00 ms, 2.0 cores, 2 processes\n"), text);
    assertTrue(text.lines().anyMatch(l -> l.startsWith("  libtorch") && l.endsWith("cores, 1 process")), text);
  }

  @Test
  void missing_peer_isADashWithItsReason() {
    usual();
    lines.add(new Line.Missing(ROW.id(), 1, "dl4j", "ended the process, status 134"));
    String text = TextReport.of(Table.of(List.of(ROW), lines));
    assertTrue(text.contains("–  ended the process, status 134"), text);
    assertEquals("open", Table.of(List.of(ROW), lines).verdict(row()), "nothing is known of dl4j");
  }

  @Test
  void verdict_ratioOrShare_isMetByEither() {
    usual();
    sample(1, "dl4j", "layer", 1, 60e6);
    sample(2, "dl4j", "layer", 1, 50e6);
    assertEquals("met", Table.of(List.of(ROW), lines).verdict(row()));
    lines.removeIf(l -> l instanceof Line.Sample s && s.engine().equals("libtorch"));
    sample(1, "libtorch", "nn::LSTM", 2, 5e6);
    sample(2, "libtorch", "nn::LSTM", 2, 4e6);
    assertEquals("missed", Table.of(List.of(ROW), lines).verdict(row()));
    lines.add(new Line.Figure("limits", 1, "peak 2", Double.toString(FLOPS / 4.5e-3 / 0.9)));
    assertEquals("met", Table.of(List.of(ROW), lines).verdict(row()), "90 % of the peak do instead");
    assertEquals(0.9, Table.of(List.of(ROW), lines).share(row()), 1e-9);
  }

  @Test
  void peers_thatWereNotAsked_haveADash_orALineInTheHeadWhereMostWereNot() {
    usual();
    sample(1, "dl4j", "heap", 1, 60e6);
    lines.add(new Line.Missing(ROW.id(), 1, "onnxruntime", "it infers layers alone"));
    var table = Table.of(List.of(ROW), lines);
    assertEquals(List.of("python torch", "python jax", "python keras"), table.rows().getFirst().unasked());
    String text = TextReport.of(table);
    assertTrue(text.contains("\nnot asked     python torch, python jax, python keras\n"), text);
    assertFalse(text.contains("–  not asked"), text);

    var other = Cases.all().get(1);
    var third = Cases.all().get(5);
    for (var row : List.of(other, third)) {
      lines.add(new Line.Missing(row.id(), 1, "onnxruntime", "it infers layers alone"));
      lines.add(new Line.Missing(row.id(), 1, row == other ? "python jax" : "python torch", "not installed"));
      lines.add(new Line.Missing(row.id(), 1, "libtorch", "no"));
    }
    text = TextReport.of(Table.of(List.of(ROW, other, third), lines));
    String head = "not asked     dl4j but in lstm-train, python torch but in gru-train, python jax but in lstm-train, python keras\n";
    assertTrue(text.contains(head), text);
    assertTrue(text.contains("\n  python jax                            –  not asked\n"), "of the first row, in whose group it was asked: " + text);
    assertTrue(text.contains("\n  dl4j                                  –  not asked\n"), text);
    assertEquals(2, text.split("–  not asked", -1).length - 1, text);
    assertEquals(List.of(), row(Cases.all().getLast()).unasked(), "memory asks nobody");
  }

  private Table.Row row(Case of) {
    lines.add(new Line.Done(of.id(), 1));
    return Table.of(List.of(of), lines).rows().getFirst();
  }

  @Test
  void measured_isFromTheFirstToTheLast_whereProcessesTold() {
    usual();
    lines.add(new Line.Done(ROW.id(), 1));
    assertEquals("", Table.of(List.of(ROW), lines).measured(), "a file of before");
    lines.add(new Line.Figure(ROW.id(), 2, Runner.BEGUN, "2026-11-22 01:10"));
    lines.add(new Line.Done(ROW.id(), 2));
    assertEquals("2026-11-22 01:10, the rest at times that were not kept", Table.of(List.of(ROW), lines).measured());
    lines.add(new Line.Figure(ROW.id(), 1, Runner.BEGUN, "2026-11-21 18:26"));
    lines.add(new Line.Figure(ROW.id(), 1, Runner.TOOK, "12.5"));
    var table = Table.of(List.of(ROW), lines);
    assertTrue(TextReport.of(table).contains("\nmeasured      2026-11-21 18:26 to 2026-11-22 01:10\n"));
    assertTrue(JsonReport.of(table).contains("\"measured\": \"2026-11-21 18:26 to 2026-11-22 01:10\""));
    assertFalse(table.rows().getFirst().figures().containsKey("seconds"), "of the process, not of the row");
    assertFalse(table.rows().getFirst().figures().containsKey("begun"));
  }

  @Test
  void bars_tellOfMachineDateVersionsAndLimits_inLinesThatFit() {
    usual();
    lines.add(new Line.Figure(ROW.id(), 1, Runner.BEGUN, "2026-11-21 18:26"));
    lines.add(new Line.Figure(ROW.id(), 1, "version libtorch", "libtorch 2.10.0: " + "with a b < c & d ".repeat(12)));
    lines.add(new Line.Figure("limits", 1, "peak 1", "1.2e11"));
    String svg = BarsReport.of(Table.of(List.of(ROW), lines));
    assertTrue(svg.contains(">machine</text>\n"), svg);
    assertTrue(svg.contains(Machine.jvm()), svg);
    assertTrue(svg.contains(">2026-11-21 18:26</text>"), svg);
    assertTrue(svg.contains(">libtorch 2.10.0: with a b &lt; c &amp; d with"), svg);
    assertTrue(svg.contains(">120 GF/s of multiply-adds with 1 thread; GB/s read: "), svg);
    var texts = svg.lines().filter(l -> l.startsWith("<text x=\"110\"")).map(l -> l.replaceAll("<[^>]*>", "")).toList();
    assertEquals(7, texts.size(), "one of the six has two lines");
    assertEquals("libtorch 2.10.0:" + " with a b &lt; c &amp; d".repeat(12), texts.get(3) + " " + texts.get(4));
    assertTrue(texts.get(3).replaceAll("&[a-z]*;", "&").length() <= 125, texts.get(3));
  }

  @Test
  void ratio_atTheEdgeOfTheTarget_hasADigitMore() {
    sample(1, "unroll", "", 2, 10e6);
    sample(1, "libtorch", "nn::LSTM", 2, 12.96e6);
    sample(1, "dl4j", "heap", 2, 99.96e6);
    var table = Table.of(List.of(ROW), lines);
    String text = TextReport.of(table);
    assertEquals("missed", table.verdict(table.rows().getFirst()));
    assertTrue(text.contains("  1.296× (1.30 – 1.30)"), text);
    assertTrue(text.contains("  9.996× (10.0 – 10.0)"), text);
    assertTrue(BarsReport.of(table).contains(">1.296×<"));
    lines.add(new Line.Figure("limits", 1, "peak 2", Double.toString(FLOPS / 10e-3 / 0.876)));
    assertTrue(TextReport.of(Table.of(List.of(ROW), lines)).contains("GF/s, 87.6 % of peak"));
  }

  private Case only(String group) { return Cases.all().stream().filter(c -> c.group().equals(group)).findFirst().orElseThrow(); }

  private void sample(Case row, String engine, int threads, double time, double tail) {
    lines.add(new Line.Sample(row.id(), 1, engine, "", threads, 9e6, 2, new double[] {time}, new double[] {tail}));
  }

  @Test
  void tails_ofStreams_standBesideEveryEngine() {
    var stream = only("stream");
    sample(stream, "unroll", 2, 10e3, 15e3);
    sample(stream, "onnxruntime", 2, 20e3, 33e3);
    String text = TextReport.of(Table.of(List.of(stream), lines));
    assertTrue(text.contains("p99 15.0 µs, cold 9.00 ms"), text);
    assertTrue(text.contains("2.00× (2.00 – 2.00)     p99 33.0 µs, cold 9.00 ms, 2.0 cores\n"), text);
  }

  @Test
  void sessions_oneByOneWithOneThread_standsBesideTheBest_whichDecides() {
    var sessions = only("sessions");
    sample(sessions, "unroll", 2, 2e6, 2e6);
    sample(sessions, "unroll", 1, 4e6, 4e6);
    sample(sessions, "one by one", 2, 6e6, 6e6);
    sample(sessions, "one by one", 1, 14e6, 14e6);
    var table = Table.of(List.of(sessions), lines);
    String text = TextReport.of(table);
    assertTrue(text.contains("\n  one by one                            2 thr    6.00 ms  (6.00 ms – 6.00 ms)  3.00×"), text);
    assertTrue(text.contains("\n  one by one, 1 thread                  1 thr    14.0 ms  (14.0 ms – 14.0 ms)  7.00×"), text);
    assertEquals("missed", table.verdict(table.rows().getFirst()), "≥ 5× is of the better");
    lines.add(new Line.Apart(sessions.id(), 1, "one by one", "", 1e-9, 0, false));
    assertFalse(TextReport.of(Table.of(List.of(sessions), lines)).contains("7.00×"));
  }

  @Test
  void lines_surviveTheirText() {
    usual();
    lines.add(new Line.Apart(ROW.id(), 1, "libtorch", "nn::LSTM", 3e-4, 2e-3, false));
    lines.add(new Line.Missing(ROW.id(), 1, "dl4j", "no"));
    lines.add(new Line.Figure(ROW.id(), 1, "bytes", "5.0"));
    lines.add(new Line.Done(ROW.id(), 1));
    lines.add(new Line.Now(ROW.id(), 1, ""));
    for (var l : lines) assertEquals(l.text(), Line.parse(l.text()).text());
    assertEquals(null, Line.parse("log4j: no appenders"));
    assertEquals(null, Line.parse("sample\ta"));
  }
}
