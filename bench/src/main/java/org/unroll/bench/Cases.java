package org.unroll.bench;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.unroll.bench.Case.Check;
import org.unroll.bench.Case.Cost;
import org.unroll.bench.Case.Rival;
import org.unroll.bench.Target.What;
import org.unroll.cell.Cells;
import org.unroll.kernel.Precision;

/** All rows of the table, in its order. */
final class Cases {
  private static final int[][] TRAIN = 
      {{64, 16, 128, 128}, {64, 32, 256, 256}, {128, 64, 256, 256}, {128, 32, 512, 512}, {64, 64, 1024, 1024}};
  private static final int[] UNITS = {128, 256, 512, 1024};

  /** Of the language models of characters: those of a text by Shakespeare. */
  private static final int SYMBOLS = 65;
  /** Of so many steps, one after the other, the language model's losses are compared before it is timed. */
  private static final int LOSSES = 16;

  private final List<Case> all = new ArrayList<>();

  private Cases() {}

  static List<Case> all() {
    var c = new Cases();
    for (var cell : List.of("lstm", "gru", "elman")) for (int[] s : TRAIN) c.train(cell, s[0], s[1], s[2], s[3]);
    c.deep(64, 32, 256, 256);
    c.ragged(64, 32, 256, 256);
    c.ragged(128, 32, 512, 512);
    for (int B : new int[] {1, 16}) for (int H : UNITS) c.infer(B, H);
    for (int H : UNITS) c.stream(H);
    c.sessions(64, 512);
    c.model(128, 32, 64, 512);
    c.minimal();
    c.softmax(1024, 256, 10_000);
    c.softmax(1024, 512, 33_000);
    for (var kind : List.of(Kind.CRF, Kind.VITERBI)) for (int K : new int[] {9, 20, 50}) c.crf(kind, 64, 32, K);
    c.start(64, 32, 64, 256);
    c.memory(128, 32, 64, 512);
    return c.all;
  }

  /** Names of the groups. */
  static Set<String> groups() {
    var names = new LinkedHashSet<String>();
    for (var c : all()) names.add(c.group());
    return names;
  }

  private void add(String group, String shape, Case.Maker make, Case.Ours ours, Cost cost, Target target) {
    all.add(new Case(group, shape, make, ours, cost, target, List.of(), true));
  }

  /** Weights of a layer: how often each takes part in a product for one element of a sequence. */
  private static double weights(String cell, int I, int H) {
    var g = Cells.find(cell).layout();
    return (double) g.byW() * I * H + (double) g.byR() * H * H;
  }

  /** Forward and backward: three products of each matrix, a multiplication and an addition each. */
  private static Cost training(double weights, double tokens) { return new Cost(6 * weights * tokens, 0, tokens); }

  private static String shape(int T, int B, int I, int H) { return "T%d B%d I%d H%d".formatted(T, B, I, H); }

  private void train(String cell, int T, int B, int I, int H) {
    Target target;
    if (cell.equals("lstm")) {
      target = Target.ratioOrShare(H == 128 ? 1.3 : H == 256 ? 1.15 : 1.1, 0.88);
      if (H >= 256) target = target.and(What.SHARE, 0.8);
      target = target.against("dl4j", 10);
    } else {
      target = Target.ratioOrShare(2, 0.88);
    }
    add(cell + "-train", shape(T, B, I, H), () -> Jobs.train(cell, T, B, I, H), OurLayer::new,
        training(weights(cell, I, H), T * B), target);
  }

  private void deep(int T, int B, int I, int H) {
    double weights = 2 * (weights("lstm", I, H) + weights("lstm", 2 * H, H));
    add("bidirectional", shape(T, B, I, H), () -> Jobs.deep(T, B, I, H, 50), OurDeep::new, training(weights, T * B),
        Target.ratioOrShare(1.15, 0.85));
  }

  private void ragged(int T, int B, int I, int H) {
    double tokens = 0;
    for (int length : Jobs.ragged("lstm", T, B, 1, 1).ints("lengths")) tokens += length;
    add("ragged", shape(T, B, I, H), () -> Jobs.ragged("lstm", T, B, I, H), OurLayer::new,
        training(weights("lstm", I, H), tokens), Target.ratio(1.6));
  }

  private void infer(int B, int H) {
    int T = 128;
    double weights = weights("lstm", H, H);
    add("infer", shape(T, B, H, H), () -> Jobs.infer("lstm", T, B, H, H), OurLayer::new, new Cost(2 * weights * T * B, 0, T * B),
        Target.ratio(1.1));
  }

  private void stream(int H) {
    double weights = weights("lstm", H, H);
    var target = Target.NONE.against("onnxruntime", H == 128 ? 3 : H == 1024 ? 1.2 : 1.5).and(What.BANDWIDTH, 0.8);
    all.add(new Case("stream", shape(1, 1, H, H), () -> Jobs.stream("lstm", 64, H, H),
        (job, threads) -> new OurStream(job, threads, Precision.FP32), new Cost(2 * weights, 4 * weights, 1), target,
        List.of(new Rival("our bf16", (job, threads) -> new OurStream(job, threads, Precision.BF16), Check.DISTANCE)), true));
  }

  /** Embeddings of 128 numbers, two layers, scores of a hundred symbols: forward alone. */
  private void sessions(int rows, int H) {
    int I = 128, V = 100;
    double weights = weights("lstm", I, H) + weights("lstm", H, H) + (double) H * V;
    all.add(new Case("sessions", "%d of 2x%d".formatted(rows, H), () -> Jobs.sizes("B", rows, "I", I, "H", H, "V", V),
        (job, threads) -> new OurSessions(job, threads, true), new Cost(2 * weights * rows, 0, rows), Target.ratio(5),
        List.of(new Rival("one by one", (job, threads) -> new OurSessions(job, threads, false), Check.BITS)), false));
  }

  private void model(int T, int B, int I, int H) {
    int V = SYMBOLS;
    double weights = weights("lstm", I, H) + weights("lstm", H, H) + (double) H * V;
    add("char-lm", "2x%d T%d B%d V%d".formatted(H, T, B, V), () -> Jobs.model(T, B, I, H, V, LOSSES), OurModel::new,
        training(weights, T * B), Target.ratio(1.1));
  }

  /** Beside our GRU where it says something, and longer and longer with few rows, to see that time grows with the steps alone. */
  private void minimal() {
    int H = 512;
    for (var cell : List.of("mingru", "minlstm")) {
      all.add(new Case(cell, shape(512, 32, H, H), () -> Jobs.train(cell, 512, 32, H, H), OurLayer::new,
          training(weights(cell, H, H), 512 * 32), Target.NONE.against("our gru", cell.equals("mingru") ? 2.5 : 1.8),
          List.of(gru(512, 32, H)), true));
      for (int T : new int[] {512, 2048, 8192}) {
        add(cell, shape(T, 4, H, H), () -> Jobs.train(cell, T, 4, H, H), OurLayer::new, training(weights(cell, H, H), T * 4),
            T == 512 ? Target.NONE : Target.of(What.LINEAR, 1.1));
      }
    }
  }

  private static Rival gru(int T, int B, int H) {
    return new Rival("our gru", (_, threads) -> new OurLayer(Jobs.train("gru", T, B, H, H), threads), Check.NONE);
  }

  private void softmax(int N, int H, int V) {
    add("softmax", "N%d H%d V%d".formatted(N, H, V), () -> Jobs.softmax(N, H, V), OurHeads::new, training((double) H * V, N),
        Target.ratio(1.8));
  }

  private void crf(Kind kind, int T, int B, int K) {
    add(kind == Kind.CRF ? "crf" : "viterbi", "T%d B%d K%d".formatted(T, B, K), () -> Jobs.crf(kind, T, B, K), OurHeads::new,
        new Cost(0, 0, T * B), Target.ratio(30));
  }

  private void start(int T, int B, int I, int H) {
    all.add(new Case("start", "2x%d T%d B%d".formatted(H, T, B), () -> Jobs.sizes("T", T, "B", B, "I", I, "H", H, "V", SYMBOLS),
        OurStart::new, new Cost(0, 0, 0), Target.of(What.SECONDS, 2), List.of(), false));
  }

  private void memory(int T, int B, int I, int H) {
    all.add(new Case("memory", "2x%d T%d B%d".formatted(H, T, B), () -> Jobs.model(T, B, I, H, SYMBOLS, 2), OurModel::new,
        new Cost(0, 0, 0), Target.of(What.MEMORY, 1.25), List.of(), false));
  }
}
