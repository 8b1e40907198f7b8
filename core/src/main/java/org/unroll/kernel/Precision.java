package org.unroll.kernel;

import org.unroll.slab.Slab;

/** What products make of weights that they read. Sums are of floats always, and so are weights in files and in training. */
public enum Precision {
  /** As they are. */
  FP32,

  /**
   * bfloat16: a float's sign and exponent, and 8 bits of precision instead of 24; rounded to the nearest, to the even one of two. The
   * relative error of a weight is at most 2^−9.
   */
  BF16;

  private static final int HIGH = 0xffff0000, QUIET = 0x00400000;

  /** The weight that a product sees. */
  public float round(float weight) {
    if (this == FP32) return weight;
    int bits = Float.floatToRawIntBits(weight);
    if (weight != weight) return Float.intBitsToFloat((bits | QUIET) & HIGH);
    return Float.intBitsToFloat(bits + 0x7fff + (bits >>> 16 & 1) & HIGH);
  }

  /** The matrix that a product sees: a copy, unless it is the same. */
  Slab round(Slab w) {
    if (this == FP32) return w;
    float[] copy = w.flat();
    for (int i = 0; i < copy.length; i++) copy[i] = round(copy[i]);
    return Slab.matrix(copy, 0, w.rows(), w.cols());
  }
}
