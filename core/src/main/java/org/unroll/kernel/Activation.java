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

    @Override public float slope(float y) { return 1f; }
  },
  SIGMOID {
    @Override void forward(Kernels k, float[] z, int at, int n) { k.sigmoid(z, at, n); }

    @Override public float slope(float y) { return y * (1 - y); }
  },
  TANH {
    @Override void forward(Kernels k, float[] z, int at, int n) { k.tanh(z, at, z, at, n); }

    @Override public float slope(float y) { return Math.fma(-y, y, 1f); }
  },
  RELU {
    @Override void forward(Kernels k, float[] z, int at, int n) {
      for (int i = at; i < at + n; i++) z[i] = Math.max(z[i], 0f);
    }

    @Override public float slope(float y) { return y > 0 ? 1f : 0f; }
  },
  /** Needs its whole row. */
  SOFTMAX {
    @Override void forward(Kernels k, float[] z, int at, int n) { k.softmax(z, at, n); }

    @Override public float slope(float y) { return y; }

    @Override float shift(float[] y, int at, float[] dy, int dAt, int n) {
      double sum = 0;
      for (int i = 0; i < n; i++) sum += (double) y[at + i] * dy[dAt + i];
      return (float) sum;
    }
  };

  abstract void forward(Kernels k, float[] z, int at, int n);

  /** φ' from y alone: what δy, less {@link #shift}, is multiplied by. */
  public abstract float slope(float y);

  /** The largest φ' that there is. */
  public float steepest() { return this == SIGMOID ? 0.25f : 1f; }

  /** Whether an element of y depends on the other net inputs of its row. */
  public boolean needsRow() { return this == SOFTMAX; }

  /** What all of a row's δy lose. */
  float shift(float[] y, int at, float[] dy, int dAt, int n) { return 0f; }

  /** Rows of z become their y. */
  public void forward(Kernels k, Slab z, int from, int rows) {
    for (int r = from; r < from + rows; r++) forward(k, z.data(), z.row(r), z.cols());
  }

  /** y of n net inputs z. */
  public void forward(Kernels k, float[] z, int at, float[] y, int to, int n) {
    System.arraycopy(z, at, y, to, n);
    forward(k, y, to, n);
  }

  /** δz of n δy, given y; δz and δy may be one. */
  public void backward(float[] y, int at, float[] dy, int dAt, float[] dz, int to, int n) {
    float shift = shift(y, at, dy, dAt, n);
    for (int i = 0; i < n; i++) dz[to + i] = (dy[dAt + i] - shift) * slope(y[at + i]);
  }

  /** The same by rows, whose ranges are as in {@link Kernels}. */
  public void backward(Slab y, int yFrom, Slab dy, int dyFrom, Slab dz, int dzFrom, int rows) {
    for (int r = 0; r < rows; r++) {
      backward(y.data(), y.row(yFrom + r), dy.data(), dy.row(dyFrom + r), dz.data(), dz.row(dzFrom + r), y.cols());
    }
  }
}
