package org.unroll.tasks.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.head.Head;
import org.unroll.layer.Dropout.Over;
import org.unroll.layer.Noise;
import org.unroll.model.Spec;
import org.unroll.model.Start;

class SpecYamlTest {
  private static final Spec SPEC = new Spec(new Spec.Symbols(65), List.of(new Spec.Embedding(16, new Start(Start.Kind.GAUSSIAN, 0.1)),
      new Spec.Recurrent("lstm-peephole", 32, Spec.Direction.BOTH, 1.5, Start.of(Start.Kind.GLOROT), Start.of(Start.Kind.ORTHOGONAL)),
      new Spec.Dropout(0.25), new Spec.Dense(8, Start.of(Start.Kind.FAN_IN))),
      new Spec.Softmax(65, false, Head.At.LAST_STEP, new Start(Start.Kind.UNIFORM, 1e-3)));

  @Test void read_whatWasWritten_isTheSpec() {
    assertEquals(SPEC, SpecYaml.read("spec.yaml", SpecYaml.write(SPEC)));
    assertEquals(SPEC, Spec.parse(SPEC.json()));
  }

  @Test void projection_inYaml_isReadBack() {
    var start = Start.of(Start.Kind.GLOROT);
    var lstmp = new Spec(SPEC.input(), List.of(new Spec.Recurrent("lstm", 32, Spec.Direction.BOTH, 1, start, start, 12)), SPEC.head());
    assertEquals(lstmp, SpecYaml.read("spec.yaml", SpecYaml.write(lstmp)));
  }

  @Test void scan_inYaml_isReadBack() {
    var start = Start.of(Start.Kind.GLOROT);
    var scanned = new Spec.Recurrent("mingru", 32, Spec.Direction.BOTH, 1, start, start, 0, Noise.NONE, 64);
    var spec = new Spec(SPEC.input(), List.of(scanned), SPEC.head());
    assertTrue(SpecYaml.write(spec).contains("    scan: 64\n"), SpecYaml.write(spec));
    assertEquals(spec, SpecYaml.read("spec.yaml", SpecYaml.write(spec)));
    assertEquals(spec, Spec.parse(spec.json()));
    assertTrue(!SpecYaml.write(SPEC).contains("scan"));
  }

  @Test void noiseAndDropoutOfSequences_inYaml_areReadBack() {
    var start = Start.of(Start.Kind.GLOROT);
    var noisy = new Spec.Recurrent("lstm", 32, Spec.Direction.FORWARD, 1, start, start, 0, new Noise(0, 0.25, 0.05, 0.5, 0));
    var spec = new Spec(SPEC.input(), List.of(noisy, new Spec.Dropout(0.4, Over.SEQUENCE)), SPEC.head());
    var yaml = SpecYaml.write(spec);
    assertEquals(spec, SpecYaml.read("spec.yaml", yaml));
    assertTrue(yaml.contains("    noise:\n      recurrent_dropout: 0.25\n      zoneout: 0.05\n      zoneout_memory: 0.5\n"
        + "  - kind: dropout\n    rate: 0.4\n    over: sequence\n"), yaml);
  }

  @Test void crf_inYaml_isReadBack() {
    var crf = new Spec(SPEC.input(), SPEC.layers(), new Spec.Crf(17, Start.of(Start.Kind.GLOROT), new Start(Start.Kind.UNIFORM, 0.1)));
    var yaml = SpecYaml.write(crf);
    assertEquals(crf, SpecYaml.read("spec.yaml", yaml));
    assertEquals("""
        head:
          kind: crf
          labels: 17
          start:
            kind: glorot
            scale: 1.0
          transitions:
            kind: uniform
            scale: 0.1
        """, yaml.substring(yaml.indexOf("head:")));
  }

  @Test void write_aSpec_isBlocksOfTwoSpaces() {
    var yaml = SpecYaml.write(SPEC);
    assertEquals("""
        input:
          symbols: 65
        layers:
          - kind: embedding
            width: 16
            start:
              kind: gaussian
              scale: 0.1
        """, yaml.substring(0, yaml.indexOf("  - kind: recurrent")));
  }

  @Test void read_unknownKeyOrCell_isRefused() {
    var yaml = SpecYaml.write(SPEC);
    var key = assertThrows(Fault.class, () -> SpecYaml.read("spec.yaml", yaml.replace("units: 32", "untis: 32")));
    assertEquals("spec.yaml:9:5: 'units' is missing; did you mean units, where it says untis?", key.getMessage());
    var cell = assertThrows(Fault.class, () -> SpecYaml.read("spec.yaml", yaml.replace("lstm-peephole", "lstmm")));
    assertEquals(Code.C011, cell.code());
    assertEquals("cell is 'lstmm'", cell.what());
    assertEquals("spec.yaml:10:11", cell.where());
    assertEquals(List.of("did you mean lstm?"), cell.mend());
    assertEquals(Code.C013, assertThrows(Fault.class, () -> SpecYaml.read("s", yaml.replace("rate: 0.25", "rate: 0.25\n    rate: 0.5"))).code());
    var more = assertThrows(Fault.class, () -> SpecYaml.read("s", yaml.replace("rate: 0.25", "rate: 0.25\n    ratio: 1")));
    assertEquals("s:22:5: unknown key 'ratio'; the keys here: kind, rate, over", more.getMessage());
    assertEquals(Code.C012, more.code());
  }

  private static final String MIXED = """
      input: {symbols: 20}
      layers:
        - {kind: embedding, width: 8}
        - kind: residual
          body:
            - {kind: recurrent, cell: lstm, units: 4, direction: both}
            - {kind: dense, width: 8, activation: tanh, start: orthogonal}
        - kind: highway
          body: [{kind: recurrent, cell: gru, units: 8, direction: backward}]
      head: {kind: crf, labels: 5}
      """;

  @Test void waysAround_inYaml_areReadAndWritten() {
    var start = Start.of(Start.Kind.GLOROT);
    var rows = Start.of(Start.Kind.ORTHOGONAL);
    var want = new Spec(new Spec.Symbols(20), List.of(new Spec.Embedding(8, Start.of(Start.Kind.GAUSSIAN)),
        new Spec.Residual(List.of(new Spec.Recurrent("lstm", 4, Spec.Direction.BOTH, 1, start, rows),
            new Spec.Dense(8, org.unroll.kernel.Activation.TANH, rows))),
        new Spec.Highway(List.of(new Spec.Recurrent("gru", 8, Spec.Direction.BACKWARD, 1, start, rows)), -2, start)),
        new Spec.Crf(5, start, new Start(Start.Kind.UNIFORM, 0.1)));
    assertEquals(want, SpecYaml.read("m.yaml", MIXED));
    assertEquals(want, SpecYaml.read("m.yaml", SpecYaml.write(want)));
  }

  @Test void mlstm_inYaml_isReadWithItsUsualValues() {
    var layer = "{kind: mlstm, units: 8, heads: 2}";
    var read = SpecYaml.read("m.yaml", MIXED.replace("{kind: recurrent, cell: gru, units: 8, direction: backward}", layer));
    var want = new Spec.Mlstm(8, 2, Spec.Direction.FORWARD, 1, Start.of(Start.Kind.GLOROT));
    assertEquals(want, ((Spec.Highway) read.layers().getLast()).body().getFirst());
    assertEquals(read, SpecYaml.read("m.yaml", SpecYaml.write(read)));
    refused("{kind: recurrent, cell: gru, units: 8, direction: backward}", "{kind: mlstm, units: 8, heads: 3}", Code.C011,
        "m.yaml:9:33: units is 8, heads is 3; units must be a multiple of heads; units: 6");
  }

  private static void refused(String was, String is, Code code, String message) {
    var f = assertThrows(Fault.class, () -> SpecYaml.read("m.yaml", MIXED.replace(was, is)), is);
    assertEquals(message, f.getMessage());
    assertEquals(code, f.code());
  }

  @Test void read_aValueThatIsNone_isRefusedAtItsLineAndColumn() {
    refused("direction: both", "direction: bothh", Code.C010, "m.yaml:6:60: 'direction' is bothh; must be one of forward, backward, both; "
        + "did you mean both?");
    refused("tanh", "tahn", Code.C010, "m.yaml:7:45: 'activation' is tahn; must be one of identity, sigmoid, tanh, relu, softmax; "
        + "did you mean tanh?");
    refused("kind: highway", "kind: higway", Code.C010, "m.yaml:8:11: 'kind' is higway; must be one of embedding, recurrent, dropout, dense, "
        + "jordan, mlstm, residual, highway; did you mean highway?");
    refused("start: orthogonal", "start: {kind: orthogonal, scale: x}", Code.C010, "m.yaml:7:84: 'scale' is x; must be a number; "
        + "numbers, true and false stand without quotes");
    refused("units: 8", "units: 0", Code.C011, "m.yaml:9:48: recurrent.units is 0; must be at least 1; units: 1 or more");
    refused("[{kind: recurrent, cell: gru, units: 8, direction: backward}]", "[]", Code.C011,
        "m.yaml:9:11: highway.body has no layer; a way around leads around at least one; a layer in body, or leave it out");
    refused("symbols", "symbol", Code.C010, "m.yaml:1:8: 'symbols' is missing; did you mean symbols, where it says symbol?");
  }

  @Test void read_whatIsNearNothing_namesTheChoices() {
    refused("direction: both", "direction: sideways", Code.C010, "m.yaml:6:60: 'direction' is sideways; must be one of forward, backward, "
        + "both; write one of forward, backward, both");
    refused("kind: crf", "kind: squared", Code.C010, "m.yaml:10:14: 'kind' is squared; must be one of softmax, squared_error, crf; "
        + "did you mean squared_error?");
    refused("kind: crf, ", "", Code.C010, "m.yaml:10:7: 'kind' is missing; add kind: recurrent, for example");
    refused("cell: lstm, ", "", Code.C010, "m.yaml:6:9: 'cell' is missing; add cell: lstm, for example");
    refused("units: 4", "units: four", Code.C010, "m.yaml:6:46: 'units' is four; must be a whole number; "
        + "numbers, true and false stand without quotes");
    var cell = assertThrows(Fault.class, () -> SpecYaml.read("m.yaml", MIXED.replace("cell: lstm", "cell: mgru")));
    assertEquals(List.of("did you mean gru, mgu?"), cell.mend());
    assertTrue(cell.why().startsWith("must be one of elman, ") && cell.why().endsWith(", and the -unbiased and -scalar forms of -ln"), cell.why());
    var kind = assertThrows(Fault.class, () -> SpecYaml.read("m.yaml", MIXED.replace("cell: lstm", "cell: mlstm")));
    assertEquals(List.of("mlstm is a layer of its own kind: kind: mlstm"), kind.mend());
    refused("units: 4", "units: 4, projection: 9", Code.C011, "m.yaml:6:61: projection is 9, units are 4; must be 0 (none) or at least 1 "
        + "and below units; projection: 0");
  }

  @Test void spec_asAConfiguration_isNamedAsOne() {
    var f = assertThrows(Fault.class, () -> new ConfigBuilder(LmKeys.KEYS).yaml("m.yaml", MIXED));
    assertEquals("m.yaml:1:1: this is a model's spec, not a configuration; a configuration trains a language model; a spec (input, layers, "
        + "head) is of any model, and a Java program trains it; a program that trains from a spec: docs/stacks.md; check its gradients; "
        + "for a language model of different layers: model.stack", f.getMessage());
    var count = assertThrows(Fault.class, () -> new ConfigBuilder(LmKeys.KEYS).yaml("m.yaml", "layers: 2\n"));
    assertEquals(List.of("did you mean model.layers?", "all keys: unroll config keys"), count.mend());
    var both = assertThrows(Fault.class, () -> new ConfigBuilder(LmKeys.KEYS).yaml("m.yaml", "model: {direction: both}\n"));
    assertEquals("m.yaml:1:9: unknown key model.direction; a language model predicts the next symbol, so all its layers walk forward; "
        + "leave the direction out", both.getMessage());
    var relu = assertThrows(Fault.class, () -> new ConfigBuilder(LmKeys.KEYS).yaml("m.yaml", "model: {activation: relu}\n"));
    assertEquals(List.of("for example: model.cell: elman-relu"), relu.mend());
  }

  @Test void read_sizesThatDoNotFit_areRefusedAtTheirLayer() {
    refused("width: 8, activation", "width: 9, activation", Code.C014, "m.yaml:4:5: a residual connection takes 8 columns, the layers in it "
        + "give 9; y = x + f(x) needs both equally wide; make the last layer in it 8 wide; make the layer below it 9 wide");
    refused("units: 8", "units: 9", Code.C014, "m.yaml:8:5: a highway connection takes 8 columns, the layers in it give 9; "
        + "y = t ⊙ f(x) + (1 − t) ⊙ x needs both equally wide; make the last layer in it 8 wide; make the layer below it 9 wide");
    refused("  - {kind: embedding, width: 8}\n", "", Code.C014, "m.yaml:3:3: a residual connection takes vectors, not symbols; "
        + "put an embedding or a recurrent layer before it");
  }

  @Test void read_anchorTagOrSecondDocument_isRefused() {
    for (var bad : List.of("a: &x 1", "a: !!str 1", "a: *x", "a: 1\n---\nb: 2", "a: [", "- 1")) {
      var code = assertThrows(Fault.class, () -> SpecYaml.read("s", bad)).code();
      assertEquals(bad.equals("- 1") ? Code.C010 : Code.C001, code, bad);
    }
  }

  @Test void read_refusals_areThoseOfAConfiguration() {
    var anchor = assertThrows(Fault.class, () -> SpecYaml.read("s", "a: &x 1"));
    assertEquals("s:1:4: an anchor is not allowed here", anchor.where() + ": " + anchor.what());
    assertEquals(List.of("delete &x"), anchor.mend());
    var tag = assertThrows(Fault.class, () -> SpecYaml.read("s", "a: !!str 1"));
    assertEquals("a value's type follows from its key, never from the file", tag.why());
    var deep = assertThrows(Fault.class, () -> SpecYaml.read("s", "a: " + "[".repeat(100_000)));
    assertEquals("s:1:35: nested deeper than 32", deep.where() + ": " + deep.what());
  }
}
