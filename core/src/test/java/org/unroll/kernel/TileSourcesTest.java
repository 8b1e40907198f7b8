package org.unroll.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class TileSourcesTest {
  @Test void tiles_committed_areWhatTheGeneratorPrints() throws IOException {
    for (var e : TileSources.all().entrySet()) {
      assertEquals(e.getValue(), Files.readString(Path.of("src/main/java/org/unroll/kernel", e.getKey())), e.getKey());
    }
  }
}
