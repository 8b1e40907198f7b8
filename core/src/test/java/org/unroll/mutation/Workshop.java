package org.unroll.mutation;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;
import org.unroll.house.Source;

/**
 * Compiles a source in memory against the classes as they are, and loads all of them anew with its own in their place; but for
 * packages below it, which see nothing of it and are the same for all mutants.
 */
final class Workshop {
  /** Packages that see none but these, and kernels, which see them. */
  private static final List<String> LOWEST = List.of("fault", "slab", "reference");
  private static final List<String> LOWER = List.of("fault", "slab", "reference", "kernel");

  private final Map<String, byte[]> classes = new HashMap<>();
  private final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
  private final StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
  private final ClassLoader lowest, lower;

  Workshop(Path main, Path test) throws IOException {
    files.setLocation(StandardLocation.CLASS_PATH, List.of(main.toFile()));
    for (var folder : List.of(main, test)) read(folder);
    var app = Workshop.class.getClassLoader();
    lowest = loader(only(LOWEST), app);
    lower = loader(only(LOWER), app);
  }

  private Map<String, byte[]> only(List<String> packages) {
    var some = new HashMap<>(classes);
    some.keySet().removeIf(name -> !packages.contains(packageOf(name)));
    return some;
  }

  /** {@code slab} of {@code org.unroll.slab.Slab}. */
  private static String packageOf(String name) {
    String[] parts = name.split("\\.");
    return parts.length > 3 ? parts[2] : "";
  }

  private void read(Path folder) throws IOException {
    try (var all = Files.walk(folder)) {
      for (var f : all.filter(f -> f.toString().endsWith(".class")).toList()) {
        String name = folder.relativize(f).toString().replace(File.separatorChar, '.');
        classes.put(name.substring(0, name.length() - ".class".length()), Files.readAllBytes(f));
      }
    }
  }

  /**
   * A loader in which every class of ours that could see the source is new; null if the source does not compile.
   *
   * @param file whose packages below are shared
   * @param source null for the classes as they are
   */
  ClassLoader with(String file, Source source) {
    boolean kernel = file.contains("/kernel/");
    var mine = new HashMap<>(classes);
    if (source != null) {
      var compiled = compile(source);
      if (compiled == null) return null;
      mine.putAll(compiled);
    }
    mine.keySet().removeIf(name -> (kernel ? LOWEST : LOWER).contains(packageOf(name)));
    return loader(mine, kernel ? lowest : lower);
  }

  private static ClassLoader loader(Map<String, byte[]> mine, ClassLoader parent) {
    return new ClassLoader(parent) {
      @Override protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
          byte[] bytes = mine.get(name);
          if (bytes == null) return super.loadClass(name, resolve);
          Class<?> loaded = findLoadedClass(name);
          return loaded != null ? loaded : defineClass(name, bytes, 0, bytes.length);
        }
      }
    };
  }

  /** One at a time: the compiler's file manager is for one thread. */
  private synchronized Map<String, byte[]> compile(Source source) {
    var out = new HashMap<String, ByteArrayOutputStream>();
    var manager = new ForwardingJavaFileManager<JavaFileManager>(files) {
      @Override public JavaFileObject getJavaFileForOutput(Location l, String name, JavaFileObject.Kind kind, FileObject sibling) {
        return new SimpleJavaFileObject(URI.create("mem:///" + name.replace('.', '/') + ".class"), kind) {
          @Override public OutputStream openOutputStream() { return out.computeIfAbsent(name, _ -> new ByteArrayOutputStream()); }
        };
      }
    };
    var options = List.of("-proc:none", "-nowarn", "-g", "--add-modules", "jdk.incubator.vector");
    if (!compiler.getTask(null, manager, _ -> { }, options, null, List.of(source.file())).call()) return null;
    var compiled = new HashMap<String, byte[]>();
    out.forEach((name, bytes) -> compiled.put(name, bytes.toByteArray()));
    return compiled;
  }
}
