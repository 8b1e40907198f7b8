package org.unroll.tasks.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.layer.Dropout.Over;
import org.unroll.layer.Noise;
import org.unroll.model.ActivityPenalty;
import org.unroll.model.Spec;
import org.unroll.tasks.run.LmSpec;
import org.unroll.tasks.text.Documents;
import org.unroll.tasks.text.Unit;

class LmConfigTest {
  private static Config of(String... pairs) {
    var layers = new ConfigBuilder(LmKeys.KEYS);
    for (var p : pairs) layers.set(p);
    return layers.resolve();
  }

  private static void clash(String what, String... pairs) {
    var f = assertThrows(Fault.class, () -> LmConfig.of(of(pairs)));
    assertEquals(what, f.what());
    assertEquals(Code.C014, f.code());
  }

  @Test void of_everyKeyChanged_landsInItsComponent() {
    var c = LmConfig.of(of("data.train=a.txt", "data.dev=b.txt", "data.test_fraction=0.1", "data.unit=word", "data.encoding=gbk", "data.documents=line",
        "data.lowercase=true", "data.min_count=2", "data.max_vocab=99", "model.cell=gru", "model.layers=3", "model.hidden=11",
        "model.embed=12", "model.dropout=0.25", "model.embed_dropout=0.125", "model.init=he", "model.dropout_mask=sequence",
        "model.state_dropout=0.1", "model.recurrent_dropout=0.2", "model.zoneout=0.3", "model.drop_connect=0.4", "train.activation_l2=2",
        "train.temporal_l2=1.5", "train.epochs=4", "train.steps=5", "train.minutes=6.5",
        "train.batch=7", "train.bptt=8", "train.stateful=false", "train.optimizer=adamw", "train.lr=0.5", "train.beta1=0.6",
        "train.beta2=0.7", "train.eps=1e-5", "train.weight_decay=0.02", "train.l1=0.03", "train.l2=0.04", "train.clip=2",
        "train.clip_value=3", "train.schedule=plateau", "train.warmup=9", "train.decay=0.3", "train.decay_patience=10",
        "train.lr_min=1e-6", "train.eval_every=21", "train.patience=22", "train.seed=23", "train.save_every=24",
        "train.sample_length=25", "train.sample_prompt=ROMEO: ", "ngram.order=3", "ngram.memory=2MB"));
    assertEquals(new LmConfig.Data(List.of("a.txt"), List.of("b.txt"), 0.05, 0.1, Unit.WORD,
        Documents.LINE, "gbk", true, 2, 99),
        c.data());
    assertEquals(new LmConfig.Net("gru", 3, 11, 12, 0.25, 0.125, 1.0, false, "he", 0, List.of(), Over.SEQUENCE,
        new Noise(0.1, 0.2, 0.3, 0, 0.4)), c.model());
    assertEquals(new LmConfig.Budget(4, 5, 6.5), c.train().budget());
    assertEquals(new LmConfig.Steps("adamw", 0.9, 0.9, 0.6, 0.7, 1e-5, 0.02, 0.03, 0.04, 2, 3,
        new ActivityPenalty(2, 1.5)), c.train().steps());
    assertEquals(0.35, LmConfig.of(of("model.zoneout_memory=0.35")).model().noise().zoneoutMemory());
    assertEquals(new LmConfig.Rate(0.5, "plateau", 9, 0.3, 1000, 10, 1e-6), c.train().rate());
    assertEquals(new LmConfig.Habits(21, 22, 24, 25, "ROMEO: "), c.train().habits());
    assertEquals(List.of(7, 8, false, 23L),
        List.of(c.train().batch(), c.train().bptt(), c.train().stateful(), c.train().seed()));
    assertEquals(new LmConfig.Ngram(3, 2_000_000), c.ngram());
  }

  @Test void of_settingsThatExcludeEachOther_areRefused() {
    clash("model.embed is 64 and model.hidden 256, must be equal with model.tie", "model.tie=true");
    clash("data.dev_fraction + data.test_fraction is 1.2, must be less than 1", "data.dev_fraction=0.6",
        "data.test_fraction=0.6");
    clash("data.dev and data.dev_fraction exclude each other", "data.dev=a", "data.dev_fraction=0.1");
    clash("train.bptt is 1 and train.batch 0", "train.bptt=1", "train.batch=0");
    clash("train.bptt is 1 and train.stateful false", "train.bptt=1", "train.stateful=false");
    clash("model.embed_dropout is 0.1 and model.embed 0", "model.embed=0", "model.embed_dropout=0.1");
    clash("model.dropout_mask is sequence and nothing is dropped", "model.dropout_mask=sequence");
    clash("model.dropout_mask is sequence and nothing is dropped", "model.dropout_mask=sequence", "model.dropout=0.3", "model.stack=lstm 8 dropout 0");
    clash("train.temporal_l2 is 1 and train.bptt 1", "train.temporal_l2=1", "train.bptt=1");
    clash("train.patience needs a dev part", "data.dev_fraction=0", "train.patience=1");
    clash("train.schedule needs a dev part", "data.dev_fraction=0", "train.schedule=plateau");
    clash("train.epochs, train.steps and train.minutes are all 0", "train.epochs=0");
  }

  @Test void noise_thatACellHasNoPlaceFor_isRefusedByItsKey() {
    clash("model.recurrent_dropout is 0.3 and model.cell elman", "model.cell=elman", "model.recurrent_dropout=0.3");
    clash("model.state_dropout is 0.3 and model.cell mingru", "model.cell=mingru", "model.state_dropout=0.3");
    clash("model.drop_connect is 0.3 and model.cell indrnn", "model.cell=indrnn", "model.drop_connect=0.3");
    clash("model.zoneout_memory is 0.3 and layer 2 of model.stack gru", "model.stack=lstm 8, gru 8", "model.zoneout_memory=0.3");
    var f = assertThrows(Fault.class, () -> LmConfig.of(of("model.cell=gru", "model.zoneout_memory=0.3")));
    assertEquals("--set model.zoneout_memory=0.3: model.zoneout_memory is 0.3 and model.cell gru; its state is h alone; "
        + "model.zoneout_memory: 0; model.zoneout: 0.3", f.getMessage());
    var range = assertThrows(Fault.class, () -> of("model.zoneout=1"));
    assertEquals(Code.C011, range.code());
    assertEquals("model.zoneout is 1, must be a number at least 0 and less than 1", range.what());
  }

  @Test void scan_isOfTheCellsThatCanBeScanned() {
    assertEquals(0, LmConfig.of(of()).model().scan());
    assertEquals(64, LmConfig.of(of("model.cell=mingru", "model.scan=64")).model().scan());
    var mixed = LmConfig.of(of("model.stack=lstm 8, minlstm 8", "model.scan=32")).model();
    assertEquals(List.of(0, 32), LmSpec.of(mixed, 9).layers().stream().filter(l -> l instanceof Spec.Recurrent)
        .map(l -> ((Spec.Recurrent) l).scan()).toList());
    clash("model.scan has no effect with model.stack lstm 8", "model.stack=lstm 8", "model.scan=32");
    clash("model.scan is 32 and model.zoneout 0.1", "model.cell=mingru", "model.scan=32", "model.zoneout=0.1");
    var other = assertThrows(Fault.class, () -> LmConfig.of(of("model.cell=gru", "model.scan=32")));
    assertEquals("--set model.scan=32: model.scan has no effect with model.cell gru; no layer's cell is linear in its state; "
        + "leave model.scan out; take one of the cells mingru, minlstm", other.getMessage());
  }

  private static void budget(ConfigBuilder layers, long epochs, long steps, double minutes) {
    assertEquals(new LmConfig.Budget(epochs, steps, minutes), LmConfig.of(layers.resolve()).train().budget());
  }

  @Test void budget_thatIsGiven_liftsThoseOfDefaultsAndPresets() {
    budget(new ConfigBuilder(LmKeys.KEYS), 10, 0, 0);
    budget(new ConfigBuilder(LmKeys.KEYS).set("train.steps=500"), 0, 500, 0);
    budget(new ConfigBuilder(LmKeys.KEYS).flag("--minutes 3", "train.minutes", "3"), 0, 0, 3);
    budget(new ConfigBuilder(LmKeys.KEYS).preset("char-en").set("train.steps=500"), 0, 500, 0);
    budget(new ConfigBuilder(LmKeys.KEYS).preset("word").yaml("a", "train:\n  minutes: 4\n"), 0, 0, 4);
    budget(new ConfigBuilder(LmKeys.KEYS).preset("word").set("train.minutes=0"), 15, 0, 0);
    budget(new ConfigBuilder(LmKeys.KEYS).set("train.steps=500").set("train.epochs=10"), 10, 500, 0);
    var lifted = new ConfigBuilder(LmKeys.KEYS).preset("word").set("train.steps=500").resolve().get("train.epochs");
    assertEquals("--set train.steps=500", lifted.origin().toString());
  }

  @Test void eps_thatAFloatHoldsAsNothing_isRefused() {
    var f = assertThrows(Fault.class, () -> of("train.eps=1e-31"));
    assertEquals(Code.C011, f.code());
    assertEquals("train.eps is 1e-31, must be a number at least 1e-30", f.what());
    of("train.eps=1e-30");
  }

  @ParameterizedTest
  @ValueSource(strings = {"char-en", "char-zh", "word"})
  void preset_resolves(String name) { LmConfig.of(new ConfigBuilder(LmKeys.KEYS).preset(name).resolve()); }

  static List<String> languages() { return List.of("en", "zh"); }

  @ParameterizedTest
  @MethodSource("languages")
  void text_writtenAndRead_isTheSame(String language) {
    for (var preset : Preset.names()) {
      var before = new ConfigBuilder(LmKeys.KEYS).preset(preset)
          .set("train.sample_prompt= 床前\t\"x\\y\" #1: {\u001b}").set("train.lr=1.5e-5")
          .flag("--data", "data.train", List.of("a b.txt", "null", "-", "诗/二.txt")).resolve();
      var text = ConfigText.commented(before, language);
      assertEquals(before.texts(), new ConfigBuilder(LmKeys.KEYS).yaml("a", text).resolve().texts());
      assertEquals(before.texts(), new ConfigBuilder(LmKeys.KEYS).yaml("a", ConfigText.bare(before)).resolve().texts());
    }
  }

  @Test void keys_eachHasTwoCommentsAndItsOwnFlag() {
    var flags = new HashSet<String>();
    for (var k : LmKeys.KEYS.all()) {
      assertTrue(!k.en().isBlank() && k.en().length() <= 75, k.name());
      assertTrue(k.zh().codePoints().anyMatch(Character::isIdeographic), k.name());
      assertTrue(k.flag().isEmpty() || flags.add(k.flag()), k.name());
      assertTrue(k.when().key().isEmpty() || LmKeys.KEYS.get(k.when().key()).type() instanceof Type.Choice c
          && k.when().values().stream().allMatch(v -> c.words().contains(v) || c.more().contains(v)), k.name());
    }
    assertTrue(flags.containsAll(List.of("lr", "hidden", "layers", "cell", "epochs", "minutes", "batch", "bptt", "seed",
        "dropout",
        "embed", "optimizer", "ngram-memory")));
  }

  @Test void schema_hasEveryKeyWithItsRange() {
    var schema = ConfigSchema.of(LmKeys.KEYS, "en");
    assertEquals(false, schema.get("additionalProperties"));
    var train = (Map<?, ?>) ((Map<?, ?>) ((Map<?, ?>) schema.get("properties")).get("train")).get("properties");
    assertEquals(Map.of("description", "learning rate", "type", "number", "exclusiveMinimum", 0.0, "default", 0.002),
        train.get("lr"));
    long leaves = LmKeys.KEYS.all().stream().filter(k -> k.section().equals("train")).count();
    assertEquals(leaves, train.size());
  }
}
