package org.unroll.layer;

import org.unroll.cell.Cell;
import org.unroll.cell.Linear;
import org.unroll.cell.Row;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.kernel.Kernels;
import org.unroll.kernel.Panels;
import org.unroll.kernel.Tiling;
import org.unroll.slab.Batch;
import org.unroll.slab.Slab;
import org.unroll.slab.Workspace;

/**
 * All steps of a {@link Linear} cell without a walk over all of time (Blelloch 1990, "Prefix sums and their applications"; Martin
 * and Cundy 2018): time is cut into chunks of C steps, t / C being the chunk of step t whatever the threads. With k_t what a step
 * keeps and s what stands before the first step of a chunk, in the order of the walk:
 * <pre>
 *   (1) ĥ_t = the cell's step from ĥ_{t−1}, from zeros at the first     every chunk by itself
 *   (2) A_t = k_t ⊙ A_{t−1}, from ones
 *   (3) s⁺  = A ⊙ s + ĥ              of whole chunks, one after the other: s⁺ is what the next one starts from
 *   (4) h_t = A_t ⊙ s + ĥ_t          every chunk by itself
 * </pre>
 * Backward, with g what comes into a chunk from the one after it:
 * <pre>
 *   (B1) e_t = k_t ⊙ (e_{t+1} + δy_t), from zeros at the last step      every chunk by itself
 *   (B2) A as above
 *   (B3) g⁻  = A ⊙ g + e             of whole chunks, one after the other: g⁻ goes into the chunk before
 *   (B4) δh and δa of every step, from g against the walk              every chunk by itself
 * </pre>
 * A row that starts or ends within a chunk starts there from its own state, or from the gradient of its final state; that chunk
 * takes nothing from outside. So a sequence within one chunk has the bits of the walk.
 */
public final class Scan {
  private final Recurrent layer;
  private final Linear cell;
  private final Walk walk;
  private final Kernels k;
  private final Batch x;
  private final Panels a;
  private final int length, T, N, chunks;

  /** Part of a chunk: rows, and of each the panels {@code first} to {@code end}. */
  private interface Part { void run(int chunk, int n0, int rows, int first, int end); }

  /** @param a gates of all steps */
  Scan(Recurrent layer, Kernels k, Batch x, Panels a) {
    this.layer = layer;
    this.cell = (Linear) layer.cell();
    this.walk = layer.walk();
    this.k = k;
    this.x = x;
    this.a = a;
    this.length = layer.scan();
    this.T = x.x().steps();
    this.N = x.x().rows();
    this.chunks = chunks(length, T);
  }

  /** How many chunks of so many steps T steps have; one where nothing is scanned. */
  static int chunks(int length, int T) { return length == 0 || T <= length ? 1 : (T - 1) / length + 1; }

  /** The chunk in which a row of so many steps starts. */
  int start(int steps) { return walk.forward() || steps == 0 ? 0 : (steps - 1) / length; }

  /**
   * C011 for a length below 0; C014 for a cell that is not {@link Linear}, and with zoneout.
   *
   * @param length steps of a chunk; 0 for no scan
   * @param name of the cell, for people
   */
  public static void require(int length, String name, Cell cell, Noise noise) {
    if (length < 0) {
      throw Fault.of(Code.C011, "scan is %d", length).at("recurrent.scan").because("must be at least 0")
          .mend("scan: 0 (none), or the steps of a chunk, such as 64");
    }
    if (length == 0) return;
    if (!(cell instanceof Linear)) {
      throw Fault.of(Code.C014, "scan is %d and the cell '%s'", length, name).at("recurrent.scan")
          .because("a scan joins steps that are linear in the state, unit by unit").mend("scan: 0").mend("cell: mingru or minlstm");
    }
    if (noise.zones()) {
      throw Fault.of(Code.C014, "scan is %d and zoneout %s", length, noise.zoneout(0)).at("recurrent.scan")
          .because("zoneout keeps more of the state than the cell says").mend("scan: 0").mend("zoneout: 0");
    }
  }

  /** @param s states [T + 2, N, H padded], those before the first steps entered; the last N rows are for zeros */
  void forward(ForwardStep step, Slab s, Workspace ws) {
    for (int n = 0; n < N; n++) s.fillRow((T + 1) * N + n, 0f);
    var A = ws.raw(chunks, N, layer.stateRows().slot());
    each((c, n0, rows, first, end) -> local(step, c, n0, rows, first, end, A));
    if (chunks == 1) return;
    for (int i = 1; i < chunks; i++) carry(walk.forward() ? i : chunks - 1 - i, s, A);
    each((c, n0, rows, first, end) -> mend(c, n0, rows, first, end, s, A));
  }

  private void local(ForwardStep step, int c, int n0, int count, int first, int end, Slab A) {
    Row row = step.row(), factor = row(A);
    fill(A, c, n0, entering(c), count, first, end, 1);
    walk.forEachStep(x, from(c), end(c), n0, count, false, (t, rows) -> {
      int r = t * N + n0, prev = walk.prev(t) * N + n0, next = walk.next(t) * N + n0;
      int joining = Math.clamp(entering(c) - n0, 0, rows), zeros = t == firstStep(c) ? joining : 0;
      if (zeros > 0) step.cell(row, r, (T + 1) * N + n0, next, zeros, first, end);                       // (1)
      if (zeros < rows) step.cell(row, r + zeros, prev + zeros, next + zeros, rows - zeros, first, end);
      keep(factor, r, joining, first, end, A, c * N + n0);                                               // (2)
    });
  }

  /** What chunk c starts from, for rows that joined the chunk before it from outside too; those that started there have it. */
  private void carry(int c, Slab s, Slab A) {
    int before = before(c), from = walk.prev(firstStep(before)) * N, to = walk.prev(firstStep(c)) * N;
    Slab f = A.cols(0, layer.units()), h = s.cols(0, layer.units());
    k.add(f, before * N, h, from, h, to, Math.min(entering(c), entering(before)));                       // (3)
  }

  private void mend(int c, int n0, int count, int first, int end, Slab s, Slab A) {
    if (entering(c) <= n0) return;
    int start = walk.prev(firstStep(c)) * N + n0;
    Slab f = cols(A, first, end), h = cols(s, first, end);
    var factor = row(A);
    fill(A, c, n0, entering(c), count, first, end, 1);
    walk.forEachStep(x, from(c), end(c), n0, count, false, (t, rows) -> {
      int joining = Math.min(entering(c) - n0, rows), carried = t == lastStep(c) ? Math.max(0, entering(after(c)) - n0) : 0;
      keep(factor, t * N + n0, joining, first, end, A, c * N + n0);                                      // (2)
      int next = walk.next(t) * N + n0 + carried;
      k.add(f, c * N + n0 + carried, h, start + carried, h, next, Math.max(0, joining - carried));       // (4)
    });
  }

  /**
   * @param dh δ of every output [T, N, H]
   * @param ds [chunks, N, H padded]: in each chunk δ of every row's final state; δ of the state before the chunk afterwards
   */
  void backward(BackwardStep step, Slab dh, Slab ds, Workspace ws) {
    Slab A = ws.raw(chunks, N, layer.stateRows().slot()), e = ws.raw(chunks, N, layer.stateRows().slot());
    if (chunks > 1) each((c, n0, rows, first, end) -> leaving(c, n0, rows, first, end, dh, ds, A, e));
    for (int i = chunks - 1; i > 0; i--) carryBack(walk.forward() ? i : chunks - 1 - i, ds, A, e);
    each((c, n0, rows, first, end) -> step.walk(dh, from(c), end(c), n0, rows, c * N + n0, first, end)); // (B4)
  }

  /** What leaves chunk c for the one before it, if nothing came into it. */
  private void leaving(int c, int n0, int count, int first, int end, Slab dh, Slab ds, Slab A, Slab e) {
    int joining = entering(c), goesOn = entering(after(c));
    Slab d = cols(dh, first, end), sum = cols(e, first, end), last = cols(ds, first, end);
    Row factor = row(A), gradient = row(e);
    fill(A, c, n0, joining, count, first, end, 1);
    fill(e, c, n0, Math.min(joining, goesOn), count, first, end, 0);
    for (int n = Math.max(n0, goesOn); n < Math.min(joining, n0 + count); n++) sum.setRow(c * N + n, last, c * N + n);
    walk.forEachStep(x, from(c), end(c), n0, count, true, (t, alive) -> {
      int rows = Math.clamp(joining - n0, 0, alive);
      k.add(d, t * N + n0, sum, c * N + n0, rows);                                                       // (B1)
      keep(gradient, t * N + n0, rows, first, end, e, c * N + n0);                                       // (B1)
      keep(factor, t * N + n0, rows, first, end, A, c * N + n0);                                         // (B2)
    });
  }

  private void carryBack(int c, Slab ds, Slab A, Slab e) {
    Slab f = A.cols(0, layer.units()), g = ds.cols(0, layer.units()), out = e.cols(0, layer.units());
    k.add(f, c * N, g, c * N, out, c * N, Math.min(entering(c), entering(after(c))));                    // (B3)
    k.copy(out, c * N, g, before(c) * N, entering(c));
  }

  // ---- chunks

  private int from(int c) { return c * length; }

  private int end(int c) { return Math.min(T, from(c) + length); }

  private int firstStep(int c) { return walk.forward() ? from(c) : end(c) - 1; }

  private int lastStep(int c) { return walk.forward() ? end(c) - 1 : from(c); }

  private int before(int c) { return walk.forward() ? c - 1 : c + 1; }

  private int after(int c) { return walk.forward() ? c + 1 : c - 1; }

  /** How many rows come into chunk c from the chunk before it: the first ones, as rows lie by falling length. 0 for no chunk. */
  private int entering(int c) {
    int border = walk.forward() ? c * length : (c + 1) * length;
    return c < 0 || c >= chunks || border <= 0 || border >= T ? 0 : x.alive()[border];
  }

  /** Every chunk, in parts of its panels and rows where there are more threads than chunks. */
  private void each(Part part) {
    int panels = a.panels(), want = (k.threads() + chunks - 1) / chunks, across = Math.min(want, panels);
    int down = Math.max(1, Math.min((want + across - 1) / across, N / Tiling.ROWS)), of = across * down;
    k.parallel(chunks * of, i -> {
      int j = i % across, r = i / across % down, n0 = N * r / down;
      part.run(i / of, n0, N * (r + 1) / down - n0, panels * j / across, panels * (j + 1) / across);
    });
  }

  // ---- rows

  /** The units of some panels. */
  private Slab cols(Slab s, int first, int end) { return s.cols(first * Tiling.LANES, Math.min(end * Tiling.LANES, layer.units())); }

  /** For multiplying rows of {@code of} by what steps keep. */
  private Row row(Slab of) { return new Row(k, a, of, null, null, null, of, null, null); }

  /** Rows of {@code to}, of which {@code row} is, ⊙= k of as many rows of the gates. */
  private void keep(Row row, int gates, int rows, int first, int end, Slab to, int r) {
    for (int i = 0; i < rows; i++) {
      for (int j = first; j < end; j++) {
        row.gates(a.lanes(j), a.panelAt(gates + i, 0, j), 0, a.blockStride());
        row.states(0, 0, to.row(r + i) + j * Tiling.LANES, 0);
        cell.keep(row);
      }
    }
  }

  /** Rows n0 to n0 + {@code count} of chunk c, those below {@code below}. */
  private void fill(Slab s, int c, int n0, int below, int count, int first, int end, float value) {
    var some = cols(s, first, end);
    for (int n = n0; n < Math.min(below, n0 + count); n++) some.fillRow(c * N + n, value);
  }
}
