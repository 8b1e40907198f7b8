package org.unroll.slab;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;

/**
 * How a parameter starts. A matrix is inputs × outputs, so its fan-in is its rows and its fan-out its columns. The matrix of a gated
 * cell is several such matrices side by side; {@link Blocks} starts each as if it stood alone.
 */
public sealed interface Init {

  /** Fills {@code w} with random numbers keyed by {@code index}, the parameter's place in its {@link Params}. */
  void fill(Slab w, Philox rng, int index);

  /** The same for each of {@code blocks} equal column blocks, with random numbers of their own. */
  static Init blocks(int blocks, Init each) { return new Blocks(Collections.nCopies(blocks, each)); }

  /** Every element the same. */
  record Constant(float value) implements Init {
    public Constant { finite("value", value); }

    @Override public void fill(Slab w, Philox rng, int index) {
      for (int r = 0; r < w.height(); r++) Arrays.fill(w.data(), w.row(r), w.row(r) + w.cols(), value);
    }
  }

  /** These, row by row. */
  record Given(float[] values) implements Init {
    @Override public void fill(Slab w, Philox rng, int index) {
      assert values.length == w.height() * w.cols();
      for (int r = 0; r < w.height(); r++) System.arraycopy(values, r * w.cols(), w.data(), w.row(r), w.cols());
    }
  }

  /** Uniform on [−bound, bound). */
  record Uniform(float bound) implements Init {
    public Uniform { notNegative("bound", bound); }

    @Override public void fill(Slab w, Philox rng, int index) {
      for (int r = 0; r < w.height(); r++) {
        for (int k = 0; k < w.cols(); k++) w.data()[w.row(r) + k] = bound * (2 * rng.uniform(0, index, r, k) - 1);
      }
    }
  }

  /** Uniform on [low, high). */
  record Range(float low, float high) implements Init {
    public Range {
      finite("low", low);
      finite("high", high);
    }

    @Override public void fill(Slab w, Philox rng, int index) {
      for (int r = 0; r < w.height(); r++) {
        for (int k = 0; k < w.cols(); k++) w.data()[w.row(r) + k] = low + (high - low) * rng.uniform(0, index, r, k);
      }
    }
  }

  /** Normal with mean 0 and this standard deviation. */
  record Gaussian(float deviation) implements Init {
    public Gaussian { notNegative("deviation", deviation); }

    @Override public void fill(Slab w, Philox rng, int index) {
      for (int r = 0; r < w.height(); r++) {
        for (int k = 0; k < w.cols(); k++) w.data()[w.row(r) + k] = deviation * rng.gaussian(0, index, r, k);
      }
    }
  }

  /** Uniform with bound √(6 / (inputs + outputs)) (Glorot and Bengio 2010, eq. 16). */
  record Glorot() implements Init {
    @Override public void fill(Slab w, Philox rng, int index) {
      new Uniform((float) StrictMath.sqrt(6.0 / (w.height() + w.cols()))).fill(w, rng, index);
    }
  }

  /** Normal with deviation √(2 / inputs) (He, Zhang, Ren, Sun 2015, eq. 10). */
  record He() implements Init {
    @Override public void fill(Slab w, Philox rng, int index) {
      new Gaussian((float) StrictMath.sqrt(2.0 / w.height())).fill(w, rng, index);
    }
  }

  /**
   * {@code gain} times a random matrix with orthonormal rows, or columns where these are fewer (Saxe, McClelland, Ganguli 2014).
   * A Gaussian matrix is orthogonalised by the modified Gram-Schmidt process in double; as the norms are positive, every
   * orthogonal matrix is equally likely (Mezzadri 2007).
   */
  record Orthogonal(float gain) implements Init {
    public Orthogonal { finite("gain", gain); }

    @Override public void fill(Slab w, Philox rng, int index) {
      boolean wide = w.height() <= w.cols();
      double[][] q = new double[wide ? w.height() : w.cols()][wide ? w.cols() : w.height()];
      for (int i = 0; i < q.length; i++) {
        for (int j = 0; j < q[i].length; j++) q[i][j] = wide ? rng.gaussian(0, index, i, j) : rng.gaussian(0, index, j, i);
      }
      orthonormalise(q);
      for (int r = 0; r < w.height(); r++) {
        for (int k = 0; k < w.cols(); k++) w.data()[w.row(r) + k] = (float) (gain * (wide ? q[r][k] : q[k][r]));
      }
    }

    private static void orthonormalise(double[][] q) {
      for (int i = 0; i < q.length; i++) {
        double norm = StrictMath.sqrt(dot(q[i], q[i]));
        for (int k = 0; k < q[i].length; k++) q[i][k] /= norm;
        for (int j = i + 1; j < q.length; j++) {
          double along = dot(q[i], q[j]);
          for (int k = 0; k < q[j].length; k++) q[j][k] -= along * q[i][k];
        }
      }
    }

    private static double dot(double[] a, double[] b) {
      double sum = 0;
      for (int k = 0; k < a.length; k++) sum += a[k] * b[k];
      return sum;
    }
  }

  /** {@code scale} on the diagonal and 0 elsewhere: what is multiplied by it stays (Le, Jaitly, Hinton 2015). */
  record Identity(float scale) implements Init {
    public Identity { finite("scale", scale); }

    @Override public void fill(Slab w, Philox rng, int index) {
      for (int r = 0; r < w.height(); r++) {
        w.fillRow(r, 0f);
        if (r < w.cols()) w.set(r, r, scale);
      }
    }
  }

  /**
   * Equal column blocks, each started by itself: the gates of a cell, or a bias of 1 for the forget gate alone.
   *
   * @param each one for every block, from the left; none of them blocks again
   */
  record Blocks(List<Init> each) implements Init {
    /** Distance of two blocks' keys: more than a model has parameters. */
    private static final int KEY = 1 << 24;

    public Blocks {
      each = List.copyOf(each);
      if (each.size() > 127) {
        throw Fault.of(Code.C030, "%d blocks", each.size()).at("init").because("there must be at most 127");
      }
      if (each.stream().anyMatch(Blocks.class::isInstance)) {
        throw Fault.of(Code.C030, "a block is made of blocks").at("init").because("only one level can be keyed");
      }
    }

    @Override public void fill(Slab w, Philox rng, int index) {
      assert index >= 0 && index < KEY;
      int n = each.size();
      if (n == 0 ? w.cols() > 0 : w.cols() % n != 0) {
        throw Fault.of(Code.C030, "%d columns do not divide into %d blocks", w.cols(), n).at("init");
      }
      int wide = n == 0 ? 0 : w.cols() / n;
      for (int b = 0; b < n; b++) each.get(b).fill(w.cols(b * wide, (b + 1) * wide), rng, index + b * KEY);
    }
  }

  private static void finite(String what, float value) {
    if (!Float.isFinite(value)) throw Fault.of(Code.C011, "%s is %s", what, value).at("init").because("it must be finite");
  }

  private static void notNegative(String what, float value) {
    if (!(value >= 0 && value < Float.POSITIVE_INFINITY)) {
      throw Fault.of(Code.C011, "%s is %s", what, value).at("init").because("it must be finite and not negative");
    }
  }
}
