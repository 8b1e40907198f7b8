package org.unroll.tasks.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RealTextTest {
  @TempDir Path dir;

  private static Path data(String file) {
    var root = System.getenv("UNROLL_DATA") != null ? Path.of(System.getenv("UNROLL_DATA")) : Path.of("../../shared/data");
    assumeTrue(Files.exists(root.resolve(file)), "no " + root.resolve(file) + " here");
    return root.resolve(file);
  }

  @Test
  void tinyShakespeare_has65Symbols() {
    var c = Corpus.read(List.of(data("tinyshakespeare/input.txt").toString()), TextOptions.chars());
    assertEquals(65, c.vocabulary().size() - 1);
    assertEquals(1_115_394, c.size());
    assertEquals(" ", c.vocabulary().symbol(1));
    var s = c.split(0.05, 0.05);
    assertEquals(1_003_854, s.train().size());
    assertEquals(55_770, s.dev().size());
    assertEquals(55_770, s.test().size());
    var m = NGram.of(s.train(), c.vocabulary().size(), 5, 1L << 30);
    double nats = m.nllPerToken(s.dev());
    assertTrue(nats > 1.45 && nats < 1.75, nats + " nats a character"); // a published Kneser-Ney 5-gram is near 1.6
  }

  @Test
  void gb18030Novel_isReadAsItsUtf8Form() throws IOException {
    var utf8 = data("chinese-novels/sanguoyanyi.txt");
    var text = Files.readString(utf8).substring(0, 200_000);
    var gb = Files.write(dir.resolve("gb.txt"), text.getBytes("GB18030"));
    var a = Corpus.of("t", text, TextOptions.chars());
    var b = Corpus.read(List.of(gb.toString()), TextOptions.chars());
    assertEquals("GB18030", b.files().getFirst().encoding());
    assertArrayEquals(a.all().toArray(), b.all().toArray());
    assertTrue(b.notes().stream().anyMatch(n -> n.what().endsWith("CR LF line ends became LF")));
  }
}
