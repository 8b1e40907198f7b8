package org.unroll.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;

/** The command itself, on its smallest row. */
class BenchTest {
  private static final String ROW = "viterbi T64 B32 K9";

  @TempDir Path dir;

  @Test
  void run_oneRow_writesTheTable_andResumesWithoutMeasuring() throws Exception {
    String[] first = {"viterbi-T64-B32-K9", "--quick", "--peers", "libtorch", "--out", dir.toString()};
    assertEquals(0, Bench.run(first));
    String text = Files.readString(dir.resolve("table.txt"));
    assertTrue(text.contains(ROW) && text.contains("libtorch pytorch-crf's algorithm"), text);
    assertTrue(text.contains("GF/s of multiply-adds with 1 thread"), text);
    assertTrue(text.startsWith("plan          quick: not for publishing\n"), text);
    assertTrue(Files.readString(dir.resolve("bars.svg")).endsWith("</svg>\n"));
    assertTrue(Files.readString(dir.resolve("table.json")).contains("\"case\": \"viterbi\""));

    String figures = Files.readString(dir.resolve("figures.tsv"));
    var page = Files.writeString(dir.resolve("page.md"), Page.BEGIN + "\n" + Page.END + "\n");
    String[] again = {"viterbi-T64-B32-K9", "--quick", "--peers", "libtorch", "--out", dir.toString(), "--resume"};
    assertEquals(0, Bench.run(again));
    assertEquals(figures, Files.readString(dir.resolve("figures.tsv")));

    String unmarked = figures.replaceAll("figure\t[^\t\n]*\t1\tplan\tquick\n", "");       // as a full run's of before
    assertEquals(2 * "figure\tlimits\t1\tplan\tquick\n".length() + ROW.length() - "limits".length(),
        figures.length() - unmarked.length());
    Files.writeString(dir.resolve("figures.tsv"), unmarked);
    String[] full = {"viterbi-T64-B32-K9", "--processes", "1", "--out", dir.toString(), "--resume", "--doc", page.toString()};
    assertEquals(0, Bench.run(full));
    assertEquals(unmarked, Files.readString(dir.resolve("figures.tsv")));
    text = text.substring(text.indexOf('\n') + 1);
    assertEquals(Page.BEGIN + "\n```text\n" + text + "```\n" + Page.END + "\n", Files.readString(page));
  }

  @Test
  void fault_isToldInItsParts_eachOnce() {
    var fault = Fault.of(Code.U001, "--all beside crf").at("here").because("a rule").mend("one").mend("the other");
    assertEquals("""
        error UNR-U001: --all beside crf
          where  here
          why    a rule
          mend   one
                 the other
        """, Bench.text(fault));
    assertEquals("error UNR-U001: no\n", Bench.text(Fault.of(Code.U001, "no")));
  }

  @Test
  void folder_thatCannotBeWritten_isRefusedWithARemedy() throws Exception {
    var file = Files.writeString(dir.resolve("file"), "");
    var fault = assertThrows(Fault.class, () -> Bench.run(new String[] {"crf", "--quick", "--out", file.toString()}));
    assertEquals(Code.G003, fault.code());
    assertEquals(7, fault.code().exit());
    assertEquals("the folder cannot be written", fault.what());
    assertEquals(List.of("another --out"), fault.mend());
    assertTrue(Options.HELP.contains("7 a file cannot be read or written"), Options.HELP);
  }

  @Test
  void run_engineThatDisagrees_isStatus6() throws Exception {
    var row = Cases.all().getFirst();
    var lines = List.<Line>of(
        new Line.Sample(row.id(), 1, "unroll", "", 1, 1, 1, new double[] {1}, new double[] {1}),
        new Line.Sample(row.id(), 1, "libtorch", "nn::LSTM", 1, 1, 1, new double[] {2}, new double[] {2}),
        new Line.Apart(row.id(), 1, "libtorch", "nn::LSTM", 1e-3, 0, false));
    assertEquals(6, Bench.status(Table.of(List.of(row), lines)));
    assertEquals(0, Bench.status(Table.of(List.of(row), lines.subList(0, 2))));
    assertEquals(1, Bench.status(Table.of(List.of(row), lines.subList(1, 2))), "we were not measured ourselves");
  }
}
