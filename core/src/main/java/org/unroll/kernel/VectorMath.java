package org.unroll.kernel;

import static org.unroll.kernel.ScalarMath.*;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * {@link ScalarMath} on vectors: lane by lane the same bits, NaN payloads apart. Works for every species; the compiler keeps the
 * values in registers where the caller's species is {@code static final} and its method is small (a vector of
 * {@link #tanh} is about 35 operations).
 */
final class VectorMath {
  private VectorMath() {}

  static FloatVector exp(FloatVector x) {
    var y = x.add(Float.POSITIVE_INFINITY).blend(expCore(x), x.compare(VectorOperators.LE, EXP_TOP));
    return y.blend(0f, x.compare(VectorOperators.LT, EXP_BOTTOM));
  }

  private static FloatVector expCore(FloatVector x) {
    var t = x.fma(LOG2_E, ROUND);
    var n = t.sub(ROUND);
    var r = n.fma(x.broadcast(-LN2_LOW), n.fma(x.broadcast(-LN2_HIGH), x));
    var p = r.fma(E6, E5);
    p = p.fma(r, x.broadcast(E4));
    p = p.fma(r, x.broadcast(E3));
    p = p.fma(r, x.broadcast(E2));
    p = p.fma(r.mul(r), r).add(1f);
    return p.reinterpretAsInts().add(t.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats();
  }

  static FloatVector tanh(FloatVector x) {
    var a = x.abs();
    var e = expCore(a.blend(TANH_FAR, a.compare(VectorOperators.GT, TANH_FAR)).mul(2f));
    var far = x.broadcast(1f).sub(x.broadcast(2f).div(e.add(1f)));
    var u = a.mul(a);
    var p = u.fma(T11, T9);
    p = p.fma(u, x.broadcast(T7));
    p = p.fma(u, x.broadcast(T5));
    p = p.fma(u, x.broadcast(T3));
    var near = p.fma(u.mul(a), a);
    var y = near.blend(far, a.compare(VectorOperators.GE, TANH_NEAR));
    return y.reinterpretAsInts().or(x.reinterpretAsInts().and(0x80000000)).reinterpretAsFloats();
  }

  static FloatVector sigmoid(FloatVector x) { return x.broadcast(1f).div(exp(x.neg()).add(1f)); }

  /** All in one method: where much has been inlined before it, C2 takes no second one of ours along, and its vectors are objects. */
  static FloatVector log(FloatVector x) {
    VectorMask<Float> tiny = x.compare(VectorOperators.LT, Float.MIN_NORMAL);
    var bits = x.blend(x.mul(0x1p23f), tiny).reinterpretAsInts();
    var k = bits.sub(SQRT_HALF).lanewise(VectorOperators.ASHR, 23);
    var n = k.add(0x4b400000).reinterpretAsFloats().sub(ROUND);
    n = n.blend(n.sub(23f), tiny);
    var f = bits.sub(k.lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats().sub(1f);
    var u = f.mul(f);
    var p = f.fma(L10, L9);
    p = p.fma(f, f.broadcast(L8));
    p = p.fma(f, f.broadcast(L7));
    p = p.fma(f, f.broadcast(L6));
    p = p.fma(f, f.broadcast(L5));
    p = p.fma(f, f.broadcast(L4));
    p = p.fma(f, f.broadcast(L3));
    var y = p.fma(f.mul(u), n.mul(LN2_LOW));
    y = u.fma(x.broadcast(-0.5f), y);
    y = n.fma(x.broadcast(LN2_HIGH), f.add(y));
    y = x.blend(y, x.compare(VectorOperators.LT, Float.POSITIVE_INFINITY));
    y = y.blend(Float.NEGATIVE_INFINITY, x.compare(VectorOperators.EQ, 0f));
    return y.blend(Float.NaN, x.compare(VectorOperators.LT, 0f));
  }
}
