package org.unroll.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Properties;

/** Which Unroll is measured. */
final class Version {
  private Version() {}

  /** The version that the build wrote down and, where its classes lie in a checkout and Git is there, the checkout's commit. */
  static String current() {
    try (var in = Version.class.getResourceAsStream("version.properties")) {
      var p = new Properties();
      if (in != null) p.load(in);
      return text(p.getProperty("version", "of no known version"), commit());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** @param commit as {@code git describe --dirty} tells it; empty if it is not known */
  static String text(String version, String commit) {
    if (commit.isEmpty()) return version;
    return version + ", commit " + commit.replaceFirst("-dirty$", " with changes that are not committed");
  }

  private static String commit() {
    try {
      var classes = Path.of(Version.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      var git = new ProcessBuilder("git", "-C", classes.toString(), "describe", "--always", "--dirty", "--abbrev=10", "--exclude=*")
          .redirectError(ProcessBuilder.Redirect.DISCARD).start();
      String told;
      try (var out = git.inputReader()) {
        told = out.readLine();
      }
      return git.waitFor() == 0 && told != null ? told : "";
    } catch (IOException | URISyntaxException e) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }
}
