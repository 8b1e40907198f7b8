package org.unroll.look;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.layer.Pass;
import org.unroll.layer.State;
import org.unroll.model.Model;
import org.unroll.slab.Batch;
import org.unroll.slab.Slab;
import org.unroll.slab.Workspace;

/**
 * A model that has read one sequence: the pass through its layers, with all that they remembered. Nothing is recorded for
 * it: a pass remembers what its backward run needs, whether or not somebody looks.
 *
 * @param model that has read
 * @param x [T, 1, ·] what it has read
 * @param in state before the first step
 * @param pass of the layers below the head
 * @param scores of the head [T, 1, outputs]: logits, for a softmax head
 * @param walks of the layers that walk over time, from the input up
 */
public record Reading(Model model, Batch x, State in, Pass pass, Slab scores, List<Walk> walks) {

  /**
   * Reads a sequence.
   *
   * @param x [T, 1, 1] of symbols, or [T, 1, width] of vectors
   * @param in state before it: {@link State#ZERO}, or {@link #out} of what was read before
   */
  public static Reading of(Model model, Slab x, State in) {
    if (x.rows() != 1) throw Fault.of(Code.C030, "%d sequences at once", x.rows()).because("a reading has one");
    if (x.steps() == 0) throw Fault.of(Code.C030, "the sequence is empty").because("there is nothing to look at");
    var ws = new Workspace();
    var batch = Batch.full(x, new long[1]);
    var pass = model.read(batch, in, ws);
    var scores = model.network().output().forward(pass.y(), State.ZERO, model.run(ws)).y().x();
    return new Reading(model, batch, in, pass, scores, Walk.within(pass));
  }

  /** Reads symbols from a state of zeros. */
  public static Reading of(Model model, int... ids) { return of(model, symbols(ids), State.ZERO); }

  /** Reads {@code ids} after {@code context}, which is not looked at itself. */
  public static Reading after(Model model, int[] context, int... ids) {
    return of(model, symbols(ids), context.length == 0 ? State.ZERO : of(model, context).out());
  }

  /** Ids as [T, 1, 1]. */
  public static Slab symbols(int... ids) {
    var x = Slab.zeros(ids.length, 1, 1);
    for (int t = 0; t < ids.length; t++) x.set(t, 0, ids[t]);
    return x;
  }

  /** T. */
  public int steps() { return x.x().steps(); }

  /** State after the last step. */
  public State out() { return pass.out(); }

  /** Walk i from 0, from the input up; M009 for one that is not there. */
  public Walk walk(int i) {
    if (i >= 0 && i < walks.size()) return walks.get(i);
    requireWalks();
    throw Fault.of(Code.M009, "there is no walk %d", i)
        .because("the layers that walk over time are %s, from 0 to %d", String.join(", ", walks.stream().map(Walk::name).toList()),
            walks.size() - 1);
  }

  /** Walk i where it is one of a recurrent cell; M009, with what it has, for another. */
  public CellWalk cell(int i) {
    var w = walk(i);
    if (w instanceof CellWalk c) return c;
    throw Fault.of(Code.M009, "%s is no recurrent cell of units", w.cell()).at(w.name()).because("%s", w.has());
  }

  /** M009, with the layers that there are, for a model of which none is a {@link Walk}. */
  void requireWalks() {
    if (!walks.isEmpty()) return;
    var kinds = new LinkedHashSet<String>();
    for (var layer : (List<?>) model.spec().values().get("layers")) kinds.add((String) ((Map<?, ?>) layer).get("kind"));
    throw Fault.of(Code.M009, "no layer of the model walks over time")
        .because("its layers are %s", String.join(", ", kinds))
        .mend("look at the connectivity, which every model has");
  }

  /** The output with the highest score at a step. */
  public int likeliest(int t) {
    int best = 0;
    for (int k = 1; k < scores.cols(); k++) if (scores.get(t, k) > scores.get(t, best)) best = k;
    return best;
  }
}
