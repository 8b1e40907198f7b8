package org.unroll.tasks.tag;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.kernel.Kernels;
import org.unroll.model.Model;
import org.unroll.model.Network;
import org.unroll.model.Spec;
import org.unroll.slab.Philox;
import org.unroll.tasks.config.SpecYaml;

/** A BiLSTM-CRF read from YAML learns to tag. */
class TaggerTest {
  @TempDir Path folder;

  private static String yaml(String name) throws IOException {
    try (var in = TaggerTest.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static Spec spec(int symbols, int width, int units, int labels) throws IOException {
    return SpecYaml.read("bilstm-crf.yaml", yaml("bilstm-crf.yaml").replace("8000", "" + symbols).replace("width: 50", "width: " + width)
          .replace("units: 64", "units: " + units).replace("labels: 17", "labels: " + labels));
  }

  /**
   * "fish" is a verb before "the" and a noun after it; "old" a noun at the end, an adjective elsewhere: a word alone does not say.
   */
  private static List<Sentence> sentences(int count, long seed) {
    var rng = new Philox(seed, Philox.Stream.DATA);
    var list = new ArrayList<Sentence>();
    for (int i = 0; i < count; i++) {
      var words = new ArrayList<String>();
      var tags = new ArrayList<String>();
      int form = (int) (3 * rng.uniform(0, 0, i, 0));
      String[][] pattern = switch (form) {
        case 0 -> new String[][] {{"they", "PRON"}, {"fish", "VERB"}, {"the", "DET"}, {"lake", "NOUN"}, {".", "PUNCT"}};
        case 1 -> new String[][] {{"the", "DET"}, {"old", "ADJ"}, {"fish", "NOUN"}, {"fish", "VERB"}, {".", "PUNCT"}};
        default -> new String[][] {{"they", "PRON"}, {"saw", "VERB"}, {"the", "DET"}, {"old", "NOUN"}};
      };
      for (var p : pattern) {
        words.add(p[0]);
        tags.add(p[1]);
      }
      if (rng.uniform(0, 0, i, 1) < 0.3f) {
        words.add(form == 2 ? "and" : "today" + i);         // seen once: unknown
        tags.add(form == 2 ? "CCONJ" : "ADV");
      }
      list.add(new Sentence(words, tags));
    }
    return list;
  }

  private static final TagTraining.Settings SMALL = new TagTraining.Settings(8, 12, 0.02, 5, 2, 1, 1);

  @Test void smallTagger_learnsWhatDependsOnTheSentence_andIsTheSameFromItsFileAndOnTwoThreads() throws IOException {
    var losses = new ArrayList<Double>();
    var spec = spec(20, 8, 8, 8);
    var train = sentences(120, 1);
    var tagger = TagTraining.of(spec, train, SMALL).run(e -> losses.add(e.loss()));
    assertEquals(12, losses.size());
    assertTrue(losses.getFirst() < 5.5 * Math.log(8), losses.toString());   // of a sentence, not of all
    assertTrue(losses.getLast() < 0.1 * losses.getFirst(), losses.toString());
    var held = sentences(60, 2);
    assertEquals(1.0, tagger.accuracy(held), losses.toString());
    assertEquals(List.of(List.of("DET", "ADJ", "NOUN", "VERB", "PUNCT"), List.of(), List.of("PRON", "VERB", "DET", "NOUN")),
        tagger.tag(List.of(List.of("the", "old", "fish", "fish", "."), List.of(), List.of("they", "saw", "the", "old"))));
    var again = TagTraining.of(spec, train, SMALL.withThreads(2)).run(e -> { });
    assertEquals(tagger.model().id(), again.model().id());
    var file = folder.resolve("tagger.safetensors");
    tagger.save(file);
    var back = Tagger.load(file, Kernels.scalar());
    assertEquals(tagger.symbols().tags(), back.symbols().tags());
    var words = held.stream().map(Sentence::words).toList();
    assertEquals(tagger.tag(words), back.tag(words));
  }

  /** Different cells, both ways and backward, a residual and a highway connection. */
  @Test void mixedStack_learnsWhatDependsOnTheSentence_andIsTheSameFromItsFileAndOnSevenThreads() throws IOException {
    var spec = SpecYaml.read("mixed-crf.yaml", yaml("mixed-crf.yaml").replace("8000", "20").replace("width: 64", "width: 8")
        .replace("units: 32", "units: 4").replace("units: 48", "units: 8").replace("labels: 17", "labels: 8"));
    var train = sentences(120, 1);
    var tagger = TagTraining.of(spec, train, SMALL).run(e -> { });
    var held = sentences(60, 2);
    assertEquals(1.0, tagger.accuracy(held));
    var again = TagTraining.of(spec, train, SMALL.withThreads(7)).run(e -> { });
    assertEquals(tagger.model().id(), again.model().id());
    var file = folder.resolve("mixed.safetensors");
    tagger.save(file);
    var back = Tagger.load(file, Kernels.scalar());
    assertEquals(spec, back.model().spec());
    var words = held.stream().map(Sentence::words).toList();
    assertEquals(tagger.tag(words), back.tag(words));
  }

  @Test void symbols_areTheMostFrequentWordsSeenOftenEnough_andAllTags() {
    var s = TagSymbols.of(List.of(new Sentence(List.of("b", "a", "b", "c", "<unk>", "a", "d"), List.of("Y", "X", "Y", "Z", "X", "X", "X"))), 4, 2);
    assertEquals(List.of("<unk>", "a", "b"), s.words().symbols());
    assertEquals(List.of("X", "Y", "Z"), s.tags());
    assertArrayEquals(new int[] {2, 0, 1}, s.words(List.of("b", "c", "a")));
    assertArrayEquals(new int[] {1, -1}, s.tags(List.of("Y", "no")));
    assertEquals(List.of("<unk>", "b"), TagSymbols.of(List.of(new Sentence(List.of("b", "a", "b"), List.of("X", "X", "X"))), 2, 1).words().symbols());
    assertEquals(List.of("<unk>", "a"), TagSymbols.of(List.of(new Sentence(List.of("b", "a"), List.of("X", "X"))), 2, 1).words().symbols());
  }

  private static void refused(Code code, String message, org.junit.jupiter.api.function.Executable call) {
    var f = assertThrows(Fault.class, call);
    assertEquals(code, f.code());
    assertEquals(message, f.getMessage());
  }

  @Test void spec_thatDoesNotFitTheSentences_isRefused() throws IOException {
    var train = sentences(60, 1);
    var seven = spec(20, 8, 8, 7);
    refused(Code.C014, "head: labels is 7; the sentences have 8 tags: ADJ ADV CCONJ DET NOUN PRON PUNCT VERB; labels: 8", () -> TagTraining.of(seven, train, SMALL));
    var vectors = new Spec(new Spec.Vectors(3), seven.layers(), seven.head());
    refused(Code.C014, "input: the network takes vectors; words are symbols", () -> TagTraining.of(vectors, train, SMALL));
    refused(Code.D002, "no sentence to learn from", () -> TagTraining.of(seven, List.of(new Sentence(List.of(), List.of())), SMALL));
    refused(Code.C011, "epochs: epochs is 0; must be at least 1", () -> SMALL.withEpochs(0));
    var net = Network.build(seven);
    refused(Code.M007, "the model has no words or no tags; a tagger needs both", () -> Tagger.of(Model.of(net, net.shape(), Kernels.scalar(), Map.of())));
    var eight = TagSymbols.of(train, 20, 1);
    refused(Code.M007, "there are 8 tags, the model has 7 labels", () -> Tagger.of(Model.of(net, net.shape(), Kernels.scalar(), Tagger.attachments(eight))));
  }

  /** A part of the UD English-EWT training part, one epoch; skipped where it is not there. */
  @Test void mixedStack_fromYaml_learnsFromUdEnglish() throws IOException {
    var train = english("en_ewt-ud-train.conllu.gz").subList(0, 1200);
    var dev = english("en_ewt-ud-dev.conllu").subList(0, 300);
    var spec = SpecYaml.read("mixed-crf.yaml", yaml("mixed-crf.yaml").replace("width: 64", "width: 32").replace("units: 32", "units: 16")
        .replace("units: 48", "units: 16"));
    var losses = new ArrayList<Double>();
    var tagger = TagTraining.of(spec, train, new TagTraining.Settings(16, 2, 1e-2, 5, 1, 1, 2)).run(e -> losses.add(e.loss()));
    assertTrue(losses.getLast() < 0.6 * losses.getFirst(), losses.toString());
    double accuracy = tagger.accuracy(dev);
    assertTrue(accuracy > 0.6, "accuracy " + accuracy);
  }

  private static List<Sentence> english(String file) {
    var root = System.getenv("UNROLL_DATA") != null ? Path.of(System.getenv("UNROLL_DATA")) : Path.of("../../shared/data");
    var data = root.resolve("ud-english-ewt");
    assumeTrue(Files.exists(data), "no " + data + " here");
    return Conllu.read(data.resolve(file).toString());
  }

  /** Smoke: less than a minute of the UD English-EWT training part on a quiet machine. */
  @Tag("slow")
  @ParameterizedTest
  @ValueSource(strings = {"bilstm-crf.yaml", "mixed-crf.yaml"})
  void tagger_fromYaml_tagsUdEnglish(String name) throws IOException {
    var train = english("en_ewt-ud-train.conllu.gz");
    var dev = english("en_ewt-ud-dev.conllu");
    assertEquals(12_544, train.size());
    assertEquals(2_001, dev.size());
    var tagger = TagTraining.of(SpecYaml.read(name, yaml(name)), train, TagTraining.Settings.usual().withThreads(2)).run(e -> System.out.println(e));
    double accuracy = tagger.accuracy(dev);
    System.out.println(name + ": dev accuracy " + accuracy);
    assertTrue(accuracy > 0.90, "accuracy " + accuracy);
  }
}
