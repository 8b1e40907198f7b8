package org.unroll.reference;

import java.util.List;

/**
 * A description of a layer: its kind, its sizes and the names of its arrays. The arrays themselves are handed to
 * {@link ReferenceModel}, by name.
 */
public sealed interface ReferenceLayer {

  /** Symbols to unit vectors of width {@code symbols}. */
  record OneHot(int symbols) implements ReferenceLayer {}

  /** Symbol v to row v of {@code name.E}, symbols × width. */
  record Embedding(String name, int symbols, int width) implements ReferenceLayer {}

  /**
   * A cell run over time. Arrays: {@code name.W}, {@code name.R}, {@code name.b}, and {@code name.p} and {@code name.S} where
   * the cell has them; {@code name.h0}, {@code name.c0} and so on, N × H, are the initial states and zero where they are not given.
   *
   * @param cell one of {@link ReferenceCell#NAMES}
   * @param inputs X
   * @param units H
   * @param backward from each sequence's last step to its first
   * @param projection columns of {@code name.P}, H × projection: the output is y = h P, and R has as many rows and multiplies
   *     y' (Sak, Senior and Beaufays 2014, eqs. 7 to 13, whose m and r are h and y); 0 without
   * @param masks of regularisers
   */
  record Recurrent(String name, String cell, int inputs, int units, boolean backward, int projection, Masks masks)
      implements ReferenceLayer {
    public Recurrent(String name, String cell, int inputs, int units, boolean backward, int projection) {
      this(name, cell, inputs, units, backward, projection, Masks.NONE);
    }

    public Recurrent(String name, String cell, int inputs, int units, boolean backward) { this(name, cell, inputs, units, backward, 0); }
  }

  /**
   * What multiplies what in a disturbed recurrence; each is null where nothing is.
   *
   * @param state [N, width]: y' (and what meets S), before R (and S), at every step: variational dropout (Gal and Ghahramani 2016)
   * @param candidate [T, N, H]: what enters the memory: recurrent dropout (Semeniuta, Severyn and Barth 2016)
   * @param zone z [T, N, S · H] of s = z ⊙ s' + (1 − z) ⊙ ŝ, ŝ being the cell's: zoneout (Krueger et al. 2017)
   * @param recurrent of R's shape, which it multiplies: DropConnect (Wan et al. 2013)
   * @param second of S's shape, likewise
   */
  record Masks(double[] state, double[] candidate, double[] zone, double[] recurrent, double[] second) {
    public static final Masks NONE = new Masks(null, null, null, null, null);
  }

  /**
   * y = x W + b with {@code name.W}, inputs × outputs, and {@code name.b}.
   *
   * @param tied null; or the name of an array, outputs × inputs, whose transpose is W
   */
  record Dense(String name, int inputs, int outputs, String tied) implements ReferenceLayer {}

  /** y = mask ⊙ x, [T, N, K]: the mask is given, and holds 0 or 1 / (1 − rate). */
  record Dropout(double[] mask) implements ReferenceLayer {}

  /**
   * y = x, with a penalty that joins the loss (Merity, Keskar and Socher 2018; Krueger and Memisevic 2016 for the second term):
   * l2 · mean(x²) + temporal · mean((x_t − x_{t−1})²), means over all numbers of all sequences, those of neighbouring steps.
   */
  record Activity(double l2, double temporal) implements ReferenceLayer {}

  /** y = f(x), step by step. */
  record Activation(Function f) implements ReferenceLayer {}

  /** Functions of a row: softmax of the whole of it, the others of each number. */
  enum Function { IDENTITY, SIGMOID, TANH, RELU, SOFTMAX }

  /**
   * Jordan's network, which puts out h. Arrays: {@code name.W}, {@code name.U}, outputs × units, {@code name.b}; {@code output.W},
   * units × outputs, and {@code output.b}, which the layer on top may use too; {@code name.p0}, N × outputs, zero where not given.
   */
  record Jordan(String name, String output, int inputs, int units, int outputs, Function feedback) implements ReferenceLayer {}

  /** The body's output and its input, added. */
  record Residual(ReferenceLayer body) implements ReferenceLayer {}

  /** The body's output and its input, mixed by a gate with {@code name.W}, width × width, and {@code name.b}. */
  record Highway(String name, int width, ReferenceLayer body) implements ReferenceLayer {}

  /**
   * mLSTM. Arrays: {@code name.W}, inputs × 4 units, {@code name.b}, {@code name.M}, inputs × 2 heads, {@code name.c}; {@code name.s0}, N ×
   * what a row remembers, zero where not given: see {@link MlstmEquations}.
   *
   * @param units H, a multiple of {@code heads}
   * @param backward from each sequence's last step to its first
   */
  record Mlstm(String name, int inputs, int units, int heads, boolean backward) implements ReferenceLayer {}

  /** One after the other. */
  record Chain(List<ReferenceLayer> layers) implements ReferenceLayer {
    public Chain(ReferenceLayer... layers) { this(List.of(layers)); }
  }

  /** All on the same input, outputs side by side: bidirectional where they are two recurrences. */
  record Concat(List<ReferenceLayer> branches) implements ReferenceLayer {
    public Concat(ReferenceLayer... branches) { this(List.of(branches)); }
  }
}
