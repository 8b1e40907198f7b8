package org.unroll.house;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.TreePathScanner;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The equations of the Javadocs as one page, {@code docs/equations.md}: each with its source and the line of code that computes it. */
final class EquationsPage {
  private static final Pattern TAG = Pattern.compile("\\((B?\\d+)\\)");
  private static final Pattern TAGGED = Pattern.compile("^\\s*(.*?)\\s*//((?: \\(B?\\d+\\))+)\\s*$");
  private static final Pattern VALUE = Pattern.compile("\\{@value #(\\w+)}");
  private static final Pattern FIRST_AT = Pattern.compile("(?m)^ ?@(param|return|throws)\\b");

  /** Packages with equations, in the order of the page. */
  private static final List<String> PARTS = List.of("cell", "layer", "head", "hopfield", "optim", "look", "tasks", "reference");

  /** Of the tasks, those that compute what the documents number; the others count and name. */
  private static final Pattern TASKS = Pattern.compile("tasks/org/unroll/tasks/(lm/Evaluator|text/Sampling)\\.java");
  private static final Map<String, String> TITLES = Map.of("cell", "Cells", "layer", "Layers", "head", "Heads", "hopfield", "Hopfield's network",
      "optim", "Optimizers, clipping, schedules", "look", "The glass box", "tasks", "Language models", "reference", "The reference: the same once more, in double");

  /** A type, or a method, with the formulas in its Javadoc. */
  private record Entry(Source source, String type, String doc) {
    String file() { return source.name().substring(source.name().lastIndexOf('/') + 1); }

    String link() { return "../" + source.name().replaceFirst("/", "/src/main/java/"); }
  }

  private EquationsPage() {}

  static String of(List<Source> all) {
    var out = new StringBuilder("""
        # Equations

        Made of the Javadocs by `EquationsPageTest`, which also says when it is stale. Letters are defined in [notation.md](notation.md);
        a prime is the step before, δv is ∂L/∂v, (B…) is the way back. Each numbered equation stands here with its source and with the
        line of code that ends in its number; a name leads to the file. What the documents print wrongly: [errata.md](errata.md).

        """);
    var byPart = byPart(all);
    for (var part : PARTS) {
      out.append("- ").append(TITLES.get(part)).append(": ").append(String.join(" · ", byPart.get(part).stream()
          .map(e -> "[" + e.type + "](#" + anchor(e) + ")").toList())).append('\n');
    }
    for (var part : PARTS) {
      out.append("\n## ").append(TITLES.get(part)).append('\n');
      byPart.get(part).forEach(e -> write(out, e));
    }
    return out.toString();
  }

  private static Map<String, List<Entry>> byPart(List<Source> all) {
    var byPart = new TreeMap<String, List<Entry>>();
    for (var p : Source.parse(all.stream().filter(s -> of(s) && PARTS.contains(Rules.part(s))).toList())) {
      byPart.computeIfAbsent(Rules.part(p.source()), _ -> new ArrayList<>()).addAll(entries(p));
    }
    return byPart;
  }

  private static boolean of(Source s) { return s.name().startsWith("core/") || TASKS.matcher(s.name()).matches(); }

  /** Numbered equations of which no line of code bears the number. */
  static List<String> withoutCode(List<Source> all) {
    var missing = new ArrayList<String>();
    byPart(all).values().stream().flatMap(List::stream).forEach(e -> listed(e).stream().filter(tag -> code(e.source, tag).isEmpty())
        .forEach(tag -> missing.add(Rules.part(e.source) + "." + e.type + " (" + tag + ")")));
    return missing;
  }

  private static String anchor(Entry e) { return Rules.part(e.source) + "-" + e.type.toLowerCase(Locale.ROOT).replace(".", "-"); }

  private static List<Entry> entries(Source.Parsed p) {
    var found = new ArrayList<Entry>();
    new TreePathScanner<Void, String>() {
      @Override public Void visitClass(ClassTree type, String outer) {
        var name = outer.isEmpty() ? type.getSimpleName().toString() : outer + "." + type.getSimpleName();
        add(name);
        return super.visitClass(type, name);
      }

      @Override public Void visitMethod(MethodTree m, String outer) {
        add(outer + "." + m.getName());
        return null;
      }

      private void add(String name) {
        var doc = p.trees().getDocComment(getCurrentPath());
        if (doc == null) return;
        var at = FIRST_AT.matcher(doc);
        var text = at.find() ? doc.substring(0, at.start()) : doc;
        if (TAG.matcher(text).find()) found.add(new Entry(p.source(), name, text));
      }
    }.scan(p.unit(), "");
    return found;
  }

  private static void write(StringBuilder out, Entry e) {
    out.append("\n<a id=\"").append(anchor(e)).append("\"></a>\n### ").append(e.type).append("\n\n[").append(e.file()).append("](")
        .append(e.link()).append("): ").append(prose(values(e))).append('\n');
    var rows = new ArrayList<String>();
    for (var tag : listed(e)) {
      for (var code : code(e.source, tag)) rows.add("| (" + tag + ") | `" + code.replace("|", "\\|") + "` |\n");
    }
    if (rows.isEmpty()) return;
    out.append("\n| | line of code |\n|---|---|\n");
    rows.forEach(out::append);
  }

  private static List<String> listed(Entry e) {
    var listed = new ArrayList<String>();
    TAG.matcher(e.doc).results().map(m -> m.group(1)).filter(t -> !listed.contains(t)).forEach(listed::add);
    listed.sort(Comparator.comparing((String t) -> t.startsWith("B")).thenComparing(t -> Integer.parseInt(t.replace("B", ""))));
    return listed;
  }

  /** The lines of code that end in a number. */
  private static List<String> code(Source s, String tag) {
    var found = new ArrayList<String>();
    for (var line : s.text().lines().toList()) {
      var m = TAGGED.matcher(line);
      if (!m.find() || line.strip().startsWith("*") || m.group(1).isEmpty()) continue;
      if (TAG.matcher(m.group(2)).results().anyMatch(t -> t.group(1).equals(tag))) found.add(m.group(1));
    }
    return found;
  }

  /** The Javadoc with the constants that it names. */
  private static String values(Entry e) {
    return VALUE.matcher(e.doc).replaceAll(m -> {
      var constant = Pattern.compile("\\b" + m.group(1) + " = ([^;]+);").matcher(e.source.text());
      return constant.find() ? constant.group(1) : m.group();
    });
  }

  /** Javadoc as Markdown. */
  private static String prose(String doc) {
    var out = new StringBuilder();
    boolean pre = false;
    for (var line : doc.strip().lines().toList()) {
      var text = line.startsWith(" ") ? line.substring(1) : line;
      if (text.strip().equals("<pre>")) {
        out.append("\n```\n");
        pre = true;
      } else if (text.strip().equals("</pre>")) {
        out.append("```\n\n");
        pre = false;
      } else {
        out.append(pre ? links(text) : links(text).replaceFirst("^<p>", "").strip()).append('\n');
      }
    }
    return out.toString().strip();
  }

  private static String links(String s) {
    return s.replaceAll("\\{@link #?([^} ]+)\\s+([^}]+)}", "$2").replaceAll("\\{@link #?([^}]+)}", "$1").replaceAll("\\{@code ([^}]+)}", "`$1`");
  }
}
