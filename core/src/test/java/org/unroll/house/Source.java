package org.unroll.house;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * A source file.
 *
 * @param name module, folders and file: {@code core/org/unroll/cell/Lstm.java}
 * @param text as it stands
 */
public record Source(String name, String text) {
  private static final Pattern PACKAGE = Pattern.compile("(?m)^package ([\\w.]+);");

  /** The repository: the folder above this module's. */
  public static Path root() { return Path.of("").toAbsolutePath().getParent(); }

  /** Main sources of every module. */
  public static List<Source> all() { return all("src/main/java"); }

  /** Sources of the tests. */
  public static List<Source> tests() { return all("src/test/java"); }

  private static List<Source> all(String folder) {
    return Stream.of("core", "tasks", "cli").flatMap(m -> read(m, root().resolve(m).resolve(folder))).toList();
  }

  private static Stream<Source> read(String module, Path folder) {
    try (var files = Files.walk(folder)) {
      return files.filter(f -> f.toString().endsWith(".java")).sorted().map(f -> read(module, folder, f)).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Source read(String module, Path folder, Path file) {
    try {
      return new Source(module + "/" + folder.relativize(file).toString().replace('\\', '/'), Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@code org.unroll.cell}; empty for a module descriptor. */
  public String packageName() {
    var m = PACKAGE.matcher(text);
    return m.find() ? m.group(1) : "";
  }

  public long lines() { return text.lines().count(); }

  /** The text with blanks for comments and what stands between quotes, line for line. */
  public String code() {
    var to = new StringBuilder(text);
    for (int i = 0; i < to.length(); ) {
      int end = skip(i);
      if (end == i) {
        i++;
        continue;
      }
      for (; i < end; i++) if (to.charAt(i) != '\n') to.setCharAt(i, ' ');
    }
    return to.toString();
  }

  /** Where the comment or literal that starts here ends; {@code i} if none does. */
  private int skip(int i) {
    if (text.startsWith("//", i)) return end("\n", i);
    if (text.startsWith("/*", i)) return end("*/", i + 2) + 2;
    if (text.startsWith("\"\"\"", i)) return end("\"\"\"", i + 3) + 3;
    char quote = text.charAt(i);
    if (quote != '"' && quote != '\'') return i;
    int to = i + 1;
    while (text.charAt(to) != quote) to += text.charAt(to) == '\\' ? 2 : 1;
    return to + 1;
  }

  private int end(String mark, int from) {
    int at = text.indexOf(mark, from);
    return at < 0 ? text.length() : at;
  }

  /** What the compiler's parser makes of a source. */
  public record Parsed(Source source, CompilationUnitTree unit, Trees trees) {
    public long from(Tree t) { return trees.getSourcePositions().getStartPosition(unit, t); }

    public long to(Tree t) { return trees.getSourcePositions().getEndPosition(unit, t); }
  }

  /** Parses all at once: a compiler is slow to start. */
  public static List<Parsed> parse(List<Source> all) {
    var files = all.stream().map(Source::file).toList();
    var task = (JavacTask) ToolProvider.getSystemJavaCompiler().getTask(null, null, _ -> { }, List.of("-proc:none"), null, files);
    var parsed = new ArrayList<Parsed>();
    try {
      for (var unit : task.parse()) {
        parsed.add(new Parsed(all.get(parsed.size()), unit, Trees.instance(task)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return parsed;
  }

  /** The text as a file for the compiler. */
  public JavaFileObject file() {
    return new SimpleJavaFileObject(URI.create("string:///" + name), JavaFileObject.Kind.SOURCE) {
      @Override public CharSequence getCharContent(boolean ignore) { return text; }
    };
  }
}
