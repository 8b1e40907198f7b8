package org.unroll.kernel;

/**
 * exp, tanh, sigmoid and log on one float, from additions, products, fma, one division and whole-number shifts only: the same bits
 * in the interpreter, compiled, on every processor. {@code VectorMath} is the twin, line by line.
 *
 * <p>Largest errors over all floats, against float64, in units in the last place (docs/numerics.md): exp 1.02, tanh 1.34,
 * sigmoid 2.49, log 0.86. Where exp is below 2^−126 it is 0. NaN gives NaN.
 *
 * <p>Polynomials: minimax fits of the relative error on the reduced interval, coefficients rounded one by one from the lowest,
 * the rest fitted again each time.
 */
public final class ScalarMath {
  private ScalarMath() {}

  static final float LOG2_E = 0x1.715476p0f;
  /** ln 2 in two parts; n·LN2_HIGH is exact for |n| < 2^15. */
  static final float LN2_HIGH = 0x1.63p-1f;
  static final float LN2_LOW = -0x1.bd0106p-13f;
  /** 1.5·2^23: adding it rounds to a whole number, which then stands in the low bits. */
  static final float ROUND = 0x1.8p23f;

  /** exp is infinite above, 0 below. */
  static final float EXP_TOP = 0x1.62e42ep6f;
  static final float EXP_BOTTOM = -0x1.5d589ep6f;
  static final float E2 = 0x1.fffffcp-2f;
  static final float E3 = 0x1.555494p-3f;
  static final float E4 = 0x1.5558bep-5f;
  static final float E5 = 0x1.123856p-7f;
  static final float E6 = 0x1.6a3d08p-10f;

  /** tanh is a polynomial below, 1 above the second. */
  static final float TANH_NEAR = 0.625f;
  static final float TANH_FAR = 10f;
  static final float T3 = -0x1.555532p-2f;
  static final float T5 = 0x1.1106f6p-3f;
  static final float T7 = -0x1.b835a4p-5f;
  static final float T9 = 0x1.51f8cep-6f;
  static final float T11 = -0x1.750ce2p-8f;

  /** Bits of √½: the mantissa of log lies in [√½, √2). */
  static final int SQRT_HALF = 0x3f3504f3;
  static final float L3 = 0x1.555554p-2f;
  static final float L4 = -0x1.000226p-2f;
  static final float L5 = 0x1.99a01cp-3f;
  static final float L6 = -0x1.54728ap-3f;
  static final float L7 = 0x1.22d93p-3f;
  static final float L8 = -0x1.0d8246p-3f;
  static final float L9 = 0x1.055eaep-3f;
  static final float L10 = -0x1.38c974p-4f;

  /** e^x = 2^n e^r with n = round(x / ln 2). */
  public static float exp(float x) {
    float y = x <= EXP_TOP ? expCore(x) : x + Float.POSITIVE_INFINITY;
    return x < EXP_BOTTOM ? 0f : y;
  }

  /** e^x where {@link #EXP_BOTTOM} ≤ x ≤ {@link #EXP_TOP}, elsewhere meaningless. */
  private static float expCore(float x) {
    float t = Math.fma(x, LOG2_E, ROUND);
    float n = t - ROUND;
    float r = Math.fma(n, -LN2_LOW, Math.fma(n, -LN2_HIGH, x));
    float p = Math.fma(r, E6, E5);
    p = Math.fma(p, r, E4);
    p = Math.fma(p, r, E3);
    p = Math.fma(p, r, E2);
    p = Math.fma(p, r * r, r) + 1f;
    return Float.intBitsToFloat(Float.floatToRawIntBits(p) + (Float.floatToRawIntBits(t) << 23));
  }

  /** An odd polynomial near 0, 1 − 2 / (1 + e^2|x|) with the sign of x elsewhere. */
  public static float tanh(float x) {
    float a = Math.abs(x);
    float e = expCore(2f * (a > TANH_FAR ? TANH_FAR : a));
    float far = 1f - 2f / (e + 1f);
    float u = a * a;
    float p = Math.fma(u, T11, T9);
    p = Math.fma(p, u, T7);
    p = Math.fma(p, u, T5);
    p = Math.fma(p, u, T3);
    float near = Math.fma(p, u * a, a);
    float y = a >= TANH_NEAR ? far : near;
    return Float.intBitsToFloat(Float.floatToRawIntBits(y) | Float.floatToRawIntBits(x) & 0x80000000);
  }

  /** 1 / (1 + e^−x). */
  public static float sigmoid(float x) { return 1f / (exp(-x) + 1f); }

  /** Natural logarithm: x = 2^n (1 + f); −∞ at 0, NaN below. */
  public static float log(float x) {
    boolean tiny = x < Float.MIN_NORMAL;
    int bits = Float.floatToRawIntBits(tiny ? x * 0x1p23f : x);
    int k = (bits - SQRT_HALF) >> 23;
    float n = Float.intBitsToFloat(k + 0x4b400000) - ROUND;
    n = tiny ? n - 23f : n;
    float f = Float.intBitsToFloat(bits - (k << 23)) - 1f;
    float u = f * f;
    float y = Math.fma(logPolynomial(f), f * u, n * LN2_LOW);
    y = Math.fma(u, -0.5f, y);
    y = Math.fma(n, LN2_HIGH, f + y);
    y = x < Float.POSITIVE_INFINITY ? y : x;
    y = x == 0f ? Float.NEGATIVE_INFINITY : y;
    return x < 0f ? Float.NaN : y;
  }

  /** (ln(1 + f) − f + f²/2) / f³. */
  private static float logPolynomial(float f) {
    float p = Math.fma(f, L10, L9);
    p = Math.fma(p, f, L8);
    p = Math.fma(p, f, L7);
    p = Math.fma(p, f, L6);
    p = Math.fma(p, f, L5);
    p = Math.fma(p, f, L4);
    return Math.fma(p, f, L3);
  }
}
