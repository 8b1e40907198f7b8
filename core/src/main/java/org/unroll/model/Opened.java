package org.unroll.model;

import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.kernel.Weights;
import org.unroll.layer.Run;
import org.unroll.layer.Stepper;
import org.unroll.slab.Slab;
import org.unroll.slab.Workspace;

/**
 * A network opened for single steps of some rows: what a {@link Session} and a {@link SessionGroup} step with. A step allocates nothing.
 *
 * @param where a refused input stands, with a hole for its row; empty where there is one row alone
 * @param in what the next step reads [1, rows, width]
 * @param body the layers below the head's output matrix
 * @param output scores [1, rows, outputs]
 */
record Opened(Model model, String where, Slab in, Stepper body, Stepper output) {

  static Opened of(Model model, Weights weights, int rows, String where) {
    var run = Run.inference(weights, new Workspace());
    var in = Slab.zeros(1, rows, model.width());
    var body = model.network().body().open(in, run);
    return new Opened(model, where, in, body, model.network().output().open(body.y(), run));
  }

  /** The next step of row n reads symbol {@code id}; C030 for one that the model does not know. */
  void take(int n, int id) {
    int symbols = model.symbols();
    if (id < 0 || id >= symbols) throw Fault.of(Code.C030, "the symbol is %d, must be in [0, %d)", id, symbols).at(where, n);
    in.set(n, 0, id);
  }

  /** The next step of row n reads vector {@code x}; C030 for one of another width than the model's. */
  void take(int n, float[] x) {
    int width = model.vectors();
    if (x.length != width) throw Fault.of(Code.C030, "the vector has %d numbers, must have %d", x.length, width).at(where, n);
    for (int k = 0; k < width; k++) in.set(n, k, x[k]);
  }

  /** One step for rows 0 to {@code rows}. */
  void step(int rows) {
    body.step(rows);
    output.step(rows);
  }

  /** Copies the scores of row n. */
  void scores(int n, float[] to) { output.y().copyRow(n, to); }
}
