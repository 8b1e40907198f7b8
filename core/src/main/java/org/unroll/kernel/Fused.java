package org.unroll.kernel;

import org.unroll.slab.Slab;

/**
 * A cell's pointwise part over whole panels, all rows of a panel at once: the twin of a plain cell, which remains the meaning. The
 * numbers are those of the cell's equations, each computed in the same order, so the bits are the same. Padding lanes of gates,
 * states and their gradients are zeros before and after.
 */
public interface Fused {

  /** The cells that have a twin; their equations stand in {@code org.unroll.cell}. */
  enum Of {
    LSTM, LSTM_PEEPHOLE, LSTM_COUPLED, LSTM_COUPLED_PEEPHOLE, LSTM_1997, GRU, GRU_WRITE, GRU_BEFORE, GRU_BEFORE_WRITE, MGU,
    ELMAN_TANH, ELMAN_RELU, ELMAN_IDENTITY, INDRNN_TANH, INDRNN_RELU, MINGRU, MINLSTM, SLSTM
  }

  /**
   * What a cell reads and writes. Rows of gates and of {@code m} are those of all steps, rows of {@code s} those of all states,
   * rows of {@code ds}, {@code dp} and {@code dm} those of one step. Every slot, and every block of p, is whole vectors wide.
   *
   * @param a gates
   * @param s states [T + 1, N, S · H padded]
   * @param p weights of each unit [1, perUnit · H padded]; null without
   * @param m input of the second product [T, N, H], rows whole vectors apart; null without
   * @param da δa; null for forward, like all that follow
   * @param ds δs [1, N, S · H padded]
   * @param dp δp of each row [1, N, perUnit · H padded]
   * @param dm δm [1, N, H], rows whole vectors apart
   */
  record Operands(Panels a, Slab s, Slab p, Slab m, Panels da, Slab ds, Slab dp, Slab dm) {
    /** For forward. */
    public Operands(Panels a, Slab s, Slab p, Slab m) { this(a, s, p, m, null, null, null, null); }

    /** Floats of one slot. */
    int slot() { return Tiling.padded(a.units()); }
  }

  /**
   * Pre-activations to gates in place, previous state to next; of a cell with a second product down to its input.
   *
   * @param row first row of the gates, of {@code rows}
   * @param prev row of the state before it
   * @param next row of the state after it
   * @param first first panel
   * @param end panel behind the last
   */
  void forward(Operands x, int row, int prev, int next, int rows, int first, int end);

  /** What remains once the second product has fed the last block. */
  default void forward2(Operands x, int row, int prev, int next, int rows, int first, int end) {
    throw new UnsupportedOperationException("no second product");
  }

  /**
   * δs to δa, and in place to the direct part of δs'; of a cell with a second product down to the gradient of its output.
   *
   * @param n first row of {@code ds}, {@code dp} and {@code dm}
   */
  void backward(Operands x, int row, int prev, int next, int n, int rows, int first, int end);

  /** What remains once the gradient of the second product's input is known. */
  default void backward2(Operands x, int row, int prev, int next, int n, int rows, int first, int end) {
    throw new UnsupportedOperationException("no second product");
  }
}
