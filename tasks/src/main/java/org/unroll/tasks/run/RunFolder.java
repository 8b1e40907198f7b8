package org.unroll.tasks.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.unroll.fault.Fault;
import org.unroll.file.AtomicSave;
import org.unroll.file.CheckpointStore;
import org.unroll.file.Disk;
import org.unroll.file.DiskFaults;
import org.unroll.file.Json;
import org.unroll.file.RunLock;
import org.unroll.layer.State;
import org.unroll.model.Learner;
import org.unroll.tasks.config.Config;
import org.unroll.tasks.config.ConfigText;
import org.unroll.tasks.lm.Event;

/**
 * A run on disk, open to be written: {@code run.json} (what it is and how it stands), {@code config.yaml} (every key),
 * {@code events.jsonl}, {@code samples.jsonl}, {@code checkpoints/}. Held by one process at a time.
 */
public final class RunFolder implements AutoCloseable {
  static final String RUN = "run.json", CONFIG = "config.yaml", EVENTS = "events.jsonl", SAMPLES = "samples.jsonl";
  static final String CHECKPOINTS = "checkpoints";

  private final Path path;
  private final RunLock lock;
  private final CheckpointStore checkpoints;
  private final Map<String, String> config;
  private final Map<String, Object> about;
  private final LineLog events, samples;
  private final boolean done;

  private RunFolder(Path path, RunLock lock, CheckpointStore checkpoints, Map<String, String> config, Map<String, Object> about) {
    this.path = path;
    this.lock = lock;
    this.checkpoints = checkpoints;
    this.config = config;
    this.about = about;
    this.events = new LineLog(path.resolve(EVENTS));
    this.samples = new LineLog(path.resolve(SAMPLES));
    this.done = "done".equals(about.get("status"));
  }

  /** A new run: a folder of this name in {@code runs}, or name-2, name-3 … where there is one already. */
  static RunFolder create(Path runs, String name, Config config, LmData data, Spoken network) {
    var path = free(runs, name);
    try {
      Files.createDirectories(path);
    } catch (IOException e) {
      throw DiskFaults.writing(Disk.real(), path, 0, e);
    }
    var lock = RunLock.take(path);
    try {
      var about = new LinkedHashMap<String, Object>();
      about.put("v", 1L);
      about.put("name", path.getFileName().toString());
      about.put("task", "lm");
      about.put("created", now());
      about.put("network", network.summary());
      about.put("weights", network.weights());
      about.put("planned", network.planned());
      about.put("data", Map.of("files", config.files("data.train"), "sha256", data.sha256(), "symbols", (long) data.vocabulary().size(),
          "train", (long) data.train().size(), "dev", (long) data.dev().size(), "test", (long) data.test().size()));
      var folder = new RunFolder(path, lock, CheckpointStore.open(Disk.real(), path.resolve(CHECKPOINTS)), config.texts(), about);
      folder.begin(config);
      return folder;
    } catch (RuntimeException | Error e) {
      lock.close();
      throw e;
    }
  }

  /** @param weights how many; planned steps in all, 0 if no bound is known */
  record Spoken(String summary, long weights, long planned) {}

  private static Path free(Path runs, String name) {
    var path = runs.resolve(name);
    for (int i = 2; Files.exists(path); i++) path = runs.resolve(name + "-" + i);
    return path;
  }

  /** A run that is there, to go on with it. M001 if it is none, R008 if another process has it. */
  static RunFolder open(Path path, Config config) {
    var about = RunInfo.about(path);
    var lock = RunLock.take(path);
    try {
      return new RunFolder(path, lock, CheckpointStore.open(Disk.real(), path.resolve(CHECKPOINTS)), config.texts(), about);
    } catch (RuntimeException | Error e) {
      lock.close();
      throw e;
    }
  }

  /** Writes the configuration that holds from here on, and that the run is under way. */
  void begin(Config config) {
    AtomicSave.bytes(Disk.real(), path.resolve(CONFIG), ConfigText.bare(config).getBytes(StandardCharsets.UTF_8));
    about.remove("state");
    status("running");
  }

  /** Whether it said, before it was opened here, that it had come to its end. */
  boolean wasDone() { return done; }

  public String name() { return path.getFileName().toString(); }

  public Path path() { return path; }

  CheckpointStore checkpoints() { return checkpoints; }

  /** Saves a checkpoint; keeps the newest and the best that was saved. */
  Path save(Learner learner, Map<String, byte[]> attachments, Cursor cursor, State carried, LmData data) {
    var tensors = Checkpoints.tensors(learner, attachments, carried);
    var metadata = Checkpoints.metadata(learner, cursor, config, data, events.size(), samples.size());
    boolean bestIsThere = cursor.bestStep == cursor.step || checkpoints.steps().contains(cursor.bestStep);
    long best = bestIsThere ? cursor.bestStep : about.get("best_step") instanceof Long before ? before : 0; // its save may have failed
    var file = checkpoints.save(cursor.step, tensors, metadata);
    about.put("step", cursor.step);
    about.put("best_step", best);
    if (best == cursor.bestStep && !Double.isNaN(cursor.best)) about.put("best", cursor.best);
    about.put("seconds", cursor.seconds);
    status((String) about.get("status"));
    checkpoints.prune(best > 0 ? OptionalLong.of(best) : OptionalLong.empty()); // only now does run.json name no older one
    return file;
  }

  /** Notes an evaluation that came after the last checkpoint, of the same step. */
  void evaluated(Cursor cursor) {
    if (cursor.bestStep != cursor.step) return;
    about.put("best_step", cursor.bestStep);
    about.put("best", cursor.best);
  }

  /** Writes how the run stands. */
  void status(String status) {
    about.put("status", status);
    about.put("updated", now());
    AtomicSave.bytes(Disk.real(), path.resolve(RUN), Json.pretty(about).getBytes(StandardCharsets.UTF_8));
  }

  /** Says that the run failed, if the disk still takes it; what made it fail matters more. */
  void failed() {
    try {
      status("failed");
    } catch (Fault f) {
      // the first fault is the one to tell
    }
  }

  // ---- events

  /** Appends an event to the logs. */
  void record(Event e) {
    if (e instanceof Event.Ended end) {
      about.put("state", end.state());
      about.put("seconds", end.seconds());
      status(end.end() == Event.End.STOPPED ? "stopped" : "done");
    }
    if (e instanceof Event.Stepped s && s.step() % 10 != 0) return;
    var line = EventJson.line(e, now());
    events.append(line);
    if (e instanceof Event.Sampled) samples.append(line);
  }

  /** Forgets what was told after a checkpoint that is resumed: its steps will be taken, and told, again. */
  void truncate(Checkpoints.Read was) {
    events.truncate(was.events());
    samples.truncate(was.samples());
  }

  private static String now() { return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(); }

  /** Faults G002, G003: a log lacks its last lines; says so where the training itself is saved. */
  @Override public void close() {
    try (lock; samples; events) {
      // each is closed, whatever the others do
    } catch (Fault f) {
      boolean whole = "done".equals(about.get("status"));
      if (!whole && !"stopped".equals(about.get("status"))) throw f;
      throw f.because(whole ? "the training is complete and its checkpoint saved; this log alone lacks its last lines"
          : "the checkpoint is saved; this log alone lacks its last lines");
    }
  }
}
