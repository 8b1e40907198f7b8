package org.unroll.tasks.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.unroll.cell.Cells;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.kernel.Kernels;
import org.unroll.tasks.config.Config;
import org.unroll.tasks.lm.Event;

/** K steps, the end of the process, resume, K steps = 2 K steps without an end: by the hash of the state. */
class ResumeTest {
  private static final Kernels K = Kernels.scalar();
  private static final int SAVE = 4;
  private static final String[] COSINE = {"model.hidden=10", "model.embed=6", "train.epochs=0", "train.bptt=20", "train.batch=3",
      "train.schedule=cosine", "train.sample_length=0"};

  @TempDir Path runs;

  /** What a process that dies looks like from inside. */
  private static final class Died extends Error {
    private static final long serialVersionUID = 1;
  }

  private static Config config(String cell, String optimizer, boolean stateful) {
    return TrainingTest.config("model.cell=" + cell, "model.hidden=10", "model.embed=6", "train.optimizer=" + optimizer, "train.stateful=" + stateful,
        "train.epochs=0", "train.steps=100", "train.save_every=" + SAVE, "train.bptt=20", "train.batch=3", "train.schedule=cosine",
        "train.warmup=5", "train.sample_length=5");
  }

  private static String straight(Config c) {
    var t = Trainings.inMemory(c, TrainingTest.data(c), K, 0, System::nanoTime, e -> { });
    t.run();
    return t.stateHash();
  }

  /** Trains until {@code death}, then in new trainings until the end; the hash there. */
  private String broken(Config c, List<Predicate<Event>> deaths) {
    boolean begun = false;
    for (var death : deaths) {
      try (var open = open(c, begun, e -> {
        if (death.test(e)) throw new Died();
      })) {
        begun = true;
        assertThrows(Died.class, open.training()::run);
      }
    }
    try (var open = open(c, begun, e -> { })) {
      open.training().run();
      return open.training().stateHash();
    }
  }

  private Trainings.Open open(Config c, boolean again, java.util.function.Consumer<Event> listener) {
    var data = TrainingTest.data(c);
    return again ? Trainings.resume(runs.resolve("r"), c, data, K, System::nanoTime, listener)
        : Trainings.start(runs, "r", c, data, K, 0, System::nanoTime, listener);
  }

  private static Predicate<Event> atStep(int step) { return e -> e instanceof Event.Stepped s && s.step() == step; }

  static Stream<Arguments> matrix() {
    var optimizers = List.of("sgd", "momentum", "nesterov", "adagrad", "adadelta", "rmsprop", "adam", "adamw");
    var cells = List.copyOf(Cells.names());
    return Stream.iterate(0, i -> i + 1).limit(16).map(i -> Arguments.of(cells.get(i % cells.size()), optimizers.get(i % 8), i % 2 == 0 ^ i / 8 % 2 == 0));
  }

  @ParameterizedTest
  @MethodSource("matrix")
  void resume_afterADeath_endsWithTheSameState(String cell, String optimizer, boolean stateful) {
    var c = config(cell, optimizer, stateful);
    assertEquals(straight(c), broken(c, List.of(atStep(SAVE + 2))));
  }

  @Test void resume_afterDeathsAtAwkwardMoments_endsWithTheSameState() {
    var c = config("lstm", "adam", true);
    var epoch = new Streams(TrainingTest.data(c).train(), 3, 20, 1).windows();
    assertTrue(epoch > 10 && epoch < 90, "epoch of " + epoch);
    assertEquals(straight(c), broken(c, List.of(atStep(1), atStep(SAVE), atStep(SAVE + 1), atStep(epoch), atStep(epoch + 1),
        e -> e instanceof Event.Evaluated v && v.step() > 0 || e instanceof Event.Stepped s && s.step() == 99)));
  }

  @Test void save_everyStepOrNever_changesNothing() {
    var c = config("gru", "adam", true);
    var never = straight(c);
    var often = TrainingTest.config("model.cell=gru", "model.hidden=10", "model.embed=6", "train.epochs=0", "train.steps=100",
        "train.save_every=1", "train.bptt=20", "train.batch=3", "train.schedule=cosine", "train.warmup=5", "train.sample_length=50");
    try (var open = Trainings.start(runs, "s", often, TrainingTest.data(often), K, 0, System::nanoTime, e -> { })) {
      open.training().run();
      assertEquals(never, open.training().stateHash());
    }
  }

  @Test void resume_otherConfigOrText_isRefusedFieldByField() {
    var c = config("lstm", "adam", true);
    try (var open = open(c, false, e -> {
      if (atStep(6).test(e)) throw new Died();
    })) {
      assertThrows(Died.class, open.training()::run);
    }
    var other = config("lstm", "adam", false);
    var f = assertThrows(Fault.class, () -> open(other, true, e -> { }));
    assertEquals(Code.M010, f.code());
    assertEquals("the run was begun otherwise: train.stateful: was true, is false", f.what());
    try (var open = open(c, true, e -> { })) {
      open.training().run();                     // the refusal left the run as it was
      assertEquals(straight(c), open.training().stateHash());
    }
  }

  @Test void resume_cosineWithAnotherEnd_isRefusedAndConstantGoesOn() {
    var cosine = config("gru", "adam", true);
    try (var open = open(cosine, false, e -> { })) {
      open.training().run();
    }
    var longer = TrainingTest.config("model.cell=gru", "model.hidden=10", "model.embed=6", "train.epochs=0", "train.steps=150",
        "train.save_every=" + SAVE, "train.bptt=20", "train.batch=3", "train.schedule=cosine", "train.warmup=5", "train.sample_length=5");
    var f = assertThrows(Fault.class, () -> open(longer, true, e -> { }));
    assertEquals("train.schedule is cosine, and the learning rate falls over the 100 steps that were planned", f.what());
    assertEquals(List.of("train anew: unroll train " + runs.resolve("r/config.yaml") + " --set train.steps=150"), f.mend());
  }

  @Test void resume_cosineThatTheClockEnded_goesOnToItsPlanWithMoreMinutes() {
    var c = plus(COSINE, "train.minutes=1");
    var clock = new long[1];
    long reached;
    try (var open = Trainings.start(runs, "r", c, TrainingTest.data(c), K, 90, () -> clock[0] += 1_000_000_000L, e -> { })) {
      var end = open.training().run();
      assertEquals(Event.End.CLOCK, end.end());
      reached = end.step();
      assertTrue(reached > 3 && reached < 60, "by the clock after " + reached);
    }
    var f = assertThrows(Fault.class, () -> open(plus(COSINE, "train.steps=200"), true, e -> { }));
    assertEquals(List.of("resume without another budget: unroll resume " + runs.resolve("r"),
        "train anew: unroll train " + runs.resolve("r/config.yaml") + " --set train.steps=200 --set train.minutes=0"), f.mend());
    var notes = new ArrayList<Event>();
    try (var open = open(plus(COSINE, "train.minutes=9"), true, notes::add)) {
      assertEquals(90, open.training().run().step());
      assertEquals("train.minutes: moves the clock, not the end: with a cosine that stays at step 90",
          ((Event.Noted) notes.getFirst()).note().toString());
      var straight = Trainings.inMemory(c, TrainingTest.data(c), K, 90, () -> 0, e -> { });
      straight.run();
      assertEquals(straight.stateHash(), open.training().stateHash());
    }
  }

  @Test void resume_runAtItsEnd_leavesItAsItIs() throws IOException {
    var c = config("gru", "adam", true);
    String state;
    try (var open = open(c, false, e -> { })) {
      state = open.training().run().state();
    }
    var events = Files.readString(runs.resolve("r/events.jsonl"));
    var run = Files.readString(runs.resolve("r/run.json"));
    var heard = new ArrayList<Event>();
    try (var open = open(c, true, heard::add)) {
      var end = open.training().run();
      assertEquals(List.of(end), heard);
      assertEquals(state, end.state());
      assertEquals(RunInfo.of(runs.resolve("r")).best(), end.best());
    }
    assertEquals(events, Files.readString(runs.resolve("r/events.jsonl")));
    assertEquals(run, Files.readString(runs.resolve("r/run.json")));
  }

  @Test void resume_afterTheEndWithMoreSteps_equalsTheLongerTraining() {
    String[] base = {"model.hidden=10", "train.epochs=0", "train.bptt=20", "train.batch=3", "train.schedule=plateau",
        "train.decay_patience=1", "train.eval_every=9", "train.sample_length=5"};
    var half = plus(base, "train.steps=40");
    var whole = plus(base, "train.steps=80");
    try (var open = open(half, false, e -> { })) {
      open.training().run();
    }
    try (var open = open(whole, true, e -> { })) {
      open.training().run();
      var t = Trainings.inMemory(whole, TrainingTest.data(whole), K, 0, System::nanoTime, e -> { });
      t.run();
      assertEquals(t.about().step(), open.training().about().step());
      assertEquals(t.stateHash(), open.training().stateHash());
    }
  }

  private static Config plus(String[] base, String more) {
    var all = java.util.Arrays.copyOf(base, base.length + 1);
    all[base.length] = more;
    return TrainingTest.config(all);
  }

  @Test void run_minutes_endsAtThePlannedStepOrByTheClock() {
    var c = TrainingTest.config("train.epochs=0", "train.minutes=1", "train.sample_length=0");
    var clock = new long[1];
    var fast = Trainings.inMemory(c, TrainingTest.data(c), K, 9, () -> clock[0] += 1_000, e -> { });
    assertEquals(9, fast.run().step());
    var slow = Trainings.inMemory(c, TrainingTest.data(c), K, 1000, () -> clock[0] += 1_000_000_000L, e -> { });
    long steps = slow.run().step();
    assertTrue(steps > 3 && steps < 60, "by the clock after " + steps);
  }

  @Test void train_aRunThatIsHeld_isRefused() {
    var c = config("lstm", "adam", true);
    try (var open = open(c, false, e -> { })) {
      assertEquals(Code.R008, assertThrows(Fault.class, () -> open(c, true, e -> { })).code());
    }
  }

  @Test void train_tooHighARate_saysWhichTensorAndKeepsTheCheckpoint() {
    var c = TrainingTest.config("model.cell=elman-identity", "train.lr=1e30", "train.clip=0", "train.optimizer=sgd", "train.save_every=1");
    try (var open = Trainings.start(runs, "n", c, TrainingTest.data(c), K, 0, System::nanoTime, e -> { })) {
      var f = assertThrows(Fault.class, open.training()::run);
      assertEquals(Code.R001, f.code());
      assertTrue(f.what().startsWith("the training diverged at step "), f.what());
      assertFalse(f.where().isEmpty());
    }
  }

  /** Real processes, really killed. {@code -Dunroll.kills=} says how often. */
  @Tag("slow")
  @Test void resume_killedProcesses_endWithTheSameState() throws Exception {
    int kills = Integer.getInteger("unroll.kills", 20);
    var expected = Processes.straight();
    for (int done = 0; done < kills;) {
      Path folder = Files.createTempDirectory(runs, "k");
      String hash = null;
      while (hash == null) {
        long pause = 300 + (done * 7919L) % 2500;
        hash = Processes.run(folder, pause, TimeUnit.MILLISECONDS);
        if (hash == null) done++;
      }
      assertEquals(expected, hash);
    }
  }

  @Test void hash_ofAnotherTraining_differs() {
    assertNotEquals(straight(config("lstm", "adam", true)), straight(config("lstm", "adam", false)));
  }
}
