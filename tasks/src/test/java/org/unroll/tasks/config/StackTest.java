package org.unroll.tasks.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.tasks.config.StackLayer.Connect;
import org.unroll.tasks.run.Summary;

/** {@code model.stack}: layers written one by one. */
class StackTest {
  private static final String YAML = """
      model:
        embed: 128
        stack:
          - lstm 256
          - {cell: gru, units: 256, connect: residual, dropout: 0.2}
          - {cell: slstm, units: 256, connect: highway}
          - cell: lstm
            units: 512
            projection: 128
      """;
  private static final String LINE = "lstm 256, gru 256 residual dropout 0.2, slstm 256 highway, lstm 512 projection 128";

  private static ConfigBuilder yaml(String text) { return new ConfigBuilder(LmKeys.KEYS).yaml("a.yaml", text); }

  private static ConfigBuilder set(String... pairs) {
    var layers = new ConfigBuilder(LmKeys.KEYS);
    for (var p : pairs) layers.set(p);
    return layers;
  }

  private static List<StackLayer> stack(ConfigBuilder layers) { return LmConfig.of(layers.resolve()).model().all(); }

  @Test void yamlAndLine_sayTheSame() {
    var none = OptionalDouble.empty();
    var want = List.of(new StackLayer("lstm", 256, 0, Connect.NONE, none),
        new StackLayer("gru", 256, 0, Connect.RESIDUAL, OptionalDouble.of(0.2)), new StackLayer("slstm", 256, 0, Connect.HIGHWAY, none),
        new StackLayer("lstm", 512, 128, Connect.NONE, none));
    assertEquals(want, stack(yaml(YAML)));
    assertEquals(want, stack(set("model.embed=128", "model.stack=" + LINE)));
    assertEquals(want, stack(yaml("model:\n  stack: " + LINE)));
    assertEquals(want, stack(yaml("model:\n  stack: \"" + LINE + "\"")));
    assertEquals(want, stack(yaml("model: { stack: [" + LINE + "] }")));
    assertEquals(want, stack(set("model.stack=[" + LINE + "]")));
    assertEquals(want, stack(new ConfigBuilder(LmKeys.KEYS).environment("model.stack= lstm  256,gru 256 dropout .2 residual , slstm 256 highway, "
        + "lstm 512 projection 128; model.embed=128")));
    assertEquals(want, stack(new ConfigBuilder(LmKeys.KEYS).flag("stack", "model.stack", List.of(LINE.split(", ")))));
    assertEquals(want.subList(0, 1), stack(yaml("model: { stack: [{cell: lstm, units: 256, connect: none, projection: 0, direction: forward}] }")));
    assertEquals(List.of(256, 256, 256, 128), want.stream().map(StackLayer::width).toList());
  }

  @Test void text_writtenAndRead_isTheSame_withoutWhatTheStackReplaces() {
    var before = new ConfigBuilder(LmKeys.KEYS).preset("char-en").yaml("a.yaml", YAML).resolve();
    assertEquals(LINE, before.get("model.stack").text());
    for (var text : List.of(ConfigText.bare(before), ConfigText.commented(before, "en"), ConfigText.commented(before, "zh"))) {
      assertTrue(text.contains("\n  stack: " + LINE), text);
      for (var gone : List.of("  cell:", "  layers:", "  hidden:", "  projection:")) assertFalse(text.contains(gone), text);
      var after = yaml(text).resolve();
      assertEquals(before.texts(), after.texts());
      assertEquals(LmConfig.of(before), LmConfig.of(after));
    }
    assertEquals(256, before.count("model.hidden"));                      // not the preset's 512
    assertEquals(LmKeys.KEYS.all().size() - 4, before.settings().size());
    assertTrue(ConfigText.bare(set().resolve()).contains("\n  stack: \"\"\n"));
    assertEquals(List.of(), LmConfig.of(set().resolve()).model().stack());
  }

  /** What docs/stacks.md shows is read as it says. */
  @Test void page_itsExamples_areRead() throws IOException {
    var blocks = Files.readString(Path.of("../docs/stacks.md")).split("```");
    assertEquals(11, blocks.length);
    assertEquals(LINE, yaml(blocks[1].substring("yaml\n".length())).resolve().get("model.stack").text());
    LmConfig.of(yaml(blocks[1].substring("yaml\n".length())).resolve());
    var spec = SpecYaml.read("stacks.md", blocks[3].substring("yaml\n".length()));
    assertEquals("embedding 64 · dropout 0.3 · residual(lstm 32 both ways · dropout 0.2) · highway(gru 32 both ways) · slstm 48 backward · "
        + "crf 17", Summary.of(spec));
  }

  @Test void place_ofEachItem_isItsOwn() {
    var s = yaml(YAML).resolve().get("model.stack");
    assertEquals("a.yaml:4:5", s.origin().toString());
    assertEquals("a.yaml:4:7", s.place(0).toString());
    assertEquals("a.yaml:5:7", s.place(1).toString());
    assertEquals("--set model.stack=lstm 3", set("model.stack=lstm 3").resolve().get("model.stack").place(0).toString());
  }

  @Test void stack_besideWhatItReplaces_isRefused() {
    var f = assertThrows(Fault.class, () -> yaml("model:\n  hidden: 99\n  cell: gru\n  stack: lstm 7\n").resolve());
    assertEquals(Code.C014, f.code());
    assertEquals("a.yaml:4:10: model.stack and model.cell, model.hidden exclude each other; model.stack says of each layer what "
        + "model.cell, model.hidden (a.yaml:3:9, a.yaml:2:11) says of all; leave model.cell, model.hidden out; leave model.stack out",
        f.getMessage());
    for (var other : List.of("model.cell=gru", "model.layers=2", "model.hidden=3", "model.projection=3")) {
      var one = assertThrows(Fault.class, () -> set("model.stack=lstm 7", other).resolve());
      assertEquals("model.stack and " + other.substring(0, other.indexOf('=')) + " exclude each other", one.what());
    }
    assertEquals(7, stack(set("model.stack=lstm 7", "model.cell=lstm", "model.hidden=256")).getFirst().units());   // their defaults
    assertEquals(7, stack(new ConfigBuilder(LmKeys.KEYS).preset("char-en").set("model.stack=lstm 7")).getFirst().units());
  }

  private static void refused(String item, Code code, String what, String... mend) {
    var f = assertThrows(Fault.class, () -> set("model.stack=lstm 8, " + item).resolve());
    assertEquals("layer 2 of model.stack: " + what, f.what());
    assertEquals(code, f.code());
    assertEquals("--set model.stack=lstm 8, " + item, f.where());
    if (mend.length > 0) assertEquals(List.of(mend), f.mend());
  }

  @Test void line_thatIsNone_isRefusedWithAMend() {
    String cells = ((Type.Choice) StackLayer.CELL).rule();
    refused("grru 9", Code.C011, "cell is \"grru\", must be " + cells, "did you mean gru?");
    refused("gru", Code.C010, "units is missing", "for example: lstm 256");
    refused("", Code.C010, "cell is missing", "for example: lstm 256");
    refused("gru many", Code.C010, "units is \"many\", must be a whole number from 1 to 65536");
    refused("gru 0", Code.C011, "units is 0, must be a whole number from 1 to 65536", "the nearest value allowed is 1");
    refused("gru 9 resdual", Code.C010, "\"resdual\" is not a word of a layer", "did you mean residual?");
    refused("gru 9 0.3", Code.C010, "\"0.3\" is not a word of a layer", "for example: lstm 256 residual dropout 0.2");
    refused("gru 9 dropout", Code.C010, "dropout has no value");
    refused("gru 9 dropout 1", Code.C011, "dropout is 1, must be a number at least 0 and less than 1");
    refused("gru 9 dropout 0.1 dropout 0.1", Code.C013, "dropout is given twice");
    refused("gru 9 residual highway", Code.C013, "connect is given twice");
    refused("lstm 9 projection 9", Code.C011, "projection is 9, units are 9");
    refused("gru-before 9 projection 3", Code.C011, "projection is 3, cell is 'gru-before'", "projection: 0");
    refused("gru-ln-unbiased 1", Code.C011, "units is 1");
    refused("gru 9 both", Code.C014, "direction is both, must be forward", "leave the direction out");
    var many = assertThrows(Fault.class, () -> set("model.stack=lstm 3" + ", lstm 3".repeat(64)).resolve());
    assertEquals("model.stack has 65 layers, must be at most 64", many.what());
    var backward = assertThrows(Fault.class, () -> set("model.stack=gru 9 backward").resolve());
    assertEquals("a language model predicts the next symbol, which a layer that walks backward has seen already", backward.why());
  }

  /** A scan of a layer's own, in place of model.scan. */
  @Test void scan_ofALayer_isItsOwn() {
    var line = "mingru 8 scan 16, minlstm 8 residual, gru 8, mingru 9 projection 4 scan 0";
    var own = set("model.embed=8", "model.scan=32", "model.stack=" + line);
    assertEquals(line, own.resolve().get("model.stack").text());
    var net = LmConfig.of(own.resolve()).model();
    assertEquals(List.of(16, 32, 0, 0), net.all().stream().map(net::scan).toList());
    assertEquals(stack(set("model.stack=mingru 8 scan 16")), stack(yaml("model: { stack: [{cell: mingru, units: 8, scan: 16}] }")));
    var scans = "a scan joins steps that are linear in the state, unit by unit";
    for (var cell : List.of("gru", "mlstm", "jordan")) {
      var f = assertThrows(Fault.class, () -> set("model.stack=lstm 8, " + cell + " 8 scan 4").resolve());
      assertEquals(Code.C014 + " " + scans, f.code() + " " + f.why());
      assertTrue(f.what().startsWith("layer 2 of model.stack: scan is 4 and the cell "), f.what());
    }
    refused("mingru 8 scan -1", Code.C011, "scan is -1, must be a whole number from 0 to 65536", "the nearest value allowed is 0");
    refused("mingru 8 scan", Code.C010, "scan has no value");
    var idle = assertThrows(Fault.class, () -> LmConfig.of(set("model.scan=32", "model.stack=mingru 8 scan 16, gru 8").resolve()));
    assertEquals("model.scan has no effect with model.stack mingru 8 scan 16, gru 8; every layer that can be scanned has a scan of its own; "
        + "leave model.scan out", idle.getMessage().replace("--set model.scan=32: ", ""));
    var zoned = assertThrows(Fault.class, () -> LmConfig.of(set("model.zoneout=0.1", "model.stack=mingru 8 scan 16").resolve()));
    assertEquals("scan in model.stack is 16 and model.zoneout 0.1", zoned.what());
    assertEquals(List.of("leave scan out", "model.zoneout: 0"), zoned.mend());
    LmConfig.of(set("model.zoneout=0.1", "model.stack=mingru 8 scan 0").resolve());
  }

  private static void refusedAt(String where, Code code, String what, String yaml, String... mend) {
    var f = assertThrows(Fault.class, () -> yaml("model:\n  stack:\n    - lstm 8\n" + yaml).resolve());
    assertEquals(what, f.what());
    assertEquals(where, f.where());
    assertEquals(code, f.code());
    if (mend.length > 0) assertEquals(List.of(mend), f.mend());
  }

  @Test void map_thatIsNone_isRefusedAtItsPlace() {
    String layer = "layer 2 of model.stack: ", cells = ((Type.Choice) StackLayer.CELL).rule();
    refusedAt("a.yaml:4:14", Code.C011, layer + "cell is \"lsmt\", must be " + cells, "    - {cell: lsmt, units: 8}\n", "did you mean lstm?");
    refusedAt("a.yaml:5:14", Code.C010, layer + "units is \"8 8\", must be a whole number from 1 to 65536", "    - cell: gru\n      units: 8 8\n");
    refusedAt("a.yaml:4:19", Code.C012, layer + "unknown key \"unit\"", "    - {cell: gru, unit: 8}\n", "did you mean units?",
        "a layer has the keys cell, units, heads, projection, connect, dropout, scan, direction");
    refusedAt("a.yaml:4:7", Code.C010, layer + "cell is missing", "    - {units: 8}\n", "for example: lstm 256");
    refusedAt("a.yaml:4:38", Code.C011, layer + "connect is \"resdual\", must be one of none, residual, highway",
        "    - {cell: gru, units: 8, connect: resdual}\n", "did you mean residual?");
    refusedAt("a.yaml:4:40", Code.C011, layer + "direction is \"bakward\", must be one of forward, backward, both",
        "    - {cell: gru, units: 8, direction: bakward}\n", "did you mean backward?");
    refusedAt("a.yaml:4:40", Code.C014, layer + "direction is both, must be forward", "    - {cell: gru, units: 8, direction: both}\n");
    refusedAt("a.yaml:4:41", Code.C011, layer + "projection is 8, units are 8", "    - {cell: gru, units: 8, projection: 8}\n");
    refusedAt("a.yaml:4:29", Code.C013, layer + "units is given twice", "    - {cell: gru, units: 8, units: 8}\n");
    refusedAt("a.yaml:4:26", Code.C010, layer + "units is not a word or a number", "    - {cell: gru, units: [8]}\n");
    refusedAt("a.yaml:4:7", Code.C010, layer.substring(0, 22) + " is a list, must be a layer", "    - [lstm, 8]\n");
    refusedAt("a.yaml:4:7", Code.C010, layer + "\"resdual\" is not a word of a layer", "    - gru 8 resdual\n", "did you mean residual?");
    var map = assertThrows(Fault.class, () -> yaml("model: { stack: {cell: lstm, units: 3} }").resolve());
    assertEquals("a.yaml:1:17: model.stack is a value, not a section; it must be layers such as \"lstm 256, gru 256 residual\", "
        + "or a list of them; its range and meaning: unroll config keys model.stack", map.getMessage());
  }

  @Test void mlstm_isALayerOfHeads() {
    assertEquals(List.of(new StackLayer("mlstm", 12, 0, Connect.RESIDUAL, OptionalDouble.empty(), 3, OptionalInt.empty())),
        stack(set("model.embed=12", "model.stack=mlstm 12 heads 3 residual")));
    assertEquals(List.of("mlstm 8 heads 4", "mlstm 6 heads 2 dropout 0.5"),
        stack(yaml("model: { stack: [mlstm 8, {cell: mlstm, units: 6, heads: 2, dropout: 0.5}] }")).stream().map(StackLayer::text).toList());
    refused("mlstm 6", Code.C011, "units is 6, heads is 4");
    refused("lstm 6 heads 2", Code.C014, "heads is 2 and the cell lstm", "leave heads out");
    refused("mlstm 8 projection 2", Code.C014, "projection is 2 and the cell mlstm", "leave projection out");
    refused("mlstm 8 heads 0", Code.C011, "heads is 0, must be a whole number from 1 to 1024", "the nearest value allowed is 1");
    assertEquals(3, LmConfig.of(set("model.forget_bias=3", "model.stack=mlstm 8").resolve()).model().forgetBias());
    misfit("--set model.zoneout=0.1: model.zoneout is 0.1 and layer 2 of model.stack mlstm; mlstm takes no noise; "
        + "model.zoneout: 0", set("model.stack=lstm 8, mlstm 8", "model.zoneout=0.1"));
  }

  @Test void jordan_isTheLast_andHasNothingAboveIt() {
    assertEquals(List.of("lstm 8", "jordan 6"), stack(set("model.dropout=0.2", "model.stack=lstm 8, jordan 6")).stream().map(StackLayer::text)
        .toList());
    for (var more : List.of("residual", "dropout 0.1", "projection 2")) {
      var words = more.split(" ");
      String field = more.equals("residual") ? "connect" : words[0];
      refused("jordan 6 " + more, Code.C014, field + " is " + words[words.length - 1] + " and the cell jordan", "leave " + field + " out");
    }
    misfit("a.yaml:1:18: layer 1 of model.stack, jordan 8, is not the last; it hears what the model says, so nothing may stand on it; "
        + "put it last; elman hears its own state", yaml("model: { stack: [jordan 8, lstm 8] }"));
    misfit("--set model.tie=true: model.tie has no effect with model.stack jordan 64; a jordan layer has the output's matrix already; "
        + "model.tie: false", set("model.tie=true", "model.stack=jordan 64"));
    misfit("--set model.dropout=0.1: model.dropout has no effect with model.stack jordan 8; nothing is dropped between a jordan layer and "
        + "the output; model.dropout: 0", set("model.dropout=0.1", "model.stack=jordan 8"));
    misfit("--set model.forget_bias=2: model.forget_bias has no effect with model.stack jordan 8; none of its cells has a forget gate; "
        + "leave model.forget_bias out", set("model.forget_bias=2", "model.stack=jordan 8"));
    misfit("--set model.zoneout=0.1: model.zoneout is 0.1 and layer 1 of model.stack jordan; jordan takes no noise; model.zoneout: 0",
        set("model.stack=jordan 8", "model.zoneout=0.1"));
  }

  private static void misfit(String message, ConfigBuilder layers) {
    var f = assertThrows(Fault.class, () -> LmConfig.of(layers.resolve()));
    assertEquals(Code.C014, f.code());
    assertEquals(message, f.getMessage());
  }

  @Test void sizesThatDoNotFit_areRefusedAtTheirLayer() {
    misfit("a.yaml:5:7: layer 2 of model.stack, gru 9 residual, takes 8 values and gives 9; residual adds the two: they must be equally "
        + "many; make layer 2 8 wide; make layer 1 9 wide; leave out residual",
        yaml("model:\n  embed: 8\n  stack:\n    - lstm 8\n    - gru 9 residual\n"));
    misfit("a.yaml:2:11: layer 1 of model.stack, gru 9 highway, takes 64 values and gives 9; highway mixes the two: they must be equally "
        + "many; make layer 1 64 wide; model.embed: 9; leave out highway", yaml("model:\n  stack: [gru 9 highway]\n"));
    misfit("--set model.stack=gru 9 residual: layer 1 of model.stack, gru 9 residual, takes symbols, one-hot; a residual connection "
        + "needs a vector below; model.embed: 9; leave out residual", set("model.embed=0", "model.stack=gru 9 residual"));
    misfit("--set model.tie=true: model.embed is 64 and the last layer of model.stack 8 wide, must be equal with model.tie; one matrix "
        + "serves as embedding and as output; set model.embed to 8", set("model.tie=true", "model.stack=lstm 9, lstm 64 projection 8"));
    LmConfig.of(set("model.tie=true", "model.stack=lstm 9, lstm 99 projection 64").resolve());
    misfit("--set model.forget_bias=2: model.forget_bias has no effect with model.stack gru 9; none of its cells has a forget gate; "
        + "leave model.forget_bias out", set("model.forget_bias=2", "model.stack=gru 9"));
    assertEquals(2, LmConfig.of(set("model.forget_bias=2", "model.stack=gru 9, lstm 9").resolve()).model().forgetBias());
  }

  @Test void projection_ofEqualLayers() {
    var net = LmConfig.of(set("model.hidden=9", "model.layers=2", "model.projection=4").resolve()).model();
    assertEquals(List.of("lstm 9 projection 4", "lstm 9 projection 4"), net.all().stream().map(StackLayer::text).toList());
    misfit("--set model.projection=9: model.projection is 9 and model.hidden 9; a projection is narrower than the layer that it is made "
        + "of; set model.projection below 9", set("model.hidden=9", "model.projection=9"));
    misfit("--set model.tie=true: model.embed is 64 and model.projection 8, must be equal with model.tie; one matrix serves as embedding "
        + "and as output; set model.embed to 8", set("model.tie=true", "model.projection=8"));
    var f = assertThrows(Fault.class, () -> set("model.cell=gru-before", "model.projection=8").resolve());
    assertEquals("model.projection has no effect with model.cell gru-before", f.what());
    assertEquals(new LmConfig.Net("lstm", 1, 3, 64, 0, 0, 1, false, "glorot", 2, List.of()),
        LmConfig.of(set("model.projection=128").resolve()).model().withHidden(3));
  }

  @Test void schema_takesALineOrLayers() {
    var model = (Map<?, ?>) ((Map<?, ?>) ((Map<?, ?>) ConfigSchema.of(LmKeys.KEYS, "en").get("properties")).get("model")).get("properties");
    var stack = (Map<?, ?>) model.get("stack");
    assertEquals(List.of("string", "array"), stack.get("type"));
    var layer = (Map<?, ?>) ((List<?>) ((Map<?, ?>) stack.get("items")).get("anyOf")).get(1);
    assertEquals(List.of("cell", "units"), layer.get("required"));
    assertEquals(java.util.Set.copyOf(StackLayer.FIELDS), ((Map<?, ?>) layer.get("properties")).keySet());
    assertEquals("", stack.get("default"));
  }
}
