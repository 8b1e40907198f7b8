package org.unroll.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unroll.head.Head;
import org.unroll.model.Network;
import org.unroll.model.Spec;
import org.unroll.model.Start;
import org.unroll.tasks.config.ConfigBuilder;
import org.unroll.tasks.config.LmConfig;
import org.unroll.tasks.config.LmKeys;
import org.unroll.tasks.run.LmSpec;
import org.unroll.tasks.run.Summary;

class MeasureCommandsTest {
  @TempDir Path folder;

  @Test void small_tiedAndDeepNetwork_keepsItsShape() {
    var config = new ConfigBuilder(LmKeys.KEYS).set("model.layers=2").set("model.embed=256").set("model.tie=true")
        .set("model.dropout=0.2").resolve();
    var small = Small.of(LmSpec.of(LmConfig.of(config).model(), 500));
    assertEquals(5, small.layers().size());
    assertEquals(8, ((Spec.Embedding) small.layers().getFirst()).width());
    assertEquals(11, small.head().outputs());
    assertEquals(small, Small.of(small));
  }

  @Test void small_layerWithAWayAroundIt_staysAsWideAsItsInput() {
    var start = Start.of(Start.Kind.GLOROT);
    var within = new Spec.Recurrent("gru", 300, Spec.Direction.FORWARD, 1, start, start);
    var spec = new Spec(new Spec.Symbols(100), List.of(new Spec.Embedding(300, start), new Spec.Residual(List.of(within, new Spec.Dropout(0.1))),
        new Spec.Highway(List.of(within, within), -2, start)), new Spec.Softmax(100, false, Head.At.EVERY_STEP, start));
    var small = Small.of(spec);
    assertEquals("embedding 6 · residual(gru 6 · dropout 0.1) · highway(gru 8 · gru 6) · softmax 11", Summary.of(small));
    assertEquals(6, Network.build(small).body().width());
    assertEquals(small, Small.of(small));
  }

  @Test void bench_wordThatNamesNothing_isUsageWithTheCases() {
    var env = Map.of("UNROLL_BENCH_CASES", "lstm-train crf ");
    var r = Terminalless.run(env, "bench", "lstm-trian");
    assertEquals(2, r.status());
    assertTrue(r.err().contains("no model, no run and no case of the comparison with other engines is called lstm-trian"), r.err());
    assertTrue(r.err().contains("cases are lstm-train crf\n"), r.err());
    assertEquals(4, Terminalless.run(env, "bench", "nothing/there.unroll").status());
    assertEquals(4, Terminalless.run("bench", "lstm-trian").status(), "without the launcher there are no cases");
  }

  @Test void bench_help_tellsOfTheOtherEngines() {
    for (var lang : List.of("en", "zh")) {
      var r = Terminalless.run("bench", "--help", "--lang", lang);
      assertEquals(0, r.status(), r.err());
      for (var call : List.of("bench --all", "--quick", "bench --list", "bench lstm-train", "bench --all --help")) {
        assertTrue(r.out().contains(call), r.out());
      }
    }
  }

  @Test void bench_smallNetwork_givesFigures() {
    var r = Terminalless.run("bench", "--hidden", "8", "--embed", "4", "--batch", "2", "--bptt", "4", "--seconds", "0.2",
        "--threads", "1", "--json");
    assertEquals(0, r.status(), r.err());
    assertTrue(r.out().startsWith("{\"v\":1,\"network\":\"embedding 4 · lstm 8 · softmax 100\",\"batch\":2,\"bptt\":4,"),
        r.out());
    assertTrue(r.out().contains("\"streaming_us\":"), r.out());
    assertEquals(2, Terminalless.run("bench", "--seconds", "0").status());
  }

  @Test void quickstart_givenText_showsBeforeAndAfter() throws IOException {
    var text = Files.writeString(folder.resolve("cats.txt"), TrainCommandTest.TEXT.repeat(4));
    var r = Terminalless.run("quickstart", "--data", text.toString(), "--minutes", "0.02", "--runs-dir",
        folder.resolve("runs").toString());
    assertEquals(0, r.status(), r.err());
    var order = new String[] {"The untrained network writes:\n", "The trained network writes:\n",
        "Perplexity on text that it has not seen: ",
        "The run lies in " + folder.resolve("runs/quickstart") + ".\n", "unroll generate ", "unroll evaluate ", "unroll train "};
    int at = -1;
    for (var part : order) {
      int next = r.out().indexOf(part);
      assertTrue(next > at, part + r.out());
      at = next;
    }
    assertTrue(Files.exists(folder.resolve("runs/quickstart/run.json")));
  }

  @Test void quickstart_textOfThreeLetters_isD006_withWaysThatItHas() throws IOException {
    var text = Files.writeString(folder.resolve("abc.txt"), "abc");
    var r = Terminalless.run("quickstart", "--data", text.toString(), "--runs-dir", folder.resolve("runs").toString());
    assertEquals(3, r.status());
    assertTrue(r.err().contains("error UNR-D006: 0 of 3 distinct symbols are seen often enough\n"), r.err());
    assertTrue(r.err().contains("  mend   give more text\n") && !r.err().contains("min_count"), r.err());
    var train = Terminalless.run("train", "--data", text.toString(), "--set", "data.min_count=2", "--runs-dir", folder.resolve("runs").toString());
    assertTrue(train.err().contains("--set data.min_count=1 keeps all 3"), train.err());
  }

  @Test void quickstart_ownText_isTheSourcesOfThisCheckout() throws IOException {
    var talk = Terminalless.talk(new java.io.ByteArrayOutputStream(), new Flags(), java.util.Map.of(), Terminal.NONE);
    var file = OwnText.write(folder.resolve("runs"), talk);
    var text = Files.readString(file);
    assertTrue(text.length() > 300_000 && text.length() <= 400_200, "" + text.length());
    assertTrue(text.contains("package org.unroll."), "sources");
    assertEquals(file, OwnText.write(folder.resolve("runs"), talk));
  }
}
