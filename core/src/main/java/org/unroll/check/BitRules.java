package org.unroll.check;

import java.util.ArrayList;
import java.util.List;
import org.unroll.cell.Cell;
import org.unroll.layer.Pass;
import org.unroll.layer.Recurrent;
import org.unroll.layer.State;
import org.unroll.slab.Batch;
import org.unroll.slab.Grads;
import org.unroll.slab.Params;
import org.unroll.slab.Slab;
import org.unroll.slab.Workspace;

/** The rules of {@link CellContract} that compare bits, or ask for numbers at all: those need no tolerance. */
final class BitRules {
  private BitRules() {}

  static Recurrent recurrent(Rig rig) { return (Recurrent) rig.layer(); }

  static void rowAlone(Rig rig, Findings found) {
    var whole = rig.both();
    for (int n = 0; n < rig.x().x().rows(); n++) {
      String where = CellContract.where(rig) + ", row " + n;
      int steps = rig.x().length(n);
      var alone = rig.row(n).both();
      found.none(where + ", y", Slabs.difference(Slabs.row(whole.pass().y().x(), n, steps), alone.pass().y().x()));
      found.none(where + ", δx", Slabs.difference(Slabs.row(whole.dx(), n, steps), alone.dx()));
      states(where + ", final state", Slabs.row(whole.pass().out(), n), alone.pass().out(), found);
      states(where + ", δ of the first state", Slabs.row(whole.dIn(), n), alone.dIn(), found);
    }
  }

  static void deadRows(Rig rig, Findings found) {
    var x = rig.x();
    var clean = rig.withX(Slabs.bury(x.x(), x, 0)).withDy(Slabs.bury(rig.dy(), x, 0)).both();
    var dirty = rig.withX(Slabs.bury(x.x(), x, Float.NaN)).withDy(Slabs.bury(rig.dy(), x, Float.NaN)).both();
    same(clean, dirty, rig, "dead rows of 0 and of NaN", found);
    finite(dirty, rig, found);
  }

  static void twice(Rig rig, Findings found) {
    var ws = new Workspace();
    var run = rig.run(ws);
    var first = kept(rig.backward(rig.layer().forward(rig.x(), rig.in(), run)));
    ws.reset();
    long allocated = ws.allocated();
    var pass = rig.layer().forward(rig.x(), rig.in(), run);
    same(first, rig.backward(pass), rig, "first and second run", found);
    found.expect(ws.allocated() == allocated, CellContract.where(rig),
        () -> "the second run took " + (ws.allocated() - allocated) + " floats of new memory");
    same(first, rig.backward(pass), rig, "first and second backward", found);
  }

  static void untouched(Rig rig, Findings found) {
    var pass = (Recurrent.Trace) rig.forward();
    var before = remembered(pass);
    rig.backward(pass);
    var after = remembered(pass);
    for (int i = 0; i < before.size(); i++) {
      found.none(CellContract.where(rig) + ", before and after backward", Slabs.difference(before.get(i), after.get(i)));
    }
  }

  private static List<Slab> remembered(Recurrent.Trace pass) {
    var all = new ArrayList<Slab>();
    int T = pass.x().x().steps(), N = pass.x().x().rows();
    for (int g = 0; g < pass.gates().blocks(); g++) all.add(Slabs.bury(pass.gates().copy(g, T, N), pass.x(), 0));
    all.add(Slabs.copy(pass.states()));
    all.add(Slabs.copy(pass.y().x()));
    all.add(Slabs.copy(pass.x().x()));
    if (pass.second() != null) all.add(Slabs.copy(pass.second()));
    for (var p : pass.out().parts()) all.add(Slabs.copy(p));
    return all;
  }

  static void saturated(Rig rig, Findings found) {
    var big = rig.ps().copy();
    Rig.fill(big, 50, 8);
    var r = rig.with(big).chunk(0, 3, times50(rig.in()));
    finite(r.withX(times50(r.x().x())).both(), r, found);
  }

  private static Slab times50(Slab s) {
    var v = Slabs.flat(s);
    for (int i = 0; i < v.length; i++) v[i] *= 50;
    return Slabs.unflat(v, s);
  }

  private static State times50(State s) { return new State(s.parts().stream().map(BitRules::times50).toList()); }

  static void chunks(Rig rig, Findings found) {
    var whole = rig.both();
    boolean forward = recurrent(rig).direction() == Recurrent.Direction.FORWARD;
    int T = rig.x().x().steps(), cut = T / 2;
    var early = rig.chunk(0, cut, rig.in());
    var late = rig.chunk(cut, T, rig.in());
    Rig first = forward ? early : late, then = forward ? late : early;
    var firstPass = first.forward();
    var thenRig = then.withIn(firstPass.out());
    var b = thenRig.both();
    var a = first.withDOut(b.dIn()).backward(firstPass);
    var e = forward ? a : b;
    var l = forward ? b : a;
    String where = CellContract.where(rig) + ", cut at " + cut;
    pieces(where + ", y", whole.pass().y().x(), e.pass().y().x(), l.pass().y().x(), rig.x(), cut, found);
    pieces(where + ", δx", whole.dx(), e.dx(), l.dx(), rig.x(), cut, found);
    states(where + ", final state", whole.pass().out(), b.pass().out(), found);
    states(where + ", δ of the first state", whole.dIn(), a.dIn(), found);
  }

  private static void pieces(String where, Slab whole, Slab early, Slab late, Batch x, int cut, Findings found) {
    var joined = Slabs.like(whole);
    for (int r = 0; r < early.height(); r++) joined.setRow(r, early, r);
    for (int r = 0; r < late.height(); r++) joined.setRow(cut * whole.rows() + r, late, r);
    found.none(where, Slabs.difference(Slabs.bury(whole, x, 0), Slabs.bury(joined, x, 0)));
  }

  static void stepper(Rig rig, Findings found) {
    var pass = rig.forward();
    int N = rig.x().x().rows();
    var x = Slab.zeros(1, N, rig.x().x().cols());
    var stepper = rig.layer().open(x, rig.run(new Workspace()));
    stepper.set(rig.in());
    for (int t = 0; t < rig.x().x().steps(); t++) {
      for (int n = 0; n < N; n++) x.setRow(n, rig.x().x(), t * N + n);
      stepper.step();
      found.none(CellContract.where(rig) + ", step " + t, Slabs.difference(pass.y().x().step(t), stepper.y()));
    }
    states(CellContract.where(rig) + ", final state", pass.out(), stepper.state(), found);
  }

  static void scope(Rig rig, Findings found) {
    var cell = recurrent(rig).cell();
    if (cell.layout().scope() == Cell.Scope.ROW) return;
    same(rig.both(), rig.with(disguised(rig, Cell.Scope.ROW)).both(), rig, "16 units at a time and the whole row", found);
  }

  static void fused(Rig rig, Findings found) {
    var cell = recurrent(rig).cell();
    if (cell.fused(rig.k()) == null) return;
    same(rig.with(disguised(rig, cell.layout().scope())).both(), rig.both(), rig, "plain and fused", found);
  }

  private static Recurrent disguised(Rig rig, Cell.Scope scope) {
    var l = recurrent(rig);
    return l.with(new Disguise(l.cell(), scope));
  }

  /** Both passes bit by bit: outputs, gates, gradients. */
  static void same(Rig.Result a, Rig.Result b, Rig rig, String which, Findings found) {
    String where = CellContract.where(rig) + ", " + which + ", ";
    var x = rig.x();
    found.none(where + "y", Slabs.difference(Slabs.bury(a.pass().y().x(), x, 0), Slabs.bury(b.pass().y().x(), x, 0)));
    states(where + "final state", a.pass().out(), b.pass().out(), found);
    found.none(where + "δx", Slabs.difference(Slabs.bury(a.dx(), x, 0), Slabs.bury(b.dx(), x, 0)));
    states(where + "δ of the first state", a.dIn(), b.dIn(), found);
    for (Params.Param p : rig.ps().all()) {
      found.none(where + "δ" + p.name(), Slabs.difference(p.of(a.grads().array()), p.of(b.grads().array())));
    }
    if (a.pass() instanceof Recurrent.Trace ta && b.pass() instanceof Recurrent.Trace tb) gates(where, ta, tb, found);
  }

  private static void gates(String where, Recurrent.Trace a, Recurrent.Trace b, Findings found) {
    int T = a.x().x().steps(), N = a.x().x().rows();
    for (int g = 0; g < a.gates().blocks(); g++) {
      var ga = Slabs.bury(a.gates().copy(g, T, N), a.x(), 0);
      var gb = Slabs.bury(b.gates().copy(g, T, N), a.x(), 0);
      found.none(where + "gate " + a.layer().cell().gates().get(g), Slabs.difference(ga, gb));
    }
  }

  /** The result on memory of its own: outlives the workspace. Its pass has an output and a final state, no way back. */
  private static Rig.Result kept(Rig.Result r) {
    var y = r.pass().y().with(Slabs.copy(r.pass().y().x()));
    return new Rig.Result(new Kept(y, r.pass().out().copy()), Slabs.copy(r.dx()), r.dIn().copy(), r.grads());
  }

  private record Kept(Batch y, State out) implements Pass {
    @Override public Gradient backward(Slab dy, State dOut, Grads into) { throw new AssertionError("no way back"); }
  }

  private static void states(String where, State a, State b, Findings found) {
    for (int i = 0; i < a.parts().size(); i++) found.none(where, Slabs.difference(a.part(i), b.part(i)));
  }

  private static void finite(Rig.Result r, Rig rig, Findings found) {
    String where = CellContract.where(rig) + ", ";
    found.none(where + "y", Slabs.notFinite(r.pass().y().x(), rig.x()));
    found.none(where + "δx", Slabs.notFinite(r.dx(), rig.x()));
    for (var p : rig.ps().all()) {
      found.none(where + "δ" + p.name(), Slabs.notFinite(p.of(r.grads().array()), all(p.rows())));
    }
    for (var p : r.dIn().parts()) {
      for (int i = 0; i < p.steps(); i++) found.none(where + "δ of the first state", Slabs.notFinite(p.step(i), all(p.rows())));
    }
  }

  /** A batch of one step in which all rows are alive. */
  private static Batch all(int rows) { return Batch.full(Slab.zeros(1, rows, 0), new long[rows]); }
}
