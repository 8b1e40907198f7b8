package org.unroll.tasks.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.model.Network;
import org.unroll.model.Spec;
import org.unroll.model.Start;
import org.unroll.tasks.config.ConfigBuilder;
import org.unroll.tasks.config.LmConfig;
import org.unroll.tasks.config.LmKeys;
import org.unroll.tasks.config.Type;

class LmSpecTest {
  @Test void of_regularisers_reachEveryLayer() {
    var set = new ConfigBuilder(LmKeys.KEYS).set("model.layers=2").set("model.hidden=8").set("model.embed=6").set("model.dropout=0.4")
        .set("model.embed_dropout=0.2").set("model.dropout_mask=sequence").set("model.zoneout=0.1").set("model.zoneout_memory=0.5");
    var spec = LmSpec.of(LmConfig.of(set.resolve()).model(), 10);
    assertEquals("embedding 6 · dropout 0.2 a sequence · lstm 8 (zoneout 0.1, zoneout memory 0.5) · dropout 0.4 a sequence · "
        + "lstm 8 (zoneout 0.1, zoneout memory 0.5) · dropout 0.4 a sequence · softmax 10", Summary.of(spec));
    var quiet = LmConfig.of(new ConfigBuilder(LmKeys.KEYS).resolve());
    var loud = LmConfig.of(new ConfigBuilder(LmKeys.KEYS).set("model.drop_connect=0.5").resolve());
    assertEquals(8L * 640 * 256 + 3L * 4 * Network.build(LmSpec.of(quiet.model(), 10)).shape().size(),
        LmSpec.bytes(loud, 10, 160) - LmSpec.bytes(quiet, 10, 160));
  }

  private static Spec.Recurrent recurrent(String init) {
    var net = LmConfig.of(new ConfigBuilder(LmKeys.KEYS).set("model.init=" + init).resolve()).model();
    return assertInstanceOf(Spec.Recurrent.class, LmSpec.of(net, 10).layers().get(1));
  }

  @Test void of_everyInitialiserOfTheTable_isKnown() {
    var names = ((Type.Choice) LmKeys.KEYS.get("model.init").type()).words();
    assertEquals(List.of("uniform", "gaussian", "glorot", "he", "orthogonal", "constant"), names);
    names.forEach(LmSpecTest::recurrent);
    assertEquals(new Start(Start.Kind.CONSTANT, 0.01), recurrent("constant").inputStart());
  }

  private static String summary(String... pairs) {
    var layers = new ConfigBuilder(LmKeys.KEYS);
    for (var p : pairs) layers.set(p);
    return Summary.of(LmSpec.of(LmConfig.of(layers.resolve()).model(), 10));
  }

  @Test void of_aStack_isItsLayers_dropoutWithinTheWayAround() {
    assertEquals("embedding 8 · lstm 9 · dropout 0.5 · residual(gru 9 · dropout 0.2) · highway(slstm 9) · lstm 16→4 · dropout 0.5 · softmax 10",
        summary("model.embed=8", "model.dropout=0.5",
            "model.stack=lstm 9, gru 9 residual dropout 0.2, slstm 9 highway dropout 0, lstm 16 projection 4"));
    assertEquals("embedding 64 · lstm 9→4 · lstm 9→4 · softmax 10", summary("model.layers=2", "model.hidden=9", "model.projection=4"));
    assertEquals("embedding 64 · lstm 9 · dropout 0.5 · mlstm 8 in 4 heads · dropout 0.5 · jordan 7 · softmax 10",
        summary("model.dropout=0.5", "model.stack=lstm 9, mlstm 8, jordan 7"));
    var net = LmConfig.of(new ConfigBuilder(LmKeys.KEYS).set("model.stack=gru 64 highway").set("model.forget_bias=1").resolve()).model();
    var highway = assertInstanceOf(Spec.Highway.class, LmSpec.of(net, 10).layers().get(1));
    assertEquals(-2, highway.bias());
    assertEquals(Start.of(Start.Kind.GLOROT), highway.start());
  }

  @Test void memory_ofAStack_isThatOfItsLayers() {
    var equal = LmConfig.of(new ConfigBuilder(LmKeys.KEYS).set("model.layers=2").set("model.hidden=96").resolve());
    var stack = LmConfig.of(new ConfigBuilder(LmKeys.KEYS).set("model.stack=lstm 96, lstm 96").resolve());
    assertEquals(LmSpec.bytes(equal, 50, 64), LmSpec.bytes(stack, 50, 64));
    var wider = LmConfig.of(new ConfigBuilder(LmKeys.KEYS).set("model.stack=lstm 96, lstm 97").resolve());
    assertTrue(LmSpec.bytes(wider, 50, 64) > LmSpec.bytes(stack, 50, 64));
    var heads = LmConfig.of(new ConfigBuilder(LmKeys.KEYS).set("model.stack=lstm 96, mlstm 96 heads 1").set("train.bptt=64").resolve());
    long matrices = 4L * (96 * 96 + 96 + 1) * (64 / 16 + 40);
    assertTrue(LmSpec.bytes(heads, 50, 64) > matrices && LmSpec.bytes(heads, 50, 64) < matrices + LmSpec.bytes(stack, 50, 64));
    var f = assertThrows(Fault.class, () -> LmSpec.requireFits(stack, 50, 64, 1 << 20));
    assertEquals(Code.C020, f.code());
    assertEquals("model.stack", f.where());
    assertEquals("fewer or narrower layers", f.mend().getFirst());
    assertEquals("model.hidden", assertThrows(Fault.class, () -> LmSpec.requireFits(equal, 50, 64, 1 << 20)).where());
    var huge = LmConfig.of(new ConfigBuilder(LmKeys.KEYS).set("model.stack=lstm 65536, lstm 65536").resolve());
    assertEquals(Long.MAX_VALUE, LmSpec.bytes(huge, 50, 64));
  }
}
