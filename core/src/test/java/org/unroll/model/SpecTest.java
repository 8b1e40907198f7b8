package org.unroll.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.head.Head;

class SpecTest {
  private static final Start S = Specs.SMALL;
  private static final Spec.HeadSpec HEAD = new Spec.Softmax(3, false, Head.At.EVERY_STEP, S);
  private static final Spec.Input INPUT = new Spec.Symbols(3);

  private static void missing(String where, Executable spec) {
    var f = assertThrows(Fault.class, spec, where);
    assertEquals(Code.C011, f.code());
    assertEquals(where + ": it is missing", f.getMessage());
  }

  @Test void component_thatIsNull_isRefused() {
    missing("input", () -> new Spec(null, List.of(), HEAD));
    missing("layers", () -> new Spec(INPUT, null, HEAD));
    missing("layers[1]", () -> new Spec(INPUT, Arrays.asList(new Spec.Dropout(0), null), HEAD));
    missing("head", () -> new Spec(INPUT, List.of(), null));
    missing("embedding.start", () -> new Spec.Embedding(3, null));
    missing("recurrent.cell", () -> new Spec.Recurrent(null, 3, Spec.Direction.BOTH, 0, S, S));
    missing("recurrent.direction", () -> new Spec.Recurrent("gru", 3, null, 0, S, S));
    missing("recurrent.input_start", () -> new Spec.Recurrent("gru", 3, Spec.Direction.BOTH, 0, null, S));
    missing("recurrent.recurrent_start", () -> new Spec.Recurrent("gru", 3, Spec.Direction.BOTH, 0, S, null));
    missing("recurrent.noise", () -> new Spec.Recurrent("gru", 3, Spec.Direction.BOTH, 0, S, S, 0, null));
    missing("dropout.over", () -> new Spec.Dropout(0.5, null));
    missing("dense.start", () -> new Spec.Dense(3, null));
    missing("softmax.at", () -> new Spec.Softmax(3, false, null, S));
    missing("softmax.start", () -> new Spec.Softmax(3, false, Head.At.LAST_STEP, null));
    missing("squared_error.at", () -> new Spec.SquaredError(3, null, S));
    missing("squared_error.start", () -> new Spec.SquaredError(3, Head.At.LAST_STEP, null));
    missing("crf.start", () -> new Spec.Crf(3, null, S));
    missing("crf.transitions", () -> new Spec.Crf(3, S, null));
    missing("init.kind", () -> new Start(null, 1));
  }

  @Test void crf_inJson_isReadBack_andItsKeysAreKnown() {
    var spec = new Spec(INPUT, List.of(new Spec.Recurrent("gru", 3, Spec.Direction.BOTH, 0, S, S)), new Spec.Crf(5, S, new Start(Start.Kind.UNIFORM, 0.1)));
    assertEquals(spec, Spec.parse(spec.json()));
    assertEquals(5, spec.head().outputs());
    var key = assertThrows(Fault.class, () -> Spec.parse(spec.json().replace("\"transitions\"", "\"transition\"")));
    assertEquals("spec.head: 'transitions' is missing", key.getMessage());
    var kind = assertThrows(Fault.class, () -> Spec.parse(spec.json().replace("\"crf\"", "\"crff\"")));
    assertEquals("spec.head: 'kind' is crff; must be softmax, squared_error or crf", kind.getMessage());
    var none = assertThrows(Fault.class, () -> new Spec.Crf(0, S, S));
    assertEquals("crf.labels: crf.labels is 0; must be at least 1", none.getMessage());
  }

  @Test void values_withAKeyThatIsNoText_areRefused() {
    var f = assertThrows(Fault.class, () -> Spec.of(Map.of(1L, "lstm"), "spec"));
    assertEquals(Code.C010, f.code());
    assertEquals("spec: the key 1 is no text", f.getMessage());
  }
}
