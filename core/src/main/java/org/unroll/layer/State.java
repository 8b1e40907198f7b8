package org.unroll.layer;

import java.util.ArrayList;
import java.util.List;
import org.unroll.slab.Slab;

/**
 * What layers carry from one chunk of time to the next.
 *
 * @param parts one slab [S, N, H] for each recurrent layer, in the order of the layers: S slots (h; h and c) of N rows.
 *     No parts at all stand for zeros
 */
public record State(List<Slab> parts) {
  /** All zeros. */
  public static final State ZERO = new State(List.of());

  public State {
    parts = List.copyOf(parts);
  }

  /** Whether it stands for zeros without holding any. */
  public boolean isZero() { return parts.isEmpty(); }

  /** Part i; null for zeros. */
  public Slab part(int i) { return parts.isEmpty() ? null : parts.get(i); }

  /** Parts {@code from} (inclusive) to {@code to} (exclusive). */
  public State parts(int from, int to) { return parts.isEmpty() ? ZERO : new State(parts.subList(from, to)); }

  /** The same values on arrays of their own: outlives the workspace. */
  public State copy() {
    var copies = new ArrayList<Slab>();
    for (var p : parts) copies.add(Slab.zeros(p.steps(), p.rows(), p.cols()));
    var s = new State(copies);
    s.set(this);
    return s;
  }

  /** Takes the values of another state of the same shape. */
  public void set(State other) {
    for (int i = 0; i < parts.size(); i++) copy(other.parts.get(i), parts.get(i));
  }

  private static void copy(Slab from, Slab to) {
    assert from.height() == to.height() && from.cols() == to.cols();
    for (int r = 0; r < from.height(); r++) to.setRow(r, from, r);
  }
}
