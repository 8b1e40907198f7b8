package org.unroll.derivation;

import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/** Numbers of a page: a matrix, a row or a number, row by row. Operations by element stretch a side of 1. */
record Matrix(int rows, int cols, double[] data) {

  static Matrix of(double v) { return new Matrix(1, 1, new double[] {v}); }

  static Matrix row(double... v) { return new Matrix(1, v.length, v); }

  double at(int i, int j) { return data[(rows == 1 ? 0 : i) * cols + (cols == 1 ? 0 : j)]; }

  Matrix map(DoubleUnaryOperator f) {
    var to = new double[data.length];
    for (int i = 0; i < to.length; i++) to[i] = f.applyAsDouble(data[i]);
    return new Matrix(rows, cols, to);
  }

  Matrix with(Matrix b, DoubleBinaryOperator f) {
    int R = Math.max(rows, b.rows), C = Math.max(cols, b.cols);
    if (rows != 1 && b.rows != 1 && rows != b.rows || cols != 1 && b.cols != 1 && cols != b.cols) {
      throw new IllegalArgumentException(shape() + " meets " + b.shape());
    }
    var to = new double[R * C];
    for (int i = 0; i < R; i++) for (int j = 0; j < C; j++) to[i * C + j] = f.applyAsDouble(at(i, j), b.at(i, j));
    return new Matrix(R, C, to);
  }

  Matrix plus(Matrix b) { return with(b, Double::sum); }

  Matrix minus(Matrix b) { return with(b, (x, y) -> x - y); }

  /** By element. */
  Matrix by(Matrix b) { return with(b, (x, y) -> x * y); }

  /** The matrix product; a number stretches the other side. */
  Matrix times(Matrix b) {
    if (data.length == 1 || b.data.length == 1) return by(b);
    if (cols != b.rows) throw new IllegalArgumentException(shape() + " times " + b.shape());
    var to = new double[rows * b.cols];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < b.cols; j++) {
        for (int k = 0; k < cols; k++) to[i * b.cols + j] += data[i * cols + k] * b.data[k * b.cols + j];
      }
    }
    return new Matrix(rows, b.cols, to);
  }

  Matrix turned() {
    var to = new double[data.length];
    for (int i = 0; i < rows; i++) for (int j = 0; j < cols; j++) to[j * rows + i] = data[i * cols + j];
    return new Matrix(cols, rows, to);
  }

  double sum() {
    double s = 0;
    for (double v : data) s += v;
    return s;
  }

  /** The largest difference; infinite where the shapes differ. */
  double off(Matrix b) {
    if (rows != b.rows || cols != b.cols) return Double.POSITIVE_INFINITY;
    double most = 0;
    for (int i = 0; i < data.length; i++) most = Math.max(most, Math.abs(data[i] - b.data[i]));
    return most;
  }

  String shape() { return rows + " × " + cols; }

  static Matrix sigmoid(Matrix a) { return a.map(v -> 1 / (1 + StrictMath.exp(-v))); }

  static Matrix tanh(Matrix a) { return a.map(StrictMath::tanh); }

  static Matrix exp(Matrix a) { return a.map(StrictMath::exp); }

  static Matrix log(Matrix a) { return a.map(StrictMath::log); }

  static Matrix softmax(Matrix a) {
    var e = exp(a);
    return e.map(v -> v / e.sum());
  }
}
