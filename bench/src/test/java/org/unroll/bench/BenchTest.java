package org.unroll.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command itself, on its smallest row. */
class BenchTest {
  @TempDir Path dir;

  @Test
  void run_oneRow_writesTheTable_andResumesWithoutMeasuring() throws Exception {
    String[] first = {"viterbi-T64-B32-K9", "--quick", "--peers", "libtorch", "--out", dir.toString()};
    assertEquals(0, Bench.run(first));
    String text = Files.readString(dir.resolve("table.txt"));
    assertTrue(text.contains("viterbi T64 B32 K9") && text.contains("libtorch pytorch-crf's algorithm"), text);
    assertTrue(text.contains("GF/s of multiply-adds with 1 thread"), text);
    assertTrue(Files.readString(dir.resolve("bars.svg")).endsWith("</svg>\n"));
    assertTrue(Files.readString(dir.resolve("table.json")).contains("\"case\": \"viterbi\""));

    String figures = Files.readString(dir.resolve("figures.tsv"));
    var page = Files.writeString(dir.resolve("page.md"), Page.BEGIN + "\n" + Page.END + "\n");
    String[] again = {"viterbi-T64-B32-K9", "--quick", "--peers", "libtorch", "--out", dir.toString(), "--resume", "--doc", page.toString()};
    assertEquals(0, Bench.run(again));
    assertEquals(figures, Files.readString(dir.resolve("figures.tsv")));
    assertEquals(Page.BEGIN + "\n```text\n" + text + "```\n" + Page.END + "\n", Files.readString(page));
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
