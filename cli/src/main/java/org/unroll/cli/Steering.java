package org.unroll.cli;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.unroll.tasks.lm.Event;
import org.unroll.tasks.run.RunInfo;
import org.unroll.tasks.run.Trainings;
import sun.misc.Signal;

/**
 * Runs a training so that Ctrl-C and a termination lose nothing: the step under way is finished, a checkpoint saved, and the
 * user told how to go on. A second signal ends the process at once.
 */
final class Steering {
  /** Exit status after Ctrl-C; a process ended by a signal gets its status from the JVM: 130 or 143. */
  static final int STOPPED = 130;

  private final Trainings.Open open;
  private final Talk talk;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final AtomicBoolean stopping = new AtomicBoolean();
  private final Event.Started start;
  private boolean quiet;

  Steering(Trainings.Open open, Talk talk) {
    this.open = open;
    this.talk = talk;
    this.start = open.training().about();
  }

  /** As {@link #run}; says nothing at a regular end. */
  int quietly() {
    quiet = true;
    return run();
  }

  /** To the end of the training; answers the exit status. */
  int run() {
    var hook = new Thread(this::interrupted, "stop");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      var end = open.training().run();
      open.close();
      tell(end, open.folder().path());
      return end.end() == Event.End.STOPPED ? STOPPED : 0;
    } catch (RuntimeException | Error e) {
      if (!stopping.get()) throw e;
      return Main.failed(e, new String[0], talk); // the JVM is on its way out: whoever called has no time to tell it
    } finally {
      talk.flush();
      ended.countDown();
      unhook(hook);
    }
  }

  private void interrupted() {
    stopping.set(true);
    for (var signal : new String[] {"INT", "TERM"}) Signal.handle(new Signal(signal), this::atOnce);
    open.training().stop();
    acknowledge("train.stopping");
    try {
      ended.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A second signal: says what is kept, as far as there is somebody to take it, and ends. */
  private void atOnce(Signal signal) {
    var words = new Thread(() -> {
      var run = RunInfo.of(open.folder().path());
      if (run.checkpoints().isEmpty()) acknowledge("train.halted.bare", Places.spoken(run.path()));
      else acknowledge("train.halted", run.step(), Places.spoken(run.path()));
      talk.flush();
    }, "last words");
    words.setDaemon(true);
    words.setUncaughtExceptionHandler((_, _) -> { }); // the end does not wait for them
    words.start();
    try {
      words.join(Duration.ofSeconds(1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      Runtime.getRuntime().halt(128 + signal.getNumber());
    }
  }

  /** On a line of its own, behind a bar and the ^C that a terminal shows. */
  private void acknowledge(String key, Object... args) {
    if (talk.terminal().is(Terminal.ERR) && !talk.flags().json) talk.draw("\n");
    talk.say(key, args);
    talk.flush();
  }

  private static void unhook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // the JVM is shutting down: it runs already
    }
  }

  private void tell(Event.Ended end, Path run) {
    var name = Places.spoken(run);
    boolean budget = end.end() == Event.End.DONE || end.end() == Event.End.CLOCK;
    if (talk.flags().json) return;
    if (budget && start.step() > 0 && end.step() == start.step()) {
      over(end, run, name);
      return;
    }
    if (end.end() == Event.End.STOPPED) talk.say("train.stopped", end.step(), name);
    if (end.end() == Event.End.CLOCK) clock(end, name);
    if (quiet || end.end() == Event.End.STOPPED) return;
    if (end.end() == Event.End.PATIENCE) talk.say("train.patience", end.step());
    else talk.say("train.done", end.step(), Figures.time(end.seconds()));
    if (Double.isFinite(end.best())) talk.say("train.best", Figures.perplexity(StrictMath.exp(end.best())), end.bestStep());
    else if (Double.isFinite(end.loss())) talk.say("train.last", Figures.perplexity(StrictMath.exp(end.loss())));
    talk.say(RunInfo.of(run).hasOwnText() ? "train.next" : "train.next.file", name, name);
  }

  /** The clock was faster than the plan: the machine had other work, or is slower than it was when it was measured. */
  private void clock(Event.Ended end, String name) {
    double needed = end.seconds() / 60 * start.planned() / Math.max(1, end.step());
    talk.warn("train.clock", end.step(), start.planned(), name, BigDecimal.valueOf(Math.ceil(1.1 * needed)).toBigInteger());
  }

  /** A run that was at its end already: why, and how to train longer. */
  private void over(Event.Ended end, Path run, String name) {
    var info = RunInfo.of(run);
    var budget = start.bound().split("=");
    boolean falling = info.settings().text("train.schedule").equals("cosine");
    var twice = new BigDecimal(budget[1]).multiply(BigDecimal.TWO).stripTrailingZeros().toPlainString();
    talk.say("train.over", end.step(), start.bound());
    if (end.end() == Event.End.CLOCK) clock(end, name);
    else if (falling) talk.say("train.over.cosine", info.config(), budget[0], twice);
    else talk.say("train.over.longer", name, budget[0], twice);
  }
}
