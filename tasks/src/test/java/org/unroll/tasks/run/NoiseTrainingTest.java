package org.unroll.tasks.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unroll.kernel.Kernels;
import org.unroll.tasks.config.Config;
import org.unroll.tasks.config.ConfigBuilder;
import org.unroll.tasks.config.LmKeys;
import org.unroll.tasks.lm.Event;

/** Training with every regulariser that there is. */
class NoiseTrainingTest {
  private static final String YAML = """
      model:
        embed: 9
        hidden: 12
        dropout: 0.2
        embed_dropout: 0.1
        dropout_mask: sequence
        state_dropout: 0.2
        recurrent_dropout: 0.3
        zoneout: 0.1
        zoneout_memory: 0.4
        drop_connect: 0.3
      train: { epochs: 0, steps: 20, batch: 3, bptt: 20, save_every: 4, sample_length: 0, activation_l2: 2, temporal_l2: 1 }
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
    String one = straight(layers().resolve(), Kernels.scalar());
    assertEquals(one, straight(layers().resolve(), Kernels.of("fast", 2)));
    assertEquals(one, straight(layers().resolve(), Kernels.of("plain", 7)));
  }

  @Test void state_isAnotherWithoutAnyOfThem() {
    var hashes = new HashSet<>(List.of(straight(layers().resolve(), Kernels.scalar())));
    var less = List.of("model.dropout=0", "model.embed_dropout=0", "model.dropout_mask=step", "model.state_dropout=0",
        "model.recurrent_dropout=0", "model.zoneout=0", "model.zoneout_memory=0", "model.drop_connect=0", "train.activation_l2=0",
        "train.temporal_l2=0");
    for (var key : less) assertTrue(hashes.add(straight(layers().set(key).resolve(), Kernels.scalar())), key);
  }

  @Test void resume_endsAsIfNothingHadHappened() {
    var c = layers().resolve();
    var data = TrainingTest.data(c);
    try (var open = Trainings.start(runs, "r", c, data, Kernels.scalar(), 0, System::nanoTime, e -> {
      if (e instanceof Event.Stepped s && s.step() == 6) throw new Died();
    })) {
      assertThrows(Died.class, open.training()::run);
    }
    var kept = new ConfigBuilder(LmKeys.KEYS).file(RunInfo.of(runs.resolve("r")).config()).resolve();
    try (var open = Trainings.resume(runs.resolve("r"), kept, data, Kernels.scalar(), System::nanoTime, e -> { })) {
      open.training().run();
      assertEquals(straight(c, Kernels.scalar()), open.training().stateHash());
    }
  }
}
