package org.unroll.cli;

import java.io.IOException;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.unroll.fault.Code;
import picocli.CommandLine.Command;

/** {@code unroll doctor}: what is wrong with this machine, each line with its mend. Exit status 6 when something fails. */
@Command(name = "doctor")
final class DoctorCommand implements Callable<Integer> {
  private static final String VECTOR = "jdk.incubator.vector";
  /** From here on the garbage collector does not move arrays that native code holds (JDK-8377811). */
  private static final Runtime.Version MENDED = Runtime.Version.parse("25.0.3");

  /** WARN: it works, but not as well as it could. FAIL: something will go wrong. */
  enum State { OK, WARN, FAIL }

  /** One finding; {@code mend} is empty when there is nothing to mend. */
  record Check(String name, State state, String text, String mend) {}

  private final Talk talk;

  DoctorCommand(Talk talk) { this.talk = talk; }

  @Override public Integer call() {
    var runs = talk.flags().runs();
    var runtime = Runtime.getRuntime();
    var checks = Stream.concat(
        Stream.of(java(Runtime.version()), vector(), locale(), memory(runtime.maxMemory()), folder(runs), disk(runs)),
        data(talk.env().getOrDefault("UNROLL_DATA", ""))).toList();
    boolean well = checks.stream().noneMatch(c -> c.state == State.FAIL);
    if (talk.flags().json) {
      talk.json(object(checks, well));
    } else {
      checks.forEach(this::tell);
    }
    return well ? 0 : Code.R002.exit();
  }

  private void tell(Check c) {
    var mark = switch (c.state) {
      case OK -> "✔ ";
      case WARN -> "▲ ";
      case FAIL -> "✖ ";
    };
    talk.data(mark + c.text + (c.mend.isEmpty() ? "" : " → " + c.mend));
  }

  Check java(Runtime.Version version) {
    boolean mended = version.compareToIgnoreOptional(MENDED) >= 0;
    var text = talk.text("doctor.java", version.toString(), System.getProperty("java.vendor"));
    return new Check("java", mended ? State.OK : State.WARN, text, mended ? "" : talk.text("doctor.java.mend"));
  }

  private Check vector() {
    boolean here = ModuleLayer.boot().findModule(VECTOR).isPresent();
    boolean there = here || ModuleFinder.ofSystem().find(VECTOR).isPresent();
    if (here) return new Check("vector", State.OK, talk.text("doctor.vector", Runtime.getRuntime().availableProcessors()), "");
    return new Check("vector", State.WARN, talk.text(there ? "doctor.vector.off" : "doctor.vector.none"),
        talk.text(there ? "doctor.vector.off.mend" : "doctor.vector.none.mend"));
  }

  private Check locale() {
    var encoding = System.getProperty("sun.jnu.encoding");
    return Failure.utf8() ? new Check("locale", State.OK, talk.text("doctor.locale", encoding), "")
        : new Check("locale", State.FAIL, talk.text("doctor.locale.bad", encoding), talk.text("doctor.locale.mend"));
  }

  Check memory(long heap) {
    boolean enough = heap >= 512L << 20;
    return new Check("memory", enough ? State.OK : State.WARN, talk.text("doctor.memory", heap >> 20),
        enough ? "" : talk.text("doctor.memory.mend"));
  }

  /** Whether runs can be written: into the folder, or where it would be made. */
  Check folder(Path runs) {
    boolean writable = Files.isWritable(existing(runs)) && Files.isDirectory(existing(runs));
    return new Check("runs", writable ? State.OK : State.FAIL, talk.text(writable ? "doctor.runs" : "doctor.runs.bad", runs),
        writable ? "" : talk.text("doctor.runs.mend"));
  }

  private Check disk(Path runs) {
    try {
      return disk(Files.getFileStore(existing(runs)).getUsableSpace());
    } catch (IOException e) {
      return new Check("disk", State.WARN, talk.text("doctor.disk.unknown", e), "");
    }
  }

  Check disk(long free) {
    var state = free >= 1_000_000_000 ? State.OK : free >= 100_000_000 ? State.WARN : State.FAIL;
    return new Check("disk", state, talk.text("doctor.disk", free / 1e9), state == State.OK ? "" : talk.text("doctor.disk.mend"));
  }

  private Stream<Check> data(String folder) {
    if (folder.isEmpty()) return Stream.empty();
    boolean there = Files.isDirectory(Path.of(folder));
    var text = talk.text(there ? "doctor.data" : "doctor.data.bad", folder);
    return Stream.of(new Check("data", there ? State.OK : State.FAIL, text, there ? "" : talk.text("doctor.data.mend")));
  }

  private static Path existing(Path path) {
    var p = path.toAbsolutePath();
    while (!Files.exists(p) && p.getParent() != null) p = p.getParent();
    return p;
  }

  private static Map<String, Object> object(List<Check> checks, boolean well) {
    var list = checks.stream().map(c -> {
      var o = new LinkedHashMap<String, Object>();
      o.put("name", c.name);
      o.put("state", c.state.name().toLowerCase(Locale.ROOT));
      o.put("text", c.text);
      o.put("mend", c.mend);
      return o;
    }).toList();
    var o = new LinkedHashMap<String, Object>();
    o.put("v", 1);
    o.put("checks", list);
    o.put("passed", well);
    return o;
  }
}
