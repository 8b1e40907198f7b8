package org.unroll.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {
  @TempDir Path folder;

  private static void refused(String err, int status, String... args) {
    var r = Terminalless.run(args);
    assertEquals(err, r.err());
    assertEquals(status, r.status());
    assertEquals("", r.out());
  }

  private Path file(String text) throws IOException { return Files.writeString(folder.resolve("a.yaml"), text); }

  @Test void verb_unknown_isUsage() {
    refused("""
        error UNR-U001: unknown command dcotor
          mend   did you mean doctor?
                 see unroll help
        """, 2, "dcotor");
    refused("""
        error UNR-U001: unknown command shwo
          mend   did you mean show?
                 see unroll help config
        """, 2, "config", "shwo");
  }

  @Test void verb_none_isHelpOnStandardError() {
    var r = Terminalless.run();
    assertEquals(2, r.status());
    assertEquals("", r.out());
    assertTrue(r.err().startsWith("Unroll: recurrent sequence models in pure Java\nUsage: unroll [OPTIONS] [COMMAND]\n"),
        r.err());
    assertEquals(2, Terminalless.run("config").status());
  }

  @Test void flag_unknown_isUsage() {
    refused("""
        error UNR-U001: unknown flag --hiden
          mend   did you mean --hidden?
                 see unroll help init
        """, 2, "init", "--hiden", "3");
    refused("""
        error UNR-U001: unknown flag --layer=3
          mend   did you mean --layers?
                 see unroll help config show
        """, 2, "config", "show", "--layer=3");
  }

  @Test void flag_wrongValue_isUsage() {
    refused("""
        error UNR-U001: --color is allways, must be one of auto, always, never
          mend   did you mean always?
                 see unroll help version
        """, 2, "version", "--color", "allways");
    refused("""
        error UNR-U001: --threads is "two", must be a whole number from 1 to 1024
          mend   see unroll help version
        """, 2, "version", "--threads", "two");
    refused("""
        error UNR-U001: --seed is -1, must be a whole number, at least 0
          mend   the nearest value allowed is 0
                 see unroll help init
        """, 2, "init", "--seed", "-1");
    refused("""
        error UNR-U001: the value of --set is missing
          mend   see unroll help config show
        """, 2, "config", "show", "--set");
  }

  @Test void argument_missingOrTooMany_isUsage() {
    refused("""
        error UNR-U001: bash|zsh is missing
          mend   see unroll help completion
        """, 2, "completion");
    refused("""
        error UNR-U001: one argument too many: x
          mend   see unroll help version
        """, 2, "version", "x");
    refused("""
        error UNR-U001: there is no task tagger
          why    the tasks there are: lm (a language model)
          mend   unroll init lm, with --preset char-en|char-zh|word
        """, 2, "init", "tagger");
    refused("""
        error UNR-U001: there is no task char-zh
          why    the tasks there are: lm (a language model)
          mend   unroll init lm --preset char-zh
                 unroll init lm, with --preset char-en|char-zh|word
        """, 2, "init", "char-zh");
    refused("""
        error UNR-U001: unknown preset char-eng
          why    the presets are char-en, char-zh, word
          mend   did you mean char-en?
        """, 2, "init", "--preset", "char-eng");
  }

  @Test void config_unknownKey_showsTheLine() throws IOException {
    var file = file("task: lm\ntrain:\n  epoch: 3\n");
    refused("""
        error UNR-C012: unknown key train.epoch
          where  %s:3:3
                 2 │ train:
                 3 │   epoch: 3
                   │   ^^^^^
          mend   did you mean train.epochs?
                 all keys: unroll config keys train
        """.formatted(file), 3, "config", "show", file.toString());
  }

  @Test void config_wideCharactersBefore_markStandsBelow() throws IOException {
    var file = file("data: { train: 诗.txt, unit: 字 }");
    var r = Terminalless.run("config", "show", file.toString());
    assertTrue(r.err().contains("\n         1 │ data: { train: 诗.txt, unit: 字 }\n"
        + "           │                              ^^\n"), r.err());
    assertEquals(3, r.status());
  }

  @Test void config_badInChinese_isChineseThroughout() throws IOException {
    var file = file("train: { lr: 0 }");
    refused("""
        错误 UNR-C011: 值超出范围
          说明   train.lr 为 0，应为 大于 0 的数
          位置   %s:1:14
                 1 │ train: { lr: 0 }
                   │              ^
          修正   去掉它则取默认值 2e-3
                 它的范围和含义：unroll config keys train.lr
        """.formatted(file), 3, "--lang", "zh", "config", "show", file.toString());
    refused("""
        错误 UNR-U001: 命令行用法错误
          说明   未知的命令 dcotor
          修正   您是否想写 doctor？
                 见 unroll help
        """, 2, "--lang", "zh", "dcotor");
  }

  @Test void flag_givenTwice_theLaterWins() {
    var r = Terminalless.run("config", "show", "--lr", "1", "--seed", "3", "--lr", "0.5", "--seed", "4", "--lang", "zh", "--lang", "en");
    assertEquals(0, r.status(), r.err());
    assertTrue(r.out().contains("train.lr = 0.5\n") && r.out().contains("train.seed = 4\n"), r.out());
  }

  @Test void config_thatIsAText_isSentToTheDataFlag() throws IOException {
    for (var text : new String[] {"The cat sat.\n", "Act 1: a room\n", "\tx", "a: b: c"}) {
      var file = Files.writeString(folder.resolve("poem.txt"), text);
      var r = Terminalless.run("train", file.toString());
      assertEquals(3, r.status(), r.err());
      assertTrue(r.err().startsWith("error UNR-C001: not a configuration\n"), r.err());
      assertTrue(r.err().contains("  mend   if it is a text to learn from: unroll train --data " + file + "\n"), r.err());
    }
    var r = Terminalless.run("train", folder.resolve("none.txt").toString());
    assertTrue(r.err().contains("         a text to learn from is named with --data\n"), r.err());
  }

  @Test void config_badAsJson_isOneObject() throws IOException {
    var file = file("train:\n  lr: 1\n  lr: 2\n");
    refused("{\"v\":1,\"level\":\"error\",\"error\":{\"code\":\"UNR-C013\",\"title\":\"A key given twice\",\"message\":\"train.lr is given twice\",\"where\":{\"file\":\"" + file
        + "\",\"line\":3,\"col\":3},\"why\":\"it stands at " + file
        + ":2:3 already\",\"mend\":[\"delete one of the two\"],\"exit\":3}}\n",
        3, "config", "show", "--json", file.toString());
    refused("{\"v\":1,\"level\":\"error\",\"error\":{\"code\":\"UNR-U001\",\"title\":\"Wrong command line\",\"message\":\"unknown command x\",\"where\":null,\"why\":\"\","
        + "\"mend\":[\"see unroll help\"],\"exit\":2}}\n", 2, "x", "--json");
  }

  @Test void config_everyOtherBadFile_hasItsCodeAndStatus() throws IOException {
    assertStatus(3, "UNR-C010", "train: { batch: many }");
    assertStatus(3, "UNR-C010", "train: { batch: '128' }");
    assertStatus(3, "UNR-C001", "train: { lr: &a 1, l1: *a }");
    assertStatus(3, "UNR-C001", "train: { lr: !!float 1 }");
    assertStatus(3, "UNR-C001", "task: lm\n---\ntask: lm\n");
    assertStatus(3, "UNR-C001", "data: { train: " + "[".repeat(100_000));
    assertStatus(3, "UNR-C001", "#".repeat(2_000_000));
    assertStatus(3, "UNR-C014", "model: { tie: true }");
  }

  private void assertStatus(int status, String code, String yaml) throws IOException {
    var r = Terminalless.run("config", "show", file(yaml).toString());
    assertTrue(r.err().startsWith("error " + code + ": "), r.err());
    assertEquals(status, r.status());
    assertTrue(!r.err().contains("\tat "), "no stack trace");
  }

  @Test void config_missingFile_isNotFound() {
    var r = Terminalless.run("config", "show", folder.resolve("no.yaml").toString());
    assertTrue(r.err().startsWith("error UNR-D001: no config file "), r.err());
    assertEquals(4, r.status());
  }

  @Test void fault_controlCharacters_areNotObeyed() {
    var r = Terminalless.run("config", "show", "--set", "train.\u001b[31mlr=1");
    assertTrue(r.err().startsWith("error UNR-C012: unknown key train.\\u{1B}[31mlr\n"), r.err());
    assertTrue(r.err().chars().noneMatch(c -> c == 0x1B));
  }

  @Test void fault_withVv_hasTheStack() {
    var r = Terminalless.run("-vv", "config", "show", "--lr", "0");
    assertTrue(r.err().contains("\tat org.unroll"), r.err());
  }

  @Test void color_always_marksTheHead() {
    assertTrue(Terminalless.run("--color", "always", "config", "show", "--lr",
        "0").err().startsWith("\033[31merror UNR-C011\033[0m: "));
    assertTrue(Terminalless.run(Map.of("CLICOLOR_FORCE", "1"), "config", "show", "--lr", "0").err().startsWith("\033[31m"));
    assertTrue(Terminalless.run(Map.of("CLICOLOR_FORCE", "1", "NO_COLOR", "1"), "config", "show", "--lr",
        "0").err().startsWith("error"));
  }

  @Test void failure_notForeseen_isAReportAndStatus1() throws IOException {
    var flags = new Flags();
    flags.runsDir = folder.resolve("runs").toString();
    var err = new java.io.ByteArrayOutputStream();
    var talk = Terminalless.talk(err, flags, Map.of(), Terminal.NONE);
    assertEquals(1, Main.failed(new IllegalStateException("broken \u001b"), new String[] {"train", "x"}, talk));
    var report = Files.list(folder.resolve("runs")).toList();
    assertEquals(1, report.size());
    assertTrue(report.getFirst().getFileName().toString().matches("crash-\\d{8}-\\d{6}-\\d{3}\\.txt"), report.toString());
    var text = Files.readString(report.getFirst());
    assertTrue(text.startsWith("unroll 0.") && text.contains("\narguments: train x\n")
        && text.contains("IllegalStateException: broken"), text);
    var said = err.toString(java.nio.charset.StandardCharsets.UTF_8);
    assertTrue(said.startsWith("a bug of ours: java.lang.IllegalStateException: broken \\u{1B}\nThe report is "
        + report.getFirst()), said);
  }

  @Test void failure_ofMemoryOrDisk_isStatus7() {
    var talk = Terminalless.talk(new java.io.ByteArrayOutputStream(), new Flags(), Map.of(), Terminal.NONE);
    assertEquals(7, Main.failed(new OutOfMemoryError("Java heap space"), new String[0], talk));
    assertEquals(7, Main.failed(new IOException("No space left on device"), new String[0], talk));
    assertEquals(4, Main.failed(new java.nio.file.NoSuchFileException("x"), new String[0], talk));
    assertEquals(7, Main.failed(new java.io.UncheckedIOException(new java.nio.file.AccessDeniedException("x")), new String[0],
        talk));
  }
}
