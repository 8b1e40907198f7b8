package org.unroll.look;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.model.Model;
import org.unroll.slab.Slab;

/**
 * Other places where the same units are on (after LSTMVis, Strobelt et al. 2018). A unit is on over a stretch of text when its
 * hidden state is at least its threshold at each of its steps. A place is as good as the two sets of units are alike.
 * <pre>
 *   (1) score = |both| / |either|
 * </pre>
 * Thresholds that suit any model are {@link #quantiles} of what its units do.
 *
 * @param layer which walk, from 0
 * @param thresholds of h, one a unit
 * @param length of the stretch
 * @param on units that are on over the stretch that was given
 */
public record StateSearch(Model model, int layer, double[] thresholds, int length, BitSet on) {
  private static final int ROWS = 8, SAMPLE = 1024;

  /**
   * A place in the corpus.
   *
   * @param from position of its first step in the corpus
   * @param both units on here and there
   * @param score |both| / |either|
   */
  public record Place(int from, int both, double score) {}

  /**
   * What each unit's h is below in a share of all steps: of the first {@value #SAMPLE} steps of each of eight stretches of a
   * text, read from states of zeros, or of the first sequences with as many steps in all. Infinite for a unit that never moves, so
   * that it is never on.
   *
   * @param shares from 0 to 1
   * @return for each share a threshold for each unit
   * @throws Fault M009 for a walk that is none, and where a layer walks backward over a text that runs on
   */
  public static double[][] quantiles(Model model, int layer, StateCorpus corpus, double... shares) {
    Reading.of(model, corpus.ids()[0]).walk(layer);
    double[][] sorted = sorted(model, layer, corpus);
    var thresholds = new double[shares.length][];
    for (int q = 0; q < shares.length; q++) thresholds[q] = at(sorted, shares[q]);
    return thresholds;
  }

  /**
   * The highest share of the corpus at whose {@link #quantiles} a unit stays on over a stretch; 0 where none stays above its
   * least value of all, which only {@link #lowest} thresholds meet.
   */
  public static double highest(Reading r, int layer, int from, int to, StateCorpus corpus) {
    var w = r.walk(layer);
    double[][] sorted = sorted(r.model(), layer, corpus);
    int best = 0, last = sorted[0].length - 1;
    for (int u = 0; u < w.units(); u++) {
      if (still(sorted[u])) continue;
      int i = last;
      while (i > best && sorted[u][i] > least(w, u, from, to)) i--;
      best = Math.max(best, i);
    }
    return last == 0 ? 0 : (double) best / last;
  }

  /** The thresholds of share 0, or what a unit stays at over the stretch where that is lower still. */
  public static double[] lowest(Reading r, int layer, int from, int to, StateCorpus corpus) {
    var w = r.walk(layer);
    double[] thresholds = at(sorted(r.model(), layer, corpus), 0);
    for (int u = 0; u < thresholds.length; u++) {
      if (Double.isFinite(thresholds[u])) thresholds[u] = Math.min(thresholds[u], least(w, u, from, to));
    }
    return thresholds;
  }

  private static double[] at(double[][] sorted, double share) {
    var thresholds = new double[sorted.length];
    for (int u = 0; u < sorted.length; u++) {
      thresholds[u] = still(sorted[u]) ? Double.POSITIVE_INFINITY : sorted[u][(int) Math.round(share * (sorted[u].length - 1))];
    }
    return thresholds;
  }

  private static boolean still(double[] sorted) { return sorted[0] == sorted[sorted.length - 1]; }

  /** What each unit does in the sample, the least first. */
  private static double[][] sorted(Model model, int layer, StateCorpus corpus) {
    var values = new ArrayList<float[]>();
    corpus.read(model, layer, SAMPLE, (y, row, _, _) -> {
      var h = new float[y.cols()];
      for (int u = 0; u < h.length; u++) h[u] = y.get(row, u);
      values.add(h);
    });
    return IntStream.range(0, values.getFirst().length)
        .mapToObj(u -> values.stream().mapToDouble(h -> h[u]).sorted().toArray()).toArray(double[][]::new);
  }

  /** As {@link #of(Reading, int, int, int, double[])}, with the same threshold for all units. */
  public static StateSearch of(Reading r, int layer, int from, int to, double threshold) {
    var thresholds = new double[r.walk(layer).units()];
    Arrays.fill(thresholds, threshold);
    return of(r, layer, from, to, thresholds, Double.toString(threshold));
  }

  /**
   * Takes the pattern of steps {@code from} (inclusive) to {@code to} (exclusive) of what was read.
   *
   * @param thresholds one a unit
   * @throws Fault C030 for a stretch outside of it, M009 if no unit is on there
   */
  public static StateSearch of(Reading r, int layer, int from, int to, double[] thresholds) {
    return of(r, layer, from, to, thresholds, null);
  }

  private static StateSearch of(Reading r, int layer, int from, int to, double[] thresholds, String what) {
    if (from < 0 || to > r.steps() || from >= to) {
      throw Fault.of(Code.C030, "steps %d to %d", from, to).because("the text has steps 0 to %d", r.steps());
    }
    var w = r.walk(layer);
    var on = on(r, layer, from, to, thresholds);
    if (on.isEmpty()) {
      double highest = IntStream.range(0, w.units()).mapToDouble(u -> least(w, u, from, to)).max().orElseThrow();
      var fault = what == null ? Fault.of(Code.M009, "no unit of %s stays at or above its threshold over the stretch", w.name())
          : Fault.of(Code.M009, "no unit of %s stays at or above %s over the stretch", w.name(), what);
      throw fault.because("the highest stays at %.4f", highest).mend("a lower threshold, or a shorter stretch");
    }
    return new StateSearch(r.model(), layer, thresholds, to - from, on);
  }

  /** The units whose h stays at or above their thresholds over a stretch; may be none. */
  public static BitSet on(Reading r, int layer, int from, int to, double[] thresholds) {
    var w = r.walk(layer);
    var on = new BitSet();
    for (int u = 0; u < w.units(); u++) if (least(w, u, from, to) >= thresholds[u]) on.set(u);
    return on;
  }

  private static double least(Walk w, int unit, int from, int to) {
    return IntStream.range(from, to).mapToDouble(t -> w.after(0, t, unit)).min().orElseThrow();
  }

  /**
   * The best places of a corpus, the best first; none overlaps a better one. A text is read in eight stretches, each from a state of
   * zeros; a sequence by itself, and no place lies in two.
   */
  public List<Place> in(StateCorpus corpus, int most) {
    var found = new ArrayList<Place>();
    var runs = new int[ROWS][thresholds.length];
    corpus.read(model, layer, Integer.MAX_VALUE, (y, row, n, at) -> {
      if (corpus.begins(at)) Arrays.fill(runs[n], 0);
      judge(y, row, runs[n], at, found);
    });
    return best(found, most);
  }

  /** Units that have been on for {@code length} steps by now make a pattern. */
  private void judge(Slab y, int row, int[] runs, int at, List<Place> found) {
    int both = 0, either = on.cardinality();
    for (int u = 0; u < runs.length; u++) {
      runs[u] = y.get(row, u) >= thresholds[u] ? runs[u] + 1 : 0;
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
}
