package org.unroll.house;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.TreeScanner;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.lang.model.element.Modifier;

/** Rules of the house: each takes sources and returns what breaks it. */
final class Rules {
  private static final Pattern OURS = Pattern.compile("\\borg\\.unroll\\.([a-z]\\w*)((?:\\.[a-z]\\w*)*)");
  private static final Pattern MATH = Pattern.compile("(?<!Strict)\\bMath\\.(exp|expm1|tanh|sinh|cosh|log|log10|log1p|pow|sin|cos|tan|cbrt)\\b");
  private static final Pattern DATA = Pattern.compile("\\.data\\(\\)\\s*(\\[|\\.|,|\\))");
  /** A slab's array where other things have data too: an element of it, or the array under a name. */
  private static final Pattern ARRAY = Pattern.compile("\\.data\\(\\)\\s*\\[|\\bfloat\\[\\]\\s+\\w+\\s*=[^;]*\\.data\\(\\)");
  private static final Pattern LOCALE = Pattern.compile("\\bString\\.format\\((?!\\s*(java\\.util\\.)?Locale\\.)|\\.formatted\\("
      + "|\\.printf\\((?!\\s*(java\\.util\\.)?Locale\\.)|\\.to(Lower|Upper)Case\\(\\)");
  private static final Pattern TAG = Pattern.compile("\\((B?\\d+)\\)");
  private static final Pattern TAGGED = Pattern.compile("//((?: \\(B?\\d+\\))+)\\s*$");
  private static final Pattern EXPORTS = Pattern.compile("\\bexports\\s+([\\w.]+)\\s*;");
  private static final Pattern HEAD_RULE = Pattern.compile("\\|[-:| ]+\\|");
  private static final Pattern IMPORT = Pattern.compile("(?m)^import (static )?([\\w.*]+);$");
  private static final Pattern COMMAND = Pattern.compile("(?m)^(?!\\s*(/?\\*|//)).*?\"(?:[^\"\\n]*\\W)?(unroll [a-z]+|--(?!add-modules)[a-z][a-z-]*)");
  private static final Pattern BY_OTHERS = Pattern.compile("\\bby (Recurrent|the output|the layer|each layer)\\b");

  /** What a package of core may import. Those not named here may import nothing of ours. */
  private static final Map<String, Set<String>> SEES = Map.of(
      "slab", Set.of("fault"),
      "kernel", Set.of("fault", "slab"),
      "cell", Set.of("fault", "slab", "kernel"),
      "layer", Set.of("fault", "slab", "kernel", "cell"),
      "head", Set.of("fault", "slab", "kernel", "cell", "layer"),
      "optim", Set.of("fault", "slab"),
      "file", Set.of("fault"),
      "hopfield", Set.of("fault", "slab"),
      "model", Set.of("fault", "slab", "kernel", "cell", "layer", "head", "optim", "file"));

  private static final Set<String> CORE =
      Set.of("fault", "slab", "kernel", "cell", "layer", "head", "optim", "file", "model", "reference", "check", "look", "hopfield");

  /** What a package of tasks may import of the others; the one above them all may import any. Those not named here see none. */
  private static final Map<String, Set<String>> TASKS_SEE = Map.of(
      "config", Set.of("text"),
      "lm", Set.of("text"),
      "tag", Set.of("text"),
      "lesson", Set.of("draw"),
      "run", Set.of("text", "config", "lm"));

  /** Where weights, or what they are trained on, are made. */
  private static final Set<String> TRAINING = Set.of("slab", "kernel", "cell", "layer", "head", "optim", "model");
  private static final Set<String> TRAINING_TASKS = Set.of("lm", "run", "tag", "longrange");

  private Rules() {}

  /** The part of the house: {@code cell} of {@code org.unroll.cell}. */
  static String part(Source s) {
    String[] names = s.packageName().split("\\.");
    return names.length < 3 ? "" : names[2];
  }

  static List<String> order(Source s) {
    var broken = new ArrayList<String>();
    String part = part(s);
    if (part.isEmpty()) return broken;
    for (String seen : seen(s).stream().map(p -> p.split("\\.")[2]).distinct().toList()) {
      if (!seen.equals(part) && !mayImport(part, seen)) broken.add(s.name() + " (" + part + ") imports " + seen);
    }
    if (part.equals("tasks") && !task(s.packageName()).isEmpty()) inTasks(s, broken);
    return broken;
  }

  private static void inTasks(Source s, List<String> broken) {
    String here = task(s.packageName());
    for (String seen : seen(s)) {
      if (!seen.startsWith("org.unroll.tasks") || seen.equals(s.packageName())) continue;
      if (!TASKS_SEE.getOrDefault(here, Set.of()).contains(task(seen))) broken.add(s.name() + " (tasks." + here + ") imports " + seen.substring(11));
    }
  }

  /** {@code lm} of {@code org.unroll.tasks.lm}; empty for the package above, and for others. */
  private static String task(String packageName) {
    String[] names = packageName.split("\\.");
    return names.length < 4 || !names[2].equals("tasks") ? "" : names[3];
  }

  private static boolean mayImport(String part, String seen) {
    return switch (part) {
      case "check", "look" -> CORE.contains(seen) && !seen.equals(part);
      case "tasks" -> CORE.contains(seen);
      case "cli" -> CORE.contains(seen) || seen.equals("tasks");
      default -> SEES.getOrDefault(part, Set.of()).contains(seen);
    };
  }

  /** Full names of our packages in the code. */
  private static Set<String> seen(Source s) {
    var seen = new TreeSet<String>();
    OURS.matcher(s.code()).results().forEach(m -> seen.add(m.group()));
    return seen;
  }

  static List<String> circles(Collection<Source> all) {
    var edges = new TreeMap<String, Set<String>>();
    for (var s : all) {
      if (part(s).isEmpty()) continue;
      edges.computeIfAbsent(s.packageName(), _ -> new TreeSet<>()).addAll(seen(s));
    }
    edges.forEach((p, to) -> to.retainAll(edges.keySet()));
    edges.forEach((p, to) -> to.remove(p));
    var broken = new ArrayList<String>();
    for (String p : edges.keySet()) if (reaches(p, p, edges, new LinkedHashSet<>())) broken.add(p + " imports itself by way of others");
    return broken;
  }

  private static boolean reaches(String from, String to, Map<String, Set<String>> edges, Set<String> been) {
    for (String next : edges.get(from)) {
      if (next.equals(to) || been.add(next) && reaches(next, to, edges, been)) return true;
    }
    return false;
  }

  /** What training code never calls, since its bits differ between machines, runs or threads; and what no code of ours does. */
  static List<String> forbidden(Source s) {
    var broken = new ArrayList<String>();
    String part = part(s), code = s.code();
    if (!part.equals("kernel") && !s.packageName().isEmpty()) find(s, code, "jdk\\.incubator", broken);
    boolean core = !Set.of("tasks", "cli").contains(part);
    if (!Set.of("slab", "kernel", "cell").contains(part)) find(s, code, (core ? DATA : ARRAY).pattern(), broken);
    if (TRAINING.contains(part) || TRAINING_TASKS.contains(task(s.packageName()))) {
      find(s, code, MATH.pattern(), broken);
      find(s, code, "\\bnew Random\\b|\\bMath\\.random\\b|\\bThreadLocalRandom\\b|\\bSplittableRandom\\b", broken);
      find(s, code, "\\breduceLanes\\b", broken);
      find(s, code, "\\blanewise\\(\\s*(VectorOperators\\.)?(EXP|EXPM1|TANH|LOG|LOG1P|LOG10|POW|SIN|COS)\\b", broken);
      find(s, code, "\\.parallel\\(\\)|\\bparallelStream\\b", broken);
    }
    find(s, code, "\\bObject(In|Out)putStream\\b|\\bClass\\.forName\\b|\\bsun\\.misc\\.Unsafe\\b|\\bSystem\\.load(Library)?\\b", broken);
    if (!Set.of("file", "cli").contains(part)) find(s, code, "\\bjava\\.lang\\.reflect\\b|\\bgetDeclared(Field|Method|Constructor)s?\\b", broken);
    return broken;
  }

  /** What names, files and figures of core and tasks never do: depend on the machine's language. The command line speaks it. */
  static List<String> locale(Source s) {
    var broken = new ArrayList<String>();
    if (!part(s).equals("cli")) find(s, s.code(), LOCALE.pattern(), broken);
    return broken;
  }

  private static void find(Source s, String code, String pattern, List<String> broken) {
    Pattern.compile(pattern).matcher(code).results().forEach(m -> {
      long line = 1 + code.substring(0, m.start()).chars().filter(c -> c == 10).count();
      broken.add(s.name() + ":" + line + ": " + m.group());
    });
  }

  private static final Pattern STATIC = Pattern.compile("(?m)^\\s*(?:(?:public|private|protected|volatile|transient|static|final)\\s+)*"
      + "static\\s+(?:(?:public|private|protected|volatile|transient|final)\\s+)*[\\w.<>\\[\\], ?]+\\s+\\w+\\s*(=[^=]|;)");
  private static final Pattern CHANGES = Pattern.compile("\\b(Atomic\\w+|ThreadLocal|LongAdder)\\b|"
      + "new (ArrayList|HashMap|HashSet|TreeMap|TreeSet|ConcurrentHashMap|LinkedHashMap|ArrayDeque)\\b|\\bnewKeySet\\b");

  /** What a process holds once, whoever asks, with its reason. */
  private static final Map<String, String> ONE_PER_PROCESS = Map.of(
      "HELD_HERE", "a file lock belongs to the process, so two trainers in one process must be told apart in memory",
      "TEMPS_HERE", "a temporary file of this process is known to be alive or left over only by the process that writes it");

  /** Static fields that can change. */
  static List<String> statics(Source s) {
    var broken = new ArrayList<String>();
    String[] code = s.code().split("\n", -1);
    for (int i = 0; i < code.length; i++) {
      if (!STATIC.matcher(code[i] + "\n").find()) continue;
      if (ONE_PER_PROCESS.keySet().stream().anyMatch(code[i]::contains)) continue;
      if (!code[i].contains(" final ") || CHANGES.matcher(code[i]).find()) broken.add(s.name() + ":" + (i + 1) + ": " + code[i].strip());
    }
    return broken;
  }

  static List<String> sizes(List<Source> all, int fileLines, int methodLines) {
    var broken = new ArrayList<String>();
    for (var p : Source.parse(all)) {
      var s = p.source();
      if (s.lines() > fileLines) broken.add(s.name() + ": " + s.lines() + " lines, must be at most " + fileLines);
      new TreeScanner<Void, Void>() {
        @Override public Void visitMethod(MethodTree m, Void v) {
          long from = p.unit().getLineMap().getLineNumber(p.from(m)), lines = p.unit().getLineMap().getLineNumber(p.to(m)) - from + 1;
          if (lines > methodLines) broken.add(s.name() + ":" + from + ": " + m.getName() + " has " + lines + " lines, must be at most " + methodLines);
          return super.visitMethod(m, v);
        }
      }.scan(p.unit(), null);
    }
    return broken;
  }

  /** Rows of a page's table that an empty line has cut off from their head: they show as text. */
  static List<String> cutTables(String name, String text) {
    var broken = new ArrayList<String>();
    var lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      boolean first = lines.get(i).startsWith("|") && (i == 0 || !lines.get(i - 1).startsWith("|"));
      if (first && (i + 1 == lines.size() || !HEAD_RULE.matcher(lines.get(i + 1)).matches())) broken.add(name + ":" + (i + 1) + ": a table without a head");
    }
    return broken;
  }

  /** What a merge that was not finished leaves in a page. */
  static List<String> unmerged(String name, String text) {
    var broken = new ArrayList<String>();
    var lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).matches("(<{7}|>{7})( .*)?|={7}")) broken.add(name + ":" + (i + 1) + ": a merge that was not finished");
    }
    return broken;
  }

  static List<String> widths(Source s, int columns) {
    var broken = new ArrayList<String>();
    var lines = s.text().lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      int wide = lines.get(i).codePointCount(0, lines.get(i).length());
      if (wide > columns) broken.add(s.name() + ":" + (i + 1) + ": " + wide + " columns, must be at most " + columns);
    }
    return broken;
  }

  /** Names of the JDK and of ours written out in code, where an import belongs. */
  static List<String> imports(Source s) {
    var broken = new ArrayList<String>();
    find(s, s.code(), "(?<!import )(?<!static )(?<![\\w.])(javax?|org\\.unroll)(\\.[a-z]\\w*)+\\.[A-Z]\\w*", broken);
    return broken;
  }

  /** Imports that nothing names, not even a comment, and those out of order: static ones first, each kind by name. */
  static List<String> importLines(Source s) {
    var broken = new ArrayList<String>();
    var all = IMPORT.matcher(s.text()).results().toList();
    String rest = IMPORT.matcher(s.text()).replaceAll(""), before = "";
    for (var m : all) {
      String name = m.group(2), key = (m.group(1) == null ? "1 " : "0 ") + name, last = name.substring(name.lastIndexOf('.') + 1);
      if (!last.equals("*") && !Pattern.compile("\\b" + last + "\\b").matcher(rest).find()) broken.add(s.name() + ": " + name + " is not used");
      if (key.compareTo(before) <= 0) broken.add(s.name() + ": " + name + " is out of order");
      before = key;
    }
    return broken;
  }

  /** Commands and flags of ours in what the library says: whoever calls it may have no command line. */
  static List<String> commands(Source s) {
    var broken = new ArrayList<String>();
    if (!part(s).equals("cli") && (!part(s).equals("tasks") || task(s.packageName()).equals("text"))) find(s, s.text(), COMMAND.pattern(), broken);
    return broken;
  }

  /** Packages that the descriptor of a module gives to everyone. */
  static Set<String> exported(Source module) {
    return EXPORTS.matcher(module.code()).results().map(m -> m.group(1)).collect(Collectors.toSet());
  }

  /** Public methods of public types that have no Javadoc; what overrides has that of the method above, an accessor its record's. */
  static List<String> undocumented(List<Source> all) {
    var broken = new ArrayList<String>();
    for (var p : Source.parse(all)) {
      new TreePathScanner<Void, ClassTree>() {
        @Override public Void visitClass(ClassTree type, ClassTree in) {
          return isPublic(type.getModifiers(), in) ? super.visitClass(type, type) : null;
        }

        @Override public Void visitMethod(MethodTree m, ClassTree in) {
          boolean asks = m.getReturnType() != null && isPublic(m.getModifiers(), in) && !overrides(m) && !isAccessor(m, in);
          if (asks && p.trees().getDocComment(getCurrentPath()) == null) {
            broken.add(p.source().name() + ":" + p.unit().getLineMap().getLineNumber(p.from(m)) + ": " + m.getName() + " has no Javadoc");
          }
          return null;
        }
      }.scan(p.unit(), null);
    }
    return broken;
  }

  private static boolean isPublic(ModifiersTree modifiers, ClassTree in) {
    var flags = modifiers.getFlags();
    return flags.contains(Modifier.PUBLIC) || in != null && in.getKind() == Tree.Kind.INTERFACE && !flags.contains(Modifier.PRIVATE);
  }

  private static boolean overrides(MethodTree m) {
    return m.getModifiers().getAnnotations().stream().anyMatch(a -> a.getAnnotationType().toString().equals("Override"));
  }

  private static boolean isAccessor(MethodTree m, ClassTree in) {
    return in.getKind() == Tree.Kind.RECORD && m.getParameters().isEmpty() && in.getMembers().stream()
        .anyMatch(f -> f instanceof VariableTree v && !v.getModifiers().getFlags().contains(Modifier.STATIC) && v.getName().equals(m.getName()));
  }

  /** Every numbered equation of the Javadoc stands at a line of code, and the other way round. */
  static List<String> equations(Source s) {
    var listed = new TreeSet<String>();
    var elsewhere = new TreeSet<String>();
    var coded = new TreeSet<String>();
    boolean inDoc = false;
    for (String line : s.text().lines().toList()) {
      if (line.strip().startsWith("/**")) inDoc = true;
      if (inDoc) {
        var here = tags(line);
        if (BY_OTHERS.matcher(line).find() && !here.isEmpty()) elsewhere.add(here.getLast());
        listed.addAll(here);
      } else {
        var m = TAGGED.matcher(line);
        if (m.find() && !line.strip().startsWith("//")) coded.addAll(tags(m.group(1)));
      }
      if (line.contains("*/")) inDoc = false;
    }
    var broken = new ArrayList<String>();
    for (String tag : listed) {
      if (!coded.contains(tag) && !elsewhere.contains(tag)) broken.add(s.name() + ": equation (" + tag + ") is at no line of code");
    }
    for (String tag : coded) if (!listed.contains(tag)) broken.add(s.name() + ": (" + tag + ") at a line of code is no equation");
    return broken;
  }

  private static List<String> tags(String line) { return TAG.matcher(line).results().map(m -> m.group(1)).toList(); }
}
