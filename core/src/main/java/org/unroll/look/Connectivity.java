package org.unroll.look;

import java.util.ArrayList;
import java.util.List;
import org.unroll.layer.Chain;
import org.unroll.layer.Concat;
import org.unroll.layer.Embedding;
import org.unroll.layer.Input;
import org.unroll.layer.Jordan;
import org.unroll.layer.Layer;
import org.unroll.layer.Mlstm;
import org.unroll.layer.Pass;
import org.unroll.layer.Recurrent;
import org.unroll.layer.Run;
import org.unroll.layer.State;
import org.unroll.model.Spec;
import org.unroll.slab.Batch;
import org.unroll.slab.Grads;
import org.unroll.slab.Slab;
import org.unroll.slab.Workspace;

/**
 * Which inputs an output depends on (after Madsen 2019).
 * <pre>
 *   (1) ‖∂z_t/∂x_k‖
 * </pre>
 * z_t is one score of step t, by default the highest; x_k
 * is the embedded symbol, or the one-hot row where there is no embedding, or the vector.
 *
 * @param scores which output's score was followed at each step
 * @param norms [t][k]; 0 where the output cannot depend on the input
 */
public record Connectivity(int[] scores, double[][] norms) {
  /** Steps that one backward pass starts from. */
  private static final int ROWS = 16;

  /** Of the highest score at every step. */
  public static Connectivity of(Reading r) {
    var scores = new int[r.steps()];
    for (int t = 0; t < scores.length; t++) scores[t] = r.likeliest(t);
    return of(r, scores);
  }

  /** @param scores of which output, for each step */
  public static Connectivity of(Reading r, int[] scores) {
    int T = r.steps();
    var norms = new double[T][T];
    for (int t = 0; t < T; t += ROWS) group(r, scores, t, Math.min(ROWS, T - t), norms);
    return new Connectivity(scores.clone(), norms);
  }

  /** Steps {@code from} on, a row of the batch for each: the same sequence every time, another output. */
  private static void group(Reading r, int[] scores, int from, int rows, double[][] norms) {
    int T = r.steps();
    var run = r.model().run(new Workspace());
    var grads = new Grads(r.model().network().shape());
    var vectors = vectors(r, rows, run);
    var pass = vectors.layer.forward(vectors.x, wide(r.in(), rows), run);
    var top = r.model().network().output().forward(pass.y(), State.ZERO, run);
    var dz = Slab.zeros(T, rows, top.y().x().cols());
    for (int n = 0; n < rows; n++) dz.set((from + n) * rows + n, scores[from + n], 1);
    Pass.Gradient g = pass.backward(top.backward(dz, State.ZERO, grads).dx(), State.ZERO, grads);
    for (int n = 0; n < rows; n++) for (int k = 0; k < T; k++) norms[from + n][k] = norm(g.dx(), k * rows + n);    // (1)
  }

  private static double norm(Slab dx, int row) {
    double squares = 0;
    for (int c = 0; c < dx.cols(); c++) squares += (double) dx.get(row, c) * dx.get(row, c);
    return Math.sqrt(squares);
  }

  /** The layers from the first vectors on, and these: ids have no gradient. */
  private record Vectors(Layer layer, Batch x) {}

  private static Vectors vectors(Reading r, int rows, Run run) {
    var layers = ((Chain) r.model().network().body()).layers();
    var x = Batch.full(repeat(r.x().x(), rows), new long[rows]);
    if (layers.getFirst() instanceof Embedding e) {
      return new Vectors(new Chain(layers.subList(1, layers.size())), e.forward(x, State.ZERO, run).y());
    }
    if (!(r.model().spec().input() instanceof Spec.Symbols symbols)) return new Vectors(new Chain(layers), x);
    var first = new ArrayList<>(layers);
    first.set(0, onVectors(layers.getFirst()));
    var hot = Slab.zeros(x.x().steps(), rows, symbols.count());
    for (int i = 0; i < hot.height(); i++) hot.set(i, (int) x.x().get(i, 0), 1);
    return new Vectors(new Chain(first), x.with(hot));
  }

  /** The same layer, the same weights, on one-hot rows as vectors. */
  private static Layer onVectors(Layer layer) {
    return switch (layer) {
      case Recurrent l -> l.with(Input.of(l.input().width()));
      case Mlstm l -> new Mlstm(Input.of(l.input().width()), l.heads(), l.direction(), l.W(), l.b(), l.M(), l.c());
      case Jordan l -> new Jordan(Input.of(l.input().width()), l.feedback(), l.W(), l.U(), l.b(), l.V(), l.c());
      case Concat l -> new Concat(l.layers().stream().map(Connectivity::onVectors).toList());
      default -> throw new AssertionError(layer);
    };
  }

  private static Slab repeat(Slab x, int rows) {
    var many = Slab.zeros(x.steps(), rows, x.cols());
    for (int t = 0; t < x.steps(); t++) for (int n = 0; n < rows; n++) many.setRow(t * rows + n, x, t);
    return many;
  }

  private static State wide(State in, int rows) {
    List<Slab> parts = new ArrayList<>();
    for (var p : in.parts()) parts.add(repeat(p, rows));
    return new State(parts);
  }
}
