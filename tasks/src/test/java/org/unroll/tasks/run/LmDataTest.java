package org.unroll.tasks.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.tasks.config.ConfigBuilder;
import org.unroll.tasks.config.LmConfig;
import org.unroll.tasks.config.LmKeys;
import org.unroll.tasks.text.Corpus;

class LmDataTest {
  private static LmConfig config(String... pairs) {
    var layers = new ConfigBuilder(LmKeys.KEYS).set("train.batch=4").set("train.bptt=16").set("data.test_fraction=0");
    for (var p : pairs) layers = layers.set(p);
    return LmConfig.of(layers.resolve());
  }

  private static LmData data(int symbols, LmConfig c) {
    return LmData.of(Corpus.of("a.txt", "ab".repeat(symbols / 2), LmData.options(c.data())), c.data());
  }

  private static Fault refused(int symbols, String... pairs) {
    var c = config(pairs);
    var d = data(symbols, c);
    var f = assertThrows(Fault.class, () -> d.requireTrainable(c));
    assertEquals(Code.D005, f.code());
    return f;
  }

  @Test void requireTrainable_trainingPartShorterThanAWindow_saysHowManyAndWhatWouldFit() {
    var f = refused(60, "data.dev_fraction=0.1");
    assertEquals("54 symbols, need 65", f.what());
    assertEquals("training part of a.txt", f.where());
    assertEquals(List.of("windows of 13 symbols", "batches of 3", "give more text"), f.mend());
    assertEquals("54 symbols, need 101", refused(60, "data.dev_fraction=0.1", "train.batch=0", "train.bptt=100").what());
  }

  @Test void requireTrainable_devPartOfOneSymbol_saysWhatFractionWouldDo() {
    var f = refused(100, "data.dev_fraction=0.01");
    assertEquals("1 symbol, need 2", f.what());
    assertEquals("dev part of a.txt", f.where());
    assertEquals(List.of("data.dev_fraction: 0.02", "data.dev_fraction: 0, to train without a dev part", "give more text"), f.mend());
  }

  @Test void requireTrainable_asMuchAsAWindowAndADevPartOfTwo_isEnough() {
    var c = config("data.dev_fraction=0.03");
    var d = data(68, c);
    assertEquals(List.of(66, 2), List.of(d.train().size(), d.dev().size()));
    d.requireTrainable(c);
    assertTrue(d.hasDev());
    var none = config("data.dev_fraction=0");
    data(66, none).requireTrainable(none);
    assertFalse(data(66, none).hasDev());
  }

  @Test void streams_fullBatch_isOneWindowOfAllTheText() {
    var c = config("train.batch=0", "data.dev_fraction=0");
    var s = Streams.of(data(100, c), c);              // 99 to be predicted
    assertEquals(new Streams(s.text(), 7, 16, 7), s);
    assertEquals(List.of(1, 14, 112L), List.of(s.windows(), s.steps(0), s.rows()));
    assertEquals(4, Streams.of(data(100, config("data.dev_fraction=0")), config("data.dev_fraction=0")).batch());
  }
}
