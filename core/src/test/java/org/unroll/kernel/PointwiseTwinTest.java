package org.unroll.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.unroll.kernel.Numbers.SCALAR;
import static org.unroll.kernel.Numbers.twins;

import org.junit.jupiter.api.Test;
import org.unroll.slab.Slab;

/** Activations and softmax of runs of floats: the vector kernels give the bits of the scalar ones, up to their array's end. */
class PointwiseTwinTest {
  private final Kernels vector = new VectorKernels(1, true);

  @Test void activations_sameBits() {
    for (int n : new int[] {1, 4, 13, 16, 25, 33, 64, 207}) {
      var x = new Numbers(12);
      Slab row = x.vector(n), to = x.vector(n);
      for (int k = 0; k < n; k++) row.data()[row.offset() + k] *= 12;
      twins(vector, row, "sigmoid " + n, (k, y) -> k.sigmoid(y.data(), y.offset(), n));
      twins(vector, to, "tanh " + n, (k, y) -> k.tanh(row.data(), row.offset(), y.data(), y.offset(), n));
      twins(vector, row, "tanh in place " + n, (k, y) -> k.tanh(y.data(), y.offset(), y.data(), y.offset(), n));
      twins(vector, to, "exp " + n, (k, y) -> k.exp(row.data(), row.offset(), y.data(), y.offset(), n));
      for (int k = 0; k < n; k++) row.data()[row.offset() + k] = Math.abs(row.data()[row.offset() + k]);
      twins(vector, to, "log " + n, (k, y) -> k.log(row.data(), row.offset(), y.data(), y.offset(), n));
    }
  }

  @Test void softmax_sameBits() {
    for (int n : new int[] {1, 4, 13, 16, 25, 33, 64, 65, 207, 4098}) {
      var x = new Numbers(13);
      Slab row = x.vector(n);
      for (int k = 0; k < n; k++) row.data()[row.offset() + k] *= 30;
      twins(vector, row, "softmax " + n, (k, y) -> k.softmax(y.data(), y.offset(), n));
      float[] loss = new float[2];
      twins(vector, row, "cross-entropy " + n,
          (k, y) -> loss[k == SCALAR ? 0 : 1] = k.crossEntropy(y.data(), y.offset(), n, n / 2, 0.37f));
      assertEquals(Float.floatToRawIntBits(loss[0]), Float.floatToRawIntBits(loss[1]), "loss " + n);
    }
  }
}
