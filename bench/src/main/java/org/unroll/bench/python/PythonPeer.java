package org.unroll.bench.python;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.unroll.bench.Absent;
import org.unroll.bench.Contestant;
import org.unroll.bench.Job;
import org.unroll.bench.Outcome;
import org.unroll.bench.Peer;
import org.unroll.file.Disk;
import org.unroll.file.SafeTensorsReader;

/**
 * One library of a Python installation: torch, jax or keras. Its process starts when it is first asked for something, is asked
 * by {@link Coprocess}, and gets its jobs and gives its outcomes as safetensors files. Times are taken there.
 */
public final class PythonPeer implements Peer {
  /** The libraries, as {@code peer_NAME.py} are called. */
  public static final List<String> LIBRARIES = List.of("torch", "jax", "keras");
  private static final List<String> SCRIPTS =
      List.of("peer.py", "peer_torch.py", "peer_torch_base.py", "peer_torch_heads.py", "peer_jax.py", "peer_keras.py");

  private final String python, library;
  private Coprocess process;
  private Absent absent;
  private Path folder, jobFile;
  private Job job;
  private int opened;
  private boolean ready;

  /** @param python the interpreter's path @param library one of {@link #LIBRARIES} */
  public PythonPeer(String python, String library) {
    this.python = python;
    this.library = library;
  }

  @Override public String name() { return "python " + library; }

  @Override public String version() throws Absent { return process().ask("version").getFirst(); }

  @Override public List<String> modes(Job job) {
    try {
      return process().ask("modes", job.kind().name(), job.cell());
    } catch (Absent e) {
      return List.of();
    }
  }

  @Override public String why(Job job) {
    try {
      process().ask("modes", job.kind().name(), job.cell());
      return "it can";
    } catch (Absent e) {
      return e.getMessage();
    }
  }

  @Override public Contestant enter(Job job, String mode, int threads) throws Absent {
    var name = library + ++opened;
    process().ask("open", name, file(job).toString(), mode, Integer.toString(threads));
    return new Remote(process, name, folder.resolve("outcome"));
  }

  /** Importing a library takes seconds. */
  @Override public void begin() {
    if (process == null && absent == null) {
      try {
        folder = Files.createTempDirectory("unroll-bench");
        folder.toFile().deleteOnExit();
        for (var s : SCRIPTS) {
          try (var in = PythonPeer.class.getResourceAsStream(s)) {
            Files.write(scratch(s), in.readAllBytes());
          }
        }
      } catch (IOException e) {
        absent = new Absent("no place for its scripts: " + e.getMessage());
        return;
      }
      scratch("outcome");
      try {
        process = new Coprocess(python, folder, library);
      } catch (Absent e) {
        absent = e;
      }
    }
  }

  private Coprocess process() throws Absent {
    begin();
    if (absent != null) throw absent;
    try {
      if (!ready) process.ready();
      ready = true;
      return process;
    } catch (Absent e) {
      throw absent = e;
    }
  }

  /** The job as a file; the last one is kept for its other modes. */
  private Path file(Job wanted) {
    if (job != wanted) {
      jobFile = scratch("job");
      wanted.write(jobFile);
      job = wanted;
    }
    return jobFile;
  }

  private Path scratch(String name) {
    var file = folder.resolve(name);
    file.toFile().deleteOnExit();
    return file;
  }

  /** A contestant over there. */
  private record Remote(Coprocess process, String name, Path file) implements Contestant {

    @Override public Outcome outcome() throws Absent {
      process.ask("check", name, file.toString());
      var o = new Outcome();
      for (var t : SafeTensorsReader.of(Disk.real(), file).allowNonFinite().read().tensors()) {
        int dot = t.name().indexOf('.');
        (t.name().startsWith("out.") ? o.outputs() : o.gradients()).put(t.name().substring(dot + 1), t.floats());
      }
      return o;
    }

    @Override public double[] turn(double seconds, int fewest, int most) throws Absent {
      var times = process.ask("turn", name, Double.toString(seconds), Integer.toString(fewest), Integer.toString(most));
      return times.stream().mapToDouble(Double::parseDouble).toArray();
    }

    @Override public void close() throws Absent { process.ask("close", name); }
  }
}
