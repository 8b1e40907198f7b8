package org.unroll.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unroll.file.Json;
import org.unroll.layer.State;
import org.unroll.look.Connectivity;
import org.unroll.look.GradientFlow;
import org.unroll.look.Reading;
import org.unroll.slab.Batch;
import org.unroll.slab.Workspace;
import org.unroll.tasks.config.SpecYaml;
import org.unroll.tasks.tag.Sentence;
import org.unroll.tasks.tag.TagTraining;
import org.unroll.tasks.tag.Tagger;

/** {@code unroll explain} on taggers: words with spaces between, both directions. */
class ExplainTaggerTest {
  private static final String TEXT = "the old fish fish . they saw the lake";

  @TempDir static Path folder;
  private static String tagger, zh, other;
  private static Tagger model;

  @BeforeAll static void train() {
    model = tagger("tagger", 1, new Sentence(List.of("the", "old", "fish", "fish", "."), List.of("DET", "ADJ", "NOUN", "VERB",
        "PUNCT")),
        new Sentence(List.of("they", "saw", "the", "lake"), List.of("PRON", "VERB", "DET", "NOUN")));
    tagger = folder.resolve("tagger.safetensors").toString();
    tagger("other", 2, new Sentence(List.of("the", "old", "fish", "fish", "."), List.of("DET", "ADJ", "NOUN", "VERB", "PUNCT")),
        new Sentence(List.of("they", "saw", "the", "lake"), List.of("PRON", "VERB", "DET", "NOUN")));
    other = folder.resolve("other.safetensors").toString();
    tagger("zh", 1, new Sentence(List.of("我们", "在", "大学", "读书", "。"), List.of("PRON", "ADP", "NOUN", "VERB", "PUNCT")));
    zh = folder.resolve("zh.safetensors").toString();
  }

  private static Tagger tagger(String name, long seed, Sentence... sentences) {
    long tags = Arrays.stream(sentences).flatMap(s -> s.tags().stream()).distinct().count();
    var spec = SpecYaml.read("t.yaml", """
        input: {symbols: 12}
        layers:
          - {kind: embedding, width: 5}
          - {kind: recurrent, cell: lstm, units: 6, direction: both}
          - kind: residual
            body: [{kind: mlstm, units: 6, heads: 2, direction: both}]
        head: {kind: crf, labels: %d}
        """.formatted(tags));
    var some = new ArrayList<Sentence>();
    for (int i = 0; i < 8; i++) some.addAll(List.of(sentences));
    var tagger = TagTraining.of(spec, some, new TagTraining.Settings(4, 12, 0.02, 5, 2, seed, 1)).run(_ -> { });
    tagger.save(folder.resolve(name + ".safetensors"));
    return tagger;
  }

  private static Terminalless explain(String... args) {
    var all = new ArrayList<>(List.of("explain"));
    all.addAll(List.of(args));
    return Terminalless.run(all.toArray(String[]::new));
  }

  private static String out(String... args) {
    var r = explain(args);
    assertEquals(0, r.status(), r.err());
    return r.out();
  }

  private static Map<?, ?> json(String... args) {
    var all = new ArrayList<>(List.of(args));
    all.add("--json");
    return (Map<?, ?>) Json.read(out(all.toArray(String[]::new)), "out", Json.Rules.CONFIG);
  }

  private static List<Double> numbers(Object list) { return ((List<?>) list).stream().map(v -> ((Number) v).doubleValue()).toList(); }

  @Test void gates_haveEachDirectionAsALayer() {
    for (var layer : List.of("1 rnn0.forward lstm", "2 rnn0.backward lstm", "3 rnn1.forward mlstm", "4 rnn1.backward mlstm")) {
      var part = layer.split(" ");
      var out = out("gates", tagger, "--text", TEXT, "--layer", part[0]);
      boolean back = part[1].endsWith("backward");
      assertTrue(out.contains("\\nlayer ".replace("\\n", "\n") + part[1] + (back ? " (walks backward): " : ": ") + part[2]
          + ", "), out);
      assertTrue(out.contains("\n9 words\n"), out);
    }
    var o = json("gates", tagger, "--text", TEXT, "--layer", "2", "--gate", "f", "--units", "3");
    var walk = Reading.of(model.model(), model.symbols().words(List.of(TEXT.split(" ")))).walk(1);
    var gate = (Map<?, ?>) ((List<?>) o.get("gates")).getFirst();
    var steps = numbers(((Map<?, ?>) ((List<?>) gate.get("values")).getFirst()).get("steps"));
    for (int t = 0; t < 9; t++) assertEquals(walk.gate(1, t, 3), steps.get(t), 1e-6, "step " + t);
  }

  @Test void memory_ofBothDirections_meetsThePass() {
    for (int layer = 1; layer <= 4; layer++) {
      var out = out("memory", tagger, "--text", TEXT, "--layer", "" + layer, "--neuron", "1");
      assertTrue(out.contains("✔ the sum meets the state of the pass at all 54 steps and units"), out);
      assertEquals(layer % 2 == 0, out.contains("\nt and i count in the order of the walk: step 1 is the last of the text\n"),
          out);
      assertTrue(out.lines().dropWhile(l -> !l.startsWith("sum and state")).skip(2).findFirst().orElseThrow()
          .matches("  1 +" + (layer % 2 == 0 ? "lake" : "the") + " .*"), out);
    }
  }

  /** ‖∂z_t/∂s‖ of the score of each word's own tag: left of it in one direction, right of it in the other. */
  @Test void gradient_isThatOfTheTagsScores_inBothDirections() {
    int[] ids = model.symbols().words(List.of(TEXT.split(" ")));
    int[] tags = model.model().lattices(Batch.full(Reading.symbols(ids), new long[1]), State.ZERO,
        new Workspace()).getFirst().viterbi().labels();
    var flow = GradientFlow.ofScores(model.model(), Reading.symbols(ids), tags, 8, 64);
    var o = json("gradient", tagger, "--text", TEXT);
    assertEquals("score 8 2", o.get("of") + " " + o.get("lags") + " " + o.get("positions"));
    assertFalse(o.containsKey("window"));
    var curves = (List<?>) o.get("curves");
    assertEquals(2 + 2 + 3 + 3, curves.size());
    for (int c = 0; c < curves.size(); c++) {
      var norms = numbers(((Map<?, ?>) curves.get(c)).get("norms"));
      for (int k = 0; k < 8; k++) {
        double want = flow.curves().get(c).norms()[k];
        assertEquals(want, norms.get(k), 1e-5 * want + 1e-12);
      }
    }
    var out = out("gradient", tagger, "--text", TEXT);
    assertTrue(out.contains("\n  measured: rnn0.forward h (t−k)\n") && out.contains("\n  measured: rnn0.backward c (t+k)\n"),
        out);
    assertTrue(out.contains("\n‖∂z_t/∂s_{t∓k}‖ by lag k\n") && !out.contains("train.bptt"), out);
    assertTrue(out("gradient", tagger, "--text", TEXT, "--layer", "2").contains("\n‖∂z_t/∂s_{t+k}‖ by lag k\n"));
  }

  @Test void connectivity_isOfTheEmissionOfTheTag_fromBothSides() {
    int[] ids = model.symbols().words(List.of(TEXT.split(" ")));
    var r = Reading.of(model.model(), ids);
    var tags = model.tag(List.of(List.of(TEXT.split(" ")))).getFirst();
    var c = Connectivity.of(r, tags.stream().mapToInt(model.symbols().tags()::indexOf).toArray());
    var o = json("connectivity", tagger, "--text", TEXT);
    assertEquals(tags, o.get("predicted"));
    var norms = (List<?>) o.get("norms");
    for (int t = 0; t < 9; t++) {
      for (int k = 0; k < 9; k++) assertEquals(c.norms()[t][k], numbers(norms.get(t)).get(k), 1e-5 * c.norms()[t][k]);
    }
    var out = out("connectivity", tagger, "--text", TEXT, "--at", "4");
    assertTrue(out.contains("\nWord 4, fish, is given the tag " + tags.get(3) + "\n"), out);
    var best = out.lines().dropWhile(l -> !l.startsWith("The inputs that mattered most")).skip(2).takeWhile(l -> !l.isBlank()).toList();
    assertEquals(8, best.size());
    assertTrue(best.stream().anyMatch(l -> l.strip().startsWith("5 "))
        && best.stream().anyMatch(l -> l.strip().startsWith("3 ")), out);
  }

  /** The same training from another seed gives other numbers everywhere. */
  @Test void figures_areThoseOfTheModel() {
    for (var what : List.of("gates", "memory", "gradient", "connectivity")) {
      assertEquals(out(what, tagger, "--text", TEXT, "--json"), out(what, tagger, "--text", TEXT, "--json"));
      assertNotEquals(out(what, tagger, "--text", TEXT, "--format", "csv"), out(what, other, "--text", TEXT, "--format", "csv"),
          what);
    }
  }

  @Test void words_notKnown_areSaid_andShownAsTheyWereTyped() {
    var r = explain("connectivity", tagger, "--text", "the new lake");
    assertEquals(0, r.status(), r.err());
    assertTrue(r.err().contains("1 of 3 words are not known to the tagger, it reads them all as the same: new\n"), r.err());
    assertTrue(r.out().contains("  new → "), r.out());
  }

  @Test void words_ofAFile_areThoseOfItsFirstLine() throws Exception {
    var file = Files.writeString(folder.resolve("s.txt"), "\n  the old\tlake \nthey saw\n");
    var r = explain("connectivity", tagger, file.toString(), "--json");
    assertEquals(0, r.status(), r.err());
    assertTrue(r.out().contains("\"symbols\":[\"the\",\"old\",\"lake\"]") && r.err().contains("only the first of 2 lines"),
        r.out() + r.err());
  }

  @Test void chineseWords_takeTwoColumnsACharacter() {
    var lines = out("gates", zh, "--text", "我们 在 大学 读书 。", "--layer", "1", "--gate", "f", "--units", "2", "--lang",
        "zh").lines().toList();
    int at = lines.indexOf("门 f");
    assertEquals("         我们 在   大学 读书 。", lines.get(at + 2));
    assertTrue(lines.get(at + 3).matches("  单元 2 ([ ░▒▓█])\\1{3} ([ ░▒▓█])\\2{3} ([ ░▒▓█])\\3{3} ([ ░▒▓█])\\4{3} ?([ ░▒▓█]*)"),
        lines.get(at + 3));
    var flow = out("gradient", zh, "--text", "我们 在 大学 读书 。", "--lang", "zh");
    assertTrue(flow.contains("没有拟合半衰期：直线至少要 8 个间隔，这里有 5 个"), flow);
  }

  @Test void forms_areWritten() throws Exception {
    for (var what : List.of("gates", "memory", "gradient", "connectivity")) {
      for (var form : List.of("csv", "svg", "html")) {
        var file = folder.resolve(what + "." + form);
        assertEquals(0, explain(what, tagger, "--text", TEXT, "-o", file.toString()).status());
        assertTrue(Files.size(file) > 500, what + form);
      }
    }
  }

  /** Places are those of sentences read as a whole, one by one: checked against readings of each alone, in every layer. */
  @Test void states_areSearchedSentenceBySentence_inBothDirections() throws Exception {
    var lines = List.of("they saw the old lake", "the old fish fish .", "saw new", "the lake saw the old fish");
    var file = Files.writeString(folder.resolve("corpus.txt"), String.join("\n\n", lines) + "\n").toString();
    for (int layer = 1; layer <= 4; layer++) {
      var o = json("states", tagger, "--text", TEXT, "--phrase", "old fish", "--corpus", file, "--layer", "" + layer, "--threshold", "-0.03");
      var on = numbers(o.get("on"));
      var places = (List<?>) o.get("places");
      assertEquals("18 18", o.get("corpus") + " " + o.get("corpus_size"));
      assertTrue(places.size() >= 2, places.toString());
      for (var each : places) {
        var p = (Map<?, ?>) each;
        int sentence = ((Number) p.get("sentence")).intValue(), word = ((Number) p.get("word")).intValue();
        var words = List.of(lines.get(sentence - 1).split(" "));
        var walk = Reading.of(model.model(), model.symbols().words(words)).walk(layer - 1);
        long both = on.stream().filter(u -> walk.after(0, word - 1, u.intValue()) >= -0.03 && walk.after(0, word, u.intValue()) >= -0.03).count();
        assertEquals(both, ((Number) p.get("both")).longValue(), "layer " + layer + " " + p);
        assertTrue(p.get("text").toString().contains("【" + words.get(word - 1) + " " + words.get(word)), p.toString());
      }
    }
    var out = out("states", tagger, "--text", "the old fish fish .", "--phrase", "old fish", "--corpus", file);
    assertTrue(out.contains("\nsearched: all 18 words of the corpus, 4 sentences, each read as a whole\n"), out);
    assertTrue(out.lines().anyMatch(l -> l.matches("  the 【old fish 】fish \\. +2 +2 +\\d+ +1\\.000")), out);
    var first = out("states", tagger, "--text", TEXT, "--corpus", file, "--phrase", "fish", "--max-symbols", "11", "--lang", "zh");
    assertTrue(first.contains("\n搜索了前 10 个词，共 18 个（55.6 %），每句整体读入；--max-symbols 18 可搜索全部\n"), first);
    var csv = out("states", tagger, "--text", TEXT, "--corpus", file, "--phrase", "fish", "--format", "csv");
    assertTrue(csv.startsWith("rank,sentence,word,score,both,text\n1,"), csv);
  }

  @Test void states_takeACorpusInCoNLLU() throws Exception {
    var file = Files.writeString(folder.resolve("c.conllu"), "1\tthe\t_\tDET\t_\t_\t_\t_\t_\t_\n2\tlake\t_\tNOUN\t_\t_\t_\t_\t_\t_\n\n"
        + "1\tfish\t_\tNOUN\t_\t_\t_\t_\t_\t_\n").toString();
    assertTrue(out("states", tagger, "--text", TEXT, "--corpus", file, "--phrase", "fish").contains("all 3 words of the corpus, 2 sentences"));
    var empty = Files.writeString(folder.resolve("e.txt"), "\n \n").toString();
    var none = explain("states", tagger, "--text", TEXT, "--corpus", empty);
    assertTrue(none.status() != 0 && none.err().startsWith("error UNR-"), none.err());
  }

  @Test void whatATaggerHasNot_isRefused_withWhatItHas() {
    var states = explain("states", tagger, "--text", TEXT);
    assertEquals("error UNR-U001: --corpus is missing\n  why    a model file has no text of its own\n  mend   --corpus FILE\n", states.err());
    assertTrue(Terminalless.run("lesson", "lstm", tagger, "--text",
        TEXT).err().contains("error UNR-M009: a lesson is not for a tagger\n"));
    var context = explain("gates", tagger, "--text", TEXT, "--context", "the");
    assertEquals(2, context.status());
    assertTrue(context.err().contains("error UNR-U001: --context has no effect with a tagger\n"), context.err());
    assertTrue(explain("gradient", tagger).err().contains("error UNR-U001: --text is missing\n"));
    assertTrue(explain("gradient", tagger, "--text", "the lake").err().contains("the text has 2 symbols, must have at least 4\n"));
    assertTrue(explain("gates", tagger, "--text", TEXT, "--layer", "5").err().contains("there is no layer 5\n"));
  }
}
