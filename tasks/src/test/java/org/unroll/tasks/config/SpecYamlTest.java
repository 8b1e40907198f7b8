package org.unroll.tasks.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.head.Head;
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
    assertEquals("spec.yaml.layers[1]: 'units' is missing", key.getMessage());
    var cell = assertThrows(Fault.class, () -> SpecYaml.read("spec.yaml", yaml.replace("lstm-peephole", "lstmm")));
    assertEquals(Code.C011, cell.code());
    assertEquals("cell is 'lstmm'", cell.what());
    assertEquals(Code.C013, assertThrows(Fault.class, () -> SpecYaml.read("s", yaml.replace("rate: 0.25", "rate: 0.25\n    rate: 0.5"))).code());
    var more = assertThrows(Fault.class, () -> SpecYaml.read("s", yaml.replace("rate: 0.25", "rate: 0.25\n    ratio: 1")));
    assertEquals("s.layers[2]: unknown key 'ratio'", more.getMessage());
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
