package org.unroll.kernel;

/** Placeholder until the polynomials land: to be replaced whole. */
final class ScalarMath {
  private ScalarMath() {}

  static float exp(float x) { return (float) StrictMath.exp(x); }

  static float log(float x) { return (float) StrictMath.log(x); }

  static float tanh(float x) { return (float) StrictMath.tanh(x); }

  static float sigmoid(float x) { return (float) (1 / (1 + StrictMath.exp(-x))); }
}
