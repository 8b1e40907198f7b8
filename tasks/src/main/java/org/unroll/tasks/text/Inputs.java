package org.unroll.tasks.text;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.fault.Nearest;

/**
 * What the user named, as sources of text: files, folders with all that is below them, {@code -} for standard input. In a
 * folder text files are taken in the order of their paths; hidden, empty and binary ones are skipped, and a note says so.
 * Links to folders are not followed.
 */
public final class Inputs implements AutoCloseable {
  private final List<TextSource> sources = new ArrayList<>();
  private final List<Note> notes = new ArrayList<>();
  private final boolean wide;

  private Inputs(String encoding) {
    Charset charset = Encoding.named(encoding);
    wide = charset != null && (charset.name().startsWith("UTF-16") || charset.name().startsWith("UTF-32"));
  }

  /**
   * Finds the sources.
   *
   * @param names files, folders, {@code -}
   * @param encoding as in {@link TextOptions}; text of two or four bytes a character is full of NULs, yet not binary
   * @param in standard input, read to its end if {@code -} is named
   * @throws Fault D001 missing, D002 a folder or file without text, G003 unreadable, U007 a name this JVM cannot hold
   */
  public static Inputs find(List<String> names, String encoding, InputStream in) {
    var inputs = new Inputs(encoding);
    try {
      for (var name : names) inputs.add(name, in);
      if (inputs.sources.isEmpty()) {
        throw Fault.of(Code.D002, "no text is named").mend("name files, folders or - for standard input");
      }
      return inputs;
    } catch (RuntimeException e) {
      inputs.close();
      throw e;
    }
  }

  /** A short text as its bytes, a prompt for instance, decoded as a file of that encoding would be. D003 and D004 as there. */
  public static String decode(String name, byte[] bytes, String encoding, List<Note> notes) {
    var text = new StringBuilder();
    TextReader.read(new TextSource.InMemory(name, bytes), Encoding.named(encoding), text::appendCodePoint, notes);
    return text.toString();
  }

  /** What is to be read, in its order. */
  public List<TextSource> sources() { return List.copyOf(sources); }

  /** What was passed over, such as binary files. */
  public List<Note> notes() { return List.copyOf(notes); }

  @Override
  public void close() { for (var s : sources) s.close(); }

  static Fault unreadable(String name, IOException e) {
    if (e instanceof NoSuchFileException) return Fault.of(Code.D001, "no such file").at(name).causedBy(e);
    String why = e instanceof AccessDeniedException ? "no permission" : String.valueOf(e.getMessage());
    return Fault.of(Code.G003, "cannot be read").at(name).because(why).causedBy(e);
  }

  private void add(String name, InputStream in) {
    try {
      if (name.equals("-")) {
        sources.add(TextSource.Spooled.of(name, in, wide));
        return;
      }
      var path = path(name);
      if (!Files.exists(path)) throw missing(name, path);
      if (Files.isDirectory(path)) {
        addFolder(name, path);
      } else if (Files.isRegularFile(path)) {
        if (Files.size(path) == 0) throw empty(name, 0);
        sources.add(new TextSource.OnDisk(name, path));
      } else {
        try (var pipe = Files.newInputStream(path)) {
          sources.add(TextSource.Spooled.of(name, pipe, wide));
        }
      }
    } catch (IOException e) {
      throw unreadable(name, e);
    }
  }

  static Fault empty(String name, long bytes) {
    return Fault.of(Code.D002, "no text in %d bytes", bytes).at(name).mend("give a file with at least one window of text");
  }

  private static Path path(String name) {
    try {
      return Path.of(name);
    } catch (InvalidPathException e) {
      throw Fault.of(Code.U007, "not a file name for this JVM: " + Visible.symbol(name)).because(e.getReason())
          .mend("if it is Chinese or accented: export LANG=C.UTF-8").causedBy(e);
    }
  }

  private static Fault missing(String name, Path path) {
    var fault = Fault.of(Code.D001, "no such file or folder").at("%s", name)
        .because("a relative name begins in the working directory, %s", Path.of("").toAbsolutePath());
    var folder = path.toAbsolutePath().getParent();
    if (folder == null || path.getFileName() == null) return fault.mend("give a file or a folder that is there");
    if (!Files.isDirectory(folder)) return fault.mend("there is no folder %s either; there is %s", folder, above(folder));
    try (var files = Files.list(folder)) {
      var near = Nearest.of(path.getFileName().toString(), files.map(p -> p.getFileName().toString()).sorted().toList());
      if (near.isPresent()) return fault.mend("did you mean %s?", path.resolveSibling(near.get()));
    } catch (IOException e) {
      // what is there is not known
    }
    return fault.mend("nothing there is called like that: ls %s", folder);
  }

  /** The nearest folder above that is there. */
  private static Path above(Path folder) {
    var f = folder;
    while (f.getParent() != null && !Files.isDirectory(f)) f = f.getParent();
    return f;
  }

  private void addFolder(String name, Path folder) throws IOException {
    var files = new ArrayList<Path>();
    var skipped = new TreeMap<String, List<String>>();
    Files.walkFileTree(folder, new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes a) {
        if (dir.equals(folder) || !hidden(dir)) return FileVisitResult.CONTINUE;
        skip(skipped, "hidden folder", folder, dir);
        return FileVisitResult.SKIP_SUBTREE;
      }

      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes a) {
        if (hidden(file)) skip(skipped, "hidden file", folder, file);
        else if (Files.isDirectory(file)) skip(skipped, "linked folder", folder, file);
        else if (!Files.isRegularFile(file)) skip(skipped, "special file", folder, file);
        else files.add(file);
        return FileVisitResult.CONTINUE;
      }
    });
    files.sort(Comparator.comparing(f -> slashed(folder.relativize(f))));
    int before = sources.size();
    for (var file : files) {
      var source = new TextSource.OnDisk(file.toString(), file);
      if (Files.size(file) == 0) skip(skipped, "empty file", folder, file);
      else if (!wide && binary(source)) skip(skipped, "binary file", folder, file);
      else sources.add(source);
    }
    skipped.forEach((kind, names) -> notes.add(new Note(name, skippedLine(kind, names))));
    if (sources.size() > before) return;
    var fault = Fault.of(Code.D002, "no text in this folder").at(name);
    if (skipped.isEmpty()) throw fault.because("it is empty").mend("give a folder with text files");
    var lines = new ArrayList<String>();
    skipped.forEach((kind, names) -> lines.add(skippedLine(kind, names)));
    throw fault.because(String.join("; ", lines)).mend("give a folder with text files");
  }

  private static boolean binary(TextSource source) {
    try {
      return Encoding.looksBinary(source);
    } catch (IOException e) {
      throw unreadable(source.name(), e);
    }
  }

  private static boolean hidden(Path p) { return p.getFileName().toString().startsWith("."); }

  private static String slashed(Path p) { return p.toString().replace('\\', '/'); }

  private static void skip(Map<String, List<String>> skipped, String kind, Path folder, Path file) {
    skipped.computeIfAbsent(kind, k -> new ArrayList<>()).add(slashed(folder.relativize(file)));
  }

  private static String skippedLine(String kind, List<String> names) {
    names.sort(null);
    String some = String.join(", ", names.subList(0, Math.min(5, names.size())));
    return names.size() + " " + kind + (names.size() > 1 ? "s" : "") + " skipped: " + some + (names.size() > 5 ? ", …" : "");
  }
}
