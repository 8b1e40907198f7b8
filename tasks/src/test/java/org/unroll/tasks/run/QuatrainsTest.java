package org.unroll.tasks.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuatrainsTest {
  @TempDir Path dir;

  @Test void isOne_countsLinesAndCharacters() {
    assertTrue(Quatrains.isOne("白日依山盡，\n黃河入海流。\n欲窮千里目，\n更上一層樓。\n\n"));
    assertFalse(Quatrains.isOne("白日依山盡，\n黃河入海流。\n欲窮千里目，\n更上一層樓。\n"), "no end");
    assertFalse(Quatrains.isOne("白日依山盡，\n黃河入海流。\n欲窮千里目，\n\n"), "three lines");
    assertFalse(Quatrains.isOne("白日依山盡，\n黃河入海流。\n欲窮千里目，\n更上一樓。\n\n"), "a short line");
    assertFalse(Quatrains.isOne("白日山盡，\n黃河海流。\n欲窮里目，\n更上層樓。\n\n"), "lines of four");
    assertFalse(Quatrains.isOne("\n白日依山盡，\n黃河入海流。\n欲窮千里目，\n更上一層樓。\n\n"), "begins with an empty line");
  }

  @Test void read_theFile_givesPoemsThatAreQuatrains() throws Exception {
    var poems = Quatrains.read(Campaigns.data("tang-poetry/tang-quatrains.json"));
    assertEquals(12_086, poems.size());
    assertTrue(poems.stream().allMatch(Quatrains::isOne));
    assertEquals("四時運灰琯，\n一夕變冬春。\n送寒餘雪盡，\n迎歲早梅新。\n\n", poems.getFirst());
    assertEquals(1_208, Quatrains.lines(Quatrains.part(poems, true)).size() / 4);
  }

  @Test void programOfTheDocs_writesTheSameText() throws Exception {
    var json = Campaigns.data("tang-poetry/tang-quatrains.json");
    Path train = dir.resolve("train.txt"), held = dir.resolve("held.txt");
    var command = List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "../docs/Quatrains.java", json.toString(), train.toString(),
        held.toString());
    assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
    var poems = Quatrains.read(json);
    assertEquals(Quatrains.part(poems, false), Files.readString(train));
    assertEquals(Quatrains.part(poems, true), Files.readString(held));
  }
}
