package org.unroll.bench.python;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.unroll.bench.Absent;

/**
 * A Python process that is asked by lines and answers each with one, as {@code peer.py} tells. Between two questions it waits for
 * the next and does nothing else. It ends when its input ends, hence with this process at the latest.
 */
final class Coprocess implements AutoCloseable {
  private final Process process;
  private final Writer to;
  private final BufferedReader from;

  /** Starts {@code python folder/peer.py library}; {@link Absent} where the interpreter is not to be had. */
  Coprocess(String python, Path folder, String library) throws Absent {
    try {
      process = new ProcessBuilder(python, "-u", folder.resolve("peer.py").toString(), library)
          .redirectError(ProcessBuilder.Redirect.DISCARD).start();
    } catch (IOException e) {
      throw new Absent(python + " does not start", e);
    }
    to = process.outputWriter();
    from = process.inputReader();
  }

  /** Waits until the library is loaded; {@link Absent} where it is not to be had. Once, before anything is asked. */
  void ready() throws Absent { answer(); }

  /** The fields of the answer; {@link Absent} where there is a reason instead, or the process has ended. */
  synchronized List<String> ask(String... question) throws Absent {
    try {
      to.write(String.join("\t", question) + "\n");
      to.flush();
    } catch (IOException e) {
      throw ended(e);
    }
    return answer();
  }

  private List<String> answer() throws Absent {
    String line;
    try {
      line = from.readLine();
    } catch (IOException e) {
      throw ended(e);
    }
    if (line == null) throw ended(null);
    var fields = Arrays.asList(line.split("\t", -1));
    if (fields.getFirst().equals("ok")) return fields.subList(1, fields.size());
    throw new Absent(fields.size() > 1 ? fields.get(1) : line);
  }

  private Absent ended(IOException cause) {
    try {
      return new Absent("its process ended with status " + process.waitFor(), cause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Absent("its process ended", cause);
    }
  }

  @Override public void close() throws IOException {
    to.close();
  }
}
