package org.unroll.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.tasks.text.Note;

/** The library says the deed, the command line what to type. */
class DeedsTest {
  private static String told(Fault fault, Language language) {
    var err = new ByteArrayOutputStream();
    FaultText.tell(fault, new Talk(Io.of(OutputStream.nullOutputStream(), err), new Flags(), language));
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test void deedOfAFault_isTypedInBothLanguages() {
    var f = Fault.of(Code.M002, "a text, not a model").because("a model is a .safetensors file").mend("name the file of a model")
        .mend("to learn from the text, train on a b.txt").mend("another way");
    assertEquals("""
        error UNR-M002: a text, not a model
          why    a model is a run, or a .safetensors file that 'unroll train' has written
          mend   all runs: unroll runs list
                 to learn from the text: unroll train --data a b.txt
                 another way
        """, told(f, Language.EN));
    assertTrue(told(f, Language.ZH).endsWith("""
          原因   模型是一个运行，或 unroll train 写出的 .safetensors 文件
          修正   全部运行：unroll runs list
                 要从该文本学习：unroll train --data a b.txt
                 another way
        """), told(f, Language.ZH));
  }

  @Test void figuresOfADeed_areThoseOfTheFlag() {
    assertEquals("--bptt 9", Deeds.typed("windows of 9 symbols"));
    assertEquals("--encoding utf-16", Deeds.typed("name that encoding: utf-16"));
    assertEquals("a.txt: is not UTF-8, read as GB18030 (--encoding forces another)",
        Deeds.typed(new Note("a.txt", "is not UTF-8, read as GB18030; another encoding can be named")));
    assertEquals("give more text", Deeds.typed("give more text"));
  }

  /** A text that was changed in the library would be told without its command. */
  @Test void everyDeed_standsInTheLibrary() throws IOException {
    var sources = new StringBuilder();
    for (var module : List.of("../core", "../tasks")) {
      try (var files = Files.walk(Path.of(module, "src/main/java"))) {
        for (var f : files.filter(f -> f.toString().endsWith(".java")).toList()) sources.append(Files.readString(f));
      }
    }
    for (var deed : Deeds.known()) {
      var longest = Arrays.stream(deed.split("%s")).max(Comparator.comparingInt(String::length)).orElseThrow();
      assertTrue(sources.indexOf("\"" + deed.substring(0, deed.indexOf(longest)).replace("%s", "%d") + longest) >= 0
          || sources.indexOf(longest) >= 0, deed);
      assertNotEquals(deed, Deeds.typed(deed));
    }
  }
}
