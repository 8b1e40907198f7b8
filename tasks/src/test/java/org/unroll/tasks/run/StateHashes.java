package org.unroll.tasks.run;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.zip.CRC32C;
import org.unroll.cell.Cells;
import org.unroll.kernel.Kernels;
import org.unroll.layer.State;
import org.unroll.model.Learner;
import org.unroll.model.Model;
import org.unroll.model.Network;
import org.unroll.model.Session;
import org.unroll.model.Spec;
import org.unroll.model.Start;
import org.unroll.optim.Adam;
import org.unroll.optim.Clip;
import org.unroll.optim.Penalty;
import org.unroll.slab.Batch;
import org.unroll.slab.Philox;
import org.unroll.slab.Slab;
import org.unroll.slab.Workspace;
import org.unroll.tasks.config.ConfigBuilder;
import org.unroll.tasks.config.LmKeys;

/**
 * Trains every cell for a few steps and prints the hash of the state: embedding, two layers, dropout, clipping, windows of 50
 * symbols, 7 streams; and of what a group of sessions of that model says. The same with scans over time; and a tagger with a CRF,
 * and its labels. Run by {@link SameBitsTest} in this JVM and in others.
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
    for (var cell : Cells.names()) lm(cell, cell + " 21, " + cell + " 21", k, steps, all);
    lm("scan", "mingru 21 scan 8, minlstm 21 scan 16", k, steps, all);
    all.put("crf", crf(k, steps));
    return all;
  }

  private static void lm(String name, String stack, Kernels k, int steps, Map<String, String> all) {
    var c = new ConfigBuilder(LmKeys.KEYS).set("model.stack=" + stack).set("model.embed=9").set("train.batch=7").set("train.bptt=50")
        .set("model.dropout=0.3").set("train.clip=0.5").set("train.epochs=0").set("train.steps=" + steps).set("train.sample_length=0")
        .set("train.lr=1e-2").resolve();
    var t = Trainings.inMemory(c, TrainingTest.data(c), k, 0, System::nanoTime, e -> { });
    t.run();
    all.put(name, t.stateHash());
    all.put("group:" + name, group(t.publish()));
  }

  /** The scores of five sessions, of which one takes part in each other step. */
  private static String group(Model m) {
    var crc = new CRC32C();
    var sessions = new ArrayList<Session>();
    for (int n = 0; n < 5; n++) sessions.add(m.session());
    var group = m.group(5);
    for (int t = 0; t < 4; t++) {
      if (t % 2 == 0) group.step(sessions, 3, 1, 4, 1, 5 + t);
      else group.step(sessions.subList(1, 5), 9, 2, 6, 5);
      for (var s : sessions) add(crc, s.scores());
    }
    return Long.toHexString(crc.getValue());
  }

  /** 19 labels, 20 sequences of unequal length: two groups of the chain, and rows of transitions that threads share unevenly. */
  private static String crf(Kernels k, int steps) {
    int symbols = 30, labels = 19, T = 9, N = 20;
    var start = Start.of(Start.Kind.GLOROT);
    var spec = new Spec(new Spec.Symbols(symbols), List.of(new Spec.Embedding(9, start), new Spec.Dropout(0.3),
        new Spec.Recurrent("lstm", 13, Spec.Direction.BOTH, 1, start, start)), new Spec.Crf(labels, start, start));
    var settings = new Learner.Settings(Adam.usual(), Penalty.NONE, List.of(new Clip.ByNorm(0.5)));
    var learner = new Learner(Network.build(spec), settings, k, 1);
    int[] alive = new int[T];
    for (int t = 0; t < T; t++) alive[t] = N - 2 * t;
    var x = new Batch(ids(T, N, symbols, 2), alive, LongStream.range(0, N).toArray());
    var crc = new CRC32C();
    for (int i = 0; i < steps; i++) add(crc, (float) learner.step(x, ids(T, N, labels, 3), State.ZERO, 0.01).loss());
    for (var t : learner.tensors(Map.of())) for (int i = 0; i < t.size(); i++) add(crc, t.floats()[t.offset() + i]);
    for (int[] row : learner.publish(Map.of()).decode(x, State.ZERO, new Workspace())) for (int y : row) add(crc, y);
    return Long.toHexString(crc.getValue());
  }

  private static Slab ids(int T, int N, int below, long seed) {
    var random = new Philox(seed, Philox.Stream.DATA);
    var x = Slab.zeros(T, N, 1);
    for (int r = 0; r < T * N; r++) x.set(r, 0, (int) (below * random.uniform(0, 0, r, 0)));
    return x;
  }

  private static void add(CRC32C crc, float... x) {
    var bytes = ByteBuffer.allocate(4 * x.length);
    for (float v : x) bytes.putInt(Float.floatToRawIntBits(v));
    crc.update(bytes.array());
  }
}
