package org.unroll.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.unroll.cell.Cells;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.head.Head;
import org.unroll.layer.Noise;
import org.unroll.layer.Recurrent;

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
    var key = assertThrows(Fault.class, () -> Spec.parse(spec.json().replace("\"labels\"", "\"label\"")));
    assertEquals("spec.head: 'labels' is missing; did you mean labels, where it says label?", key.getMessage());
    var unknown = assertThrows(Fault.class, () -> Spec.parse(spec.json().replace("\"transitions\"", "\"transition\"")));
    assertEquals(Code.C012, unknown.code());
    assertEquals("spec.head.transition: unknown key 'transition'; did you mean transitions?", unknown.getMessage());
    var kind = assertThrows(Fault.class, () -> Spec.parse(spec.json().replace("\"crf\"", "\"crff\"")));
    assertEquals("spec.head.kind: 'kind' is crff; must be one of softmax, squared_error, crf; did you mean crf?", kind.getMessage());
    var none = assertThrows(Fault.class, () -> new Spec.Crf(0, S, S));
    assertEquals("crf.labels: crf.labels is 0; must be at least 1; labels: 1 or more", none.getMessage());
  }

  private static void refused(String json, String message) {
    assertEquals(message, assertThrows(Fault.class, () -> Spec.parse(json)).getMessage());
  }

  @Test void json_ofAValueThatIsNone_saysWhereAndWhatIsNearest() {
    String json = new Spec(INPUT, List.of(new Spec.Residual(List.of(new Spec.Recurrent("gru", 3, Spec.Direction.BOTH, 0, S, S, 2),
        new Spec.Dense(5, org.unroll.kernel.Activation.RELU, S)))), HEAD).json();
    refused(json.replace("relu", "rleu"), "spec.layers[0].body[1].activation: 'activation' is rleu; must be one of identity, sigmoid, tanh, "
        + "relu, softmax; did you mean relu?");
    refused(json.replace("both", "bothh"), "spec.layers[0].body[0].direction: 'direction' is bothh; must be one of forward, backward, both; "
        + "did you mean both?");
    refused(json.replace("\"gru\"", "\"grru\""), "spec.layers[0].body[0].cell: cell is 'grru'; must be one of "
        + String.join(", ", Cells.names()) + ", and the -unbiased and -scalar forms of -ln; did you mean gru?");
    refused(json.replace("residual", "residul"), "spec.layers[0].kind: 'kind' is residul; must be one of embedding, recurrent, dropout, dense, "
        + "jordan, mlstm, residual, highway; did you mean residual?");
    refused(json.replace("\"units\":3", "\"units\":2"), "spec.layers[0].body[0].projection: projection is 2, units are 2; must be 0 (none) or "
        + "at least 1 and below units; projection: 0");
    refused(json.replace("\"projection\":2", "\"noise\":{\"zoneout\":1.0}"), "spec.layers[0].body[0].noise.zoneout: zoneout is 1.0, "
        + "must be in [0, 1); zoneout: from 0 (none) to below 1");
    refused(json.replace("\"projection\":2", "\"noise\":{\"zoneout_memory\":0.5}"), "spec.layers[0].body[0].noise.zoneout_memory: "
        + "zoneout_memory is 0.5 and the cell 'gru'; its state is h alone; zoneout_memory: 0; zoneout: 0.5");
    refused(json.replace("\"projection\":2", "\"scan\":64"), "spec.layers[0].body[0].scan: scan is 64 and the cell 'gru'; a scan joins "
        + "steps that are linear in the state, unit by unit; scan: 0; cell: mingru or minlstm");
    refused(json.replace("\"projection\":2", "\"scan\":-1"), "spec.layers[0].body[0].scan: scan is -1; must be at least 0; "
        + "scan: 0 (none), or the steps of a chunk, such as 64");
    refused(json.replaceFirst("\"scale\":[0-9.]+", "\"scale\":\"much\""), "spec.layers[0].body[0].input_start.scale: 'scale' is much; "
        + "must be a number; "
        + "numbers, true and false stand without quotes");
  }

  @Test void json_withoutWhatIsUsual_hasIt() {
    var glorot = Start.of(Start.Kind.GLOROT);
    var orthogonal = Start.of(Start.Kind.ORTHOGONAL);
    var want = new Spec(new Spec.Symbols(9), List.of(new Spec.Embedding(4, Start.of(Start.Kind.GAUSSIAN)),
        new Spec.Recurrent("lstm", 4, Spec.Direction.FORWARD, 1, glorot, orthogonal),
        new Spec.Highway(List.of(new Spec.Dense(4, Start.of(Start.Kind.FAN_IN))), -2, glorot),
        new Spec.Jordan(4, org.unroll.kernel.Activation.SOFTMAX, glorot, new Start(Start.Kind.HE, 1))),
        new Spec.Softmax(3, false, Head.At.EVERY_STEP, Start.of(Start.Kind.FAN_IN)));
    assertEquals(want, Spec.parse("{\"input\":{\"symbols\":9},\"layers\":[{\"kind\":\"embedding\",\"width\":4},{\"kind\":\"recurrent\","
        + "\"cell\":\"lstm\",\"units\":4},{\"kind\":\"highway\",\"body\":[{\"kind\":\"dense\",\"width\":4}]},{\"kind\":\"jordan\","
        + "\"units\":4,\"feedback\":\"softmax\",\"recurrent_start\":\"he\"}],\"head\":{\"kind\":\"softmax\",\"classes\":3}}"));
    assertEquals(new Spec.Crf(3, glorot, new Start(Start.Kind.UNIFORM, 0.1)),
        Spec.parse("{\"input\":{\"vectors\":2},\"layers\":[],\"head\":{\"kind\":\"crf\",\"labels\":3}}").head());
    assertEquals(new Spec.SquaredError(3, Head.At.EVERY_STEP, new Start(Start.Kind.HE, 1)), Spec.parse("{\"input\":{\"vectors\":2},"
        + "\"layers\":[],\"head\":{\"kind\":\"squared_error\",\"outputs\":3,\"start\":{\"kind\":\"he\"}}}").head());
  }

  @Test void values_withAKeyThatIsNoText_areRefused() {
    var f = assertThrows(Fault.class, () -> Spec.of(Map.of(1L, "lstm"), "spec"));
    assertEquals(Code.C010, f.code());
    assertEquals("spec: the key 1 is no text", f.getMessage());
  }

  @Test void scan_ofASpec_isThatOfEachOfItsWalks() {
    var scanned = new Spec.Recurrent("minlstm", 3, Spec.Direction.BOTH, 0, S, S, 0, Noise.NONE, 64);
    var both = Network.build(new Spec(new Spec.Vectors(2), List.of(scanned), new Spec.Softmax(3, false, Head.At.EVERY_STEP, S))).body()
        .inner().getFirst().inner();
    assertEquals(List.of(64, 64), both.stream().map(l -> ((Recurrent) l).scan()).toList());
  }
}
