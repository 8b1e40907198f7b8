package org.unroll.derivation;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.unroll.reference.FiniteDifference;

/**
 * A forward computation that can be disturbed at any of its quantities. δ of a quantity is the difference quotient of the loss
 * when that quantity, wherever it was computed, is moved: no backward equation is used.
 */
final class Probe {
  private final Map<String, Matrix> given;
  private final Map<String, Matrix> values = new LinkedHashMap<>();
  private final String moved;
  private final double[] move;

  private Probe(Map<String, Matrix> given, String moved, double[] move) {
    this.given = given;
    this.moved = moved;
    this.move = move;
  }

  /** A number, vector or matrix that the page gives. */
  Matrix given(String name) {
    var v = given.get(name);
    if (v == null) throw new IllegalArgumentException(name + " is not given");
    return node(name, v);
  }

  /** A quantity that was computed; what follows must use what this returns. */
  Matrix node(String name, Matrix v) {
    var to = name.equals(moved) ? v.plus(new Matrix(v.rows(), v.cols(), move)) : v;
    values.put(name, to);
    return to;
  }

  /** All quantities, their δ, and L. */
  static Map<String, Matrix> truth(Map<String, Matrix> given, ToDoubleFunction<Probe> forward) {
    var plain = new Probe(given, null, null);
    double loss = forward.applyAsDouble(plain);
    var all = new LinkedHashMap<>(given);
    all.putAll(plain.values);
    all.put("L", Matrix.of(loss));
    plain.values.forEach((name, v) -> {
      double[] d = FiniteDifference.gradient(move -> forward.applyAsDouble(new Probe(given, name, move)),
          new double[v.data().length]);
      all.put("δ" + name, new Matrix(v.rows(), v.cols(), d));
    });
    return all;
  }
}
