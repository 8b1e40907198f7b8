package org.unroll.cli;

import java.util.LinkedHashMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code unroll version}: the version of Unroll and of the Java below it. */
@Command(name = "version")
final class VersionCommand implements Callable<Integer> {
  private final Talk talk;

  VersionCommand(Talk talk) { this.talk = talk; }

  @Override public Integer call() {
    var java = System.getProperty("java.vendor.version", System.getProperty("java.vendor"));
    if (talk.flags().json) {
      var o = new LinkedHashMap<String, Object>();
      o.put("v", 1);
      o.put("unroll", Version.current());
      o.put("java", Runtime.version().toString());
      talk.json(o);
    } else {
      talk.data("unroll " + Version.current() + " (Java " + Runtime.version() + ", " + java + ")");
    }
    return 0;
  }
}
