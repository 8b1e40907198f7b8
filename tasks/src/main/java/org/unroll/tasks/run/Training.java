package org.unroll.tasks.run;

import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.file.TensorFile;
import org.unroll.kernel.Kernels;
import org.unroll.layer.State;
import org.unroll.model.Learner;
import org.unroll.model.Model;
import org.unroll.model.Network;
import org.unroll.optim.Plateau;
import org.unroll.optim.Schedule;
import org.unroll.slab.Batch;
import org.unroll.slab.Slab;
import org.unroll.tasks.config.LmConfig;
import org.unroll.tasks.lm.Evaluator;
import org.unroll.tasks.lm.Event;
import org.unroll.tasks.lm.Generator;
import org.unroll.tasks.text.Note;
import org.unroll.tasks.text.Sampling;
import org.unroll.tasks.text.Vocabularies;

/**
 * Trains a language model by truncated backpropagation through time: B streams of text side by side, windows of T symbols,
 * the hidden state carried from window to window. The same configuration and text give the same weights, bit for bit,
 * however often the training is stopped and resumed. One thread runs it; any thread may ask it to stop.
 */
public final class Training {
  /** Saves in a row that may fail; then the training ends with the fault of the last. */
  static final int LOST = 3;
  private static final Note NO_DEV =
      new Note("", "there is no dev part: perplexity is that of the training text, and the newest checkpoint is the model");

  private final LmConfig config;
  private final LmData data;
  private final Learner learner;
  private final Streams streams;
  private final Consumer<Event> listener;
  private final RunFolder folder;
  private final Map<String, byte[]> attachments;
  private final AtomicBoolean stop = new AtomicBoolean();
  private final Clock clock;
  private final Slab x, y;
  private final long[] ids;
  private final Plateau plateau;
  private Cursor cursor;
  private final Schedule schedule;
  private final boolean over;
  private State carried;
  private int lost;
  private long stepsHere;
  private double told = Double.NaN;

  /**
   * @param folder where checkpoints and events go; null for nowhere
   * @param cursor where to go on; its step is 0 at the beginning
   */
  Training(LmConfig config, LmData data, Learner learner, RunFolder folder, Cursor cursor, State carried, LongSupplier nanos,
      Consumer<Event> listener) {
    this.config = config;
    this.data = data;
    this.learner = learner;
    this.folder = folder;
    this.cursor = cursor;
    this.carried = carried;
    this.clock = new Clock(nanos, cursor.seconds, config.train().budget().minutes());
    this.over = folder != null && folder.wasDone() && finished();
    this.listener = folder == null || over ? listener : listener.andThen(folder::record);
    this.streams = Streams.of(data, config);
    this.attachments = attachments(data);
    this.x = Slab.zeros(streams.window(), streams.batch(), 1);
    this.y = Slab.zeros(streams.window(), streams.batch(), 1);
    this.ids = LongStream.range(0, streams.batch()).toArray();
    this.plateau = Plan.plateau(config.train().rate());
    this.schedule = Plan.schedule(config.train().rate(), cursor.planned);
  }

  /** A network with weights drawn from the seed. */
  static Learner learner(LmConfig config, LmData data, Kernels kernels) {
    int symbols = data.vocabulary().size();
    LmSpec.requireFits(config, symbols, Streams.of(data, config).rows(), Runtime.getRuntime().maxMemory());
    var network = Network.build(LmSpec.of(config.model(), symbols));
    return new Learner(network, Plan.settings(config.train().steps()), kernels, config.train().seed());
  }

  static Map<String, byte[]> attachments(LmData data) {
    return Map.of(Vocabularies.NAME, Vocabularies.write(data.vocabulary()));
  }

  /** Whether there is nothing to do: the run came to its end before, and its budget has not grown since. */
  boolean isOver() { return over; }

  /** Asks for a stop: the step under way is finished, a checkpoint saved. */
  public void stop() { stop.set(true); }

  /**
   * Runs to the end of the budget, or until {@link #stop}. Faults: R001 the loss or a gradient becomes NaN or
   * infinite; G002, G003 and their kin nothing could be saved three times in a row, or at the end: the checkpoints before
   * are untouched. Whatever it fails with, the run on disk then says so. A run that was at its end already is left as it is.
   */
  public Event.Ended run() {
    if (over) return nothing();
    try {
      return train();
    } catch (RuntimeException | Error e) {
      if (folder != null) folder.failed();
      if (e instanceof Fault f && f.code() == Code.R001) throw withCheckpoint(f);
      throw e;
    }
  }

  private Event.Ended nothing() {
    var run = RunInfo.of(folder.path());
    var ended = new Event.Ended(atTheEnd(), cursor.step, run.best(), run.bestStep(), told, run.seconds(), run.state());
    listener.accept(ended);
    return ended;
  }

  private Fault withCheckpoint(Fault f) {
    if (folder == null) return f;
    var best = RunInfo.of(folder.path());
    return f.because("the last good checkpoint is that of step %d%s: %s", best.step(),
        best.bestStep() > 0 ? ", the best that of step " + best.bestStep() : "", folder.path());
  }

  private Event.Ended train() {
    clock.start(cursor);
    started();
    if (cursor.step == 0) {
      evaluate();
      save(true);                                // so that there is something to resume from the first step on
    }
    Event.End end = null;
    while (end == null && !finished()) {
      step();
      boolean evaluated = due(config.train().habits().evalEvery());
      if (evaluated) evaluate();
      if (evaluated || saveIsDue()) save(false);
      if (evaluated && outOfPatience()) end = Event.End.PATIENCE;
      else if (stop.get()) end = Event.End.STOPPED;
    }
    return end(end == null ? atTheEnd() : end);
  }

  /** How a training ends that nobody stops: at its plan, or by the clock before. */
  private Event.End atTheEnd() { return cursor.step < cursor.planned ? Event.End.CLOCK : Event.End.DONE; }

  private Event.Ended end(Event.End end) {
    save(true);
    var saved = cursor;
    if ((end == Event.End.DONE || end == Event.End.CLOCK) && cursor.steps > 0) {
      cursor = cursor.copy();            // a last figure, which a training that goes on from here must not have seen
      evaluate();
      if (folder != null) folder.evaluated(cursor);
    }
    var state = Checkpoints.hash(learner, saved, carried);
    var ended = new Event.Ended(end, cursor.step, cursor.best, cursor.bestStep, told, clock.seconds(), state);
    cursor = saved;
    listener.accept(ended);
    return ended;
  }

  /** What {@link #run} will be told about first. */
  public Event.Started about() {
    return new Event.Started(folder == null ? "" : folder.name(), Summary.of(learner.network().spec()),
        learner.network().shape().size(), streams.windows(), cursor.planned,
        Plan.bound(config.train().budget(), streams.windows(), cursor.planned), cursor.step, Summary.of(learner.kernels()));
  }

  private void started() {
    listener.accept(about());
    for (var note : data.notes()) listener.accept(new Event.Noted(note));
    if (!data.hasDev()) listener.accept(new Event.Noted(NO_DEV));
  }

  // ---- one step

  private void step() {
    if (streams.fresh(cursor.window) || !config.train().stateful()) carried = State.ZERO;
    int steps = streams.steps(cursor.window);
    streams.fill(cursor.epoch, cursor.window, x, y);
    double rate = schedule.at(cursor.step + 1) * cursor.plateau.scale();
    var s = learner.step(Batch.full(x.steps(0, steps), ids), y.steps(0, steps), carried, rate);
    if (carried.isZero()) carried = s.out().copy();
    else carried.set(s.out());

    cursor.step++;
    cursor.loss += s.loss() * s.count();
    cursor.count += s.count();
    cursor.norm += s.norm();
    cursor.steps++;
    if (s.clipped()) cursor.clipped++;
    clock.learnt(s.count());
    stepsHere++;
    if (++cursor.window == streams.windows()) nextEpoch();
    listener.accept(new Event.Stepped(cursor.step, cursor.epoch, s.loss(), s.norm(), rate, clock.share(cursor), clock.speed(),
        clock.left(cursor)));
  }

  private void nextEpoch() {
    cursor.window = 0;
    cursor.epoch++;
    var unmoved = learner.unmoved();
    if (stepsHere >= streams.windows() && !unmoved.isEmpty()) {
      throw Fault.of(Code.R003, "an epoch gave these weights no gradient at all: %s", String.join(", ", unmoved)).at("step " + cursor.step)
          .because("what is not trained is a mistake in the model").mend("please report this with the configuration");
    }
  }

  private boolean due(long every) {
    return every > 0 ? cursor.step % every == 0 : cursor.window == 0;
  }

  private boolean saveIsDue() {
    long every = config.train().habits().saveEvery();
    return every > 0 && cursor.step % every == 0;
  }

  /** At the planned step; the clock ends a training that is slower than its plan, or has none. */
  private boolean finished() { return cursor.planned > 0 && cursor.step >= cursor.planned || clock.isUp(); }

  private boolean outOfPatience() {
    long patience = config.train().habits().patience();
    return patience > 0 && cursor.since >= patience;
  }

  // ---- figures

  /** Evaluates, samples, and remembers the best. Of what the next step depends on it moves the plateau schedule alone. */
  private void evaluate() {
    learner.requireFinite();
    double perSecond = clock.speed();
    var model = learner.view(attachments);
    double dev = data.hasDev() ? Evaluator.of(model, data.dev()).mean() : Double.NaN;
    told = cursor.count == 0 ? Double.NaN : cursor.loss / cursor.count;
    boolean best = data.hasDev() && cursor.judge(dev);
    if (plateau != null && cursor.step > 0) cursor.plateau = plateau.after(cursor.plateau, dev);
    if (data.hasDev() || cursor.count > 0) {
      listener.accept(new Event.Evaluated(cursor.step, cursor.epoch, told, dev, cursor.norm / Math.max(1, cursor.steps),
          (double) cursor.clipped / Math.max(1, cursor.steps), schedule.at(Math.max(1, cursor.step)) * cursor.plateau.scale(), perSecond,
          clock.seconds(), best));
    }
    sample(model);
    cursor.loss = cursor.norm = cursor.count = cursor.steps = cursor.clipped = 0;
    clock.again();
  }

  private void sample(Model model) {
    int length = config.train().habits().sampleLength();
    if (length == 0) return;
    var prompt = config.train().habits().samplePrompt();
    var sampling = Sampling.of(config.train().seed()).withTemperature(0.8);
    var g = new Generator(model.session(), data.vocabulary(), sampling).feed(data.vocabulary().encode(prompt));
    int[] written = new int[length];
    for (int i = 0; i < length; i++) written[i] = g.next().id();
    listener.accept(new Event.Sampled(cursor.step, prompt, data.vocabulary().decode(written)));
  }

  // ---- checkpoints

  /** Saves; what cannot be saved is tried again at the next interval, {@link #LOST} times in a row. */
  private void save(boolean lastChance) {
    if (folder == null) return;
    learner.requireFinite();
    cursor.seconds = clock.seconds();
    try {
      var file = folder.save(learner, attachments, cursor, carried, data);
      lost = 0;
      listener.accept(new Event.Saved(cursor.step, file));
    } catch (Fault f) {
      boolean disk = f.code() == Code.G002 || f.code() == Code.G003;
      if (!disk || lastChance || ++lost == LOST) throw f;
      listener.accept(new Event.Noted(new Note(f.where(), "step " + cursor.step + " was not saved, the training goes on: " + f.what())));
    }
  }

  /** Floats of working memory: constant from the second step on. */
  long allocated() { return learner.allocated(); }

  /** The weights as they stand. */
  public Model publish() { return learner.publish(attachments); }

  /** SHA-256 over everything that the next step depends on besides configuration and text: equal states go the same way. */
  public String stateHash() { return Checkpoints.hash(learner, cursor, carried); }

  /** The {@link #stateHash} of the training that saved a checkpoint. M002 for a file that is none; {@code where} names it. */
  public static String stateHash(TensorFile checkpoint, String where) { return Checkpoints.hash(checkpoint, where); }
}
