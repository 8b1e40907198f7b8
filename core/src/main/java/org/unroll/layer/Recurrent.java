package org.unroll.layer;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.unroll.cell.Cell;
import org.unroll.cell.Cell.Layout;
import org.unroll.cell.Cells;
import org.unroll.cell.Linear;
import org.unroll.cell.Zoneout;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.kernel.Panels;
import org.unroll.kernel.Tiling;
import org.unroll.slab.Batch;
import org.unroll.slab.Grads;
import org.unroll.slab.Init;
import org.unroll.slab.Params;
import org.unroll.slab.Params.Param;
import org.unroll.slab.Slab;
import org.unroll.slab.Workspace;

/**
 * Runs a {@link Cell} over time. Owns W, R, b (and p, S where the cell has them), the loop and every matrix product; knows
 * no equation of any cell.
 *
 * <p>With a projection P (Sak, Senior & Beaufays 2014, "LSTMP"; PyTorch's {@code proj_size}) the layer puts out y = h P, narrower
 * than h, and R multiplies y' instead of h'. The state stays the cell's own: y is made of it again where a sequence begins.
 *
 * @param units H
 * @param W input weights [I, byW · H]
 * @param R recurrent weights [H, byR · H], with a projection [width, byR · H]; null without
 * @param b biases [G · H]; null for a cell that is not {@link Cell#biased}
 * @param p the cell's own weights, [perUnit · H] or as it deals them out; null without
 * @param S weights of the second product [H, H]; null without
 * @param P projection [H, width]; null without
 * @param noise what is disturbed in training
 * @param number tells this layer's masks from those of others
 * @param scan steps of a chunk where whole sequences are computed by a scan over time; 0 for a walk. A {@link Stepper} always walks
 */
public record Recurrent(Cell cell, Input input, int units, Direction direction, Param W, Param R, Param b, Param p, Param S, Param P,
    Noise noise, int number, int scan) implements Layer {

  public Recurrent {
    Scan.require(scan, name(cell), cell, noise);
  }

  /** Which way a layer walks time. No data is ever reversed. */
  public enum Direction { FORWARD, BACKWARD }

  /** How the weights start; each is applied to every block of H columns apart. */
  public record Inits(Init input, Init recurrent, float forget) {}

  /** Declares {@code name.W .R .b}, and {@code .p} and {@code .S} where the cell has them. */
  public static Recurrent of(String name, Cell cell, Input in, int units, Direction dir, Inits init, Params ps) {
    return of(name, cell, in, units, 0, dir, init, ps);
  }

  /** @param projection width of P; 0 without */
  public static Recurrent of(String name, Cell cell, Input in, int units, int projection, Direction dir, Inits init, Params ps) {
    if (units < cell.leastUnits()) {
      throw Fault.of(Code.C011, "units is %d", units).at(name).because("must be at least %d with this cell", cell.leastUnits())
          .mend("%d units or more", cell.leastUnits());
    }
    var g = cell.layout();
    int width = projection == 0 ? units : projection;
    var W = ps.add(name + ".W", in.width(), (long) g.byW() * units, Init.blocks(g.byW(), init.input));
    var R = g.byR() == 0 ? null : ps.add(name + ".R", width, (long) g.byR() * units, Init.blocks(g.byR(), init.recurrent));
    var b = !cell.biased() ? null : ps.add(name + ".b", 1, (long) g.blocks() * units, bias(cell.bias(init.forget)));
    var p = cell.owns(units) == 0 ? null : ps.add(name + ".p", 1, cell.owns(units), cell.own(units, init.forget));
    var S = !g.secondProduct() ? null : ps.add(name + ".S", units, units, init.recurrent);
    var P = projection == 0 ? null : ps.add(name + ".P", units, projection, init.recurrent);
    return new Recurrent(cell, in, units, dir, W, R, b, p, S, P, Noise.NONE, 0, 0);
  }

  /** The same weights with another cell of the same layout. Where that is not linear, the layer walks. */
  public Recurrent with(Cell other) {
    return new Recurrent(other, input, units, direction, W, R, b, p, S, P, noise, number, other instanceof Linear ? scan : 0);
  }

  /** The same weights fed another way: ids or the one-hot rows that they stand for. */
  public Recurrent with(Input other) { return new Recurrent(cell, other, units, direction, W, R, b, p, S, P, noise, number, scan); }

  /** The same weights walking the other way. */
  public Recurrent with(Direction other) { return new Recurrent(cell, input, units, other, W, R, b, p, S, P, noise, number, scan); }

  /**
   * The same weights, disturbed in training. C014 if the cell has nothing that the noise acts on.
   *
   * @param number tells this layer's masks from those of others
   */
  public Recurrent with(Noise noise, int number) {
    noise.require(name(cell), cell);
    return new Recurrent(cell, input, units, direction, W, R, b, p, S, P, noise, number, scan);
  }

  /**
   * The same weights, whole sequences by a scan over time. C011 for a negative length, C014 for a cell that is not {@link Linear} and
   * with zoneout.
   *
   * @param scan steps of a chunk; 0 for a walk
   */
  public Recurrent scanned(int scan) { return new Recurrent(cell, input, units, direction, W, R, b, p, S, P, noise, number, scan); }

  private static String name(Cell cell) {
    String name = Cells.nameOf(cell);
    return name == null ? cell.getClass().getSimpleName() : name;
  }

  private static Init bias(float[] perBlock) {
    var each = new ArrayList<Init>();
    for (float v : perBlock) each.add(new Init.Constant(v));
    return new Init.Blocks(each);
  }

  /**
   * @param x input [T, N, I]
   * @param gates [G] blocks of [T·N, H]; C030 where the run keeps none
   * @param states [T + 1, N, S · H padded]: the state before the first step included. With zoneout twice as wide: behind the states
   *     stand those that the cell made, before they were blended
   * @param second input of the second product [T, N, H]; null without; C030 where the run keeps none
   * @param fed what R multiplies [T + 1, N, width]: h, a view of {@code states}, or its projection, or what a mask left of it
   * @param y output [T, N, width], a view of h or of its projection
   * @param masks of this run's noise
   */
  public record Trace(Recurrent layer, Run run, Batch x, Panels gates, Slab states, Slab second, Slab fed, Batch y, State out, Masks masks)
      implements Pass {
    @Override public Panels gates() {
      run.requireKept();
      return gates;
    }

    @Override public Slab second() {
      run.requireKept();
      return second;
    }

    /** A slot of the state [T + 1, N, H], a view of {@code states}: that before the first step included. */
    public Slab state(int slot) { return layer.stateRows().slot(states, slot); }

    @Override public Gradient backward(Slab dy, State dOut, Grads into) { return layer.backward(this, dy, dOut, into); }
  }

  @Override public int width() { return P == null ? units : P.cols(); }

  @Override public List<Memory> memories() {
    return List.of(new Memory(units, IntStream.range(0, layout().states()).mapToObj(cell::least).toList()));
  }

  @Override public Trace forward(Batch x, State in, Run run) {
    int T = x.x().steps(), N = x.x().rows();
    var ws = run.ws();
    var walk = walk();
    var masks = Masks.of(this, x, run);
    int kept = plan(masks).keptSteps(run, N, T);
    var a = gates(ws, kept * N);
    var stateRows = stateRows();
    var s = ws.raw(scan > 0 ? T + 2 : T + 1, N, stateRows.width());
    var m = S == null ? null : ws.raw(kept, N, stateRows.slot()).cols(0, units);
    var y = P == null ? s.cols(0, units) : ws.raw(T + 1, N, width());
    var fed = masks.state() == null ? y : ws.raw(T + 1, N, width());

    var step = new ForwardStep(this, run, x.x(), a, s, m, y, fed, masks, ws);
    for (int n = 0; n < N; n++) stateRows.enter(in.part(0), n, s, walk.first(x.length(n)) * N + n);
    walk.starts(x, step::project);
    new AllSteps(this, step, x, run).forward(a, s);
    var out = stateRows.state(ws, N, n -> walk.last(x.length(n)) * N + n, s);
    var output = x.with(y.steps(walk.next(0), walk.next(T)));
    return new Trace(this, run, x, run.keeps() ? a : null, s.steps(0, T + 1), run.keeps() ? m : null, fed, output, out, masks);
  }

  private Pass.Gradient backward(Trace tr, Slab dy, State dOut, Grads into) {
    tr.run.requireKept();
    var k = tr.run.k();
    var ws = tr.run.ws().passing();                            // δa of all steps is the largest slab, and no layer needs another's
    var stateRows = stateRows();
    int T = dy.steps(), N = dy.rows(), mark = ws.mark();
    var da = gates(ws, T * N);
    da.clearPadding();
    var ds = ws.raw(Scan.chunks(scan, T), N, stateRows.made());
    for (int r = 0; r < ds.height(); r++) stateRows.enter(dOut.part(0), r % N, ds, r);
    var dp = p == null ? null : ws.zeros(1, N, own().width());
    var dm = S == null ? null : ws.zeros(1, N, stateRows.slot()).cols(0, units);

    var step = new BackwardStep(this, tr, da, ds, dp, dm, ws);
    var dh = step.ofOutput(dy);
    var chunks = scan == 0 ? null : new Scan(this, k, tr.x, tr.gates);
    if (chunks != null) chunks.backward(step, dh, ds, ws);
    else Rows.tiles(k, tr.x, step.panels(), step.apart(), (n0, count, first, end) -> step.walk(dh, 0, T, n0, count, n0, first, end));
    step.weights(walk().prev(0), into);
    if (P != null) step.projection(dy, P.of(into.array()));
    var dIn = stateRows.state(tr.run.ws(), N, n -> chunks == null ? n : chunks.start(tr.x.length(n)) * N + n, ds);
    var gradient = new Pass.Gradient(step.input(), dIn);
    ws.reset(mark);
    return gradient;
  }

  @Override public Stepper open(Slab x, Run run) {
    if (direction == Direction.BACKWARD) {
      throw Fault.of(Code.C030, "a layer that walks backward cannot go step by step")
          .mend("use direction: forward for generating and streaming");
    }
    return new RecurrentStepper(this, x, run);
  }

  // ---- shapes

  Layout layout() { return cell.layout(); }

  Walk walk() { return Walk.of(direction); }

  /** How steps are cut. */
  StepPlan plan(Masks masks) { return new StepPlan(this, masks.state() != null); }

  /** How states lie. */
  StateRows stateRows() { return new StateRows(layout().states(), units, noise.zones()); }

  /** The cell's own weights. */
  OwnWeights own() { return new OwnWeights(p, layout(), units); }

  /** Null where no state is blended. */
  Zoneout zoneout(Masks masks) {
    return masks.zone() == null ? null : new Zoneout(layout().states(), stateRows().slot(), masks.zone());
  }

  /** First block that W feeds. */
  int blockW() { return layout().blocks() - layout().byW(); }

  Tiling tilingW() { return Tiling.gates(units, layout().byW()); }

  Tiling tilingR() { return Tiling.gates(units, layout().byR()); }

  Tiling tilingS() { return Tiling.gates(units, 1); }

  Panels gates(Workspace ws, int rows) {
    return layout().scope() == Cell.Scope.ROW
        ? Panels.rowMajor(ws, rows, units, layout().blocks())
        : Panels.panelMajor(ws, rows, units, layout().blocks());
  }
}
