package org.unroll.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.unroll.file.Json;

/** A bug of ours: the report that is written when something is thrown that nobody foresaw. */
final class Crash {

  private Crash() {}

  /** Says what happened and where the report is; the stack itself where no report can be written. */
  static void tell(Throwable bug, String[] args, Talk talk) {
    var report = write(bug, args, talk.flags().runsDir());
    var what = Talk.printable(bug.toString());
    var where = report.map(file -> talk.text("crash.report", file)).orElseGet(() -> stack(bug));
    if (talk.flags().json) {
      var error = new LinkedHashMap<String, Object>();
      error.put("code", "bug");
      error.put("title", talk.text("crash.head"));
      error.put("message", what);
      error.put("why", where);
      error.put("exit", 1);
      talk.line(Json.shown(Talk.leveled(Talk.Level.ERROR, "error", error)));
      return;
    }
    talk.line(talk.color(Talk.Style.RED, talk.text("crash.head")) + ": " + what);
    talk.line(where);
  }

  /** Writes {@code crash-….txt} into the folder, or into the system's temporary one; empty when neither can be written. */
  static Optional<Path> write(Throwable bug, String[] args, String folder) {
    var name = "crash-" + DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS").withZone(ZoneOffset.UTC).format(Instant.now())
        + ".txt";
    var report = String.join("\n", "unroll " + Version.current(), "arguments: " + String.join(" ", args),
        "java: " + System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"),
        "system: " + System.getProperty("os.name") + " " + System.getProperty("os.version") + " " + System.getProperty("os.arch"),
        "processors: " + Runtime.getRuntime().availableProcessors() + ", heap: " + Runtime.getRuntime().maxMemory() + " bytes",
        "", stack(bug));
    for (var dir : List.of(folder, System.getProperty("java.io.tmpdir"))) {
      try {
        return Optional.of(Files.writeString(Files.createDirectories(Path.of(dir)).resolve(name), report));
      } catch (IOException | RuntimeException e) {
        continue;
      }
    }
    return Optional.empty();
  }

  static String stack(Throwable t) {
    var text = new StringWriter();
    t.printStackTrace(new PrintWriter(text));
    return text.toString().stripTrailing();
  }
}
