package org.unroll.cli;

import org.unroll.file.Json;
import static org.unroll.cli.Talk.printable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.unroll.fault.Fault;

/** A fault in its four parts: what, where with the lines that stand there, why, and how to mend it. */
final class FaultText {

  private FaultText() {}

  /** Tells a fault on standard error, as text or with {@code --json} as one object; the stack only with {@code -vv}. */
  static void tell(Fault fault, boolean json, Talk talk) {
    if (json) {
      talk.line(Json.shown(object(fault)));
    } else {
      lines(fault, talk).forEach(talk::line);
    }
    if (talk.flags().verbosity() >= 2) talk.line(Crash.stack(fault));
  }

  private static List<String> lines(Fault fault, Talk talk) {
    var lines = new ArrayList<String>();
    var head = talk.text("error.head") + " " + fault.code().label();
    lines.add(talk.color(Talk.Style.RED, head) + ": " + printable(fault.what()));
    if (talk.language() == Language.ZH) {
      HelpPages.title(fault.code(), talk.language()).ifPresent(t -> part(lines, talk, "error.title", List.of(t)));
    }
    if (!fault.where().isEmpty()) {
      var where = new ArrayList<>(List.of(printable(fault.where())));
      Excerpt.of(fault.where()).ifPresent(e -> where.addAll(e.lines()));
      part(lines, talk, "error.where", where);
    }
    if (!fault.why().isEmpty()) part(lines, talk, "error.why", List.of(printable(fault.why())));
    if (!fault.mend().isEmpty()) part(lines, talk, "error.mend", fault.mend().stream().map(Talk::printable).toList());
    return lines;
  }

  private static void part(List<String> lines, Talk talk, String key, List<String> texts) {
    var label = "  " + Width.pad(talk.text(key), 5) + "  ";
    for (int i = 0; i < texts.size(); i++) lines.add((i == 0 ? label : " ".repeat(9)) + texts.get(i));
  }

  private static Map<String, Object> object(Fault fault) {
    var where = new LinkedHashMap<String, Object>();
    Excerpt.of(fault.where()).ifPresentOrElse(e -> {
      where.put("file", e.file());
      where.put("line", e.line());
      where.put("col", e.col());
    }, () -> where.put("text", fault.where()));
    var error = new LinkedHashMap<String, Object>();
    error.put("code", fault.code().label());
    error.put("message", fault.what());
    error.put("where", fault.where().isEmpty() ? null : where);
    error.put("why", fault.why());
    error.put("mend", fault.mend());
    error.put("exit", fault.code().exit());
    return Map.of("error", error);
  }
}
