package org.unroll.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class VersionTest {
  @Test
  void current_beginsWithTheVersionOfTheBuild() {
    assertTrue(Version.current().matches("\\d+\\.\\d+\\.\\d+(-SNAPSHOT)?(, commit [0-9a-f]{10,}( with changes that are not committed)?)?"),
        Version.current());
  }

  @Test
  void text_tellsTheCommit_andWhetherThereIsMore() {
    assertEquals("0.1.0", Version.text("0.1.0", ""));
    assertEquals("0.1.0, commit 0123456789", Version.text("0.1.0", "0123456789"));
    assertEquals("0.1.0, commit 0123456789 with changes that are not committed", Version.text("0.1.0", "0123456789-dirty"));
  }
}
