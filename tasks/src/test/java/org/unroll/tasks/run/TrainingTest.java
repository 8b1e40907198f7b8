package org.unroll.tasks.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unroll.cell.Cells;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.kernel.Kernels;
import org.unroll.model.Model;
import org.unroll.slab.Workspace;
import org.unroll.tasks.config.Config;
import org.unroll.tasks.config.ConfigBuilder;
import org.unroll.tasks.config.LmConfig;
import org.unroll.tasks.config.LmKeys;
import org.unroll.tasks.lm.Event;
import org.unroll.tasks.text.Corpus;

class TrainingTest {
  private static final String TEXT = "the cat sat on the mat. the dog sat on the log. 天地玄黄，宇宙洪荒。\n".repeat(60);

  @TempDir Path runs;

  static Config config(String... pairs) {
    var layers = new ConfigBuilder(LmKeys.KEYS).set("model.hidden=24").set("model.embed=8").set("train.batch=5").set("train.bptt=12").set("model.dropout=0.1")
        .set("train.epochs=3").set("train.sample_length=20").set("train.lr=1e-2");
    for (var p : pairs) layers = layers.set(p);
    return layers.resolve();
  }

  static LmData data(Config c) {
    var d = LmConfig.of(c).data();
    return LmData.of(Corpus.of("text", TEXT, LmData.options(d)), d);
  }

  @Test void run_repeatingText_learnsIt() {
    var c = config();
    var events = new ArrayList<Event>();
    var t = Trainings.inMemory(c, data(c), Kernels.scalar(), 0, System::nanoTime, events::add);
    var end = t.run();
    var evals = events.stream().filter(Event.Evaluated.class::isInstance).map(Event.Evaluated.class::cast).toList();
    assertEquals(4, evals.size());
    assertTrue(evals.getFirst().dev() > 3.0, "untrained " + evals.getFirst().dev());
    assertTrue(evals.getLast().dev() < 1.2, "trained " + evals.getLast().dev());
    assertEquals(Event.End.DONE, end.end());
  }

  @Test void resume_afterAStop_goesOnBitForBit() {
    var c = config("train.epochs=2");
    var d = data(c);
    var straight = Trainings.inMemory(c, d, Kernels.scalar(), 0, System::nanoTime, e -> { });
    straight.run();

    var listeners = new ArrayList<Trainings.Open>();
    int stopAt = 7;
    try (var open = Trainings.start(runs, "a", c, d, Kernels.scalar(), 0, System::nanoTime, e -> {
      if (e instanceof Event.Stepped s && s.step() == stopAt) listeners.getFirst().training().stop();
    })) {
      listeners.add(open);
      assertEquals(Event.End.STOPPED, open.training().run().end());
    }
    try (var open = Trainings.resume(runs.resolve("a"), c, d, Kernels.scalar(), System::nanoTime, e -> { })) {
      assertEquals(Event.End.DONE, open.training().run().end());
      assertEquals(straight.stateHash(), open.training().stateHash());
    }
    assertEquals("done", RunInfo.of(runs.resolve("a")).status());
    assertEquals(List.of("a"), RunInfo.list(runs, new ArrayList<>()).stream().map(RunInfo::name).toList());
  }

  @Test void run_fullBatchGradientDescent_takesOneStepAnEpochAndFallsSteadily() {
    var c = config("train.batch=0", "train.optimizer=sgd", "train.lr=0.5", "train.epochs=5", "model.dropout=0", "model.hidden=12");
    var losses = new ArrayList<Double>();
    var t = Trainings.inMemory(c, data(c), Kernels.scalar(), 0, System::nanoTime, e -> {
      if (e instanceof Event.Stepped s) losses.add(s.loss());
    });
    assertEquals(1, t.about().perEpoch());
    assertEquals(5, t.run().step());
    for (int i = 1; i < 5; i++) assertTrue(losses.get(i) < losses.get(i - 1), losses.toString());
  }

  @Test void run_withoutADevPart_tellsTheTrainingLossAndKeepsTheNewestCheckpoint() {
    var c = config("data.dev_fraction=0", "train.epochs=2");
    var events = new ArrayList<Event>();
    try (var open = Trainings.start(runs, "a", c, data(c), Kernels.scalar(), 0, System::nanoTime, events::add)) {
      var end = open.training().run();
      var evals = events.stream().filter(Event.Evaluated.class::isInstance).map(Event.Evaluated.class::cast).toList();
      assertEquals(2, evals.size(), "nothing is evaluated before the first step");
      for (var v : evals) assertEquals(StrictMath.exp(v.loss()), v.perplexity());
      assertTrue(evals.stream().noneMatch(Event.Evaluated::best));
      assertEquals(evals.getLast().loss(), end.loss());
      assertTrue(Double.isNaN(end.best()));
      assertTrue(events.stream().anyMatch(e -> e instanceof Event.Noted n && n.note().what().startsWith("there is no dev part: ")));
      var run = RunInfo.of(open.folder().path());
      assertEquals(org.unroll.file.CheckpointStore.name(end.step()), run.model().getFileName().toString());
      assertTrue(run.hasOwnText(), "it has a test part");
    }
  }

  @Test void about_severalBudgets_namesTheOneThatEndsIt() {
    assertEquals("train.epochs=3", about("train.epochs=3").bound());
    assertEquals("train.steps=5", about("train.steps=5").bound());
    assertEquals("train.epochs=3", about("train.steps=5000000").bound());
    assertEquals("train.minutes=1.5", about(100, "train.epochs=0", "train.minutes=1.5").bound());
    assertEquals("train.minutes=1.5", about(100, "train.steps=200", "train.minutes=1.5").bound());
    assertEquals("train.steps=7", about(100, "train.epochs=0", "train.steps=7", "train.minutes=9").bound());
  }

  private static Event.Started about(String... pairs) { return about(0, pairs); }

  private static Event.Started about(long measured, String... pairs) {
    var c = config(pairs);
    return Trainings.inMemory(c, data(c), Kernels.scalar(), measured, System::nanoTime, e -> { }).about();
  }

  @Test void stateHash_ofTheLastCheckpoint_isThatOfTheEnd() {
    var c = config("train.epochs=1");
    try (var open = Trainings.start(runs, "a", c, data(c), Kernels.scalar(), 0, System::nanoTime, e -> { })) {
      var end = open.training().run();
      var file = open.folder().checkpoints().file(end.step());
      var read = org.unroll.file.SafeTensorsReader.of(org.unroll.file.Disk.real(), file).read();
      assertEquals(end.state(), open.training().stateHash());
      assertEquals(end.state(), Training.stateHash(read, file.toString()));
      assertEquals(end.state(), RunInfo.of(open.folder().path()).state());
    }
  }

  @Test void model_ofARunWithoutAWholeCheckpoint_isRefused() throws java.io.IOException {
    var c = config("train.epochs=1");
    Path path;
    try (var open = Trainings.start(runs, "a", c, data(c), Kernels.scalar(), 0, System::nanoTime, e -> { })) {
      open.training().run();
      path = open.folder().path();
    }
    assertFalse(RunInfo.of(path).lost());
    try (var files = java.nio.file.Files.list(path.resolve("checkpoints"))) {
      for (var f : files.toList()) java.nio.file.Files.move(f, Path.of(f + ".corrupt"));
    }
    assertTrue(RunInfo.of(path).lost());
    var f = assertThrows(Fault.class, RunInfo.of(path)::model);
    assertEquals(Code.M011, f.code());
    assertEquals("the run has no checkpoint that can be read", f.what());
  }

  @Test void trainer_anyKernels_sameModel() {
    var models = Stream.of("fast", "plain", "scalar").map(kernels -> org.unroll.tasks.Trainer
        .of(org.unroll.tasks.LanguageModel.builder().lstm(1, 8).embed(4)).set("train.steps", 3).epochs(0).kernels(kernels)
        .fit(org.unroll.tasks.Texts.inMemory(TEXT)).best().model()).toList();
    assertEquals(1, models.stream().map(Model::id).distinct().count());
    assertNull(Cells.find("lstm").fused(models.get(1).run(new Workspace()).k()));
    assertEquals("scalar kernels", models.get(2).run(new Workspace()).k().toString());
    var f = assertThrows(Fault.class, () -> org.unroll.tasks.Trainer.of(org.unroll.tasks.LanguageModel.builder()).kernels("quick"));
    assertEquals(Code.C030, f.code());
  }

  @Test void of_twoTrainersOfOneBuilder_doNotShareSettings() {
    var builder = org.unroll.tasks.LanguageModel.builder().lstm(1, 8).embed(4);
    var one = org.unroll.tasks.Trainer.of(builder).set("train.steps", 3).epochs(0);
    org.unroll.tasks.Trainer.of(builder).set("train.steps", 5).epochs(0);
    assertEquals(3, one.fit(org.unroll.tasks.Texts.inMemory(TEXT)).end().step());
  }
}
