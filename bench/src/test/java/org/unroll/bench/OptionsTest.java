package org.unroll.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;

class OptionsTest {
  private static Fault refused(String... args) {
    var fault = assertThrows(Fault.class, () -> Options.parse(args).cases());
    assertEquals(Code.U001, fault.code());
    assertEquals(2, fault.code().exit());
    return fault;
  }

  @Test
  void case_unknown_namesTheChoices() {
    var fault = refused("lstm-trai");
    assertEquals("there is no case lstm-trai", fault.what());
    assertTrue(fault.why().contains("lstm-train, gru-train"), fault.why());
    assertEquals(List.of("did you mean lstm-train?", "every row: unroll bench --list"), fault.mend());
  }

  @Test
  void options_thatMeanNothing_areRefused() {
    assertEquals("unknown option --al", refused("--al").what());
    assertEquals(List.of("for programs there is table.json in --out"), refused("--all", "--json").mend());
    assertEquals(List.of("leave it out: the comparison speaks English alone"), refused("--all", "--lang", "zh").mend());
    assertEquals("no case is named", refused().what());
    assertEquals("--all beside crf", refused("--all", "crf").what());
    assertEquals("--out needs a value", refused("--all", "--out").what());
    assertEquals("--processes is 0, must be a whole number from 1 on", refused("--all", "--processes", "0").what());
    assertEquals("--resume without --out", refused("--all", "--resume").what());
    assertEquals("unknown peer tensorflow", refused("--all", "--peers", "libtorch,tensorflow").what());
    assertEquals("no such page", refused("--all", "--doc", "no/such/page.md").what());
    assertEquals("no such program", refused("--all", "--python", "/no/such/python").what());
  }

  @Test
  void quick_alone_isAllOfIt() {
    var quick = Options.parse("--quick");
    assertTrue(quick.plan().quick());
    assertEquals(Options.parse("--all", "--quick").cases().stream().map(Case::id).toList(), quick.cases().stream().map(Case::id).toList());
    assertTrue(quick.cases().size() > 30 && quick.cases().size() < Cases.all().size());
    assertEquals(List.of("crf"), Options.parse("crf", "--quick").names());
  }

  @Test
  void quick_ofALargeRowAlone_isRefused() {
    var fault = refused("lstm-train-T64-B64-I1024-H1024", "--quick");
    assertEquals("--quick leaves out all of lstm-train-T64-B64-I1024-H1024", fault.what());
    assertEquals("leave out --quick", fault.mend().getFirst());
    assertEquals("--quick leaves out all of gru-train-T64-B64-I1024-H1024", refused("crf", "gru-train-T64-B64-I1024-H1024", "--quick").what());
    assertEquals(1, Options.parse("lstm-train-T64-B64-I1024-H1024").cases().size());
    assertTrue(Options.parse("lstm-train", "--quick").cases().size() > 1);
  }

  @Test
  void doc_isCheckedBeforeTheRun(@TempDir Path dir) throws IOException {
    var page = Files.writeString(dir.resolve("page.md"), "no marks\n");
    var marks = refused("--all", "--doc", page.toString());
    assertEquals("the page has no place for the table", marks.what());
    assertEquals(page.toString(), marks.where());
    Files.writeString(page, Page.BEGIN + "\n" + Page.END + "\n");
    assertEquals(page, Options.parse("--all", "--doc", page.toString()).doc());
    var quick = refused("--quick", "--doc", page.toString());
    assertEquals("--doc beside --quick", quick.what());
    assertEquals("quick: not for publishing", quick.why());
  }

  @Test
  void resume_doesNotMixQuickAndFullFigures(@TempDir Path dir) throws IOException {
    var figures = dir.resolve("figures.tsv");
    String[] full = {"--all", "--resume", "--out", dir.toString()}, quick = {"--quick", "--resume", "--out", dir.toString()};
    Files.writeString(figures, "figure\tlimits\t1\tplan\tquick\ndone\tlimits\t1\n");
    Options.parse(quick).requireFitting();
    var fault = assertThrows(Fault.class, () -> Options.parse(full).requireFitting());
    assertEquals(Code.U001, fault.code());
    assertEquals("the figures in it are of --quick", fault.what());
    assertEquals(List.of("--resume with --quick", "another --out"), fault.mend());
    for (var mark : List.of("", "figure\tlimits\t1\tplan\tfull\n")) {
      Files.writeString(figures, mark + "done\tlimits\t1\n");
      Options.parse(full).requireFitting();
      fault = assertThrows(Fault.class, () -> Options.parse(quick).requireFitting());
      assertEquals("the figures in it are not of --quick", fault.what());
      assertEquals(List.of("--resume without --quick", "another --out"), fault.mend());
    }
    Files.writeString(figures, "");
    Options.parse(quick).requireFitting();
  }

  @Test
  void list_ofACase_isItsRowsAlone() {
    String rows = Bench.list(Options.parse("--list", "crf", "softmax-N1024-H256-V10000").cases());
    assertEquals("""
        softmax         N1024 H256 V10000           ≥ 1.80×
        crf             T64 B32 K9                  ≥ 30×
                        T64 B32 K20                 ≥ 30×
                        T64 B32 K50                 ≥ 30×
        """, rows);
    assertEquals(Cases.all().size(), Bench.list(Options.parse("--list").cases()).lines().count());
  }

  @Test
  void resume_ofNothing_isTold(@TempDir Path dir) throws IOException {
    var o = Options.parse("--all", "--resume", "--out", dir.toString());
    String told = "there are no figures in " + dir + " to go on with: the run begins anew";
    assertEquals(told, o.news());
    var figures = Files.writeString(dir.resolve("figures.tsv"), "");
    assertEquals(told, o.news());
    Files.writeString(figures, "done\tlimits\t1\n");
    assertEquals("", o.news());
    assertEquals("", Options.parse("--all", "--out", dir.resolve("new").toString()).news());
  }

  @Test
  void cases_byGroupAndByRow_areThoseRows() {
    assertEquals(5, Options.parse("lstm-train").cases().size());
    var one = Options.parse("stream-T1-B1-I256-H256").cases();
    assertEquals(List.of("stream T1 B1 I256 H256"), one.stream().map(Case::id).toList());
    assertEquals(Cases.all().size(), Options.parse("--all").cases().size());
    assertEquals(Cases.all().size(), Cases.all().stream().map(Case::id).distinct().count());
  }

  @Test
  void plan_forAChild_survivesItsText() {
    var plan = Options.parse("--all", "--threads", "3", "--quick", "--peers", "libtorch").plan();
    assertEquals(plan, Plan.parse(plan.child()));
    assertEquals(1, plan.processes());
    assertEquals(5, Options.parse("--all").plan().processes());
  }

  @Test
  void out_withFigures_needsResume(@TempDir Path dir) throws IOException {
    Files.writeString(dir.resolve("figures.tsv"), "");
    var fault = assertThrows(Fault.class, () -> Options.parse("--all", "--out", dir.toString()).requireFitting());
    assertEquals("there are figures in it already", fault.what());
    Options.parse("--all", "--resume", "--out", dir.toString()).requireFitting();
  }

  @Test
  void measuringProcesses_haveTheLaunchersOptions() throws IOException {
    String launcher = Files.readString(Path.of("../unroll"));
    for (var option : Java.TRAINING) assertTrue(launcher.contains(option), option);
  }

  @Test
  void launchers_sendTheCommandsFlagsHere() throws IOException {
    assertTrue(Files.readString(Path.of("../unroll")).contains("    --all | --list | --quick) [ \"$verb\" != bench ] || compare=yes ;;\n"));
    assertTrue(Files.readString(Path.of("../unroll.cmd")).contains("=\"bench\" for %%v in (--all --list --quick) do ("));
  }

  @Test
  void launcher_knowsEveryGroup() throws IOException {
    assertEquals(List.copyOf(Cases.groups()), Files.readAllLines(Path.of("cases")));
  }
}
