package org.unroll.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unroll.cell.Cells;
import org.unroll.check.GradCheck;
import org.unroll.check.ModelCheck;
import org.unroll.file.Json;
import org.unroll.head.Head;
import org.unroll.kernel.Kernels;
import org.unroll.model.Model;
import org.unroll.model.Network;
import org.unroll.model.Spec;
import org.unroll.model.Start;
import org.unroll.slab.Params;
import org.unroll.slab.Philox;

class GradcheckCommandTest {
  private static final Start START = Start.of(Start.Kind.GLOROT);

  @TempDir Path folder;

  private static Terminalless check(Object... args) {
    var line = new String[args.length + 3];
    line[0] = "gradcheck";
    for (int i = 0; i < args.length; i++) line[i + 1] = args[i].toString();
    line[args.length + 1] = "--threads";
    line[args.length + 2] = "1";
    return Terminalless.run(line);
  }

  private static Network network() {
    return Network.build(new Spec(new Spec.Symbols(13), List.of(new Spec.Recurrent("lstm", 21, Spec.Direction.FORWARD, 1, START, START),
        new Spec.Recurrent("gru", 10, Spec.Direction.FORWARD, 1, START, START)), new Spec.Softmax(13, false, Head.At.EVERY_STEP, START)));
  }

  private static Params weights(Network network) {
    var params = network.shape().copy();
    params.initialise(new Philox(3, Philox.Stream.INIT));
    return params;
  }

  private Path saved(String name, Network network, Params params) {
    var file = folder.resolve(name);
    Model.of(network, params, Kernels.scalar(), Map.of()).save(file);
    return file;
  }

  @Test void model_isCheckedWithItsOwnSizesAndWeights() {
    var params = weights(network());
    var r = check(saved("a.safetensors", network(), params));
    assertEquals(0, r.status(), r.err());
    assertTrue(r.out().startsWith("✔ lstm 21 · gru 10 · softmax 13   worst error "), r.out());
    assertTrue(r.out().contains("\n  its own weights; random sequences of 9, 6, 4 steps\n"), r.out());
    assertFalse(r.err().contains("in place of"), r.err());
    var elements = Map.of("δrnn0.W", "1092", "δrnn0.R", "1764", "δrnn0.b", "84", "δrnn1.R", "300", "δhead.W", "130", "δx", "351",
        "δrnn0.h0", "63", "δrnn0.c0", "63", "δrnn1.h0", "30", "∂rnn0.c0", "4 of 63");
    elements.forEach((tensor, count) -> assertEquals(1, r.out().lines()
        .filter(l -> l.matches("  " + tensor + " +" + count + " +[0-9.]+e-[0-9]+ +\\[[0-9, ]+\\] +[-+][0-9.e-]+ +[-+][0-9.e-]+")).count(),
        tensor + r.out()));
    assertTrue(r.out().lines().anyMatch(l -> l.startsWith("✔ loss at the last step alone, first states of zeros: worst error ")), r.out());

    params.array()[network().shape().find("rnn1.R").offset() + 7] += 0.5f;
    var moved = check(saved("b.safetensors", network(), params));
    assertEquals(0, moved.status(), moved.err());
    assertNotEquals(row(r.out(), "δrnn0.R"), row(moved.out(), "δrnn0.R"));
    assertEquals(r.out(), check(folder.resolve("a.safetensors")).out());
    var other = check(folder.resolve("a.safetensors"), "--seed", "8");
    assertNotEquals(row(r.out(), "∂rnn0.R"), row(other.out(), "∂rnn0.R"));
  }

  private static String row(String out, String tensor) {
    return out.lines().filter(l -> l.startsWith("  " + tensor + " ")).findFirst().orElseThrow();
  }

  @Test void json_saysWhatWasTaken() {
    var r = check(saved("a.safetensors", network(), weights(network())), "--json", "--samples", "2");
    var parts = r.out().lines().map(l -> (Map<?, ?>) Json.read(l, "line", Json.Rules.CONFIG)).toList();
    assertEquals(2, parts.size());
    var first = parts.getFirst();
    assertEquals("own", first.get("weights"));
    assertEquals("every_step", first.get("loss"));
    assertEquals("last_step", parts.get(1).get("loss"));
    assertEquals("[9, 6, 4]", first.get("lengths").toString());
    assertEquals((13 * 84 + 21 * 84 + 21 * 30 + 10 * 30 + 130) + "", first.get("products").toString());
    var x = ((List<?>) first.get("samples")).stream().map(s -> (Map<?, ?>) s).filter(s -> s.get("tensor").equals("∂x")).findFirst().orElseThrow();
    assertEquals("2 of 351, 0", x.get("entries") + " of " + x.get("of") + ", " + x.get("at_a_kink"));
  }

  @Test void modelKeys_withAModel_areRefused() {
    var file = saved("a.safetensors", network(), weights(network()));
    for (var keys : List.of(List.of("--hidden", "5"), List.of("--set", "model.hidden=5"), List.of("--preset", "small"))) {
      var r = check(file, keys.getFirst(), keys.getLast());
      assertEquals(2, r.status(), r.out());
      assertTrue(r.err().startsWith("error UNR-U001: " + keys.getFirst() + " has no effect with a model\n"
          + "  why    it has its own sizes, and is checked as it is\n  mend   leave it out\n"), r.err());
    }
    var zh = check(file, "--hidden", "5", "--lang", "zh");
    assertTrue(zh.err().contains("--hidden 在 模型 之下不起作用"), zh.err());
  }

  @Test void config_isBuiltInASmallSize() {
    var r = check("--cell", "gru");
    assertEquals(0, r.status(), r.err());
    assertTrue(r.out().startsWith("✔ embedding 6 · gru 8 · softmax 11   worst error "), r.out());
    for (var tensor : new String[] {"loss", "δembedding.E", "δrnn0.W", "δrnn0.R", "δrnn0.b", "δhead.W", "∂rnn0.R", "δrnn0.h0"}) {
      assertEquals(1, r.out().lines().filter(l -> l.startsWith("  " + tensor + " ")).count(), tensor + r.out());
    }
    assertTrue(r.err().contains("in place of embedding 64 · gru 256 · softmax 100: small sizes"), r.err());
    var five = check("--hidden", "5", "--samples", "1");
    assertTrue(five.out().startsWith("✔ embedding 6 · lstm 5 · softmax 11   worst error "), five.out());
    assertEquals(1, five.out().lines().filter(l -> l.matches("  ∂rnn0.R +1 of 100 .*")).count(), five.out());
    var zh = check("--hidden", "5", "--lang", "zh");
    assertTrue(zh.out().contains("\n  随机权重；随机序列，长 9, 6, 4 步\n") && zh.out().contains(" 抽 4，共 15 "), zh.out());
  }

  @Test void spec_isBuiltToo_aTaggerAndARectifiedNet() throws IOException {
    var tagger = Files.writeString(folder.resolve("tagger.yaml"), """
        input: {symbols: 800}
        layers:
          - {kind: embedding, width: 64}
          - {kind: recurrent, cell: elman-relu, units: 32, direction: both}
        head: {kind: crf, labels: 17}
        """);
    var r = check(tagger, "-v");
    assertEquals(0, r.status(), r.err());
    assertTrue(r.out().startsWith("✔ embedding 6 · elman-relu 8 both ways · crf 6   worst error "), r.out());
    assertTrue(r.out().contains("; loss of whole sequences, random first states\n"), r.out());
    assertEquals(2, r.out().lines().filter(l -> l.matches("  ∂head.A +4 of 36 .*")).count(), r.out());
    assertEquals(1, r.out().lines().filter(l -> l.matches("  ∂rnn0.backward.h0 +4 of 24 .*")).count(), r.out());
    var keys = check(tagger, "--hidden", "5");
    assertEquals(2, keys.status());
    assertTrue(keys.err().startsWith("error UNR-U001: --hidden has no effect with a spec\n"), keys.err());
    var json = Files.writeString(folder.resolve("tagger.json"),
        "{\"input\": {\"vectors\": 4}, \"layers\": [{\"kind\": \"dense\", \"width\": 5}], \"head\": {\"kind\": \"squared_error\", \"outputs\": 2}}");
    assertTrue(check(json).out().startsWith("✔ dense 5 · squared error 2   worst error "));
    var wrong = check(Files.writeString(folder.resolve("w.yaml"), "input: {symbols: 9}\nlayers: [{kind: recurrent, cell: lstn, units: 4}]\n"));
    assertEquals(3, wrong.status());
    assertTrue(wrong.err().contains("w.yaml:2:"), wrong.err());
  }

  @Test void all_isEveryCellLayerAndHead() {
    var r = check("--all", "--json");
    assertEquals(0, r.status(), r.err());
    assertFalse(r.out().contains("\"passed\":false"));
    var networks = r.out().lines().map(l -> (String) ((Map<?, ?>) Json.read(l, "line", Json.Rules.CONFIG)).get("network"))
        .collect(Collectors.toCollection(TreeSet::new));
    for (var cell : Cells.names()) assertTrue(networks.stream().anyMatch(n -> n.matches("embedding 6 · " + cell + " [0-9]+ · softmax 11")), cell);
    for (var cell : Cells.more()) assertTrue(networks.contains("embedding 6 · " + cell + " 24 · softmax 11"), cell);
    for (var network : new String[] {"embedding 6 · lstm 8 both ways · crf 6", "embedding 6 · jordan 8 · softmax 11", "jordan 8 · squared error 3",
        "lstm 8 · squared error 3", "dense 6 · squared error 3", "tanh 6 · relu 6 · sigmoid 6 · squared error 3", "lstm 8 · softmax 11",
        "mlstm 8 in 4 heads both ways · softmax 11", "embedding 6 · mingru 8 both ways scan 2 · softmax 11",
        "embedding 6 · minlstm 8 both ways scan 2 · softmax 11", "embedding 6 · lstm 8 both ways · residual(gru 8 both ways · dropout 0.2) · "
        + "highway(slstm 16 backward) · lstm 16→8 both ways · crf 6"}) {
      assertTrue(networks.contains(network), network + networks);
    }
    assertEquals(2 * (Cells.names().size() + Cells.more().size() + 15), r.out().lines().count());
  }

  /** The draw that a plain bar refuses. */
  @Test void layerNormedLstm_ofSeed23_passes() {
    var r = check("--cell", "lstm-ln", "--seed", "23", "-q");
    assertEquals(0, r.status(), r.err());
    assertTrue(r.out().lines().allMatch(l -> l.startsWith("✔ ")), r.out());
  }

  @Test void oneUnit_withoutBias_isToldInUnits() {
    var r = check("--cell", "lstm-ln-unbiased", "--hidden", "1");
    assertEquals(3, r.status());
    assertTrue(r.err().contains("must be at least 2 with lstm-ln-unbiased: one unit has no variance over m − 1\n"
        + "  mend   set model.hidden to 2\n         model.cell: lstm-ln, which divides by m\n"), r.err());
    assertFalse(r.err().contains("config keys"), r.err());
    var zh = check("--cell", "lstm-ln-unbiased", "--hidden", "1", "--lang", "zh");
    assertTrue(zh.err().contains("把 model.hidden 设为 2") && zh.err().contains("lstm-ln（除以 m）"), zh.err());
  }

  /** A slope in float that is as near as its loss is rounded has no error to print, and is not 0 either. */
  @Test void slopes_withinRounding_areSaidToBe() {
    var rows = List.of(new GradCheck.Row("δown.W", 15, 15, 0, 0, 1e-3, "", 0.4113, 0.4112), new GradCheck.Row("δown.b", 5, 5, 0, 2e-4, 1e-3, "",
        1.5, 1.5003), new GradCheck.Row("δx", 5, 5, 0, 0, 1e-3, "", 0, 0));
    var part = new ModelCheck.Part(Head.At.EVERY_STEP, true, new ModelCheck.Extent(List.of(9, 6, 4), 1, 10, false),
        new GradCheck.Report(GradCheck.Against.DIFFERENCES, 1e-3, rows, List.of()));
    var near = new ModelCheck.Part(part.at(), true, part.extent(), new GradCheck.Report(GradCheck.Against.DIFFERENCES, 1e-3, rows.subList(0, 1),
        List.of()));
    var told = told(Language.EN, part);
    assertTrue(told.contains("\n  slopes in float, by backward and by differences, |got − want| / the larger, at most 1e-03\n"), told);
    assertTrue(row(told, "δown.W").contains(" within rounding ") && row(told, "δown.b").contains(" 2.0e-04 "), told);
    assertTrue(row(told, "δx").contains(" 0.0e+00 ") && !row(told, "δown.W").contains("0.0e+00"), told);
    assertTrue(told(Language.EN, near).contains("worst error within rounding (at most 1.0e-03) in δown.W"), told(Language.EN, near));
    var zh = told(Language.ZH, near);
    assertTrue(zh.contains("最大误差 舍入之内（上限 1.0e-03）") && row(zh, "δown.W").contains(" 舍入之内 ") && zh.contains("  单精度斜率："), zh);
    var flags = new Flags();
    flags.json = true;
    var json = told(Language.EN, part, flags);
    assertTrue(json.contains("\"error\":0.0,\"within_rounding\":true,") && json.contains("\"error\":2.0E-4,\"within_rounding\":false,"), json);
  }

  private static String told(Language language, ModelCheck.Part part) { return told(language, part, new Flags()); }

  private static String told(Language language, ModelCheck.Part part, Flags flags) {
    var out = new ByteArrayOutputStream();
    var talk = new Talk(Io.of(out, OutputStream.nullOutputStream()), flags, language);
    new GradcheckText(talk, network().spec(), true).tell(part, true);
    talk.flush();
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test void strayArguments_areUsage() {
    assertEquals(2, Terminalless.run("gradcheck", "--all", "x").status());
    assertEquals(2, Terminalless.run("gradcheck", "x", "y").status());
    assertEquals(2, Terminalless.run("gradcheck", "--samples", "0").status());
    assertEquals(4, Terminalless.run("gradcheck", "nothing-there").status());
    assertEquals(4, Terminalless.run("gradcheck", "nothing-there.yaml").status());
  }
}
