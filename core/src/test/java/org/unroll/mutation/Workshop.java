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

/** Compiles a source in memory against the classes as they are, and loads all of them anew with its own in their place. */
final class Workshop {
  private final Map<String, byte[]> classes = new HashMap<>();
  private final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
  private final StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);

  Workshop(Path main, Path test) throws IOException {
    files.setLocation(StandardLocation.CLASS_PATH, List.of(main.toFile()));
    for (var folder : List.of(main, test)) read(folder);
  }

  private void read(Path folder) throws IOException {
    try (var all = Files.walk(folder)) {
      for (var f : all.filter(f -> f.toString().endsWith(".class")).toList()) {
        String name = folder.relativize(f).toString().replace(File.separatorChar, '.');
        classes.put(name.substring(0, name.length() - ".class".length()), Files.readAllBytes(f));
      }
    }
  }

  /** A loader in which every class of ours is new; null if the source does not compile. */
  ClassLoader with(Source source) {
    var mine = new HashMap<>(classes);
    if (source != null) {
      var compiled = compile(source);
      if (compiled == null) return null;
      mine.putAll(compiled);
    }
    return new ClassLoader(Workshop.class.getClassLoader()) {
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
