package org.unroll.slab;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;

/**
 * All weights of a model in one array; a {@link Param} is a named window on it. Layers declare their windows while a
 * model is built; weights reach a layer with its run, so one set of layers serves many sets of weights.
 *
 * <p>A matrix is kept inputs × outputs, row-major: y = x W for row vectors. Files turn it (PyTorch keeps outputs × inputs).
 */
public final class Params {

  /**
   * A window on the weights, and on every array shaped like them (gradients, optimizer slots).
   *
   * @param name unique, dots between levels: {@code body.1.R}
   * @param offset where its first element lies
   * @param rows inputs of a matrix, 1 for a vector
   * @param cols outputs
   * @param init how it starts
   */
  public record Param(String name, int offset, int rows, int cols, Init init) {
    /** Elements. */
    public int size() { return rows * cols; }

    /** Behind its last element. */
    public int end() { return offset + size(); }

    /** The window on {@code array}, as a matrix. */
    public Slab of(float[] array) { return Slab.matrix(array, offset, rows, cols); }
  }

  /** The longest array every JVM makes. */
  private static final int MOST = Integer.MAX_VALUE - 16;

  private final Map<String, Param> byName = new HashMap<>();
  private final List<Param> all = new ArrayList<>();
  private float[] values = {};
  private int size;
  private long version;

  /** Declares a window. Its weights are zero until {@link #initialise}. */
  public Param add(String name, int rows, long cols, Init init) {
    if (cols > MOST || size + rows * cols > MOST) {
      throw Fault.of(Code.C020, "the model has more than 2^31 weights").at(name).mend("make its layers smaller");
    }
    var p = new Param(name, size, rows, (int) cols, init);
    if (byName.putIfAbsent(name, p) != null) throw Fault.of(Code.C030, "a parameter of this name exists already").at(name);
    all.add(p);
    size = p.end();
    return p;
  }

  /** Fills every window by its {@link Init} with the numbers of {@code rng}; window and element are the key. */
  public void initialise(Philox rng) {
    float[] w = array();
    for (int i = 0; i < all.size(); i++) all.get(i).init().fill(all.get(i).of(w), rng, i);
    touch();
  }

  /** The same windows on a copy of the weights; without weights where none were written yet. */
  public Params copy() {
    var c = new Params();
    c.byName.putAll(byName);
    c.all.addAll(all);
    c.size = size;
    c.values = values.clone();
    return c;
  }

  /** The array itself. Whoever writes to it calls {@link #touch} afterwards. */
  public float[] array() {
    if (values.length != size) values = Arrays.copyOf(values, size);
    return values;
  }

  /** Says that weights were written: packed copies made before are stale. */
  public void touch() { version++; }

  /** Grows with every {@link #touch}. */
  public long version() { return version; }

  /** Weights of all windows together. */
  public int size() { return size; }

  /** In the order in which they were declared; not to be changed. */
  public List<Param> all() { return Collections.unmodifiableList(all); }

  /** The window called {@code name}; null if there is none. */
  public Param find(String name) { return byName.get(name); }
}
