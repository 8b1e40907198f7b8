package org.unroll.tasks.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;

class ConfigBuilderTest {
  @TempDir Path folder;

  private static Config read(String yaml) { return new ConfigBuilder(LmKeys.KEYS).yaml("a.yaml", yaml).resolve(); }

  private static void refused(String yaml, Code code, String where, String what, String... mend) {
    var f = assertThrows(Fault.class, () -> read(yaml));
    assertEquals(what, f.what());
    assertEquals(code, f.code());
    assertEquals(where, f.where());
    if (mend.length > 0) assertEquals(List.of(mend), f.mend());
  }

  @Test void file_blockAndFlow_areRead() {
    var c = read("task: lm\nmodel: { cell: gru, hidden: 128 }\ntrain:\n  lr: 1e-3\n  stateful: false\n"
        + "data:\n  train: [诗.txt, b c.txt]\n");
    assertEquals("gru", c.text("model.cell"));
    assertEquals(128, c.count("model.hidden"));
    assertEquals(0.001, c.real("train.lr"));
    assertFalse(c.truth("train.stateful"));
    assertEquals(List.of("诗.txt", "b c.txt"), c.files("data.train"));
    assertEquals("a.yaml:2:16", c.get("model.cell").origin().toString());
    assertEquals(Origin.DEFAULT, c.get("model.layers").origin());
  }

  @Test void file_dottedOrEmptySection_isRead() {
    var c = read("train.lr: 3e-3\nmodel:\n");
    assertEquals(0.003, c.real("train.lr"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "# nothing\n", "---\n", "{}"})
  void file_withoutKeys_isTheDefaults(String yaml) {
    var c = read(yaml);
    assertEquals(256, c.count("model.hidden"));
  }

  @Test void key_unknown_isRefusedWithTheNearest() {
    refused("task: lm\ntrain:\n  epoch: 3\n", Code.C012, "a.yaml:3:3", "unknown key train.epoch", "did you mean train.epochs?",
        "all keys: unroll config keys train");
    refused("trian: { lr: 1 }", Code.C012, "a.yaml:1:1", "unknown key trian", "did you mean train?",
        "all keys: unroll config keys");
    refused("trane: { lr: 1 }", Code.C012, "a.yaml:1:1", "unknown key trane", "did you mean train?",
        "all keys: unroll config keys");
    refused("data: { lr: 1 }", Code.C012, "a.yaml:1:9", "unknown key data.lr", "did you mean train.lr?",
        "all keys: unroll config keys data");
    refused("hiden: 12", Code.C012, "a.yaml:1:1", "unknown key hiden", "did you mean model.hidden?",
        "all keys: unroll config keys");
  }

  @Test void key_twice_isRefusedWithBothPlaces() {
    refused("train:\n  lr: 1\n  lr: 1\n", Code.C013, "a.yaml:3:3", "train.lr is given twice", "delete one of the two");
    var f = assertThrows(Fault.class, () -> read("train:\n  lr: 1\nmodel:\n  tie: false\ntrain:\n  bptt: 3\n"));
    assertEquals("it stands at a.yaml:1:1 already", f.why());
    refused("train: { lr: 1 }\ntrain.lr: 2", Code.C013, "a.yaml:2:1", "train.lr is given twice");
  }

  @Test void value_mistyped_isRefusedAtItsPlace() {
    refused("train:\n  batch: many\n", Code.C010, "a.yaml:2:10",
        "train.batch is \"many\", must be a whole number from 0 to 65536");
    refused("train:\n  batch: \"128\"\n", Code.C010, "a.yaml:2:10",
        "train.batch is text (\"128\"), must be a whole number from 0 to 65536", "remove the quotes");
    refused("train: { batch: [1, 2] }", Code.C010, "a.yaml:1:17",
        "train.batch is a list, must be a whole number from 0 to 65536");
    refused("train: { batch: }", Code.C010, "a.yaml:1:16", "train.batch has no value, must be a whole number from 0 to 65536",
        "leave it out to have the default, 32", "its range and meaning: unroll config keys train.batch");
    refused("train: { lr: 0.1 epochs }", Code.C010, "a.yaml:1:14", "train.lr is \"0.1 epochs\", must be a number greater than 0");
    refused("train: 5", Code.C010, "a.yaml:1:8", "train is a section, not a value");
    refused("train: { lr: { x: 1 } }", Code.C010, "a.yaml:1:14", "train.lr is a value, not a section");
    refused("data: { train: [{ a: b }] }", Code.C010, "a.yaml:1:17", "an item of data.train is not text");
  }

  @Test void cell_thatIsALayerOfItsOwn_isSentToTheStack() {
    for (var layer : List.of("mlstm", "jordan")) {
      var f = assertThrows(Fault.class, () -> new ConfigBuilder(LmKeys.KEYS).flag("--cell " + layer, "model.cell", layer).resolve());
      assertTrue(f.what().startsWith("model.cell is \"" + layer + "\", must be one of elman, "), f.what());
      assertEquals("model.stack takes it, as a layer of its own: --set 'model.stack=" + layer + " 256'", f.mend().getFirst());
      new ConfigBuilder(LmKeys.KEYS).set("model.stack=" + layer + " 256").resolve();
    }
  }

  @Test void comments_ofKeysForManyCells_sayWhatTheseHaveInCommon() {
    var config = new ConfigBuilder(LmKeys.KEYS).resolve();
    var en = ConfigText.commented(config, "en");
    assertTrue(en.contains("[-100 … 100]  only for model.cell with a forget gate\n"), en);
    assertTrue(en.contains("[0 … 65535 units]  only for model.cell any but gru-before, gru-before-write, mgu\n"), en);
    var zh = ConfigText.commented(config, "zh");
    assertTrue(zh.contains("[-100 … 100]  仅用于 model.cell 有遗忘门的单元\n"), zh);
    assertTrue(en.lines().filter(l -> !l.contains("  cell: ")).allMatch(l -> l.length() < 250), en);
  }

  @Test void value_outOfRange_isRefusedAtItsPlace() {
    refused("model:\n  hidden: 0\n", Code.C011, "a.yaml:2:11", "model.hidden is 0, must be a whole number from 1 to 65536",
        "the nearest value allowed is 1");
    refused("model: { dropout: 1.0 }", Code.C011, "a.yaml:1:19",
        "model.dropout is 1.0, must be a number at least 0 and less than 1");
    refused("train: { lr: .nan }", Code.C011, "a.yaml:1:14", "train.lr is .nan, must be finite");
    refused("model: { cell: lsmt }", Code.C011, "a.yaml:1:16",
        "model.cell is \"lsmt\", must be one of elman, elman-relu, elman-identity, indrnn, indrnn-tanh, lstm, lstm-peephole, "
            + "lstm-coupled, lstm-coupled-peephole, lstm-1997, gru, gru-write, gru-before, gru-before-write, mgu, mingru, minlstm, slstm, elman-ln, "
            + "elman-ln-sum, lstm-ln, lstm-ln-sum, gru-ln, gru-ln-sum, and the -unbiased and -scalar forms of -ln", "did you mean lstm?");
  }

  @Test void yaml_aliasTagOrSecondDocument_isRefused() {
    refused("train: { lr: &a 1, l1: *a }", Code.C001, "a.yaml:1:14", "an anchor is not allowed here", "delete &a");
    refused("train: { l1: *a }", Code.C001, "a.yaml:1:14", "an alias is not allowed here", "write the value out");
    refused("train: { lr: !!float 1 }", Code.C001, "a.yaml:1:14", "a tag is not allowed here",
        "delete the word that begins with !");
    refused("train: !!javax.script.ScriptEngineManager [x]", Code.C001, "a.yaml:1:8", "a tag is not allowed here");
    refused("task: lm\n---\ntask: lm\n", Code.C001, "a.yaml:2:1", "a second document is not allowed here",
        "delete all after ---");
  }

  @Test void yaml_nestedWithoutEnd_isRefusedWithoutOverflow() {
    refused("data: { train: " + "[".repeat(100_000), Code.C001, "a.yaml:1:46", "nested deeper than 32", "flatten it");
    refused("[".repeat(100_000), Code.C001, "a.yaml:1:1", "not a configuration", "a file to start from: unroll init lm");
    refused("train: { lr: " + "{a: ".repeat(100_000), Code.C001, "a.yaml:1:134", "nested deeper than 32");
  }

  @Test void yaml_broken_isRefusedAtItsPlace() {
    var f = assertThrows(Fault.class, () -> read("task: lm\ntrain: { lr: 1\n"));
    assertEquals(Code.C001, f.code());
    assertEquals("a.yaml:3:1", f.where());
    assertTrue(f.what().startsWith("not YAML: "), f.what());
    refused("just words", Code.C001, "a.yaml:1:1", "not a configuration");
    assertEquals(Code.C001, assertThrows(Fault.class, () -> read("a: b\u0000c")).code());
  }

  @Test void file_missingFolderTooLongOrNotUtf8_isRefused() throws IOException {
    var none = assertThrows(Fault.class, () -> new ConfigBuilder(LmKeys.KEYS).file(folder.resolve("no.yaml")));
    assertEquals(Code.D001, none.code());
    assertEquals(List.of("make one: unroll init > no.yaml"), none.mend());
    var dir = assertThrows(Fault.class, () -> new ConfigBuilder(LmKeys.KEYS).file(folder));
    assertEquals("a folder, not a config file", dir.what());
    var big = Files.writeString(folder.resolve("big.yaml"), "#".repeat(2 << 20));
    var tooLong = assertThrows(Fault.class, () -> new ConfigBuilder(LmKeys.KEYS).file(big));
    assertEquals(Code.C001, tooLong.code());
    assertEquals("longer than 1048576 bytes", tooLong.what());
    var latin = Files.write(folder.resolve("latin.yaml"), new byte[] {'a', (byte) 0xE9, 'b'});
    assertEquals("not UTF-8", assertThrows(Fault.class, () -> new ConfigBuilder(LmKeys.KEYS).file(latin)).what());
  }

  @Test void layers_allAtOnce_theStrongerWinsAndTheLaterWithin() {
    var c = new ConfigBuilder(LmKeys.KEYS).set("train.seed=5").flag("--lr 4e-3", "train.lr", "4e-3")
        .environment("train.lr=3e-3; train.batch=16;").yaml("a.yaml", "train: { lr: 2e-3, batch: 8, bptt: 10 }")
        .yaml("b.yaml", "train: { bptt: 11, epochs: 2 }").preset("word").resolve();
    assertEquals("4e-3 --lr 4e-3", seen(c, "train.lr"));
    assertEquals("16 UNROLL_SET", seen(c, "train.batch"));
    assertEquals("11 b.yaml:1:16", seen(c, "train.bptt"));
    assertEquals("2 b.yaml:1:28", seen(c, "train.epochs"));
    assertEquals("word preset word", seen(c, "data.unit"));
    assertEquals("5 --set train.seed=5", seen(c, "train.seed"));
    assertEquals("adam default", seen(c, "train.optimizer"));
  }

  private static String seen(Config c, String key) { return c.get(key).text() + " " + c.get(key).origin(); }

  @Test void set_notAPairOrUnknown_isRefused() {
    var f = assertThrows(Fault.class, () -> new ConfigBuilder(LmKeys.KEYS).set("train.lr"));
    assertEquals(Code.U001, f.code());
    assertEquals("\"train.lr\" is not key=value", f.what());
    var u = assertThrows(Fault.class, () -> new ConfigBuilder(LmKeys.KEYS).set("train.lrr=1"));
    assertEquals("--set train.lrr=1", u.where());
    assertEquals("unknown key train.lrr", u.what());
    var s = assertThrows(Fault.class, () -> new ConfigBuilder(LmKeys.KEYS).environment("train=1"));
    assertEquals("train is a section, not a key", s.what());
    assertEquals("UNROLL_SET", s.where());
    var p = assertThrows(Fault.class, () -> new ConfigBuilder(LmKeys.KEYS).preset("char-eng"));
    assertEquals(List.of("did you mean char-en?"), p.mend());
  }

  @Test void key_changedWithoutEffect_isRefused() {
    var f = assertThrows(Fault.class, () -> read("train: { momentum: 0.5 }"));
    assertEquals(Code.C014, f.code());
    assertEquals("train.momentum has no effect with train.optimizer adam", f.what());
    assertEquals("a.yaml:1:20", f.where());
    assertEquals(0.9, read("train: { momentum: 0.9 }").real("train.momentum"));
    assertEquals(0.5, read("train: { momentum: 0.5, optimizer: nesterov }").real("train.momentum"));
  }
}
