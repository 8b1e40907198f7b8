package org.unroll.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.tasks.config.LmKeys;
import org.unroll.tasks.config.Type;

class ChineseTest {
  private static final String HAN = ".*\\p{IsHan}.*";

  private static String told(Fault fault) {
    var err = new ByteArrayOutputStream();
    var io = Io.of(java.io.OutputStream.nullOutputStream(), err);
    FaultText.tell(fault, new Talk(io, new Flags(), Language.ZH));
    return err.toString(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @EnumSource
  void fault_withoutAWay_hasThatOfItsPage(Code code) {
    var err = new ByteArrayOutputStream();
    FaultText.tell(Fault.of(code, "qqq"), Terminalless.talk(err, new Flags(), Map.of(), Terminal.NONE));
    assertTrue(err.toString(StandardCharsets.UTF_8).matches("(?s)error UNR-" + code + ": qqq\n  mend   \\S.*"), err.toString(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @EnumSource
  void fault_ofEveryCode_hasAChineseHeadAndRemedy(Code code) {
    var lines = told(Fault.of(code, "qqq").because("rrr").mend("sss")).lines().toList();
    assertTrue(lines.getFirst().startsWith("错误 UNR-" + code + ": ") && lines.getFirst().substring(8).matches(HAN), lines.toString());
    assertEquals("  说明   qqq", lines.get(1));
    assertEquals("  原因   rrr", lines.get(2));
    assertEquals("  修正   sss", lines.get(3));
    assertTrue(lines.size() > 4 && lines.get(4).matches(HAN), lines.toString());
  }

  @Test void fault_thatTheTableKnows_isChinese() {
    assertEquals("""
        错误 UNR-D007: 未知符号
          说明   2 个符号不在词表中：Z 天
          修正   去掉其中一个
        """, told(Fault.of(Code.D007, "2 symbols are not in the vocabulary: Z 天").mend("leave one of them out")));
    assertEquals(Optional.of("x = 1 为 \"a\"，应为 1 到 3 的整数"), Chinese.of("x = 1 is \"a\", must be a whole number from 1 to 3"));
    assertEquals(Optional.of("7 个符号中有 3 个不在词表中：a b"), Chinese.of("3 of 7 symbols are not in the vocabulary: a b"));
    assertEquals(Optional.of("--max 为 1\n2，应为 不小于 0 的整数"), Chinese.of("--max is 1\n2, must be a whole number, at least 0"));
    assertEquals(Optional.of("文本不含 NUL，控制字符不超过 1 %"), Chinese.of("text has no NUL and at most 1 % control characters"));
    assertEquals(Optional.of("训练在第 2 步发散：损失为 NaN，梯度不是有限数"), Chinese.of("the training diverged at step 2: loss NaN, gradient not finite"));
    assertEquals(Optional.empty(), Chinese.of("nobody has said this"));
  }

  @Test void notes_areChinese() throws IOException {
    var folder = Files.createTempDirectory("notes");
    Files.write(folder.resolve("a.txt"), "the cat sat\r\non the mat\r\n".repeat(90).getBytes(StandardCharsets.UTF_8));
    Files.write(folder.resolve(".b"), new byte[] {'a'});
    Files.write(folder.resolve("c.bin"), new byte[] {0});
    Files.write(folder.resolve("d.txt"), new byte[0]);
    var said = Terminalless.run("--lang", "zh", "data", "check", folder.toString()).out();
    assertTrue(said.contains("\n· " + folder + ": 跳过 1 个二进制文件：c.bin\n· " + folder + ": 跳过 1 个空文件：d.txt\n· " + folder + ": 跳过 1 个隐藏文件：.b\n"
        + "· " + folder.resolve("a.txt") + ": 180 个 CR LF 换行改为 LF\n"), said);
    assertTrue(said.contains("\n▲ 训练部分的 162 行中有 162 行（100.0 %）也在开发部分\n"), said);
    assertTrue(Terminalless.run("data", "check", folder.toString()).out().contains("180 CR LF line ends became LF"));
  }

  /** A message that was changed in the sources would stay English without a word. */
  @Test void table_everyMessage_standsInTheSources() throws IOException {
    String sources = Stream.of("../core", "../tasks", ".").map(m -> Path.of(m, "src/main/java")).flatMap(ChineseTest::files)
        .map(ChineseTest::read).collect(Collectors.joining("\n")) + Files.readString(Path.of("src/main/resources/org/unroll/cli/deeds.txt"));
    var rules = rules();
    for (var message : Chinese.known()) {
      if (rules.stream().anyMatch(r -> ("key is " + r).matches("(key is )?" + quoted(message)))) continue; // put together from pieces
      var longest = Arrays.stream(message.split("%s| is | are ")).max(Comparator.comparingInt(String::length)).orElseThrow();
      var written = longest.strip().replace("\"", "\\\"");
      assertTrue(sources.contains(written) || sources.contains(written.replaceAll("(symbol|warning)s?", "$1%s")), message);
    }
  }

  /** What nobody meets who uses the commands: arguments of the library, annotated data. */
  private static final List<String> OF_THE_LIBRARY = List.of("tag", "longrange", "errata", "Beam.java", "NGram.java", "Sampling.java", "TextOptions.java", "Vocabulary.java");
  /** Of core, what refuses a spec that somebody wrote. */
  private static final List<String> OF_A_SPEC = List.of("Spec.java", "SpecFields.java", "SpecJson.java", "Start.java", "Network.java", "Noise.java",
      "Scan.java", "Residual.java", "MatrixMemory.java");
  private static final String LITERAL = "\"((?:[^\"\\\\]|\\\\.)*)\"";
  private static final Pattern MESSAGE = Pattern.compile("(?:Fault\\.of\\(\\s*(?:Code\\.)?\\w+,\\s*|usage\\(\\s*|\\.because\\(\\s*|\\.mend\\(\\s*)"
      + LITERAL + "((?:\\s*\\+\\s*(?:" + LITERAL + "|[\\w.()]+))*)");
  private static final Pattern NEXT = Pattern.compile("\\+\\s*(?:" + LITERAL + "|[\\w.()]+)");
  private static final Pattern COMMAND = Pattern.compile("(--|unroll |export |/|[\\w.]+: ).*|(7|is|and|model|[ .])+");

  /** The parts of every fault that the commands and what stands below them can throw. A part that is a command is the same in both. */
  @Test void table_hasEveryMessage_thatCommandsThrow() {
    var lacking = new TreeSet<String>();
    for (var folder : List.of("src/main/java", "../tasks/src/main/java", "../core/src/main/java")) {
      for (var file : files(Path.of(folder)).toList()) {
        if (folder.contains("core") && !OF_A_SPEC.contains(file.getFileName().toString())) continue;
        if (OF_THE_LIBRARY.contains(file.getFileName().toString()) || OF_THE_LIBRARY.contains(file.getParent().getFileName().toString())) continue;
        for (var m = MESSAGE.matcher(read(file)); m.find();) {
          var english = Deeds.typed(english(m.group(1), m.group(2)));
          if (!COMMAND.matcher(english).matches() && Chinese.of(english).isEmpty()) lacking.add(file.getFileName() + ": " + english);
        }
      }
    }
    assertEquals(Set.of(), lacking);
  }

  /** The text with something in its holes. */
  private static String english(String first, String more) {
    var s = new StringBuilder(first);
    for (var m = NEXT.matcher(more); m.find();) s.append(m.group(1) == null ? "s" : m.group(1));
    return s.toString().replace("\\\"", "\"").replaceAll("symbol%s", "symbols").replaceAll("warning%s", "warnings").replaceAll("%[,\\d$.]*[dfsX]", "7")
        .replace("%%", "%");
  }

  private static String quoted(String message) {
    return Stream.of(message.split("%s", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
  }

  private static List<String> rules() {
    return LmKeys.KEYS.all().stream().map(k -> k.type()).filter(t -> !(t instanceof Type.Text || t instanceof Type.Files
        || t instanceof Type.Size)).map(Type::rule).distinct().toList();
  }

  @Test void rules_ofEveryKey_areChinese() {
    assertTrue(rules().size() > 8, rules().toString());
    for (var rule : rules()) assertTrue(Chinese.of(rule).isPresent(), rule);
  }

  private static Stream<Path> files(Path folder) {
    try (var files = Files.walk(folder)) {
      return files.filter(f -> f.toString().endsWith(".java")).toList().stream();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
