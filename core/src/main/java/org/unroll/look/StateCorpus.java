package org.unroll.look;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.layer.Jordan;
import org.unroll.layer.Mlstm;
import org.unroll.layer.Pass;
import org.unroll.layer.Recurrent;
import org.unroll.layer.State;
import org.unroll.model.Model;
import org.unroll.slab.Batch;
import org.unroll.slab.Slab;
import org.unroll.slab.Workspace;

/**
 * Symbols to search: one text that runs on, or sequences that begin anew, such as sentences. A text is read forward in stretches, so
 * no layer may walk backward there. A sequence is read as a whole from states of zeros, as a tagger reads it; a step's state is then
 * that of both sides, whichever way its layer walks.
 *
 * @param ids of all symbols, one after the other
 * @param starts where sequences begin in {@code ids}, rising from 0; none where the text runs on
 */
public record StateCorpus(int[] ids, int[] starts) {
  private static final int ROWS = 8, WINDOW = 64;

  /** One text. */
  public static StateCorpus running(int... ids) { return new StateCorpus(ids, new int[0]); }

  /** Sequences, each read by itself; none is empty. */
  public static StateCorpus of(List<int[]> sequences) {
    int[] starts = new int[sequences.size()];
    for (int i = 1; i < starts.length; i++) starts[i] = starts[i - 1] + sequences.get(i - 1).length;
    return new StateCorpus(sequences.stream().flatMapToInt(Arrays::stream).toArray(), starts);
  }

  /** Number of the sequence that a position lies in, from 0; 0 of a text that runs on. */
  public int sequence(int at) {
    int i = Arrays.binarySearch(starts, at);
    return starts.length == 0 ? 0 : i >= 0 ? i : -i - 2;
  }

  /** Where sequence i begins, and behind the last where all ends. */
  public int start(int i) { return i < starts.length ? starts[i] : i == 0 ? 0 : ids.length; }

  /** Whether nothing is remembered of what stands before a position. */
  boolean begins(int at) { return Arrays.binarySearch(starts, at) >= 0; }

  /** Takes h of a step: row {@code row} of y, of reader n, at this position of the corpus. A reader's positions rise. */
  interface Taker { void of(Slab y, int row, int n, int at); }

  /**
   * Reads the hidden states of a walk.
   *
   * @param most steps of each of eight stretches of a text; of sequences as many in all
   * @throws Fault M009 where a text that runs on meets a layer that walks backward
   */
  void read(Model model, int layer, int most, Taker taker) {
    if (starts.length == 0) text(model, layer, most, taker);
    else sequences(model, layer, most >= ids.length ? ids.length : most * ROWS, taker);
  }

  /** In eight stretches side by side, or in one where it is short. */
  private void text(Model model, int layer, int most, Taker taker) {
    requireForward(Reading.of(model, ids[0]));
    int rows = ids.length < ROWS * WINDOW ? 1 : ROWS, each = (ids.length + rows - 1) / rows;
    var ws = new Workspace();
    var state = State.ZERO;
    for (int from = 0; from < Math.min(each, most); from += WINDOW) {
      int steps = Math.min(WINDOW, each - from);
      var x = Slab.zeros(steps, rows, 1);
      for (int i = 0; i < steps * rows; i++) x.set(i, 0, ids[Math.min(ids.length - 1, i % rows * each + from + i / rows)]);
      ws.reset();
      var pass = model.read(Batch.full(x, new long[rows]), state, ws);
      var y = hidden(pass, layer);
      for (int t = 0; t < steps; t++) {
        for (int n = 0; n < rows; n++) {
          int at = n * each + from + t;
          if (at < ids.length) taker.of(y, t * rows + n, n, at);
        }
      }
      state = pass.out().copy();
    }
  }

  static void requireForward(Reading r) {
    for (var w : r.walks()) {
      if (w.forward()) continue;
      throw Fault.of(Code.M009, "%s walks backward", w.name()).because("a text that runs on is read forward, in stretches")
          .mend("sequences that are read as a whole");
    }
  }

  /** Eight at a time, each from states of zeros. */
  private void sequences(Model model, int layer, int most, Taker taker) {
    var ws = new Workspace();
    for (int first = 0; first < starts.length && starts[first] < most; first += ROWS) {
      var which = IntStream.range(first, Math.min(starts.length, first + ROWS)).boxed()
          .sorted(Comparator.comparing(i -> -length(i))).toList();
      int rows = which.size(), steps = length(which.getFirst());
      var x = Slab.zeros(steps, rows, 1);
      var alive = new int[steps];
      for (int n = 0; n < rows; n++) {
        for (int t = 0; t < length(which.get(n)); t++) {
          x.set(t * rows + n, 0, ids[starts[which.get(n)] + t]);
          alive[t]++;
        }
      }
      ws.reset();
      var y = hidden(model.read(new Batch(x, alive, new long[rows]), State.ZERO, ws), layer);
      for (int t = 0; t < steps; t++) for (int n = 0; n < alive[t]; n++) taker.of(y, t * rows + n, n, starts[which.get(n)] + t);
    }
  }

  private int length(int i) { return start(i + 1) - starts[i]; }

  /** h of a walk after each step of the text, in a pass with several rows. */
  private static Slab hidden(Pass pass, int layer) {
    var found = new ArrayList<Slab>();
    outputs(pass, found);
    return found.get(layer);
  }

  private static void outputs(Pass pass, List<Slab> found) {
    switch (pass) {
      case Recurrent.Trace t -> {
        int after = t.layer().direction() == Recurrent.Direction.FORWARD ? 1 : 0, T = t.states().steps() - 1;
        found.add(t.state(0).steps(after, after + T));
      }
      case Mlstm.Trace t -> found.add(t.y().x());
      case Jordan.Trace t -> found.add(t.y().x());
      default -> pass.inner().forEach(p -> outputs(p, found));
    }
  }
}
