package org.unroll.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.unroll.file.Json;
import org.unroll.tasks.lesson.Lessons;
import org.unroll.tasks.lesson.Words;

/** {@code unroll lesson}. */
class LessonCommandTest {
  static final List<String> NAMES = Lessons.NAMES;
  @TempDir static Path folder;

  @BeforeAll static void train() throws IOException {
    var cats = Files.writeString(folder.resolve("cats.txt"), TrainCommandTest.TEXT);
    for (var cell : List.of("lstm", "gru")) {
      var r = Terminalless.run("train", "--data", cats.toString(), "--runs-dir", runs(), "--name", cell, "--cell", cell, "--threads",
          "1", "--hidden", "6", "--embed", "4", "--batch", "4", "--bptt", "16", "--epochs", "1");
      assertEquals(0, r.status(), r.err());
    }
  }

  private static String runs() { return folder.resolve("runs").toString(); }

  private static Terminalless lesson(String... args) {
    var all = new ArrayList<>(List.of("lesson"));
    all.addAll(List.of(args));
    return Terminalless.run(all.toArray(String[]::new));
  }

  private static String out(String... args) {
    var r = lesson(args);
    assertEquals(0, r.status(), r.err());
    return r.out();
  }

  private static Terminalless answered(Terminal terminal, String answers, String... args) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var all = new ArrayList<>(List.of("lesson"));
    all.addAll(List.of(args));
    var io = Io.of(out, err).with(new ByteArrayInputStream(answers.getBytes(StandardCharsets.UTF_8))).with(terminal);
    int status = Main.run(all.toArray(String[]::new), io);
    return new Terminalless(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  @Test void list_hasEveryLesson() {
    var lines = out().lines().toList();
    assertEquals(NAMES, lines.stream().map(l -> l.split(" ")[0]).toList());
    assertEquals("lstm        One step of an LSTM, forward and backward", lines.get(3));
    assertTrue(out("--lang", "zh").contains("\nvanish      梯度为什么消失\n"));
    assertTrue(out("--json").startsWith("{\"v\":1,\"lesson\":\"elman\",\"title\":"));
  }

  @ParameterizedTest
  @FieldSource("NAMES")
  void lesson_inEveryForm_isWritten(String name) throws IOException {
    var text = out(name);
    assertTrue(text.startsWith(Words.of("en").text(name + ".title") + "\n"), text);
    assertFalse(text.contains("NaN") || text.contains("·{"), text);
    var o = (Map<?, ?>) Json.read(out(name, "--json"), name, Json.Rules.CONFIG);
    assertEquals(name, o.get("lesson"));
    assertTrue(out(name, "--format", "csv").startsWith("lesson,part,name,equation,worked,value,difference\n" + name + ","));
    for (var form : List.of("html", "svg")) {
      var file = folder.resolve(name + "." + form);
      out(name, "-o", file.toString(), "--lang", "zh");
      assertTrue(Files.readString(file).contains(Words.of("zh").text(name + ".title")), form);
    }
  }

  @Test void lstm_text_hasEquationNumbersValueAndDifference() {
    var lines = out("lstm").lines().map(l -> l.strip().replaceAll(" {2,}", "  ")).toList();
    int f = lines.indexOf("δa_f = δf ⊙ f ⊙ (1 − f)  -0.00814535  -0.00814535");
    assertTrue(f > 0, lines.toString());
    assertEquals("= (-0.0563961)·0.824914·(1 − 0.824914)", lines.get(f + 1));
  }

  @Test void chinese_columns_areAligned() {
    var rows = out("gru", "--lang", "zh").lines().dropWhile(l -> !l.startsWith("反向：门")).skip(2)
        .takeWhile(l -> !l.isBlank()).filter(l -> !l.strip().startsWith("=")).toList();
    var widths = new TreeSet<Integer>();
    for (var r : rows) widths.add(Width.of(r));
    assertEquals(1, widths.size(), String.join("\n", rows));
    assertTrue(rows.getFirst().endsWith("差分"), rows.getFirst());
  }

  // ---- exercises

  /** Five lines of answers, as {@code --json} knows them. */
  private static List<String> asked(String... args) {
    return answered(Terminal.NONE, "s\n".repeat(50), args).out().lines().filter(l -> l.startsWith("[") && l.contains("] shown. ")).toList();
  }

  /** δW_f = x δa_f with x = 1 is δa_f; c_4 is its sum: neither is asked for while the same number stands open. */
  @ParameterizedTest
  @FieldSource("NAMES")
  void exercise_asksForNoNumberThatStandsElsewhere(String name) {
    var lesson = Lessons.of(name, Words.of("en"));
    for (long seed = 1; seed <= 5; seed++) {
      var blanks = LessonExercise.draw(lesson, 5, seed);
      assertFalse(blanks.isEmpty(), name);
      for (var blank : blanks) {
        var twins = lesson.items().stream().filter(i -> i != blank && i.written().equals(blank.written())).toList();
        assertTrue(twins.isEmpty(), () -> name + ": " + blank.label() + " " + twins);
      }
    }
  }

  @Test void exercise_rightAnswers_areCounted() {
    var asked = asked("lstm", "--exercise");
    assertEquals(5, asked.size());
    var answers = new StringBuilder();
    for (var a : asked) answers.append(a.replaceAll(".* = ", "").replace('-', '−')).append('\n');
    var r = answered(Terminal.NONE, answers.toString(), "lstm", "--exercise");
    assertEquals(0, r.status(), r.err());
    assertTrue(r.out().endsWith("\n5 of 5 right\n"), r.out());
    assertTrue(r.out().contains("[5] right. "), r.out());
    var lesson = r.out().substring(0, r.out().indexOf("[1] right"));
    for (int i = 1; i <= 5; i++) assertTrue(lesson.contains("  [" + i + "]"), lesson);
  }

  @Test void exercise_wrongAnswer_showsValueAndEquation_andTheTurnedSign() {
    var solution = asked("lstm", "--exercise").get(1).replace("[2] shown. ", "");
    double value = Double.parseDouble(solution.replaceAll(".* = ", ""));
    var r = answered(Terminal.NONE, "99\n" + -value + "\n", "lstm", "--exercise");
    assertTrue(r.out().contains("[1] wrong. a_g = x W_g + h' R_g + b_g = 1·0.8 + 0.5·0.3 + 0 = 0.95\n"), r.out());
    assertTrue(r.out().contains("[2] wrong. the sign is turned. " + solution + "\n"), r.out());
    assertTrue(r.out().endsWith("\n0 of 5 right; 2 were answered\n"), r.out());
    assertEquals(0, r.status());
  }

  /** What the worked-out formula on the screen gives on a pocket calculator, rounded to three digits, is right: in every lesson. */
  @ParameterizedTest
  @FieldSource("NAMES")
  void exercise_answersFromThePrintedNumbers_areRight(String name) {
    var asked = asked(name, "--exercise", "--questions", "50");
    var answers = new StringBuilder();
    for (var a : asked) {
      var parts = a.split(" = ");
      answers.append(String.format(Locale.ROOT, "%.2e%n", Calculator.of(parts[parts.length - 2])));
    }
    var r = answered(Terminal.NONE, answers.toString(), name, "--exercise", "--questions", "50");
    assertEquals(0, r.status(), r.err());
    assertTrue(r.out().endsWith("\n" + asked.size() + " of " + asked.size() + " right\n"), r.out());
  }

  @Test void exercise_threeDigits_areEnough_twoAreNot() {
    var asked = asked("clip", "--exercise", "--questions", "50");
    int at = 0;
    while (!asked.get(at).contains("] shown. factor = ")) at++;
    for (var e : Map.of("0.788", "right", "0.7885", "right", "0.7887", "wrong", "0.79", "wrong").entrySet()) {
      var r = answered(Terminal.NONE, "s\n".repeat(at) + e.getKey() + "\n", "clip", "--exercise", "--questions", "50");
      assertTrue(r.out().contains("[" + (at + 1) + "] " + e.getValue() + ". "), e + "\n" + r.out());
    }
  }

  @Test void exercise_noNumberFromAPipe_isTold_andTheNextLineAnswers() {
    var first = asked("lstm", "--exercise").get(1).replaceAll(".* = ", "");
    var r = answered(Terminal.NONE, "0.95\nabc\n\n" + first + "\n", "lstm", "--exercise");
    assertEquals(2, r.status());
    var label = asked("lstm", "--exercise").get(1).replaceAll(".*] shown. | = .*", "");
    assertEquals("error UNR-U001: answer 2 is abc, must be a number\n  where  stdin:2, " + label + "\n"
        + "  why    an exercise is answered by numbers, a line each; the next line is taken\n"
        + "  mend   a number such as 0.123 or -1.2e-3; h for a hint, s to see the number\n"
        + "error UNR-U001: answer 2 is '', must be a number\n  where  stdin:3, " + label + "\n"
        + "  why    an exercise is answered by numbers, a line each; the next line is taken\n"
        + "  mend   a number such as 0.123 or -1.2e-3; h for a hint, s to see the number\n", r.err());
    assertTrue(r.out().contains("[2] right. "), r.out());
    assertTrue(r.out().endsWith("\n2 of 5 right; 2 were answered\n"), r.out());
    for (var bad : List.of("", "NaN", "1e999", "0x1p3", "1d", "1,5")) {
      var all = answered(Terminal.NONE, bad + "\n" + "s\n".repeat(5), "lstm", "--exercise");
      assertEquals(2, all.status(), bad);
      assertTrue(all.out().endsWith("\n0 of 5 right\n"), all.out());
    }
    assertTrue(answered(Terminal.NONE, "abc\n", "lstm", "--exercise", "--lang", "zh").err().contains("接着读下一行"));
    assertEquals(0, answered(Terminal.NONE, "", "lstm", "--exercise").status());
  }

  @Test void exercise_noNumberAtATerminal_isAskedAgain() {
    var r = answered(Terminal.of(true, true, 80), "abc\nh\n0.95\n", "lstm", "--exercise", "--questions", "5");
    assertEquals(0, r.status(), r.err());
    assertTrue(r.err().contains("[1] a_g = abc is not a number; try again (h for a hint, s to see it)\n[1] a_g = [1] a_g = "), r.err());
    assertTrue(r.out().contains("[1] a_g = x W_g + h' R_g + b_g\n[1] right. "), r.out());
  }

  @Test void exercise_asAPage_hasTheKeyBehind() throws IOException {
    var file = folder.resolve("sheet.html");
    assertEquals("", out("lstm", "--exercise", "-o", file.toString()));
    var page = Files.readString(file);
    assertTrue(page.contains("<h2>Key</h2>") && page.indexOf("[5]") < page.indexOf("<h2>Key</h2>"), page);
  }

  @Test void numbers_asPeopleTypeThem() {
    assertEquals(OptionalDouble.of(-0.5), LessonExercise.number("−.5"));
    assertEquals(OptionalDouble.of(2e-7), LessonExercise.number("2e-7"));
    assertEquals(OptionalDouble.empty(), LessonExercise.number("5-"));
  }

  // ---- models of the user's

  @Test void lesson_onARun_shows_itsNumbers() {
    var out = out("lstm", "lstm", "--runs-dir", runs(), "--text", "the cat", "--neuron", "2");
    assertTrue(out.contains("layer rnn0 (lstm), unit 2: the step that reads a, with the loss −log p of the next symbol, t."), out);
    assertTrue(out.contains("δa_f = δf ⊙ f ⊙ (1 − f)"), out);
    assertTrue(out("gru", "gru", "--runs-dir", runs(), "--text", "the cat", "--lang", "zh").contains("层 rnn0（gru）"));
    assertTrue(out("vanish", "gru", "--runs-dir", runs(), "--text", "the cat").contains("r_7 = "));
    assertTrue(out("memory", "gru", "--runs-dir", runs(), "--text", "the cat").contains("h = z ⊙ h' + (1 − z) ⊙ n"));
  }

  private static void refused(Terminalless r, int status, String... says) {
    assertEquals(status, r.status(), r.out() + r.err());
    for (var s : says) assertTrue(r.err().contains(s), r.err());
    assertFalse(r.err().contains("\tat "), r.err());
  }

  @Test void lesson_wrongly_isRefused() {
    refused(lesson("lsmt"), 2, "error UNR-U001: there is no lesson lsmt\n"
        + "  why    the lessons are elman, bptt, vanish, lstm, memory, gru, softmax, gradcheck, clip\n  mend   did you mean lstm?\n         all lessons: unroll lesson\n");
    refused(lesson("lstm", "gru", "--runs-dir", runs(), "--text", "the cat"), 3, "error UNR-M009: the lesson lstm is on lstm, lstm-peephole, lstm-coupled, lstm-coupled-peephole, lstm-1997\n",
        "gru has the gates q r z n and the state h", "the lesson gru takes this layer");
    refused(lesson("softmax", "gru", "--runs-dir", runs(), "--text", "the cat"), 2, "the lesson softmax takes no model");
    refused(lesson("lstm", "lstm", "--runs-dir", runs()), 2, "--text is missing");
    refused(lesson("lstm", "lstm", "--runs-dir", runs(), "--text", "t"), 3, "the text has 1 symbols, must have at least 2");
    refused(lesson("lstm", "--text", "abc"), 2, "--text has no effect without a model");
    refused(lesson("lstm", "--questions", "3"), 2, "--questions has no effect without --exercise");
    refused(lesson("lstm", "--exercise", "--questions", "0"), 2, "--questions is 0, must be ");
    refused(lesson("lstm", "--exercise", "--json"), 2, "--exercise and --json exclude each other");
    refused(lesson("lstm", "--exercise", "--no-input"), 2, "--exercise and --no-input exclude each other");
    refused(lesson("--exercise"), 2, "--exercise has no effect without a lesson");
    assertTrue(lesson("lsmt", "--lang", "zh").err().contains("没有课程 lsmt"));
  }
}
