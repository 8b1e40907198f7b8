package org.unroll.slab;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Where slabs come from. The k-th slab taken after a {@link #reset} reuses the array of the k-th slab before it, so a
 * loop that takes the same shapes allocates nothing from its second turn on. What was taken is dead after the reset;
 * with assertions on, it is filled with NaN so that a late reader shows. Not for use by several threads.
 */
public final class Workspace {
  private final List<Object> arrays = new ArrayList<>();
  private int taken;
  private long allocated;
  private Workspace passing;

  /** A slab whose elements are whatever was there before. */
  public Slab raw(int steps, int rows, int cols) {
    int need = Math.multiplyExact(Math.multiplyExact(steps, rows), cols);
    return new Slab(array(need), 0, steps, rows, cols, cols);
  }

  /** A slab of zeros. */
  public Slab zeros(int steps, int rows, int cols) {
    var s = raw(steps, rows, cols);
    Arrays.fill(s.data(), 0, s.height() * cols, 0f);
    return s;
  }

  /** An array of at least {@code need} floats; its elements are whatever was there before. */
  public float[] array(int need) {
    if (taken < arrays.size() && arrays.get(taken) instanceof float[] a && a.length >= need) {
      taken++;
      return a;
    }
    float[] a = new float[need];
    allocated += need;
    put(a);
    return a;
  }

  /** The same of doubles, in the same row of arrays. */
  public double[] doubles(int need) {
    if (taken < arrays.size() && arrays.get(taken) instanceof double[] a && a.length >= need) {
      taken++;
      return a;
    }
    double[] a = new double[need];
    allocated += 2L * need;
    put(a);
    return a;
  }

  private void put(Object a) {
    if (taken == arrays.size()) arrays.add(a);
    else arrays.set(taken, a);
    taken++;
  }

  /**
   * A workspace beside this one, for what dies with the call that takes it: the layers of a network then use the same arrays one after
   * the other. Who takes from it resets it to its mark at the end.
   */
  public Workspace passing() {
    if (passing == null) passing = new Workspace();
    return passing;
  }

  /** Where {@link #reset(int)} can go back to. */
  public int mark() { return taken; }

  /** Gives back everything taken since {@code mark}. */
  public void reset(int mark) {
    assert poison(mark);
    taken = mark;
  }

  /** Takes back all that was handed out; passes made since hold arrays that will be written over. */
  public void reset() {
    reset(0);
    if (passing != null) passing.reset();
  }

  /** Floats allocated so far, two for a double: constant in the steady state. */
  public long allocated() { return passing == null ? allocated : allocated + passing.allocated(); }

  private boolean poison(int mark) {
    for (int i = mark; i < taken; i++) {
      if (arrays.get(i) instanceof float[] a) Arrays.fill(a, Float.NaN);
      else Arrays.fill((double[]) arrays.get(i), Double.NaN);
    }
    return true;
  }
}
