package org.unroll.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.unroll.file.Json;

/** {@code unroll explain}, on runs of a few steps. */
class ExplainCommandTest {
  @TempDir static Path folder;
  private static Path poem;

  @BeforeAll static void train() throws IOException {
    var cats = Files.writeString(folder.resolve("cats.txt"), TrainCommandTest.TEXT);
    poem = Files.writeString(folder.resolve("poem.txt"), "床前明月光，疑是地上霜。\n舉頭望明月，低頭思故鄉。\n".repeat(40));
    train("lstm", cats, "--layers", "2");
    train("gru", poem, "--cell", "gru");
    train("elman", cats, "--cell", "elman");
  }

  private static void train(String name, Path data, String... more) {
    var args = new java.util.ArrayList<>(List.of("train", "--data", data.toString(), "--runs-dir", folder.resolve("runs")
        .toString(), "--name", name,
        "--threads", "1", "--hidden", "6", "--embed", "4", "--batch", "4", "--bptt", "16", "--epochs", "1"));
    args.addAll(List.of(more));
    var r = Terminalless.run(args.toArray(String[]::new));
    assertEquals(0, r.status(), r.err());
  }

  private static Terminalless explain(String what, String run, String... more) {
    var args = new java.util.ArrayList<>(List.of("explain", what, run, "--runs-dir", folder.resolve("runs").toString()));
    args.addAll(List.of(more));
    return Terminalless.run(args.toArray(String[]::new));
  }

  private static String out(String what, String run, String... more) {
    var r = explain(what, run, more);
    assertEquals(0, r.status(), r.err());
    return r.out();
  }

  private static void refused(Terminalless r, int status, String... says) {
    assertEquals(status, r.status(), r.out() + r.err());
    for (var s : says) assertTrue(r.err().contains(s), r.err());
    assertFalse(r.err().contains("\tat "), r.err());
  }

  // ---- text

  @Test void gates_text_hasSaturationAndTwoColumnsForChinese() {
    var out = out("gates", "gru", "--text", "明月光", "--units", "1,4", "--gate", "z");
    var lines = out.lines().toList();
    assertTrue(out.contains("layer rnn0: gru, 6 units, gates q r z n, state h\n"), out);
    assertTrue(out.contains("3 symbols, 1 read before them\n"), out);
    int z = lines.indexOf("gate z");
    assertEquals("  0  ░▒▓█ 1", lines.get(z + 1));
    assertEquals("         明 月 光", lines.get(z + 2));
    assertTrue(lines.get(z + 3).matches("  unit 1 ([ ░▒▓█])\\1 ([ ░▒▓█])\\2 ([ ░▒▓█])\\3"), lines.get(z + 3));
    assertTrue(lines.get(z + 4).startsWith("  unit 4 "), lines.get(z + 4));
    assertFalse(lines.contains("gate r"), out);
  }

  @Test void memory_text_hasTheSumBesideTheState() {
    for (var run : List.of("gru", "lstm")) {
      var text = run.equals("gru") ? "明月光" : "cat";
      var out = out("memory", run, "--text", text, "--neuron", "2");
      assertTrue(out.contains(run.equals("gru") ? "h = z ⊙ h' + (1 − z) ⊙ n\n" : "c = f ⊙ c' + i ⊙ g\n"), out);
      assertTrue(out.contains("✔ the sum meets the state of the pass at all 18 steps and units: |Σ − "), out);
      var sums = out.lines().dropWhile(l -> !l.startsWith("sum and state")).skip(2).toList();
      assertEquals(3, sums.size(), out);
      for (var row : sums) {
        var cells = row.strip().split(" +");
        assertEquals(Double.parseDouble(cells[2]), Double.parseDouble(cells[3]), 2e-6, row);
      }
    }
  }

  @Test void gradient_ofASimpleRecurrence_hasBoundsAndAWindow() {
    var out = out("gradient", "elman", "--max-lag", "12");
    assertTrue(out.contains("  measured: rnn0 h\n      1  █"), out);
    assertTrue(out.contains("\nbars are logarithmic, from 1e-") && out.contains("; ‖∂L_t/∂s_{t−k}‖, logarithmic scale\n"), out);
    for (var bound : List.of("bound (β_f β_w)^k", "singular value (γ ‖R‖₂)^k")) {
      var line = out.lines().filter(l -> l.startsWith("  " + bound)).findFirst().orElseThrow(() -> new AssertionError(out));
      double factor = Double.parseDouble(line.replaceAll(".* · ([\\d.]+)\\^k, .*", "$1"));
      assertEquals(factor < 1 ? "binds" : "does not bind", line.replaceAll(".*\\^k, ([a-z ]+):.*", "$1"), line);
      assertTrue(factor < 1 == out.contains("is below 1, the bound binds") || !bound.startsWith("bound"), out);
    }
    assertTrue(out.contains("  largest ‖∂s_t/∂s_{t−1}‖₂ of 6 sampled steps: ") && out.contains("₂, largest of 6 sampled steps"), out);
    var start = out.replaceAll("\\s+", " ").replaceAll(".* ‖∂L_t/∂h_t‖ = (\\S+), the value at lag 0.*", "$1");
    assertTrue(out.contains("bound (β_f β_w)^k: " + start + " · "), out);
    assertTrue(out.contains("‖R‖₂ = "), out);
    assertTrue(out.contains("train.bptt: ") || out.contains("No window is suggested: the line "), out);
    var gated = out("gradient", "lstm", "--max-lag", "12");
    assertTrue(gated.contains("rnn1 c") && gated.contains("lstm is not one: only the Jacobian")
        && !gated.contains("(β_f β_w)^k = "), gated);
  }

  /** A line takes eight lags: with fewer none is fitted, that is said, and no window is made up. */
  @Test void gradient_ofAShortText_fitsNoHalfLife() {
    var few = out("gradient", "elman", "--text", "a cat");
    assertTrue(few.contains("No window is suggested: 5 lags are too few to say where the gradient ends; a line takes 8.\n")
        || few.contains("train.bptt: "), few);
    assertTrue(few.contains("no half-life is fitted: a line takes at least 8 lags, and there are 5; a longer"), few);
    assertTrue(few.lines().anyMatch(l -> l.matches("  rnn0 h  \\S+  \\S+ +–  +–  +–  +\\S+")), few);
    var json = out("gradient", "elman", "--text", "a cat", "--json");
    assertTrue(json.contains("\"fitted\":false,\"reach\":") && !json.contains("half_life"), json);
    var enough = out("gradient", "elman", "--text", "a cat sat");
    assertTrue(enough.contains("half-life in steps; reach:") && !enough.contains("no half-life"), enough);
    assertTrue(out("gradient", "elman", "--text", "a cat sat", "--json").contains("\"fitted\":true,\"rate\":"));
  }

  @Test void connectivity_text_namesTheInputsThatMattered() {
    var out = out("connectivity", "gru", "--text", "床前明月", "--at", "3");
    assertTrue(out.contains("After symbol 3 the model expects "), out);
    var best = out.lines().dropWhile(l -> !l.startsWith("The inputs that mattered most")).skip(2).takeWhile(l -> !l.isBlank())
        .toList();
    assertEquals(3, best.size(), out);
    double share = best.stream().mapToDouble(l -> Double.parseDouble(l.strip().replaceAll(".* (\\S+) %", "$1"))).sum();
    assertEquals(100, share, 0.2, out);
  }

  @Test void states_text_findsThePhraseAgain() {
    var out = out("states", "gru", "--text", "床前明月光", "--phrase", "明月", "--threshold", "-0.2", "--top", "3");
    assertTrue(out.contains("床前【明月】光"), out);
    var places = out.lines().dropWhile(l -> !l.startsWith("Best places in ")).skip(3).toList();
    assertEquals(3, places.size(), out);
    assertTrue(places.getFirst().contains("】"), out);
  }

  /** No unit stays high over a long stretch: there is an answer all the same, and it says by what. */
  @Test void states_ofAStretchOverWhichNoUnitStaysHigh_areByTheHighest() {
    var out = out("states", "elman", "--text", "the cat sat on the mat. ".repeat(3).strip(), "--lang", "en").replaceAll("\\s+", " ");
    assertTrue(out.contains("No unit stays as high as in 25.0 % of the corpus over this stretch: taken are those that stay highest, at "), out);
    assertTrue(out.matches(".*h at least as high as in [\\d.e-]+ % of the corpus, unit by unit: units \\d.*"), out);
    refused(explain("states", "elman", "--text", "the cat sat on the mat.", "--quantile", "0.99"), 3,
        "no unit of rnn0 stays at or above its threshold over the stretch\n");
    assertTrue(explain("states", "elman", "--text", "the cat sat on the mat.", "--quantile", "0.99", "--lang", "zh").err()
        .contains("在这一段上没有 rnn0 的单元始终不低于自己的阈值"));
  }

  /** Each unit by its own upper quarter, however small its values; it is said how much was searched. */
  @Test void states_withoutAThreshold_areByTheQuantilesOfEachUnit() {
    var out = out("states", "lstm", "--text", "the cat", "--phrase", "cat");
    assertTrue(out.contains("\nh at least as high as in 75.0 % of the corpus, unit by unit: units ")
        || out.contains("\nh at least as high as in 50.0 % of the corpus, unit by unit: units "), out);
    assertTrue(out.contains("\nsearched: all 192 symbols of the corpus\n"), out);
    var first = out("states", "lstm", "--text", "the cat", "--phrase", "cat", "--max-symbols", "120");
    assertTrue(first.contains("\nsearched: the first 120 of 192 symbols (62.5 %); --max-symbols 192 searches all\n"), first);
    assertTrue(out("states", "lstm", "--text", "the cat", "--phrase", "cat", "--max-symbols", "120",
        "--json").contains("\"corpus\":120,\"corpus_size\":192,"));
    int all = on("0.0001"), some = on("0.6");
    assertTrue(all == 6 && some < 6, all + " " + some);
    refused(explain("states", "lstm", "--text", "the cat", "--quantile", "1.5"), 2,
        "error UNR-U001: --quantile is 1.5, must be ");
    refused(explain("states", "lstm", "--text", "the cat", "--quantile", "0.5", "--threshold", "1"), 2,
        "--threshold and --quantile exclude each other");
    refused(explain("states", "lstm", "--text", "the cat", "--threshold", "0.999"), 3,
        "a lower --quantile or --threshold, or a shorter --phrase");
  }

  private static int on(String quantile) {
    var json = out("states", "lstm", "--text", "the cat", "--phrase", "t", "--quantile", quantile, "--json");
    return json.replaceAll("(?s).*\"on\":\\[([^]]*)\\].*", "$1").split(",").length;
  }

  @Test void terminal_thatTakesColours_getsThem() {
    var plain = out("gates", "gru", "--text", "明月");
    var colored = out("gates", "gru", "--text", "明月", "--color", "always");
    assertFalse(plain.contains("\033["));
    assertTrue(colored.contains("\033[48;2;"), colored);
  }

  // ---- forms

  @ParameterizedTest
  @ValueSource(strings = {"gates", "memory", "gradient", "connectivity", "states"})
  void forms_ofEveryLook_areWellFormed(String what) throws Exception {
    var more = what.equals("gradient") ? new String[] {"--max-lag", "6"} : what.equals("states")
        ? new String[] {"--text", "明月", "--threshold", "-0.5"} : new String[] {"--text", "明月，疑"};
    for (var form : List.of("json", "csv", "svg", "html")) {
      var file = folder.resolve(what + "." + form);
      var args = new java.util.ArrayList<>(List.of(more));
      args.addAll(List.of("-o", file.toString()));
      var r = explain(what, "gru", args.toArray(String[]::new));
      assertEquals(0, r.status(), r.err());
      assertEquals("", r.out());
      assertTrue(r.err().contains("written to " + file), r.err());
      var text = Files.readString(file);
      switch (form) {
        case "json" -> {
          var o = (java.util.Map<?, ?>) Json.read(text, what, Json.Rules.CONFIG);
          assertEquals(what, o.get("explain"));
          assertTrue(o.get("model").toString().startsWith("sha256:"), text);
        }
        case "csv" -> assertTrue(text.lines().count() > 3 && text.lines().findFirst().orElse("").matches("[a-z_,]+"), text);
        case "svg" -> wellFormed(text);
        default -> {
          assertTrue(text.startsWith("<!DOCTYPE html>") && text.contains("<html lang=\"en\">"), text);
          assertFalse(text.matches("(?s).*(<script|<link|src=|href=|@import|url\\().*"), "fetches or runs something");
        }
      }
    }
  }

  /** Every tag is closed, in order; there is text. */
  private static void wellFormed(String svg) {
    var open = new java.util.ArrayDeque<String>();
    var tags = java.util.regex.Pattern.compile("<(/?)([a-z?]+)((?:\\s+[-a-z:A-Z]+=\"[^\"<]*\")*)\\s*([/?]?)>").matcher(svg);
    int at = 0;
    while (tags.find()) {
      var between = svg.substring(at, tags.start());
      assertFalse(between.matches("(?s).*([<>]|&(?!amp;|lt;|gt;|quot;)).*"), between);
      at = tags.end();
      if (tags.group(1).equals("/")) assertEquals(open.pop(), tags.group(2));
      else if (tags.group(4).isEmpty()) open.push(tags.group(2));
    }
    assertEquals("\n", svg.substring(at));
    assertTrue(open.isEmpty() && svg.contains("<svg xmlns=") && svg.split("<text ").length > 5, svg);
  }

  @Test void json_ofTheSameModel_isTheSame_andAnotherModelsDiffers() {
    var one = out("memory", "lstm", "--text", "cat", "--format", "json");
    assertEquals(one, out("memory", "lstm", "--text", "cat", "--json"));
    assertNotEquals(one, out("memory", "lstm", "--text", "cat", "--json", "--layer", "1"));
    assertTrue(one.contains("\"check\":{\"worst\":") && one.contains("\"holds\":true}"), one);
  }

  @Test void csv_hasAllUnitsAndSteps() {
    var csv = out("gates", "gru", "--text", "明月", "--format", "csv");
    assertEquals(1 + 5 * 6 * 2, csv.lines().count());
    assertTrue(csv.startsWith("layer,gate,unit,step,symbol,value\nrnn0,q,0,1,明,"), csv);
    assertTrue(out("gates", "lstm", "--text", "a cat", "--format", "csv").contains(",o,5,5,t,"));
  }

  @Test void context_isReadBefore() {
    var without = out("memory", "gru", "--text", "明月", "--context", "", "--json");
    assertTrue(without.contains("\"initial\":0.0,"), without);
    assertFalse(out("memory", "gru", "--text", "明月", "--json").contains("\"initial\":0.0,"));
  }

  @Test void chinese_titlesAreTranslated_keysAreNot() {
    assertTrue(out("memory", "gru", "--text", "明月", "--lang", "zh").startsWith("记忆是对过去的求和\n"));
    assertTrue(out("gates", "gru", "--text", "明月", "--lang", "zh", "--format", "html").contains("<html lang=\"zh\">"));
    assertEquals(out("gates", "gru", "--text", "明月", "--json"), out("gates", "gru", "--text", "明月", "--lang", "zh", "--json"));
    for (var what : List.of("gates", "gradient", "connectivity", "states")) {
      var more = what.equals("gradient") ? new String[] {"--lang", "zh"} : new String[] {"--text", "明月", "--lang", "zh"};
      var text = out(what, "gru", more);
      assertTrue(text.matches("(?s)\\p{IsHan}.*"), what + ": " + text);
    }
  }

  // ---- bad input

  @Test void whatTheModelHasNot_isSaidWithWhatItHas() {
    refused(explain("memory", "gru", "--text", "明月", "--state", "c"), 3, "error UNR-M009: gru has no state c\n",
        "gru has the gates q r z n and the state h\n");
    refused(explain("memory", "elman", "--text", "cat"), 3, "error UNR-M009: elman has no gated memory\n",
        "elman has the gates a and the state h", "unroll explain gradient");
    refused(explain("gates", "gru", "--text", "明月", "--gate", "f"), 3, "error UNR-M009: gru has no gate f\n");
    refused(explain("gates", "lstm", "--text", "cat", "--layer", "3"), 3, "error UNR-M009: there is no layer 3\n", "rnn0, rnn1",
        "--layer from 1, the lowest, to 2");
    refused(explain("gates", "lstm", "--text", "cat", "--units", "6"), 3, "error UNR-M009: there is no unit 6\n", "0 to 5");
    refused(explain("memory", "lstm", "--text", "cat", "--neuron", "99"), 3, "error UNR-M009: there is no unit 99\n");
    refused(explain("memory", "lstm", "--text", "cat", "--state", "h"), 2, "error UNR-U001: --state is h, must be c\n");
  }

  @Test void textThatDoesNotFit_isRefused() {
    refused(explain("gates", "gru", "--text", "明Z月"), 3, "error UNR-D007: 1 symbol is not in the vocabulary: Z\n");
    refused(explain("gates", "gru", "--text", "明", "--context", "Z"), 3, "error UNR-D007", "--context");
    refused(explain("gates", "gru"), 2, "error UNR-U001: --text is missing\n");
    refused(explain("gates", "gru", "--text", ""), 2, "error UNR-U001: --text is empty\n");
    refused(explain("memory", "gru", "--text", "明".repeat(401)), 2,
        "error UNR-U001: --text has 401 symbols, must have at most 400\n");
    refused(explain("gates", "gru", poem.toString(), "--text", "明"), 2, "error UNR-U001: --text and ");
    refused(explain("gates", "gru", folder.resolve("none.txt").toString()), 4, "error UNR-D001");
    refused(explain("gates", "nobody", "--text", "明"), 4, "error UNR-M001");
    refused(explain("gradient", "gru", "--text", "明月"), 2, "error UNR-U001: the text has 3 symbols, must have at least 5\n");
    refused(explain("gradient", "gru", "--text", "床前明月光", "--max-lag", "30"), 3, "error UNR-D005: 30 lags of 5 steps\n");
  }

  @Test void flagsThatMakeNoSense_areRefused() {
    refused(explain("gates", "gru", "--text", "明", "--units", "many"), 2,
        "error UNR-U001: --units is many, must be units such as 0:8, 3,5 or all\n");
    refused(explain("gates", "gru", "--text", "明", "--format", "png"), 2,
        "error UNR-U001: --format is png, must be one of text, json, csv, svg, html\n");
    refused(explain("gates", "gru", "--text", "明", "--format", "svg", "--json"), 2, "--json and --format svg exclude each other");
    refused(explain("connectivity", "gru", "--text", "明月", "--at", "3"), 2, "error UNR-U001: --at is 3, must be from 1 to 2\n");
    refused(explain("connectivity", "gru", "--text", "明月", "--layer", "1"), 2, "error UNR-U001: --layer has no effect here\n");
    refused(explain("gradient", "gru", "--positions", "0"), 2, "error UNR-U001: --positions is 0, must be a whole number from 1 to 1000\n");
    refused(explain("gradient", "gru", "--max-lag", "1"), 2, "error UNR-U001: --max-lag is 1, must be a whole number from 2 to 1000\n");
    refused(explain("states", "gru", "--text", "明月", "--phrase", "光"), 2, "error UNR-U001: --phrase is not in the text\n");
    refused(explain("states", "gru", "--text", "明月", "--threshold", "0.999"), 3,
        "error UNR-M009: no unit of rnn0 stays at or above 0.999");
    refused(explain("states", "gru", "--text", "明月", "--top", "0"), 2, "error UNR-U001: --top is 0, must be a whole number from 1 to 1000\n");
  }

  @Test void file_thatIsTooLong_isCutAndThatIsSaid() {
    var r = explain("memory", "gru", poem.toString(), "--json");
    assertEquals(0, r.status(), r.err());
    assertTrue(r.err().contains("only the first 400 of 1,040 symbols"), r.err());
  }

  @Test void outputInNoFolder_isStatus4() {
    refused(explain("gates", "gru", "--text", "明", "-o", folder.resolve("no/such/folder.html").toString()), 4,
        "error UNR-D001: no such file or folder\n");
  }

  @Test void help_isInBothLanguages() {
    for (var what : List.of("gates", "memory", "gradient", "connectivity", "states")) {
      assertTrue(Terminalless.run("help", "explain", what).out().contains("--text=TEXT"), what);
      var zh = Terminalless.run("explain", what, "--help", "--lang", "zh").out();
      assertTrue(zh.contains("要看的文本") && zh.contains("例如") || what.equals("gradient") && zh.contains("建议"), zh);
    }
  }
}
