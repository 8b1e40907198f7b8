package org.unroll.look;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.layer.Pass;
import org.unroll.layer.Recurrent;
import org.unroll.layer.State;
import org.unroll.model.Model;
import org.unroll.slab.Batch;
import org.unroll.slab.Slab;
import org.unroll.slab.Workspace;

/**
 * Other places where the same units are on (after LSTMVis, Strobelt et al. 2018). A unit is on over a stretch of text when its
 * hidden state is at least the threshold at each of its steps. A place is as good as the two sets of units are alike.
 * <pre>
 *   (1) score = |both| / |either|
 * </pre>
 *
 * @param layer which walk, from 0
 * @param threshold of h
 * @param length of the stretch
 * @param on units that are on over the stretch that was given
 */
public record StateSearch(Model model, int layer, double threshold, int length, BitSet on) {
  private static final int ROWS = 8, WINDOW = 64;

  /**
   * A place in the corpus.
   *
   * @param from position of its first step in the corpus
   * @param both units on here and there
   * @param score |both| / |either|
   */
  public record Place(int from, int both, double score) {}

  /**
   * Takes the pattern of steps {@code from} (inclusive) to {@code to} (exclusive) of what was read.
   *
   * @throws Fault C030 for a stretch outside of it, M009 if no unit is on there
   */
  public static StateSearch of(Reading r, int layer, int from, int to, double threshold) {
    if (from < 0 || to > r.steps() || from >= to) {
      throw Fault.of(Code.C030, "steps %d to %d", from, to).because("the text has steps 0 to %d", r.steps());
    }
    var w = r.walk(layer);
    if (!w.forward()) throw Fault.of(Code.M009, "%s walks backward", w.name()).because("a search reads the corpus forward");
    var on = new BitSet();
    double highest = Double.NEGATIVE_INFINITY;
    for (int u = 0; u < w.units(); u++) {
      double least = Double.POSITIVE_INFINITY;
      for (int t = from; t < to; t++) least = Math.min(least, w.after(0, t, u));
      if (least >= threshold) on.set(u);
      highest = Math.max(highest, least);
    }
    if (on.isEmpty()) {
      throw Fault.of(Code.M009, "no unit of %s stays at or above %s over the stretch", w.name(), threshold)
          .because("the highest stays at %.4f", highest).mend("a threshold below it, or a shorter stretch");
    }
    return new StateSearch(r.model(), layer, threshold, to - from, on);
  }

  /**
   * The best places of a corpus, the best first; none overlaps a better one. The corpus is read in eight stretches, each from
   * a state of zeros.
   */
  public List<Place> in(int[] corpus, int most) {
    int rows = corpus.length < ROWS * WINDOW ? 1 : ROWS, each = (corpus.length + rows - 1) / rows;
    var found = new ArrayList<Place>();
    var runs = new int[rows][];
    var ws = new Workspace();
    var state = State.ZERO;
    for (int from = 0; from < each; from += WINDOW) {
      int steps = Math.min(WINDOW, each - from);
      var x = Slab.zeros(steps, rows, 1);
      for (int i = 0; i < steps * rows; i++) x.set(i, 0, corpus[Math.min(corpus.length - 1, i % rows * each + from + i / rows)]);
      ws.reset();
      var pass = model.read(Batch.full(x, new long[rows]), state, ws);
      var y = hidden(pass, layer);
      for (int t = 0; t < steps; t++) {
        for (int n = 0; n < rows; n++) {
          int at = n * each + from + t;
          if (at >= corpus.length) continue;
          if (runs[n] == null) runs[n] = new int[y.cols()];
          judge(y, t * rows + n, runs[n], at, found);
        }
      }
      state = pass.out().copy();
    }
    return best(found, most);
  }

  /** Units that have been on for {@code length} steps by now make a pattern. */
  private void judge(Slab y, int row, int[] runs, int at, List<Place> found) {
    int both = 0, either = on.cardinality();
    for (int u = 0; u < runs.length; u++) {
      runs[u] = y.get(row, u) >= threshold ? runs[u] + 1 : 0;
      if (runs[u] < length) continue;
      if (on.get(u)) both++;
      else either++;
    }
    if (both > 0) found.add(new Place(at - length + 1, both, (double) both / either));                       // (1)
  }

  private List<Place> best(List<Place> found, int most) {
    found.sort(Comparator.comparingDouble((Place p) -> -p.score).thenComparingInt(Place::from));
    var taken = new BitSet();
    var best = new ArrayList<Place>();
    for (var p : found) {
      if (best.size() == most) break;
      int clash = taken.nextSetBit(p.from);
      if (clash >= 0 && clash < p.from + length) continue;
      taken.set(p.from, p.from + length);
      best.add(p);
    }
    return List.copyOf(best);
  }

  /** h of a walk that goes forward, in a pass with several rows. */
  private static Slab hidden(Pass pass, int layer) {
    var found = new ArrayList<Slab>();
    outputs(pass, found);
    return found.get(layer);
  }

  private static void outputs(Pass pass, List<Slab> found) {
    if (pass instanceof Recurrent.Trace t) found.add(t.state(0).steps(1, t.states().steps()));
    pass.inner().forEach(p -> outputs(p, found));
  }
}
