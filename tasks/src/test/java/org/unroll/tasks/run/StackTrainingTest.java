package org.unroll.tasks.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.kernel.Kernels;
import org.unroll.tasks.LanguageModel;
import org.unroll.tasks.Texts;
import org.unroll.tasks.Trainer;
import org.unroll.tasks.config.Config;
import org.unroll.tasks.config.ConfigBuilder;
import org.unroll.tasks.config.LmConfig;
import org.unroll.tasks.config.LmKeys;
import org.unroll.tasks.lm.Event;
import org.unroll.tasks.text.Sampling;

/** Training of layers that were written one by one. */
class StackTrainingTest {
  private static final String YAML = """
      model:
        embed: 9
        dropout: 0.1
        stack:
          - lstm 12
          - {cell: gru, units: 12, connect: residual, dropout: 0.2}
          - {cell: slstm, units: 12, connect: highway}
          - lstm 17 projection 5
          - mlstm 6 heads 2
      train: { epochs: 0, steps: 40, batch: 3, bptt: 20, save_every: 4, sample_length: 5, warmup: 5, schedule: cosine }
      """;

  @TempDir Path runs;

  private static ConfigBuilder layers() { return new ConfigBuilder(LmKeys.KEYS).yaml("a.yaml", YAML); }

  private static final class Died extends Error {
    private static final long serialVersionUID = 1;
  }

  private static String straight(Config c, Kernels k) {
    var t = Trainings.inMemory(c, TrainingTest.data(c), k, 0, System::nanoTime, e -> { });
    t.run();
    return t.stateHash();
  }

  @Test void state_isTheSameOnAnyKernelsAndThreads() {
    var c = layers().resolve();
    String one = straight(c, Kernels.scalar());
    assertEquals(one, straight(c, Kernels.of("fast", 2)));
    assertEquals(one, straight(c, Kernels.of("plain", 7)));
    assertNotEquals(one, straight(layers().set("model.stack=lstm 12, gru 12, slstm 12 highway, lstm 17 projection 5, mlstm 6 heads 2").resolve(),
        Kernels.scalar()));
  }

  @Test void resume_fromItsOwnFolder_endsAsIfNothingHadHappened() {
    var c = layers().resolve();
    var data = TrainingTest.data(c);
    try (var open = Trainings.start(runs, "r", c, data, Kernels.scalar(), 0, System::nanoTime, e -> {
      if (e instanceof Event.Stepped s && s.step() == 6) throw new Died();
    })) {
      assertThrows(Died.class, open.training()::run);
    }
    var info = RunInfo.of(runs.resolve("r"));
    assertEquals("embedding 9 · lstm 12 · dropout 0.1 · residual(gru 12 · dropout 0.2) · highway(slstm 12 · dropout 0.1) · lstm 17→5 · "
        + "dropout 0.1 · mlstm 6 in 2 heads · dropout 0.1 · softmax " + data.vocabulary().size(), info.network());
    var kept = new ConfigBuilder(LmKeys.KEYS).file(info.config()).resolve();
    assertEquals(LmConfig.of(c), LmConfig.of(kept));
    var other = new ConfigBuilder(LmKeys.KEYS).file(info.config()).set("model.stack=lstm 12").resolve();
    var f = assertThrows(Fault.class,
        () -> Trainings.resume(runs.resolve("r"), other, data, Kernels.scalar(), System::nanoTime, e -> { }));
    assertEquals(Code.M010, f.code());
    assertEquals("the run was begun otherwise: model.stack: was lstm 12, gru 12 residual dropout 0.2, slstm 12 highway, "
        + "lstm 17 projection 5, mlstm 6 heads 2, is lstm 12", f.what());
    try (var open = Trainings.resume(runs.resolve("r"), kept, data, Kernels.scalar(), System::nanoTime, e -> { })) {
      open.training().run();
      assertEquals(straight(c, Kernels.scalar()), open.training().stateHash());
    }
  }

  @Test void jordanLayer_learns_andResumes() {
    var c = new ConfigBuilder(LmKeys.KEYS).set("model.stack=lstm 12, jordan 10").set("train.steps=120").set("train.batch=3").set("train.bptt=20")
        .set("train.save_every=30").set("train.sample_length=5").set("train.lr=2e-2").resolve();
    var data = TrainingTest.data(c);
    try (var open = Trainings.start(runs, "j", c, data, Kernels.scalar(), 0, System::nanoTime, e -> {
      if (e instanceof Event.Stepped s && s.step() == 50) throw new Died();
    })) {
      assertThrows(Died.class, open.training()::run);
    }
    var losses = new ArrayList<Double>();
    try (var open = Trainings.resume(runs.resolve("j"), c, data, Kernels.scalar(), System::nanoTime, e -> {
      if (e instanceof Event.Evaluated v) losses.add(v.dev());
    })) {
      open.training().run();
      assertEquals(straight(c, Kernels.of("fast", 2)), open.training().stateHash());
    }
    assertTrue(losses.getLast() < 1.5, losses.toString());
    var lm = LanguageModel.load(RunInfo.of(runs.resolve("j")).model(), Kernels.scalar());
    assertEquals(10, lm.generate("the ", Sampling.of(1)).limit(10).count());
  }

  @Test void java_aStack_isTrainedAndGoesOnSymbolBySymbol() {
    var lm = Trainer.of(LanguageModel.builder().embed(8).stack("gru 8 residual", "lstm 6")).epochs(1).threads(1)
        .set("train.batch", 2).set("train.bptt", 8).fit(Texts.inMemory("天地玄黄，宇宙洪荒。日月盈昃，辰宿列张。\n".repeat(40))).best();
    assertEquals("embedding 8 · residual(gru 8) · lstm 6 · softmax", Summary.of(lm.model().spec()).replaceFirst(" \\d+$", ""));
    var s = lm.model().session();
    for (int id : List.of(1, 2, 3)) s.step(id);
    var fork = lm.model().session();
    fork.restore(s.snapshot());
    assertEquals(s.step(2)[0], fork.step(2)[0]);
  }
}
