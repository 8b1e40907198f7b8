package org.unroll.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unroll.kernel.Kernels;
import org.unroll.tasks.config.ConfigBuilder;
import org.unroll.tasks.config.LmConfig;
import org.unroll.tasks.config.LmKeys;
import org.unroll.tasks.run.LmData;
import org.unroll.tasks.run.RunInfo;
import org.unroll.tasks.run.Trainings;

class TrainCommandTest {
  static final String TEXT = "the cat sat on the mat. the dog sat on the log.\n".repeat(80);

  @TempDir Path folder;
  private Path text;

  @BeforeEach void write() throws IOException { text = Files.writeString(folder.resolve("cats.txt"), TEXT); }

  private Terminalless train(String... more) {
    var args = new ArrayList<>(List.of("train", "--data", text.toString(), "--runs-dir", folder.resolve("runs").toString(),
        "--threads", "1",
        "--hidden", "12", "--embed", "6", "--batch", "4", "--bptt", "16", "--epochs", "2", "--lr", "1e-2", "--set",
            "train.sample_length=10"));
    args.addAll(List.of(more));
    return Terminalless.run(args.toArray(String[]::new));
  }

  private String run(String name) { return folder.resolve("runs").resolve(name).toString(); }

  @Test void train_smallText_leavesARunNamedAfterIt() throws IOException {
    var r = train();
    assertEquals(0, r.status(), r.err());
    assertTrue(r.err().contains("embedding 6 · lstm 12 · softmax 16 · 54 steps/epoch · "), r.err());
    assertTrue(r.err().contains("\nrun  " + run("cats") + "\n"), r.err());
    assertEquals(3, r.err().lines().filter(l -> l.contains(" eval step=")).count(), r.err());
    assertEquals(3, r.err().lines().filter(l -> l.contains(" sample step=")).count(), r.err());
    assertTrue(r.err().contains("\n✔ done: 108 steps in "), r.err());
    assertTrue(r.err().contains("\nnext: unroll evaluate " + run("cats") + " · "), r.err());
    assertEquals("", r.out());
    assertTrue(Files.readString(Path.of(run("cats"), "run.json")).contains("\"planned\": 108"));
    assertTrue(Files.readString(Path.of(run("cats"), "config.yaml")).contains(text.toString()));
  }

  @Test void train_asJson_isEventsOnStandardOutput() {
    var r = train("--json", "--name", "n");
    assertEquals(0, r.status(), r.err());
    var lines = r.out().lines().toList();
    assertTrue(lines.getFirst().contains("\"event\":\"run.start\",\"run\":\"n\""), lines.getFirst());
    assertTrue(lines.getLast().contains("\"event\":\"run.end\",\"end\":\"done\",\"step\":108"), lines.getLast());
    assertEquals(10, lines.stream().filter(l -> l.contains("\"event\":\"step\"")).count());
    assertEquals(3, lines.stream().filter(l -> l.contains("\"event\":\"eval\"")).count());
    assertTrue(lines.stream().allMatch(l -> l.startsWith("{\"v\":1,\"time\":\"")), r.out());
  }

  @Test void train_dryRun_writesNothing() {
    var r = train("--dry-run");
    assertEquals(0, r.status(), r.err());
    assertTrue(r.out().contains("\n  hidden: 12\n"), r.out());
    assertTrue(r.err().contains("\nplanned: 108 steps (train.epochs=2)\n"), r.err());
    assertTrue(r.err().matches("(?s).*\nmemory: about 1 MiB for training, Java may use [\\d,]+ MiB\n.*"), r.err());
    assertFalse(train("--dry-run", "--minutes", "3", "--set", "train.schedule=cosine").err().contains("planned"));
    assertTrue(r.out().endsWith("# the text begins: \"the cat sat on t\"\n"), r.out());
    assertFalse(Files.exists(folder.resolve("runs")));
  }

  @Test void train_strict_refusesWarnings() {
    var r = train("--strict");
    assertEquals(3, r.status());
    assertTrue(r.err().contains("▲ ") && r.err().contains("error UNR-D008: the data check has 1 warning\n"), r.err());
    assertFalse(Files.exists(folder.resolve("runs")));
  }

  @Test void train_badName_isUsage() {
    var r = train("--name", "../x");
    assertEquals(2, r.status());
    assertTrue(r.err().startsWith("error UNR-U001: --name is ../x, must be a name\n"), r.err());
  }

  @Test void resume_finishedRun_goesOnToANewEnd() {
    train("--name", "a");
    var r = Terminalless.run("resume", run("a"), "--set", "train.epochs=3", "--threads", "1");
    assertEquals(0, r.status(), r.err());
    assertTrue(r.err().contains("\ngoing on after step 108\n"), r.err());
    assertTrue(r.err().contains("\n✔ done: 162 steps in "), r.err());
  }

  @Test void resume_runAtItsEnd_saysHowToTrainLonger() {
    train("--name", "a");
    var r = Terminalless.run("resume", run("a"));
    assertEquals(0, r.status(), r.err());
    assertEquals("nothing to do: the run came to its end at step 108 (train.epochs=2)\nto train longer: unroll resume " + run("a")
        + " --set train.epochs=4\n", withoutHint(r.err()));
    train("--name", "b", "--set", "train.schedule=cosine", "--minutes", "7.5");
    var said = withoutHint(Terminalless.run("resume", run("b")).err());
    var way = "unroll train " + run("b") + "/config.yaml --set train.epochs=4";
    assertEquals("nothing to do: the run came to its end at step 108 (train.epochs=2)\n"
        + "its learning rate has fallen to the end (train.schedule: cosine), so it cannot go on; train anew: " + way + "\n", said);
    assertTrue(typed(way).err().contains("\n✔ done: 216 steps in "), way);
  }

  /** Without the line about the kernels, which a JVM with the vector module does not say. */
  private static String withoutHint(String err) {
    return err.lines().filter(l -> !l.startsWith("Computing with scalar kernels")).map(l -> l + "\n").collect(Collectors.joining());
  }

  /** What a user gets who types the suggestion. */
  private Terminalless typed(String command) {
    var words = new ArrayList<>(List.of(command.split(" ")));
    assertEquals("unroll", words.removeFirst());
    words.addAll(List.of("--runs-dir", folder.resolve("runs").toString(), "--threads", "1"));
    return Terminalless.run(words.toArray(String[]::new));
  }

  @Test void resume_finishedCosineWithAnotherBudget_namesTheScheduleAndAWayThatWorks() {
    train("--name", "b", "--set", "train.schedule=cosine");
    var r = Terminalless.run("resume", run("b"), "--set", "train.steps=120");
    assertEquals(3, r.status(), r.err());
    var way = "unroll train " + run("b") + "/config.yaml --set train.epochs=0 --set train.steps=120";
    assertEquals("error UNR-M010: train.schedule is cosine, and the learning rate falls over the 108 steps that were planned\n"
        + "  where  train.steps\n  why    with a cosine every step depends on how many there are: the end cannot be moved\n"
        + "  mend   train anew: " + way + "\n", withoutHint(r.err()));
    assertTrue(typed(way).err().contains("\n✔ done: 120 steps in "), way);
    var zh = Terminalless.run("--lang", "zh", "resume", run("b"), "--set", "train.steps=120").err();
    assertTrue(zh.contains("  说明   train.schedule 为 cosine，学习率按计划的 108 步下降\n") && zh.contains("  修正   重新训练：" + way + "\n"), zh);
  }

  @Test void train_thatTheClockEnds_saysSoAndHowToGoOn() throws IOException {
    train("--name", "t", "--set", "train.schedule=cosine", "--steps", "1", "--epochs", "0");
    var config = new ConfigBuilder(LmKeys.KEYS).file(Path.of(run("t"), "config.yaml")).set("train.steps=0").set("train.minutes=1").resolve();
    var data = LmData.read(LmConfig.of(config).data());
    for (var language : Language.values()) {
      var err = new ByteArrayOutputStream();
      var talk = new Talk(Io.of(java.io.OutputStream.nullOutputStream(), err), new Flags(), language);
      var clock = new long[1];
      try (var open = Trainings.start(folder.resolve("runs"), "c" + language, config, data, Kernels.scalar(), 500, () -> clock[0] += 1_000_000_000L, e -> { })) {
        assertEquals(0, new Steering(open, talk).quietly());
      }
      var said = err.toString(StandardCharsets.UTF_8);
      var info = RunInfo.of(Path.of(run("c" + language)));
      var more = Math.ceil(1.1 * info.seconds() / 60 * 500 / info.step());
      assertEquals(language == Language.EN
          ? "▲ the clock ended it at step %d of 500 planned: this machine was busier than when it was measured. To go on: unroll resume %s --minutes %.0f\n"
              .formatted(info.step(), info.path(), more)
          : "▲ 时间已到，止于第 %d 步（计划 500 步）：本机比测量时更忙。继续：unroll resume %s --minutes %.0f\n".formatted(info.step(), info.path(), more), said);
    }
    var again = withoutHint(Terminalless.run("resume", run("cEN")).err());
    assertTrue(again.matches("nothing to do: the run came to its end at step \\d+ \\(train.minutes=1\\)\n▲ the clock ended it at step .* --minutes \\d+\n"), again);
    var on = Terminalless.run("resume", run("cEN"), "--minutes", "600", "--threads", "1");
    assertTrue(on.err().contains("\n✔ done: 500 steps in "), on.err());
  }

  @Test void train_thatMakesItWorse_saysSo() {
    var r = train("--lr", "1e6", "--set", "train.clip=0", "--name", "w");
    assertTrue(r.err().contains("\n▲ the network predicts worse than before its training: a lower learning rate (--lr) is needed\n✔ done: "), r.err());
    assertTrue(r.err().contains("\nbest dev perplexity ∞ at step "), r.err());
    assertTrue(train("--lr", "1e6", "--lang", "zh", "--set", "train.clip=0").err().contains("▲ 网络的预测比训练之前更差"));
    assertFalse(train("--name", "good").err().contains("predicts worse"));
  }

  @Test void train_asJson_endsWithTheSecondsThatRunsShowTells() {
    var r = train("--json", "--name", "n");
    var end = r.out().lines().toList().getLast();
    var seconds = end.replaceFirst(".*\"seconds\":([^,]+),.*", "$1");
    var shown = Terminalless.run("runs", "show", run("n"), "--json").out();
    assertTrue(shown.contains("\"seconds\":" + seconds + ","), end + shown);
  }

  @Test void train_stepsAndEpochs_theFirstReachedEndsAndIsNamed() {
    assertTrue(train("--dry-run", "--steps", "70").err().contains("\nplanned: 70 steps (train.steps=70)\n"));
    assertTrue(train("--dry-run", "--steps", "300").err().contains("\nplanned: 108 steps (train.epochs=2)\n"));
  }

  @Test void train_nameThatIsTaken_isSaid() {
    train("--name", "a", "--steps", "2");
    var r = train("--name", "a", "--steps", "2");
    assertTrue(r.err().contains("▲ there is a run a already: this one is called a-2\n"), r.err());
    assertFalse(train("--steps", "2").err().contains("there is a run"));
  }

  @Test void train_withoutADevPart_showsThePerplexityOfTheTrainingText() {
    var r = train("--set", "data.dev_fraction=0", "--name", "n");
    assertEquals(0, r.status(), r.err());
    assertTrue(r.err().contains("· there is no dev part: perplexity is that of the training text, and the newest checkpoint is the model\n"), r.err());
    assertEquals(2, r.err().lines().filter(l -> l.matches("\\S+ eval step=\\d+ epoch=\\d loss=[\\d.]+ ppl=[\\d.]+ gnorm=.*")).count(), r.err());
    assertTrue(r.err().matches("(?s).*\ntraining perplexity [\\d.]+; there is no dev part, so the newest checkpoint is the model\n.*"), r.err());
    assertFalse(r.err().contains("NaN") || r.err().contains("dev="), r.err());
    var shown = Terminalless.run("runs", "show", run("n")).out();
    assertTrue(shown.contains("\n  EPOCH     STEP    LOSS      PPL\n      1 "), shown);
    assertFalse(shown.contains("dev perplexity"), shown);
    var bar = train("--set", "data.dev_fraction=0", "--progress", "bar").err();
    assertTrue(bar.contains(" EPOCH    STEP   LOSS      PPL    ‖g‖ "), bar);
  }

  @Test void train_standardInput_suggestsATextToEvaluate() throws IOException {
    var args = List.of("train", "--data", "-", "--runs-dir", folder.resolve("runs").toString(), "--name", "s", "--threads", "1", "--set",
        "model.hidden=8", "--set", "model.embed=4", "--batch", "4", "--bptt", "16", "--steps", "2").toArray(String[]::new);
    var in = System.in;
    try {
      System.setIn(Files.newInputStream(text));
      var r = Terminalless.run(args);
      assertEquals(0, r.status(), r.err());
      assertTrue(r.err().contains("\nnext: unroll generate " + run("s") + " · unroll evaluate " + run("s") + " FILE\n"), r.err());
      System.setIn(java.io.InputStream.nullInputStream());
      var e = Terminalless.run("evaluate", run("s"));
      assertEquals(3, e.status(), e.err());
      assertTrue(e.err().contains("  why    the run learnt from standard input, which is not kept\n  mend   ")
          && e.err().contains("name a text: unroll evaluate " + run("s") + " FILE\n"), e.err());
      assertEquals(0, Terminalless.run("evaluate", run("s"), text.toString()).status());
    } finally {
      System.setIn(in);
    }
  }

  @Test void resume_otherConfig_isRefusedFieldByField() {
    train("--name", "a");
    var r = Terminalless.run("resume", run("a"), "--lr", "1e-3", "--hidden", "13");
    assertEquals(3, r.status());
    assertTrue(r.err().contains("error UNR-M010: the run was begun otherwise: model.hidden: was 12, is 13; train.lr: was 0.01, is 1e-3\n"), r.err());
  }

  @Test void resume_changedText_isRefused() throws IOException {
    train("--name", "a");
    Files.writeString(text, TEXT + "and more\n");
    var r = Terminalless.run("resume", run("a"));
    assertEquals(3, r.status());
    assertTrue(r.err().contains("error UNR-M010: the run was begun otherwise: text: was sha256 "), r.err());
    assertTrue(r.err().contains("give the run the text that it began with"), r.err());
    assertFalse(r.err().contains("resume without these settings"), r.err());
  }

  @Test void resume_unknownRun_saysTheNearest() {
    train("--name", "poems");
    var r = Terminalless.run("resume", "poem", "--runs-dir", folder.resolve("runs").toString());
    assertEquals(4, r.status());
    assertTrue(r.err().startsWith("error UNR-M001: no run and no model poem\n") && r.err().contains("did you mean poems?"),
        r.err());
    assertTrue(Terminalless.run("resume", "quite-another", "--runs-dir", folder.resolve("runs").toString()).err().contains(
        "\n  mend   a run that has just been started with --minutes is there when its steps are planned, after some seconds\n"));
  }

  @Test void generate_sameSeed_writesTheSame() {
    train("--name", "a");
    var one = Terminalless.run("generate", run("a"), "--text", "the", "--max", "30", "--seed", "5");
    assertEquals(0, one.status(), one.err());
    assertTrue(one.out().startsWith("the") && one.out().endsWith("\n"), one.out());
    assertEquals(33, one.out().stripTrailing().length(), 2, one.out());
    assertEquals(one.out(), Terminalless.run("generate", run("a"), "--text", "the", "--max", "30", "--seed", "5", "--threads",
        "2").out());
    var greedy = Terminalless.run("generate", run("a"), "--text", "the", "--max", "20", "--greedy");
    assertEquals(greedy.out(), Terminalless.run("generate", run("a"), "--text", "the", "--max", "20", "--beam", "1").out());
    assertTrue(Terminalless.run("generate", run("a"), "--json", "--text", "the").out()
        .contains("\"prompt\":\"the\",\"text\":\""));
  }

  @Test void generate_badRequests_areRefused() {
    train("--name", "a");
    refused(3, "error UNR-D007: 2 symbols are not in the vocabulary: Z 天\n", "--text", "the Z 天");
    refused(2, "error UNR-U001: --temperature is 0, must be a number greater than 0\n"
        + "  mend   --greedy takes the most probable symbol every time\n         see unroll help generate\n", "--temperature", "0");
    refused(2, "error UNR-U001: --temperature is -1, must be a number greater than 0\n", "--temperature", "-1");
    refused(2, "error UNR-U001: --temperature is NaN, must be finite\n  why    --temperature is a number greater than 0\n",
        "--temperature", "NaN");
    refused(2, "error UNR-U001: --top-p is 1.5, must be a number greater than 0 and at most 1\n", "--top-p", "1.5");
    refused(2, "error UNR-U001: --top-k is -2, must be a whole number from 0 to 2147483647\n", "--top-k", "-2");
    refused(2, "error UNR-U001: --max is 0, must be a whole number from 1 to 2147483647\n", "--max", "0");
  }

  @Test void generate_flagsWithoutEffect_areRefused() {
    train("--name", "a");
    for (var how : List.of(List.of("--greedy"), List.of("--beam", "2"))) {
      for (var flag : List.of("--temperature", "--top-k", "--top-p", "--seed")) {
        var args = new ArrayList<>(how);
        args.addAll(List.of(flag, "1"));
        refused(2, "error UNR-U001: " + flag + " has no effect with " + how.getFirst() + "\n  why    nothing is drawn there\n",
            args.toArray(String[]::new));
      }
    }
    refused(2, "error UNR-U001: --greedy and --beam exclude each other\n", "--greedy", "--beam", "2");
    refused(2, "error UNR-U001: --beam and --interactive exclude each other\n", "--interactive", "--beam", "2");
    refused(2, "error UNR-U001: --text and --interactive exclude each other\n", "--interactive", "--text", "a");
    refused(2, "error UNR-U001: - and --interactive exclude each other\n", "--interactive", "-");
    refused(2, "error UNR-U001: --no-input and --interactive exclude each other\n", "--interactive", "--no-input");
    refused(2, "error UNR-U001: --encoding has no effect without -\n", "--encoding", "gbk");
    var json = Terminalless.run("generate", run("a"), "--interactive", "--json");
    assertTrue(json.err().contains("\"message\":\"--json and --interactive exclude each other\""), json.err());
  }

  private void refused(int status, String start, String... more) {
    var args = new ArrayList<>(List.of("generate", run("a")));
    args.addAll(List.of(more));
    var r = Terminalless.run(args.toArray(String[]::new));
    assertTrue(r.err().startsWith(start), r.err());
    assertEquals(status, r.status());
    assertEquals("", r.out());
  }
}
