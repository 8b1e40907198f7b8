package org.unroll.slab;

import java.util.Arrays;

/** ∂L/∂θ for every θ of a {@link Params}, in one array of the same windows. Travels with the run, not with a layer. */
public final class Grads {
  private final float[] values;

  public Grads(Params shape) { values = new float[shape.size()]; }

  public float[] array() { return values; }

  public void zero() { Arrays.fill(values, 0f); }
}
