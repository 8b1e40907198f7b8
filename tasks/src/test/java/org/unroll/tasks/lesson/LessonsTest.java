package org.unroll.tasks.lesson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.unroll.file.Json;

class LessonsTest {
  private static final Path GOLD = Path.of("..", "core", "src", "test", "resources", "worked-example.json");
  static final List<String> NAMES = Lessons.NAMES;
  private static final Words EN = Words.of("en");

  /** What a number's worked formula gives with the other numbers in it is the number; float where kernels made it. */
  static void checks(Lesson lesson, double bar) { checks(lesson, bar, 1e-9); }

  static void checks(Lesson lesson, double bar, double differenceBar) {
    answers(lesson);
    var worked = new Worked(lesson, List.of());
    for (var i : lesson.items()) {
      if (!i.worked().isEmpty()) {
        assertEquals(i.value(), Arithmetic.of(worked.exact(i)), bar * Math.max(1, Math.abs(i.value())),
            lesson.name() + ": " + i.equation() + " = " + worked.of(i));
      }
      if (i.gradient()) assertEquals(i.value(), i.difference(), differenceBar, lesson.name() + ": " + i.label());
      assertTrue(Double.isFinite(i.value()), i.label());
    }
  }

  /**
   * Answers from the numbers as they are printed, rounded to three digits: with all operands at hand, and where all that can be
   * worked out is blank, each from what came out before.
   */
  static void answers(Lesson lesson) {
    var byLabel = lesson.items().stream().collect(Collectors.toMap(Item::label, i -> i));
    for (var i : lesson.items()) {
      if (!i.asked()) continue;
      for (boolean blank : new boolean[] {false, true}) {
        double v = Double.parseDouble(String.format(Locale.ROOT, "%.2e", printed(i, byLabel, blank)));
        assertTrue(Digits.right(v, i.value()), lesson.name() + ": " + i.label() + " is " + i.value() + ", from what is printed " + v + ", " + blank);
      }
    }
  }

  private static double printed(Item i, Map<String, Item> byLabel, boolean blank) {
    return Arithmetic.of(Worked.fill(i, byLabel, o -> {
      if (!blank || !o.asked()) return "(" + o.written() + ")";
      return "(" + printed(o, byLabel, true) + ")";
    }));
  }

  @ParameterizedTest
  @FieldSource("NAMES")
  void everyAnswer_fromThePrintedNumbers_isRight(String name) {
    var l = Lessons.of(name, EN);
    answers(l);
    assertTrue(l.items().stream().filter(i -> !i.given() && !i.worked().isEmpty() && !i.worked().matches("\\{[^}]*}")).allMatch(Item::asked));
  }

  @Test void gradcheck_lossesHaveTheDigitsThatTheirDifferenceNeeds() {
    var l = Lessons.of("gradcheck", EN);
    assertTrue(l.item("L(w + ε)").digits() >= 10, l.item("L(w + ε)").written());
    double d = Double.parseDouble(l.item("D").written()), dw = Double.parseDouble(l.item("δw").written());
    assertEquals(l.item("error").value(), Math.abs(d - dw) / Math.abs(dw), 5e-4 * l.item("error").value());
  }

  @ParameterizedTest
  @FieldSource("NAMES")
  void everyNumber_isWhatItsFormulaGives_andEveryGradientItsDifference(String name) {
    checks(Lessons.of(name, EN), name.equals("clip") || name.equals("memory") ? 1e-6 : 1e-12);
  }

  @Test void kernels_ofEveryStep_agree() {
    for (var name : List.of("elman", "bptt", "vanish", "lstm", "gru", "softmax", "gradcheck")) {
      var line = Lessons.of(name, EN).about().stream().filter(a -> a.contains("the kernels, in float")).findFirst().orElseThrow();
      double gap = Double.parseDouble(line.replaceAll(".* to (\\S+)\\. .*", "$1"));
      assertTrue(gap < 5e-7, line);
    }
  }

  @Test void steps_haveTheGradientOfEveryWeight_ofXAndOfTheStateBefore() {
    for (var name : List.of("elman", "lstm", "gru")) {
      var labels = Lessons.of(name, EN).items().stream().filter(Item::gradient).map(Item::label).toList();
      var weights = Lessons.of(name, EN).items().stream().filter(Item::given).map(Item::label).filter(l -> l.matches("[WRbxh].*")).toList();
      for (var w : weights) assertTrue(labels.contains("δ" + w), name + ": no δ" + w);
    }
    assertEquals(-0.00814535, Lessons.of("lstm", EN).item("δb_f").value(), 5e-9);
    assertTrue(Lessons.of("elman", EN).items().stream().anyMatch(i -> i.label().equals("δb[2]")));
  }

  @Test void lstm_hasTheNumbersOfItsHandExample() {
    var l = Lessons.of("lstm", EN);
    assertEquals(0.824914, l.item("f").value(), 5e-7);
    assertEquals(0.625468, l.item("c").value(), 5e-7);
    assertEquals(0.345417, l.item("h").value(), 5e-7);
    assertEquals(0.214239, l.item("L").value(), 5e-7);
    assertEquals(-0.281981, l.item("δc").value(), 5e-7);
    assertEquals(-0.232610, l.item("δc'").value(), 5e-7);
    assertEquals(-0.008145353, l.item("δW_f").value(), 5e-10);
  }

  @Test void bptt_hasTheNumbersOfTheSlides() throws IOException {
    var gold = (Map<?, ?>) Json.read(Files.readString(GOLD), GOLD.toString(), Json.Rules.CONFIG);
    var l = Lessons.of("bptt", EN);
    assertEquals((double) gold.get("L"), l.item("L").value(), 1e-12);
    for (int t = 0; t < 3; t++) {
      for (int k = 0; k < 3; k++) {
        assertEquals(at(gold, "o", t, k), l.item("p_" + (t + 1) + "[" + (k + 1) + "]").value(), 1e-12);
        assertEquals(at(gold, "delta_out", t, k), l.item("δz_" + (t + 1) + "[" + (k + 1) + "]").value(), 1e-12);
      }
      for (int u = 0; u < 2; u++) {
        assertEquals(at(gold, "s", t, u), l.item("h_" + (t + 1) + "[" + (u + 1) + "]").value(), 1e-12);
        assertEquals(at(gold, "delta_hidden", t, u), l.item("δa_" + (t + 1) + "[" + (u + 1) + "]").value(), 1e-12);
        assertEquals(at(gold, "dU", u, t), l.item("δW[" + (t + 1) + "," + (u + 1) + "]").value(), 1e-12);
        assertEquals(at(gold, "dV", t, u), l.item("δV[" + (u + 1) + "," + (t + 1) + "]").value(), 1e-12);
        if (t < 2) assertEquals(at(gold, "dW", u, t), l.item("δR[" + (t + 1) + "," + (u + 1) + "]").value(), 1e-12);
      }
    }
  }

  private static double at(Map<?, ?> gold, String key, int row, int col) {
    return ((Number) ((List<?>) ((List<?>) gold.get(key)).get(row)).get(col)).doubleValue();
  }

  @Test void words_everyKey_isThereInBothLanguages() {
    assertEquals(new TreeSet<>(EN.bundle().keySet()), new TreeSet<>(Words.of("zh").bundle().keySet()));
    for (var k : EN.bundle().keySet()) {
      assertEquals(holes(EN.bundle().getString(k)), holes(Words.of("zh").bundle().getString(k)), k);
    }
  }

  private static String holes(String s) { return s.replaceAll("%1\\$s", "").replaceAll("[^%]*(%[-0-9.]*[a-z])?", "$1"); }
}
