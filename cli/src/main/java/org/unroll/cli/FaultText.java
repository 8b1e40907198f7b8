package org.unroll.cli;

import static org.unroll.cli.Talk.printable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.unroll.fault.Fault;
import org.unroll.file.Json;

/**
 * A fault in its four parts: what, where with the lines that stand there, why, and how to mend it. In Chinese the head is the
 * title of its code, what follows is translated where {@link Chinese} knows it, and there is always a Chinese way to mend it.
 */
final class FaultText {

  private FaultText() {}

  /** Tells a fault on standard error, as text or with {@code --json} as one object; the stack only with {@code -vv}. */
  static void tell(Fault fault, Talk talk) {
    boolean stack = talk.flags().verbosity() >= 2;
    if (talk.flags().json) {
      talk.line(Json.shown(object(fault, stack, talk)));
      return;
    }
    (talk.language() == Language.ZH ? chinese(fault, talk) : english(fault, talk)).forEach(talk::line);
    if (stack) talk.line(Crash.stack(fault));
  }

  private static List<String> english(Fault fault, Talk talk) {
    var lines = new ArrayList<>(List.of(head(fault, fault.what(), talk)));
    where(lines, fault, talk);
    if (!fault.why().isEmpty()) part(lines, talk, "error.why", List.of(why(fault)));
    part(lines, talk, "error.mend", mends(fault, talk));
    return lines;
  }

  private static List<String> chinese(Fault fault, Talk talk) {
    var title = HelpPages.title(fault.code(), Language.ZH).orElse("");
    var lines = new ArrayList<>(List.of(head(fault, title, talk)));
    var what = Chinese.of(fault.what()).orElse(fault.what());
    if (!what.equals(title)) part(lines, talk, "error.detail", List.of(what));
    where(lines, fault, talk);
    if (!fault.why().isEmpty()) part(lines, talk, "error.why", List.of(Chinese.of(why(fault)).orElse(why(fault))));
    var ways = new ArrayList<String>();
    for (var way : ways(fault)) ways.add(talk.typed(Chinese.of(way).orElse(way)));
    boolean said = ways(fault).stream().anyMatch(way -> Chinese.of(way).isPresent());
    if (!said) ways.addAll(HelpPages.remedies(fault.code(), talk));
    part(lines, talk, "error.mend", ways);
    return lines;
  }

  private static String head(Fault fault, String text, Talk talk) {
    return talk.color(Talk.Style.RED, talk.text("error.head") + " " + fault.code().label()) + ": " + printable(text);
  }

  private static void where(List<String> lines, Fault fault, Talk talk) {
    if (fault.where().isEmpty()) return;
    part(lines, talk, "error.where", List.of(fault.where()));
    Excerpt.of(fault.where()).ifPresent(e -> e.lines().forEach(l -> lines.add(" ".repeat(9) + l)));
  }

  /** Those of the fault; those of its code's page where it has none. */
  private static List<String> mends(Fault fault, Talk talk) {
    return fault.mend().isEmpty() ? HelpPages.remedies(fault.code(), talk) : ways(fault).stream().map(talk::typed).toList();
  }

  private static List<String> ways(Fault fault) { return fault.mend().stream().map(Deeds::typed).toList(); }

  private static String why(Fault fault) { return Deeds.typed(fault.why()); }

  private static void part(List<String> lines, Talk talk, String key, List<String> texts) {
    var label = "  " + Width.pad(talk.text(key), 5) + "  ";
    for (int i = 0; i < texts.size(); i++) lines.add((i == 0 ? label : " ".repeat(9)) + printable(texts.get(i)));
  }

  private static Map<String, Object> object(Fault fault, boolean stack, Talk talk) {
    var where = new LinkedHashMap<String, Object>();
    Excerpt.of(fault.where()).ifPresentOrElse(e -> {
      where.put("file", e.file());
      where.put("line", e.line());
      where.put("col", e.col());
    }, () -> where.put("text", fault.where()));
    var error = new LinkedHashMap<String, Object>();
    error.put("code", fault.code().label());
    error.put("title", HelpPages.title(fault.code(), talk.language()).orElse(""));
    error.put("message", fault.what());
    error.put("where", fault.where().isEmpty() ? null : where);
    error.put("why", why(fault));
    error.put("mend", mends(fault, talk));
    error.put("exit", fault.code().exit());
    if (stack) error.put("stack", Crash.stack(fault));
    return Talk.leveled(Talk.Level.ERROR, "error", error);
  }
}
