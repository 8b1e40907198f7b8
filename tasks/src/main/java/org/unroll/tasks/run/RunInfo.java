package org.unroll.tasks.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.file.CheckpointStore;
import org.unroll.file.DiskFaults;
import org.unroll.file.Json;
import org.unroll.file.RunLock;
import org.unroll.tasks.config.Config;
import org.unroll.tasks.config.ConfigBuilder;
import org.unroll.tasks.config.LmKeys;

/**
 * A run as others see it: read, never written, so it can be looked at while it trains.
 *
 * @param about what {@code run.json} says
 */
public record RunInfo(Path path, Map<String, Object> about) {
  private static final Json.Rules RULES = Json.Rules.CONFIG;
  private static final String DATA = "data";

  /** That of its folder. */
  public String name() { return path.getFileName().toString(); }

  /** {@code running}, {@code stopped}, {@code done} or {@code failed}; a run whose process was killed still says running. */
  public String status() { return String.valueOf(about.getOrDefault("status", "unknown")); }

  /** Whether it says that it is running while no process has it: the one that had it was killed. */
  public boolean abandoned() { return status().equals("running") && !RunLock.held(path); }

  /** Whether it says that it came to its end while no checkpoint is left to use: those that were damaged have been set aside. */
  public boolean lost() { return (status().equals("done") || status().equals("stopped")) && file().isEmpty(); }

  /** SHA-256 of the training's state at its end; empty before. See {@link Training#stateHash}. */
  public String state() { return String.valueOf(about.getOrDefault("state", "")); }

  /** Whether text of the run was kept apart that can be read again to evaluate it: not of standard input. */
  public boolean hasOwnText() {
    return about.get(DATA) instanceof Map<?, ?> d && !(d.get("files") instanceof List<?> files && files.contains("-"))
        && (more(d.get("test")) || more(d.get("dev")));
  }

  private static boolean more(Object symbols) { return symbols instanceof Long n && n > 1; }

  /** Nats a symbol of the best evaluation; NaN without one. */
  public double best() { return about.get("best") instanceof Number n ? n.doubleValue() : Double.NaN; }

  /** Steps taken at the last checkpoint. */
  public long step() { return about.get("step") instanceof Number n ? n.longValue() : 0; }

  /** Step of the best evaluation; 0 without one. */
  public long bestStep() { return about.get("best_step") instanceof Number n ? n.longValue() : 0; }

  /** Of training, at the last checkpoint or at the end. */
  public double seconds() { return about.get("seconds") instanceof Number n ? n.doubleValue() : 0; }

  /** The network in a line. */
  public String network() { return String.valueOf(about.getOrDefault("network", "")); }

  /** How many numbers are learnt; empty where the run does not say. */
  public OptionalLong weights() {
    return about.get("weights") instanceof Number n ? OptionalLong.of(n.longValue()) : OptionalLong.empty();
  }

  /** When it began, ISO 8601 in UTC; empty where the run does not say. */
  public String created() { return about.get("created") instanceof String s ? s : ""; }

  /** SHA-256 of the text's bytes, that of {@link LmData#sha256}; empty where the run does not say. */
  public String corpus() { return about.get(DATA) instanceof Map<?, ?> d && d.get("sha256") instanceof String s ? s : ""; }

  /** What it says of its text: files, SHA-256, symbols of each part. */
  public Object data() { return about.get(DATA); }

  /** The settings that it was last begun or resumed with. */
  public Config settings() { return new ConfigBuilder(LmKeys.KEYS).file(config()).resolve(); }

  /** The folder's {@code config.yaml}. */
  public Path config() { return path.resolve(RunFolder.CONFIG); }

  /** The folder's log of events. */
  public Path events() { return path.resolve(RunFolder.EVENTS); }

  /** The model file to use: the best checkpoint, or the newest where there is no dev part. M001 none yet, M011 none left. */
  public Path model() {
    return file().orElseThrow(() -> lost()
        ? Fault.of(Code.M011, "the run has no checkpoint that can be read").at(path.toString())
            .because("those that were found damaged are kept as *.corrupt").mend("restore a copy, or train anew")
        : Fault.of(Code.M001, "the run has no checkpoint yet").at(path.toString()).mend("wait for its first evaluation"));
  }

  /** Its checkpoints that are not set aside as damaged, the oldest first. */
  public List<Path> checkpoints() {
    var folder = path.resolve(RunFolder.CHECKPOINTS);
    if (!Files.isDirectory(folder)) return List.of();
    try (var names = Files.list(folder)) {
      return names.filter(f -> CheckpointStore.step(f.getFileName().toString()).isPresent()).sorted().toList();
    } catch (IOException e) {
      throw DiskFaults.reading(folder, e);
    }
  }

  private Optional<Path> file() {
    var folder = path.resolve(RunFolder.CHECKPOINTS);
    return Stream.of(bestStep() > 0 ? bestStep() : step(), step())   // between two saves the best may be gone already
        .map(step -> folder.resolve(CheckpointStore.name(step))).filter(Files::exists).findFirst();
  }

  /** A run by its folder. M001 if it is none. */
  public static RunInfo of(Path path) { return new RunInfo(path, about(path)); }

  static Map<String, Object> about(Path path) {
    var file = path.resolve(RunFolder.RUN);
    if (!isRun(path)) throw Fault.of(Code.M001, "no run").at(path.toString()).because("it has no %s", RunFolder.RUN)
        .mend("unroll runs list");
    try {
      var about = new LinkedHashMap<String, Object>();
      var text = Files.readString(file, StandardCharsets.UTF_8);
      if (!(Json.read(text, file.toString(), RULES) instanceof Map<?, ?> m)) throw Fault.of(Code.M003, "not an object").at(file.toString());
      m.forEach((k, v) -> about.put((String) k, v));
      return about;
    } catch (IOException e) {
      throw DiskFaults.reading(file, e);
    }
  }

  /** All runs in a folder, the newest first. What cannot be read is left out and named in {@code damaged}. */
  public static List<RunInfo> list(Path runs, List<String> damaged) {
    var found = new ArrayList<RunInfo>();
    if (!Files.isDirectory(runs)) return found;
    try (var names = Files.newDirectoryStream(runs)) {
      for (var p : names) {
        if (!isRun(p)) continue;
        try {
          found.add(of(p));
        } catch (Fault f) {
          damaged.add(f.getMessage());
        }
      }
    } catch (IOException e) {
      throw DiskFaults.reading(runs, e);
    }
    found.sort(Comparator.comparing(RunInfo::created).reversed()
        .thenComparing(RunInfo::name));
    return found;
  }

  /** Whether a folder is one of a run. */
  public static boolean isRun(Path folder) { return Files.exists(folder.resolve(RunFolder.RUN)); }
}
