package org.unroll.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The version that the build wrote down. */
final class Version {

  private Version() {}

  static String current() {
    try (var in = Version.class.getResourceAsStream("version.properties")) {
      var p = new Properties();
      p.load(in);
      return p.getProperty("version");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
