package org.unroll.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unroll.file.RunLock;

/** Commands that look at what a training left. */
class LookCommandsTest {
  @TempDir static Path folder;
  private static Path text, runs;

  @BeforeAll static void train() throws IOException {
    text = Files.writeString(folder.resolve("cats.txt"), TrainCommandTest.TEXT);
    runs = folder.resolve("runs");
    train("a");
    train("b", "--lr", "1e-3");
  }

  private static void train(String name, String... more) {
    var args = new java.util.ArrayList<>(List.of("train", "--data", text.toString(), "--runs-dir", runs.toString(), "--name",
        name, "--threads", "1",
        "--hidden", "12", "--embed", "6", "--batch", "4", "--bptt", "16", "--epochs", "2"));
    if (more.length == 0) args.addAll(List.of("--lr", "3e-2"));
    args.addAll(List.of(more));
    var r = Terminalless.run(args.toArray(String[]::new));
    assertEquals(0, r.status(), r.err());
  }

  private static String run(String name) { return runs.resolve(name).toString(); }

  private static String out(String... args) {
    var r = Terminalless.run(args);
    assertEquals(0, r.status(), r.err());
    return r.out();
  }

  private static Path checkpoint(String name) { return runs.resolve(name).resolve("checkpoints/ckpt-000000108.safetensors"); }

  // ---- runs list

  @Test void runsList_where_keepsTheRunsThatFit() {
    var base = new String[] {"runs", "list", "--runs-dir", runs.toString(), "--where"};
    for (var w : List.of("train.lr>0.01", "name=a", "train.lr = 3e-2 and status=done", "dev.ppl<1e9 and model.cell=lstm and name!=b",
        "step>=108 and step<=108 and train.lr!=1e-3", "created>2020 and name = a")) {
      assertEquals(List.of("a"), names(w), w);
    }
    assertEquals(List.of("b", "a"), names("minutes<1000 and weights>100").stream().sorted(java.util.Comparator.reverseOrder()).toList());
    assertEquals(List.of(), names("model.hidden<12"));
    var none = java.util.Arrays.copyOf(base, 6);
    none[5] = "dev.ppl<0";
    assertEquals("no run in " + runs + " fits: dev.ppl<0\n", Terminalless.run(none).err());
  }

  private static List<String> names(String where) {
    return out("runs", "list", "--json", "--runs-dir", runs.toString(), "--where", where).lines()
        .map(l -> l.replaceFirst(".*\"name\":\"(\\w+)\".*", "$1")).toList();
  }

  @Test void runsList_whereThatIsNone_isRefusedWithAWay() {
    where("dev.pl<90", "error UNR-U001: unknown field dev.pl\n  where  --where dev.pl<90\n  mend   did you mean dev.ppl?\n");
    where("model.sell=gru", "error UNR-U001: unknown field model.sell\n", "did you mean model.cell?\n");
    where("qqqqqqqq=1", "error UNR-U001: unknown field qqqqqqqq\n", "  mend   the figures: name, status, ");
    where("dev.ppl", "error UNR-U001: dev.ppl is no comparison\n", "  why    a comparison is a field, a sign (=, !=, <, <=, >, >=) and a value;");
    where("", "error UNR-U001: an empty text is no comparison\n");
    where("step<many", "error UNR-U001: step is a number, many is none\n", "  mend   for example --where ");
    where("name<b", "error UNR-U001: name is text: it has no <\n", "  mend   it takes only '=' and '!='\n");
    where("model.cell=lsmt", "error UNR-C011: model.cell is \"lsmt\", must be one of ", "did you mean lstm?\n");
    var zh = Terminalless.run("--lang", "zh", "runs", "list", "--where", "dev.pl<90").err();
    assertTrue(zh.contains("  说明   未知的字段 dev.pl\n") && zh.contains("  修正   您是否想写 dev.ppl？\n         指标：name, status, "), zh);
  }

  private static void where(String typed, String... parts) {
    var r = Terminalless.run("runs", "list", "--runs-dir", runs.toString(), "--where", typed);
    for (var p : parts) assertTrue(r.err().contains(p), r.err());
    assertEquals("", r.out());
  }

  // ---- evaluate

  @Test void evaluate_ngramModel_isAsTheFlagAndTheEnvironmentHaveIt() {
    var r = Terminalless.run(Map.of("UNROLL_SET", "ngram.order=3"), "evaluate", run("a"), "--ngram-memory", "100MB");
    assertEquals(0, r.status(), r.err());
    assertTrue(r.out().contains("\n3-gram    perplexity "), r.out());
    var few = Terminalless.run("evaluate", run("a"), "--ngram-memory", "1KB");
    assertEquals(3, few.status());
    assertTrue(few.err().contains("error UNR-C011: ngram.memory is 1KB, must be a size from 1MB "), few.err());
  }

  @Test void evaluate_run_isBesideTheNgramModel() {
    var lines = out("evaluate", run("a")).lines().toList();
    assertEquals("text      test part of the run's text, 191 symbols", lines.get(0));
    assertTrue(lines.get(1).matches("network   perplexity \\d+\\.\\d\\d   \\d\\.\\d{4} nats   \\d\\.\\d{4} bits a symbol"),
        lines.get(1));
    assertTrue(lines.get(2).startsWith("5-gram    perplexity 1."), lines.get(2));
    assertTrue(lines.get(3).startsWith("The n-gram model of the same text is better by "), lines.get(3));
  }

  @Test void evaluate_roundedWeights_areBesideTheExactOnes() {
    var exact = out("evaluate", run("a")).lines().toList();
    var lines = out("evaluate", run("a"), "--weights", "bf16").lines().toList();
    assertEquals(exact.get(1), lines.get(1));
    assertTrue(lines.get(2).matches("bf16      perplexity \\d+\\.\\d\\d   \\d\\.\\d{4} nats   \\d\\.\\d{4} bits a symbol"), lines.get(2));
    var said = java.util.regex.Pattern.compile(
        "Weights in bf16: perplexity ([+-]\\d\\.\\d{3}) %; of the first 192 symbols no logit differs by more than (0\\.\\d+)\\.").matcher(lines.get(3));
    assertTrue(said.matches(), lines.get(3));
    double worst = Double.parseDouble(said.group(2));
    assertTrue(worst > 1e-4 && worst < 0.2, lines.get(3));
    assertEquals(exact.get(2), lines.get(4));
    var json = out("evaluate", run("a"), "--weights", "bf16", "--json");
    assertTrue(json.contains("\"weights\":{\"kind\":\"bf16\",\"exact\":{\"nats\":") && json.contains(",\"compared\":192}"), json);
    assertTrue(!out("evaluate", run("a"), "--json").contains("weights"));
    assertTrue(Terminalless.run("--lang", "zh", "evaluate", run("a"), "--weights", "bf16").out().contains("\n权重为 bf16：困惑度 "));
    assertEquals(2, Terminalless.run("evaluate", run("a"), "--weights", "int8").status());
  }

  @Test void generate_roundedWeights_writeText() {
    var text = out("generate", run("a"), "--text", "the", "--max", "30", "--greedy", "--weights", "bf16");
    assertTrue(text.startsWith("the") && text.length() > 30, text);
    assertEquals(text, out("generate", run("a"), "--text", "the", "--max", "30", "--greedy", "--weights", "bf16", "--threads", "1"));
  }

  @Test void evaluate_checkpointOfARun_isThatOfTheRun() {
    assertEquals(out("evaluate", run("a"), "--json"), out("evaluate", checkpoint("a").toString(), "--json"));
  }

  @Test void evaluate_json_hasMetricsOfBoth() {
    var json = out("evaluate", run("a"), text.toString(), "--json");
    assertTrue(json.startsWith("{\"v\":1,\"task\":\"lm\",\"model\":\"sha256:"), json);
    assertTrue(json.contains("\"symbols\":3839,\"unknown\":0}") && json.contains("\"baseline\":{\"nats\":")
        && json.contains("\"passed\":true"), json);
  }

  @Test void evaluate_failUnder_isStatus6() {
    var r = Terminalless.run("evaluate", run("a"), "--fail-under", "ppl=1.01");
    assertEquals(6, r.status());
    assertTrue(r.out().startsWith("text "), r.out());
    assertTrue(r.err().contains("error UNR-R002: ppl is ") && r.err().contains(", must be at most 1.01\n"), r.err());
    assertEquals(0, Terminalless.run("evaluate", run("a"), "--fail-under", "ppl=1000").status());
    assertTrue(Terminalless.run("evaluate", run("a"), "--fail-under", "f1=3").err()
        .startsWith("error UNR-U001: --fail-under is f1=3, must be METRIC=X\n"));
  }

  @Test void evaluate_unknownSymbols_areCountedOrRefused() throws IOException {
    var few = Files.writeString(folder.resolve("few.txt"), TrainCommandTest.TEXT + "天!");
    var r = Terminalless.run("evaluate", run("a"), few.toString());
    assertEquals(0, r.status(), r.err());
    assertTrue(r.err().contains("▲ 2 of 3,842 symbols (0.05 %) are unknown to the model and count as <unk>: ! 天\n"), r.err());
    var many = Files.writeString(folder.resolve("many.txt"), "天地玄黄，宇宙洪荒。\n");
    var refused = Terminalless.run("evaluate", run("a"), many.toString());
    assertEquals(3, refused.status());
    assertTrue(refused.err().contains("error UNR-D007: 10 of 11 symbols are not in the vocabulary: "), refused.err());
  }

  @Test void evaluate_modelWithoutARun_needsAText() throws IOException {
    var model = Files.copy(checkpoint("a"), folder.resolve("alone.safetensors"));
    assertTrue(Terminalless.run("evaluate", model.toString()).err().contains("error UNR-U001: FILE is missing\n"));
    var lines = out("evaluate", model.toString(), text.toString()).lines().toList();
    assertEquals(2, lines.size(), lines.toString());
  }

  // ---- runs

  @Test void runsList_isSortedAsAsked() {
    var names = out("runs", "list", "--runs-dir", runs.toString(), "--sort", "ppl").lines().skip(1).map(l -> l.substring(0, 1))
        .toList();
    assertEquals(List.of("a", "b"), names.subList(0, 2));
    for (var order : new String[][] {{"ppl", "dev.ppl"}, {"steps", "step"}}) {
      assertEquals(out("runs", "list", "--runs-dir", runs.toString(), "--sort", order[0]),
          out("runs", "list", "--runs-dir", runs.toString(), "--sort", order[1]));
    }
    assertEquals("error UNR-U001: --sort is dev.pll, must be one of newest, dev.ppl, step, name, ppl, steps\n  mend   did you mean dev.ppl?\n"
        + "         see unroll help runs list\n", Terminalless.run("runs", "list", "--sort", "dev.pll").err());
    var json = out("runs", "list", "--runs-dir", runs.toString(), "--sort", "name", "--json").lines().toList();
    assertTrue(json.getFirst().startsWith("{\"v\":1,\"name\":\"a\",\"status\":\"done\",\"path\":\""), json.getFirst());
    assertTrue(json.getFirst().contains("\"step\":108,"), json.getFirst());
  }

  @Test void runsList_ofARunWhoseProcessDied_saysSo() throws IOException {
    var dead = Files.createDirectories(folder.resolve("dead/x"));
    Files.writeString(dead.resolve("run.json"), "{\"v\": 1, \"status\": \"running\", \"created\": \"2026-01-01T00:00:00Z\"}");
    assertTrue(out("runs", "list", "--runs-dir", folder.resolve("dead").toString()).contains(" killed? "));
    try (var lock = RunLock.take(dead)) {
      assertTrue(out("runs", "list", "--runs-dir", folder.resolve("dead").toString()).contains(" running "), lock.toString());
    }
  }

  @Test void runsShow_hasSettingsAndEvaluations() {
    var shown = out("runs", "show", run("a"));
    assertTrue(shown.startsWith("a  done  " + run("a") + "\nembedding 6 · lstm 12 · softmax 16 · 108 steps in "), shown);
    assertTrue(shown.contains("\n  model.hidden = 12\n") && !shown.contains("train.beta1"), shown);
    assertEquals(1, shown.lines().filter(l -> l.startsWith("      0        0       –  ")).count(), shown);
    var state = java.util.regex.Pattern.compile("\nstate (sha256 [0-9a-f]{64})\n").matcher(shown);
    assertTrue(state.find(), shown);
    assertTrue(out("model", "info", checkpoint("a").toString()).contains("\n  state          " + state.group(1) + "\n"));
    assertTrue(out("runs", "show", run("a"), "--json").contains("\"state\":\"" + state.group(1).substring(7) + "\""));
  }

  @Test void runs_inChinese_haveChineseHeadsAndStates() {
    var all = new String[] {"--lang", "zh", "--runs-dir", runs.toString()};
    var list = out("runs", "list", all[0], all[1], all[2], all[3]).lines().toList();
    assertEquals("运行      状态       困惑度     步数      用时  时间              网络", list.getFirst());
    assertTrue(list.get(1).contains("  完成      "), list.get(1));
    assertEquals("RUN       STATUS    DEV-PPL     STEP      TIME  WHEN              NETWORK",
        out("runs", "list", all[2], all[3]).lines().findFirst().orElseThrow());
    var shown = out("runs", "show", run("a"), "--lang", "zh");
    assertTrue(shown.startsWith("a  完成  " + run("a") + "\n"), shown);
    assertTrue(shown.contains("\n   轮次     步数    损失   困惑度\n"), shown);
    var compared = out("runs", "compare", run("a"), run("b"), "--lang", "zh");
    assertTrue(compared.contains("\n状态                      完成      完成\n"), compared);
    assertTrue(compared.contains("\n开发集困惑度  "), compared);
    assertTrue(out("runs", "compare", run("a"), run("b")).contains("\nstatus                    done      done\n"), compared);
    assertTrue(out("runs", "list", "--json", all[0], all[1], all[2], all[3]).contains("\"status\":\"done\""));
  }

  @Test void runsCompare_hasWhatDiffers() {
    var shown = out("runs", "compare", run("a"), run("b"));
    assertTrue(shown.contains("\ntrain.lr                  0.03      1e-3\n"), shown);
    assertFalse(shown.contains("model.hidden"), shown);
  }

  // ---- model files

  @Test void modelInfo_listsTensors() {
    var shown = out("model", "info", run("a"));
    assertTrue(shown.contains("\n  decoder.weight    F32  [16, 12]         768 B\n"), shown);
    assertTrue(shown.contains("\n1,216 weights; 21 tensors in the file\n")
        && shown.contains("run a  embedding 6 · lstm 12 · softmax 16  done\n"), shown);
    assertFalse(shown.contains("optim/"), shown);
    assertTrue(out("model", "info", run("a"), "-v").contains("\n  optim/m/head.W "));
  }

  @Test void modelVerify_soundFiles_areNamed() {
    assertTrue(out("model", "verify", run("b")).contains("✔ " + checkpoint("b") + ": every checksum is right\n"));
  }

  @Test void modelVerify_damagedFiles_areStatus3WithThePlace() throws IOException {
    var flipped = Files.copy(checkpoint("a"), folder.resolve("flipped.safetensors"));
    try (var f = new RandomAccessFile(flipped.toFile(), "rw")) {
      f.seek(f.length() - 5);
      int b = f.read();
      f.seek(f.length() - 5);
      f.write(b ^ 4);
    }
    damaged(flipped, "error UNR-M004: CRC32C is ");
    var cut = folder.resolve("cut.safetensors");
    Files.write(cut, java.util.Arrays.copyOf(Files.readAllBytes(checkpoint("a")), 1000));
    damaged(cut, "error UNR-M003: claims a header of ");
    var pickle = folder.resolve("model.pt");
    Files.write(pickle, "\200\002\212\nl\374\234F\371 j\250P\031.".getBytes(StandardCharsets.ISO_8859_1));
    damaged(pickle, "error UNR-M005: ");
    damaged(Files.writeString(folder.resolve("some.txt"), "just a text, no model\n"), "error UNR-M002: a text, not a model\n");
  }

  private static void damaged(Path file, String error) {
    for (var verb : List.of(List.of("model", "verify"), List.of("generate"), List.of("evaluate"))) {
      var args = new java.util.ArrayList<>(verb);
      args.add(file.toString());
      var r = Terminalless.run(args.toArray(String[]::new));
      assertEquals(3, r.status(), verb + r.err());
      assertTrue(r.err().lines().anyMatch(l -> (l + "\n").startsWith(error)), verb + r.err());
      assertFalse(r.err().contains("\tat "), r.err());
    }
  }

  // ---- data

  @Test void dataCheck_saysWhatThereIs() {
    var r = Terminalless.run("data", "check", text.toString());
    assertEquals(0, r.status(), r.err());
    assertTrue(r.out().startsWith("✔ " + text
        + ": 80 lines, 3,840 code points (UTF-8)\n✔ 15 distinct characters; 3,456 symbols to learn from, 192 "), r.out());
    assertTrue(r.out().contains("\n▲ ") && r.out().endsWith("\nwarnings: 1; --strict would exit with status 3\n"), r.out());
    assertEquals(3, Terminalless.run("data", "check", text.toString(), "--strict").status());
  }

  // ---- interactive

  /** What a conversation writes to standard output and to standard error. */
  private static List<String> converse(String in) {
    var out = new java.io.ByteArrayOutputStream();
    var err = new java.io.ByteArrayOutputStream();
    var with = Io.of(out, err).with(new java.io.ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)));
    assertEquals(0, Main.run(new String[] {"generate", run("a"), "--interactive", "--max", "30"}, with));
    return List.of(out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  @Test void interactive_badLines_areSaidAndTheConversationGoesOn() {
    var said = converse("/undo\n/temp 0\n/state load y\n/nonsense\nthe Z\n/top\n/quit\nnever read\n");
    assertEquals(10, said.getFirst().lines().filter(l -> l.matches(".* 0\\.\\d{4}")).count(), said.getFirst());
    assertEquals(10, said.getFirst().lines().count(), said.getFirst());
    for (var e : List.of("UNR-U001: nothing to undo", "UNR-U001: /temp is 0, must be a number greater than 0", "UNR-U001: no state y",
        "UNR-U001: unknown command /nonsense",
        "UNR-D007: 1 symbol is not in the vocabulary: Z")) {
      assertTrue(said.getLast().contains(e), said.getLast());
    }
  }

  @Test void interactive_nearlyNoTemperature_isGreedy() {
    assertEquals(out("generate", run("a"), "--text", "the", "--max", "30", "--greedy"), converse("/temp 1e-6\nthe\n").getFirst());
  }

  @Test void interactive_stateAndUndo_takeBack() {
    var once = converse("/temp 1e-6\nthe\n/undo\nthe\n/state save x\non\n/state load x\non\n").getFirst().lines().toList();
    var plain = converse("/temp 1e-6\nthe\non\n").getFirst().lines().toList();
    int n = (int) converse("/temp 1e-6\nthe\n").getFirst().lines().count();
    var on = plain.subList(n, plain.size());
    assertEquals(plain.subList(0, n), once.subList(n, 2 * n));
    assertEquals(on, once.subList(2 * n, 2 * n + on.size()));
    assertEquals(on, once.subList(2 * n + on.size(), once.size()));
  }
}
