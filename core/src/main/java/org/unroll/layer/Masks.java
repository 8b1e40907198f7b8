package org.unroll.layer;

import org.unroll.slab.Batch;
import org.unroll.slab.Params.Param;
import org.unroll.slab.Philox;
import org.unroll.slab.Slab;
import org.unroll.slab.Workspace;

/**
 * The masks of one run of a recurrent layer, as its {@link Noise} asks for them; null where nothing is disturbed. A mask holds 0 and
 * 1 / (1 − share), so that evaluation needs no factor; that of zoneout holds 0 and 1. Every number is a function of seed,
 * step, layer, the sequence's id, the time step and the unit (of a weight: of its row and column): not of batch, thread or past.
 * <pre>
 *   (1) R̃ = R ⊙ M,  S̃ = S ⊙ M
 * </pre>
 *
 * @param state of what R multiplies [T + 1, N, width], the same at every step
 * @param candidate of what enters the memory [T, N, H]
 * @param zone z of zoneout [T, N, S · H padded]; in evaluation one row of means
 */
public record Masks(Slab state, Slab candidate, Slab zone, Thinned R, Thinned S) {
  /** Where nothing is disturbed. */
  static final Masks NONE = new Masks(null, null, null, null, null);

  /** A matrix whose weights are in part 0, and its mask M, both of the matrix's shape. */
  public record Thinned(Slab mask, Slab weights) {}

  static Masks of(Recurrent layer, Batch x, Run run) {
    if (!layer.noise().any()) return NONE;
    if (!run.training()) return evaluation(layer, run.ws());
    var n = layer.noise();
    return new Masks(n.stateDropout() > 0 ? state(layer, x, run) : null, n.recurrentDropout() > 0 ? candidate(layer, x, run) : null,
        n.zones() ? zone(layer, x, run) : null, thinned(layer, layer.R(), 0, run), thinned(layer, layer.S(), 1, run));
  }

  /** The mean of zoneout, and nothing else. */
  static Masks evaluation(Recurrent layer, Workspace ws) {
    if (!layer.noise().zones()) return NONE;
    var stateRows = layer.stateRows();
    var z = ws.zeros(1, 1, stateRows.made());
    for (int i = 0; i < stateRows.slots(); i++) stateRows.slot(z, i).fillRow(0, (float) layer.noise().zoneout(i));
    return new Masks(null, null, z, null, null);
  }

  /** Whether every unit's pointwise part is the cell's alone. */
  boolean plain() { return candidate == null && zone == null; }

  /** Row of {@link #zone} for row r = t·N + n of x. */
  int zoneRow(int r) { return zone.height() == 1 ? 0 : r; }

  private static float keep(double share) { return (float) (1 - share); }

  private static Slab state(Recurrent layer, Batch x, Run run) {
    int T = x.x().steps(), N = x.x().rows();
    var m = run.ws().raw(T + 1, N, layer.width());
    var rng = run.rng().stream(Philox.Stream.STATE_DROPOUT);
    float keep = keep(layer.noise().stateDropout());
    Rows.split(run.k(), N, (from, rows) -> {
      for (int n = from; n < from + rows; n++) {
        rng.mask(run.step(), layer.number(), x.ids()[n], 0, keep, m, n);
        for (int t = 1; t <= T; t++) m.setRow(t * N + n, m, n);
      }
    });
    return m;
  }

  private static Slab candidate(Recurrent layer, Batch x, Run run) {
    int N = x.x().rows(), H = layer.units();
    var m = run.ws().raw(x.x().steps(), N, H);
    var rng = run.rng().stream(Philox.Stream.RECURRENT_DROPOUT);
    float keep = keep(layer.noise().recurrentDropout());
    Rows.parallel(run.k(), x, (from, rows) -> {
      for (int r = from; r < from + rows; r++) rng.mask(run.step(), layer.number(), x.ids()[r % N], r / N * H, keep, m, r);
    });
    return m;
  }

  private static Slab zone(Recurrent layer, Batch x, Run run) {
    int N = x.x().rows(), H = layer.units(), S = layer.layout().states();
    var z = run.ws().raw(x.x().steps(), N, layer.stateRows().made());
    var rng = run.rng().stream(Philox.Stream.ZONEOUT);
    for (int i = 0; i < S; i++) {
      int slot = i;
      var to = layer.stateRows().slot(z, i);
      float share = (float) layer.noise().zoneout(i);
      Rows.parallel(run.k(), x, (from, rows) -> {
        for (int r = from; r < from + rows; r++) {
          rng.choice(run.step(), layer.number(), x.ids()[r % N], (r / N * S + slot) * H, share, to, r);
        }
      });
    }
    return z;
  }

  /** @param which 0 for R, 1 for S */
  private static Thinned thinned(Recurrent layer, Param w, int which, Run run) {
    if (w == null || layer.noise().dropConnect() == 0) return null;
    var m = run.ws().raw(1, w.rows(), w.cols());
    var thin = run.ws().raw(1, w.rows(), w.cols());
    var rng = run.rng().stream(Philox.Stream.DROP_CONNECT);
    float keep = keep(layer.noise().dropConnect());
    Rows.split(run.k(), w.rows(), (from, rows) -> {
      for (int r = from; r < from + rows; r++) rng.mask(run.step(), 2 * layer.number() + which, r, 0, keep, m, r);
      run.k().multiply(run.weights().of(w), m, thin, from, rows);                                      // (1)
    });
    return new Thinned(m, thin);
  }
}
