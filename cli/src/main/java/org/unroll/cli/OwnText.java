package org.unroll.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;

/** The text that every checkout has: the sources and pages of Unroll itself. */
final class OwnText {
  /** Code points: what a minute of training can read several times. */
  private static final int MOST = 400_000;

  private OwnText() {}

  /**
   * Gathers it into one file of the runs folder, so that the run can be resumed when the sources have changed. The files come
   * in an order that mixes them: what is kept apart for testing is then of the same kind as the rest.
   */
  static Path write(Path runs, Talk talk) {
    var root = checkout().orElseThrow(() -> Fault.of(Code.D001, "there is no text to learn from")
        .because("outside a checkout Unroll has no sources to read").mend("unroll quickstart --data FILE"));
    try {
      var text = new StringBuilder();
      int taken = 0;
      for (var file : sources(root)) {
        var content = Files.readString(file);
        if (text.length() + content.length() > MOST) continue;
        text.append(content).append('\n');
        taken++;
      }
      var bytes = text.toString().getBytes(StandardCharsets.UTF_8);
      var crc = new CRC32C();
      crc.update(bytes);
      var into = Files.createDirectories(runs).resolve("quickstart-%08x.txt".formatted(crc.getValue()));
      Files.write(into, bytes);
      talk.say("quickstart.own", taken, root, into);
      return into;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The folder that holds the module folders, found from where this program lies. */
  private static Optional<Path> checkout() {
    try {
      var source = OwnText.class.getProtectionDomain().getCodeSource();
      for (var p = source == null ? null : Path.of(source.getLocation().toURI()); p != null; p = p.getParent()) {
        if (Files.isDirectory(p.resolve("core/src")) && Files.exists(p.resolve("README.md"))) return Optional.of(p);
      }
      return Optional.empty();
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  private static List<Path> sources(Path root) throws IOException {
    var found = new ArrayList<Path>();
    try (var files = Files.walk(root)) {
      files.filter(f -> f.toString().matches(".*\\.(md|java)")).filter(f -> !hidden(root.relativize(f)))
          .filter(Files::isRegularFile)
          .forEach(found::add);
    }
    found.sort(Comparator.comparing((Path f) -> mixed(root.relativize(f))).thenComparing(f -> f));
    return found;
  }

  private static boolean hidden(Path p) {
    for (var part : p) if (part.toString().startsWith(".") || part.toString().matches("target|runs|.*zh.*")) return true;
    return false;
  }

  private static long mixed(Path p) {
    var crc = new CRC32C();
    crc.update(p.toString().replace('\\', '/').getBytes(StandardCharsets.UTF_8));
    return crc.getValue();
  }
}
