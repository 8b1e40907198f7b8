package org.unroll.look;

import java.util.List;
import org.unroll.cell.MatrixMemory;
import org.unroll.layer.Mlstm;
import org.unroll.layer.Recurrent;
import org.unroll.slab.Slab;

/**
 * A walk of an mLSTM, head by head; see {@link MatrixMemory}. Of each head and step it has
 * <pre>
 *   (1) m = max(log f + m', a_i)
 *   (2) i = exp(a_i − m)              what is written with
 *   (3) κ = exp(log f + m' − m)       what is kept of C and n, in the scale of m
 *   (4) n = κ n' + i k                the sum of the keys
 * </pre>
 * f = σ(a_f) is the forget gate; of i and κ one is 1 at every step. o, q, k (divided by √d) and v have a number a unit. C has d²
 * numbers a head and is not shown.
 *
 * @param trace of its pass
 * @param heads i, κ and m of the heads [T, 1, 3 · heads], made again from the gates of the pass
 * @param n the sum of the keys after each step [T, 1, H], made again too
 */
public record MatrixWalk(String name, Mlstm.Trace trace, Slab heads, Slab n) implements Walk {
  private static final List<String> GATES = List.of("i", "f", "κ", "o", "q", "k", "v");
  private static final int I = 0, F = 1, KAPPA = 2, O = 3;
  /** Where the block stands in a of the pass. */
  private static final int[] AT = {-1, -1, -1, 3, 0, 1, 2};
  private static final int H = 0, N = 1, M = 2;

  static MatrixWalk of(Mlstm.Trace t) {
    int T = t.a().steps(), heads = t.layer().heads();
    var w = new MatrixWalk(CellWalk.name(t.layer().W().name()), t, Slab.zeros(T, 1, 3 * heads), Slab.zeros(T, 1,
        t.layer().width()));
    for (int head = 0; head < heads; head++) w.make(head);
    return w;
  }

  /** The recursions of m and n. */
  private void make(int head) {
    double m = first(head, d() * d() + d());
    for (int i = 0; i < steps(); i++) {
      int t = time(i);
      double now = trace.g().get(t, head), kept = StrictMath.log(trace.g().get(t, count() + head)) + m;
      m = Math.max(kept, now);                                                                         // (1)
      heads.set(t, head, (float) StrictMath.exp(now - m));                                             // (2)
      heads.set(t, count() + head, (float) StrictMath.exp(kept - m));                                  // (3)
      heads.set(t, 2 * count() + head, (float) m);
      for (int j = 0; j < d(); j++) {
        int u = head * d() + j;
        double before = i == 0 ? first(head, d() * d() + j) : n.get(time(i - 1), u);
        n.set(t, u, (float) (gate(KAPPA, t, head) * before + gate(I, t, head) * gate(5, t, u)));       // (4)
      }
    }
  }

  /** How many heads. */
  public int count() { return trace.layer().heads(); }

  /** d: units of a head. */
  public int d() { return units() / count(); }

  /** Which head a unit belongs to. */
  public int head(int unit) { return unit / d(); }

  /** What a head remembered before the first step: C row by row, then n, then m. */
  double first(int head, int at) { return trace.kept().get(0, head * MatrixMemory.size(d()) + at); }

  @Override public int steps() { return trace.a().steps(); }

  @Override public int units() { return trace.layer().width(); }

  @Override public Recurrent.Direction direction() { return trace.layer().direction(); }

  @Override public String cell() { return "mlstm"; }

  @Override public List<String> gates() { return GATES; }

  @Override public boolean opens(int block) { return block <= O; }

  @Override public int width(int block) { return block < O ? count() : units(); }

  @Override public float gate(int block, int t, int unit) {
    return switch (block) {
      case I -> heads.get(t, unit);
      case F -> trace.g().get(t, count() + unit);
      case KAPPA -> heads.get(t, count() + unit);
      default -> trace.a().get(t, AT[block] * units() + unit);
    };
  }

  @Override public List<String> slots() { return List.of("C", "n", "m"); }

  @Override public List<String> made() { return List.of("h", "n", "m"); }

  @Override public int madeWidth(int made) { return made == M ? count() : units(); }

  @Override public float after(int made, int t, int unit) {
    return switch (made) {
      case H -> trace.y().x().get(t, unit);
      case N -> n.get(t, unit);
      default -> heads.get(t, 2 * count() + unit);
    };
  }

  @Override public String has() {
    return "mlstm has the gates i f κ of each of its " + count()
        + " heads, o of each unit, the vectors q k v and the state C n m";
  }
}
