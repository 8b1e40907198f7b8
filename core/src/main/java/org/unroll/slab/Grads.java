package org.unroll.slab;

import java.util.Arrays;

/** ∂L/∂θ for every θ of a {@link Params}, in one array of the same windows. Travels with the run, not with a layer. */
public final class Grads {
  private final float[] values;

  /** Zeros, one for each weight. */
  public Grads(Params shape) { values = new float[shape.size()]; }

  /** The array itself, of {@link Params#size} elements. */
  public float[] array() { return values; }

  /** Every element becomes 0. */
  public void zero() { Arrays.fill(values, 0f); }
}
