package org.unroll.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.unroll.fault.Code;
import picocli.CommandLine;

class CommandsTest {
  @TempDir Path folder;

  private static String out(String... args) {
    var r = Terminalless.run(args);
    assertEquals("", r.err());
    assertEquals(0, r.status());
    return r.out();
  }

  @ParameterizedTest
  @EnumSource
  void code_everyOne_hasAPageInBothLanguages(Code code) {
    for (var language : Language.values()) {
      assertTrue(HelpPages.title(code, language).filter(t -> !t.isBlank()).isPresent(), code + " " + language);
      assertTrue(HelpPages.page(code, language).size() >= 2, code + " " + language);
    }
  }

  @Test void messages_everyKey_isThereInBothLanguages() {
    var en = new TreeSet<>(Language.EN.messages().keySet());
    assertEquals(en, new TreeSet<>(Language.ZH.messages().keySet()));
    for (var k : en) {
      assertEquals(holes(Language.EN, k), holes(Language.ZH, k), k);
    }
  }

  private static String holes(Language language, String key) {
    return language.messages().getString(key).replaceAll("%n", "").replaceAll("[^%]*(%[-0-9.]*[a-z])?", "$1");
  }

  @Test void commands_everyOne_hasAHeaderAndDescribedFlags() {
    for (var language : Language.values()) {
      var talk = new Talk(Io.of(java.io.OutputStream.nullOutputStream(), java.io.OutputStream.nullOutputStream()), new Flags(),
          language);
      described(Main.commands(talk), language);
    }
  }

  private static void described(CommandLine command, Language language) {
    var spec = command.getCommandSpec();
    assertEquals(1, spec.usageMessage().header().length, spec.qualifiedName());
    for (var a : spec.args()) assertTrue(a.description().length == 1, language + " " + spec.qualifiedName() + " "
        + a.paramLabel());
    command.getSubcommands().values().forEach(c -> described(c, language));
  }

  @Test void help_ofACode_isItsPage() {
    assertTrue(out("help", "UNR-C012").startsWith("UNR-C012  An unknown key  (exit status 3)\n\nThere is no key"));
    assertEquals(out("help", "UNR-C012"), out("help", "c012"));
    assertTrue(out("--lang", "zh", "help", "UNR-C012").startsWith("UNR-C012  未知的键  （退出码 3）".replace("（", "(").replace("）", ")")));
    assertEquals(Code.values().length, out("help", "codes").lines().count());
  }

  @Test void help_ofACommand_isItsUsage() {
    assertEquals(out("config", "show", "--help"), out("help", "config", "show"));
    assertTrue(out("help", "init").contains("--hidden=N            model.hidden: width of each recurrent layer [256]\n"));
    assertTrue(out("--help").contains("\nCommands:\n  quickstart "));
    assertTrue(out("--lang", "zh", "--help").contains("\n用法：unroll [选项] [命令]\n"));
    assertTrue(out("--lang", "zh", "help", "train").contains("\n用法：unroll train [选项] [CONFIG...]\n"));
    assertTrue(out("--lang", "zh", "runs", "--help").contains("\n用法：unroll runs [选项] [命令]\n"));
  }

  @Test void help_unknownTopic_isUsage() {
    var r = Terminalless.run("help", "UNR-C013X");
    assertEquals("error UNR-U001: no help on UNR-C013X\n  mend   did you mean UNR-C013?\n         all commands: unroll help\n"
        + "         all codes: unroll help codes\n", r.err());
    assertEquals(2, r.status());
  }

  @Test void language_comesFromTheFlagThenTheEnvironment() {
    assertEquals(Language.ZH, Language.of(new String[] {"--lang=zh"}, Map.of("UNROLL_LANG", "en")));
    assertEquals(Language.EN, Language.of(new String[] {"x", "--lang", "en"}, Map.of("LANG", "zh_CN.UTF-8")));
    assertEquals(Language.ZH, Language.of(new String[0], Map.of("UNROLL_LANG", "zh", "LC_ALL", "C.UTF-8")));
    assertEquals(Language.ZH, Language.of(new String[0], Map.of("LANG", "zh_CN.UTF-8")));
    assertEquals(Language.EN, Language.of(new String[0], Map.of("LC_ALL", "en_US.UTF-8", "LANG", "zh_CN.UTF-8")));
    assertEquals(Language.EN, Language.of(new String[] {"--", "--lang", "zh"}, Map.of()));
  }

  @Test void init_asFile_isReadBackAsItself() throws IOException {
    for (var lang : new String[] {"en", "zh"}) {
      var file = Files.writeString(folder.resolve(lang + ".yaml"), out("--lang", lang, "init", "lm", "--preset", "char-zh",
          "--hidden", "99", "--embed", "99"));
      var shown = out("config", "show", file.toString());
      assertEquals(out("config", "show", "--preset", "char-zh", "--hidden=99", "--embed=99"), shown);
      assertTrue(shown.contains("model.hidden = 99\n"));
    }
  }

  @Test void configShow_withOrigin_namesEveryLayer() throws IOException {
    var file = Files.writeString(folder.resolve("a.yaml"), "model:\n  embed: 5\n");
    var r = Terminalless.run(Map.of("UNROLL_SET", "train.batch=3"), "config", "show", file.toString(), "--preset", "word",
        "--set",
        "model.tie=false", "--lr", "1e-3", "--seed", "4", "--encoding", "gbk", "--data", "a", "--data", "b", "--origin");
    assertEquals(0, r.status(), r.err());
    for (var line : new String[] {"model.embed = 5 # " + file + ":2:10", "train.batch = 3 # UNROLL_SET",
        "data.unit = word # preset word",
        "model.tie = false # --set model.tie=false", "train.lr = 1e-3 # --lr 1e-3", "train.seed = 4 # --seed 4",
        "data.encoding = gbk # --encoding gbk", "data.train = [a, b] # --data a --data b", "train.clip = 1 # default"}) {
      assertTrue(r.out().lines().map(l -> l.replaceAll(" +", " ")).anyMatch(line::equals), line + "\n" + r.out());
    }
  }

  @Test void configKeys_withPrefix_areThose() {
    assertEquals("train.lr              2e-3       learning rate  (--lr)\n" + " ".repeat(33) + "> 0\n",
        out("config", "keys", "train.lr").lines().limit(2).map(l -> l + "\n").reduce("", String::concat));
    assertTrue(out("config", "keys", "ngram.order", "--json").startsWith("{\"v\":1,\"key\":\"ngram.order\",\"default\":5,"));
    var r = Terminalless.run("config", "keys", "trian");
    assertEquals("error UNR-C012: unknown key trian\n  mend   did you mean train?\n         all keys: unroll config keys\n",
        r.err());
    assertEquals(3, r.status());
  }

  @Test void configSchema_isOneJsonObject() {
    var schema = out("config", "schema");
    assertTrue(schema.startsWith("{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"type\":\"object\","), schema);
    assertTrue(schema.contains("\"lr\":{\"description\":\"learning rate\",\"type\":\"number\","
        + "\"exclusiveMinimum\":0.0,\"default\":0.002}"));
  }

  @Test void completion_ofBothShells_namesTheCommands() {
    for (var shell : new String[] {"bash", "zsh"}) {
      assertTrue(out("completion", shell).contains("function _picocli_unroll_config_show()"), shell);
      for (var words : java.util.List.of("\"char-en\" \"char-zh\" \"word\"", "\"sgd\" \"momentum\"", "\"continuous\" \"line\"")) {
        boolean flag = !words.contains("line"); // data.documents has no flag of its own
        assertEquals(flag, out("completion", shell).contains(words), words);
      }
    }
  }

  /** What bash offers for these words, the last of which is not typed to its end; "files" where it is left to complete file names. */
  private String offered(String... words) throws Exception {
    var script = Files.writeString(folder.resolve("completion.sh"), out("completion", "bash"));
    var typed = "unroll " + String.join(" ", words);
    var bash = new ProcessBuilder("bash", "-c", "files=files; compopt() { [ \"$*\" = '+o default' ] && files=none; }; source '" + script
        + "'; complete -p unroll | grep -q -- '-o default' || files=none; COMP_WORDS=(" + typed + (words[words.length - 1].isEmpty() ? "''" : "")
        + "); COMP_CWORD=" + words.length + "; COMP_LINE='" + typed + "'; COMP_POINT=${#COMP_LINE}; _complete_unroll; "
        + "echo ${COMPREPLY[*]:-$files}").redirectErrorStream(true).start();
    var said = new String(bash.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    assertEquals(0, bash.waitFor(), said);
    return said.strip();
  }

  @Test void completion_inBash_offersWhatTheFlagTakes() throws Exception {
    org.junit.jupiter.api.Assumptions.assumeTrue(Files.isExecutable(java.nio.file.Path.of("/bin/bash")), "no bash here");
    assertEquals("lstm lstm-peephole lstm-coupled lstm-coupled-peephole lstm-1997 lstm-ln lstm-ln-sum", offered("train", "--cell", "ls"));
    assertEquals("sgd momentum nesterov adagrad adadelta rmsprop adam adamw", offered("train", "--optimizer", ""));
    assertEquals("char word", offered("data", "check", "--unit", ""));
    assertEquals("files", offered("train", "--data", ""));
    assertEquals("files", offered("data", "check", "poe"));
    var seen = new java.util.HashSet<String>();
    for (var line : out("completion", "bash").lines().toList()) {
      if (line.startsWith("function ")) seen.clear();
      if (line.matches("  local \\w+_option_args=.*")) assertTrue(seen.add(line.substring(8, line.indexOf('='))), line);
    }
  }

  @Test void version_isThatOfTheBuild() {
    assertTrue(out("version").startsWith("unroll 0."), out("version"));
    assertEquals(out("version"), out("--version"));
    assertTrue(out("version", "--json").startsWith("{\"v\":1,\"unroll\":\"0."));
    assertTrue(Arrays.asList(out("version").split("[ (]")).contains("Java"));
  }
}
