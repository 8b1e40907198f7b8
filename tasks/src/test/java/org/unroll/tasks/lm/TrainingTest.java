package org.unroll.tasks.lm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unroll.kernel.Kernels;
import org.unroll.tasks.config.Config;
import org.unroll.tasks.config.Layers;
import org.unroll.tasks.config.LmConfig;
import org.unroll.tasks.config.LmKeys;
import org.unroll.tasks.text.Corpus;

class TrainingTest {
  private static final String TEXT = "the cat sat on the mat. the dog sat on the log. 天地玄黄，宇宙洪荒。\n".repeat(60);

  @TempDir Path runs;

  static Config config(String... pairs) {
    var layers = new Layers(LmKeys.KEYS).set("model.hidden=24").set("model.embed=8").set("train.batch=5").set("train.bptt=12").set("model.dropout=0.1")
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

  @Test void of_twoTrainersOfOneBuilder_doNotShareSettings() {
    var builder = org.unroll.tasks.LanguageModel.builder().lstm(1, 8).embed(4);
    var one = org.unroll.tasks.Trainer.of(builder).set("train.steps", 3).epochs(0);
    org.unroll.tasks.Trainer.of(builder).set("train.steps", 5).epochs(0);
    assertEquals(3, one.fit(org.unroll.tasks.Texts.inMemory(TEXT)).end().step());
  }
}
