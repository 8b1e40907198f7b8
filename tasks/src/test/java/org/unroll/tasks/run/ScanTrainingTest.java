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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.unroll.kernel.Kernels;
import org.unroll.tasks.LanguageModel;
import org.unroll.tasks.config.Config;
import org.unroll.tasks.config.ConfigBuilder;
import org.unroll.tasks.config.LmConfig;
import org.unroll.tasks.config.LmKeys;
import org.unroll.tasks.lm.Event;
import org.unroll.tasks.text.Sampling;

/** A whole training with layers that are scanned over time. */
class ScanTrainingTest {
  private static final int BPTT = 20, BATCH = 3;

  @TempDir Path runs;

  private static Config config(String... more) {
    var c = new ConfigBuilder(LmKeys.KEYS).yaml("a.yaml", """
        model: { embed: 9, dropout: 0.1 }
        train: { epochs: 0, steps: 60, batch: %d, bptt: %d, save_every: 4, sample_length: 5, warmup: 5, schedule: cosine, lr: 1e-2 }
        """.formatted(BATCH, BPTT));
    for (var m : more) c.set(m);
    return c.resolve();
  }

  private static Config stack(String scan) {
    return config("model.stack=mingru 12" + scan + ", minlstm 12 residual" + scan + ", gru 12, mingru 14 projection 5" + scan);
  }

  private static final class Died extends Error {
    private static final long serialVersionUID = 1;
  }

  private record Ended(String hash, List<Double> losses, long slabs) {}

  private static Ended straight(Config c, Kernels k) {
    var losses = new ArrayList<Double>();
    var t = Trainings.inMemory(c, TrainingTest.data(c), k, 0, System::nanoTime, e -> {
      if (e instanceof Event.Stepped s) losses.add(s.loss());
    });
    t.run();
    return new Ended(t.stateHash(), losses, t.allocated());
  }

  @Test void loss_isThatOfTheWalk_butForRounding() {
    var walk = straight(stack(""), Kernels.scalar());
    var scan = straight(stack(" scan 8"), Kernels.scalar());
    assertNotEquals(walk.hash, scan.hash);
    assertEquals(60, scan.losses.size());
    for (int i = 0; i < 60; i++) assertEquals(walk.losses.get(i), scan.losses.get(i), 2e-4, "step " + (i + 1));
    assertTrue(scan.losses.getLast() < 0.8 * scan.losses.getFirst(), scan.losses.toString());
  }

  @Test void state_isTheSameOnAnyKernelsAndThreads() {
    var one = straight(stack(" scan 8"), Kernels.scalar()).hash;
    assertEquals(one, straight(stack(" scan 8"), Kernels.of("fast", 2)).hash);
    assertEquals(one, straight(stack(" scan 8"), Kernels.of("plain", 7)).hash);
    assertEquals(straight(config("model.stack=mingru 12, gru 12", "model.scan=7"), Kernels.scalar()).hash,
        straight(config("model.stack=mingru 12 scan 7, gru 12"), Kernels.scalar()).hash);
  }

  @ParameterizedTest
  @ValueSource(strings = {"mingru", "minlstm"})
  void resume_endsAsIfNothingHadHappened(String cell) {
    var c = config("model.cell=" + cell, "model.layers=2", "model.hidden=12", "model.scan=6");
    var data = TrainingTest.data(c);
    try (var open = Trainings.start(runs, "r", c, data, Kernels.of("fast", 2), 0, System::nanoTime, e -> {
      if (e instanceof Event.Stepped s && s.step() == 6) throw new Died();
    })) {
      assertThrows(Died.class, open.training()::run);
    }
    var info = RunInfo.of(runs.resolve("r"));
    assertTrue(info.network().startsWith("embedding 9 · " + cell + " 12 scan 6 · dropout 0.1 · " + cell + " 12 scan 6 · "), info.network());
    var kept = new ConfigBuilder(LmKeys.KEYS).file(info.config()).resolve();
    try (var open = Trainings.resume(runs.resolve("r"), kept, data, Kernels.scalar(), System::nanoTime, e -> { })) {
      open.training().run();
      assertEquals(straight(c, Kernels.scalar()).hash, open.training().stateHash());
    }
    var lm = LanguageModel.load(RunInfo.of(runs.resolve("r")).model(), Kernels.scalar());
    assertEquals(10, lm.generate("the ", Sampling.of(1)).limit(10).count());
  }

  /** What scans take beside the walk's slabs is counted before training: all of it, and not much more. */
  @Test void memory_ofTheChunks_isCounted() {
    for (int scan : new int[] {1, 5, 20}) {
      var with = config("model.cell=mingru", "model.hidden=64", "model.scan=" + scan);
      var without = config("model.cell=mingru", "model.hidden=64");
      long real = 4 * (straight(with, Kernels.scalar()).slabs - straight(without, Kernels.scalar()).slabs);
      long said = LmSpec.bytes(LmConfig.of(with), 30, BATCH * BPTT) - LmSpec.bytes(LmConfig.of(without), 30, BATCH * BPTT);
      assertTrue(real > 0 && real <= said && said <= 3 * real + 4096, "scan " + scan + ": " + real + " of " + said);
    }
  }
}
