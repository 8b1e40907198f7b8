package org.unroll.tasks.run;

import java.util.LinkedHashMap;
import java.util.Map;
import org.unroll.cell.Cells;
import org.unroll.kernel.Kernels;

/**
 * Trains every cell for a few steps and prints the hash of the state: embedding, two layers, dropout, clipping, windows of 50
 * symbols, 7 streams. Run by {@link SameBitsTest} in this JVM and in others.
 */
final class StateHashes {
  private StateHashes() {}

  /** Arguments: kernels, threads, steps. */
  public static void main(String[] args) {
    hashes(args[0], Integer.parseInt(args[1]), Integer.parseInt(args[2])).forEach((cell, hash) -> System.out.println(cell + " " + hash));
  }

  static Map<String, String> hashes(String kernels, int threads, int steps) {
    var all = new LinkedHashMap<String, String>();
    var k = Kernels.of(kernels, threads);
    for (var cell : Cells.names()) {
      var c = TrainingTest.config("model.cell=" + cell, "model.layers=2", "model.hidden=21", "model.embed=9", "train.batch=7",
          "train.bptt=50", "model.dropout=0.3", "train.clip=0.5", "train.epochs=0", "train.steps=" + steps, "train.sample_length=0");
      var t = Trainings.inMemory(c, TrainingTest.data(c), k, 0, System::nanoTime, e -> { });
      t.run();
      all.put(cell, t.stateHash());
    }
    return all;
  }
}
