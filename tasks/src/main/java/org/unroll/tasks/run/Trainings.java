package org.unroll.tasks.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.kernel.Kernels;
import org.unroll.layer.State;
import org.unroll.tasks.config.Config;
import org.unroll.tasks.config.LmConfig;
import org.unroll.tasks.config.LmKeys;
import org.unroll.tasks.lm.Event;
import org.unroll.tasks.text.Note;

/** How trainings begin and go on. */
public final class Trainings {
  /** What a resumed run may change: when it ends and what it tells, never how the next step goes. */
  private static final Set<String> FREE = Set.of("train.epochs", "train.steps", "train.minutes", "train.patience", "train.save_every",
      "train.sample_length", "train.sample_prompt", "data.train", "data.dev", "ngram.order", "ngram.memory");

  private Trainings() {}

  /** A training and the folder it writes to. */
  public record Open(Training training, RunFolder folder) implements AutoCloseable {
    @Override public void close() { folder.close(); }
  }

  /**
   * A new run.
   *
   * @param steps of the whole training if the configuration does not bound them but minutes do; see {@link Pace}
   */
  public static Open start(Path runs, String name, Config config, LmData data, Kernels kernels, long steps, LongSupplier nanos,
      Consumer<Event> listener) {
    var lm = LmConfig.of(config);
    var cursor = new Cursor();
    cursor.planned = planned(lm, data, steps);
    Plan.schedule(lm.train().rate(), cursor.planned);   // refuses before anything is written
    var learner = Training.learner(lm, data, kernels);
    var network = new RunFolder.Spoken(Summary.of(learner.network().spec()), learner.network().shape().size(), cursor.planned);
    var folder = RunFolder.create(runs, name, config, data, network);
    try {
      return new Open(new Training(lm, data, learner, folder, cursor, State.ZERO, nanos, listener), folder);
    } catch (RuntimeException | Error e) {
      folder.close();
      throw e;
    }
  }

  /** A training that leaves nothing on disk. */
  public static Training inMemory(Config config, LmData data, Kernels kernels, long steps, LongSupplier nanos, Consumer<Event> listener) {
    var lm = LmConfig.of(config);
    var cursor = new Cursor();
    cursor.planned = planned(lm, data, steps);
    return new Training(lm, data, Training.learner(lm, data, kernels), null, cursor, State.ZERO, nanos, listener);
  }

  /** Bytes of memory that training takes, about: what C020 compares with the heap. D005 as {@link LmData#requireTrainable}. */
  public static long memory(LmConfig lm, LmData data) {
    return LmSpec.bytes(lm, data.vocabulary().size(), Streams.of(data, lm).rows());
  }

  private static long planned(LmConfig lm, LmData data, long steps) {
    long perEpoch = Streams.of(data, lm).windows();
    long bound = Plan.bound(lm.train().budget(), perEpoch);
    return bound > 0 && steps > 0 ? Math.min(bound, steps) : Math.max(bound, steps);
  }

  /**
   * Goes on with a run from its newest whole checkpoint. Faults: M001 no such run, R008 another process has it, M010 the
   * configuration or the text differ in what the next step depends on (field by field), M011 no checkpoint can be read.
   *
   * @param config of the run, with the changes that are wanted
   */
  public static Open resume(Path path, Config config, LmData data, Kernels kernels, LongSupplier nanos, Consumer<Event> listener) {
    var lm = LmConfig.of(config);
    var folder = RunFolder.open(path, config);
    try {
      var checkpoint = folder.checkpoints().newest();
      var was = Checkpoints.read(checkpoint.content(), checkpoint.file().toString());
      requireSame(was, config, data);
      var learner = Training.learner(lm, data, kernels);
      learner.restore(checkpoint.content(), was.cursor().step);
      replan(was, config, lm, data, folder, listener);
      var carried = Checkpoints.carried(checkpoint.content());
      var training = new Training(lm, data, learner, folder, was.cursor(), carried, nanos, listener);
      if (!training.isOver()) {
        folder.truncate(was);
        folder.begin(config);
      }
      for (var s : checkpoint.skipped()) {
        listener.accept(new Event.Noted(new Note(s.file().toString(), s.reason().getMessage())));
      }
      return new Open(training, folder);
    } catch (RuntimeException | Error e) {
      folder.close();
      throw e;
    }
  }

  private static void requireSame(Checkpoints.Read was, Config config, LmData data) {
    var differ = new ArrayList<String>();
    var now = config.texts();
    for (var key : union(was.config(), now)) {
      if (FREE.contains(key)) continue;
      var a = was.config().getOrDefault(key, initial(key));
      var b = now.getOrDefault(key, initial(key));
      if (!a.equals(b)) differ.add(key + ": was " + a + ", is " + b);
    }
    int settings = differ.size();
    if (!was.corpus().equals(data.sha256())) differ.add("text: was sha256 " + start(was.corpus()) + ", is " + start(data.sha256()));
    if (!was.vocabulary().equals(data.vocabulary().hash())) {
      differ.add("vocabulary: was " + start(was.vocabulary()) + ", is " + start(data.vocabulary().hash()));
    }
    if (differ.isEmpty()) return;
    var fault = Fault.of(Code.M010, "the run was begun otherwise: %s", String.join("; ", differ))
        .because("resuming goes on bit for bit, which these would break");
    if (settings > 0) fault = fault.mend("resume without these settings");
    if (settings < differ.size()) fault = fault.mend("give the run the text that it began with");
    throw fault.mend("start a new run: unroll train");
  }

  /** What a key holds that nobody has set, or that was not there yet when the run began. */
  private static String initial(String key) {
    return LmKeys.KEYS.find(key).map(k -> k.type().show(k.initialValue())).orElse("absent");
  }

  /** Enough of a hash to tell two apart. */
  private static String start(String hash) { return hash.substring(0, Math.min(12, hash.length())); }

  /** Another budget moves the end. Under a cosine, whose every step depends on it, only the time may grow. */
  private static void replan(Checkpoints.Read was, Config config, LmConfig lm, LmData data, RunFolder folder, Consumer<Event> listener) {
    var now = config.texts();
    var changed = LmKeys.BUDGETS.stream().filter(k -> !now.get(k).equals(was.config().get(k))).toList();
    if (changed.isEmpty()) return;
    if (!lm.train().rate().schedule().equals("cosine")) {
      was.cursor().planned = planned(lm, data, 0);
      return;
    }
    long planned = was.cursor().planned;
    boolean going = was.cursor().step < planned;
    if (!going || !changed.equals(List.of("train.minutes"))) throw fixed(now, changed, planned, going, folder);
    listener.accept(new Event.Noted(new Note("train.minutes",
        "moves the clock, not the end: with a cosine that stays at step " + planned)));
  }

  private static Fault fixed(Map<String, String> now, List<String> changed, long planned, boolean going, RunFolder folder) {
    var anew = new StringBuilder("unroll train " + folder.path().resolve(RunFolder.CONFIG));
    for (var k : LmKeys.BUDGETS) {
      if (changed.contains(k)) anew.append(" --set ").append(k).append('=').append(now.get(k));
      else if (Double.parseDouble(now.get(k)) > 0) anew.append(" --set ").append(k).append("=0");   // it would end it where this ended
    }
    var fault = Fault.of(Code.M010, "train.schedule is cosine, and the learning rate falls over the %d steps that were planned", planned)
        .at("%s", String.join(", ", changed)).because("with a cosine every step depends on how many there are: the end cannot be moved");
    if (going) fault = fault.mend("resume without another budget: unroll resume %s", folder.path());
    return fault.mend("train anew: %s", anew);
  }

  private static Collection<String> union(Map<String, String> a, Map<String, String> b) {
    var all = new LinkedHashMap<>(a);
    all.putAll(b);
    return all.keySet();
  }
}
