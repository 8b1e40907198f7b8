package org.unroll.kernel;

import org.unroll.slab.Slab;

/**
 * A function of a row of net inputs z, and the way back from what it gave.
 * <pre>
 *   identity  y = z                      δz = δy
 *   sigmoid   y = σ(z)                   δz = δy ⊙ y ⊙ (1 − y)
 *   tanh      y = tanh z                 δz = δy ⊙ (1 − y²)
 *   relu      y = max(0, z)              δz = δy where y > 0, else 0
 *   softmax   y = e^z / Σ e^z            δz = y ⊙ (δy − Σ y ⊙ δy)
 * </pre>
 */
public enum Activation {
  IDENTITY {
    @Override void forward(Kernels k, float[] z, int at, int n) {}

    @Override float slope(float y) { return 1f; }
  },
  SIGMOID {
    @Override void forward(Kernels k, float[] z, int at, int n) { k.sigmoid(z, at, n); }

    @Override float slope(float y) { return y * (1 - y); }
  },
  TANH {
    @Override void forward(Kernels k, float[] z, int at, int n) { k.tanh(z, at, z, at, n); }

    @Override float slope(float y) { return Math.fma(-y, y, 1f); }
  },
  RELU {
    @Override void forward(Kernels k, float[] z, int at, int n) {
      for (int i = at; i < at + n; i++) z[i] = Math.max(z[i], 0f);
    }

    @Override float slope(float y) { return y > 0 ? 1f : 0f; }
  },
  /** Needs its whole row. */
  SOFTMAX {
    @Override void forward(Kernels k, float[] z, int at, int n) { k.softmax(z, at, n); }

    @Override float slope(float y) { return y; }

    @Override float shift(float[] y, int at, float[] dy, int dAt, int n) {
      double sum = 0;
      for (int i = 0; i < n; i++) sum += (double) y[at + i] * dy[dAt + i];
      return (float) sum;
    }
  };

  abstract void forward(Kernels k, float[] z, int at, int n);

  /** What δy, less {@link #shift}, is multiplied by. */
  abstract float slope(float y);

  /** What all of a row's δy lose. */
  float shift(float[] y, int at, float[] dy, int dAt, int n) { return 0f; }

  /** Rows of z become their y. */
  public void forward(Kernels k, Slab z, int from, int rows) {
    for (int r = from; r < from + rows; r++) forward(k, z.data(), z.row(r), z.cols());
  }

  /** δz of δy, given y; δz and δy may be one. Row ranges as in {@link Kernels}. */
  public void backward(Slab y, int yFrom, Slab dy, int dyFrom, Slab dz, int dzFrom, int rows) {
    for (int r = 0; r < rows; r++) {
      int at = y.row(yFrom + r), d = dy.row(dyFrom + r), to = dz.row(dzFrom + r);
      float shift = shift(y.data(), at, dy.data(), d, y.cols());
      for (int i = 0; i < y.cols(); i++) dz.data()[to + i] = (dy.data()[d + i] - shift) * slope(y.data()[at + i]);
    }
  }
}
