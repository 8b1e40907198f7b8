package org.unroll.bench;

import java.util.List;

/**
 * What a unit of work is, which arrays a {@link Job} of this kind brings, and which an engine must give back to be compared.
 * Arrays of weights are in our order: W [I, G·H], R [H, G'·H], b [G''·H], blocks as {@link TorchOrder} tells. A sequence
 * starts from a state of zeros. Ids and labels are whole numbers kept as floats.
 */
public enum Kind {
  /**
   * Forward and backward of one layer, the weights freshly written before: {@code T B I H}; {@code x [T, B, I]},
   * {@code dy [T, B, H]}, {@code W R b}.
   */
  TRAIN(List.of("y"), List.of("x", "W", "R", "b")),
  /** {@link #TRAIN} on sequences that end early: {@code lengths [B]}, falling. x, dy and y are 0 behind a sequence's end. */
  RAGGED(List.of("y"), List.of("x", "W", "R", "b")),
  /**
   * Forward and backward of two LSTM layers, each in both directions, dropout between them: {@code T B I H}, {@code percent}
   * dropped; {@code x}, {@code dy [T, B, 2H]}; {@code W0f R0f b0f W0b R0b b0b}, the same with 1 for the upper layer, whose input
   * is [forward, backward]. The outcome is taken without dropout, for masks differ; the gradients are those of all twelve and x.
   */
  DEEP(List.of("y"), List.of("x", "W0f", "R0f", "b0f", "W0b", "R0b", "b0b", "W1f", "R1f", "b1f", "W1b", "R1b", "b1b")),
  /** Forward alone, all of x known, weights kept: {@code T B I H}; {@code x W R b}. */
  INFER(List.of("y"), List.of()),
  /**
   * One step of one stream, which stands in memory and goes on: {@code T I H}, B = 1; {@code x [T, 1, I]} is fed round and round,
   * {@code W R b}. The outcome is {@code h [H]} after the first T steps from zeros.
   */
  STREAM(List.of("h"), List.of()),
  /**
   * A training step of a language model of characters: embedding, two LSTM layers, dense, softmax with cross-entropy; mean loss
   * over all characters, gradient clipped to norm 1, Adam (0.9, 0.999, 1e-8) with the rate {@code micro}·10⁻⁶; the state goes on
   * from chunk to chunk, gradients do not. {@code T B I H V}, I wide embedding, {@code chunks} S; {@code ids [S·T + 1, B]}: chunk
   * s reads rows s·T … and has the rows after them as targets; then again from chunk 0, the state going on.
   * {@code E [V, I], W0 R0 b0 W1 R1 b1, U [H, V], c [V]}, drawn with {@code seed}. The outcome is {@code loss [S]}, of the first S
   * steps, each before its update; gradients are not asked for: they show in the losses that come after them.
   */
  MODEL(List.of("loss"), List.of()),
  /** Logits h·W + b, mean cross-entropy, and back: {@code N H V}; {@code h [N, H], W [H, V], b [V], y [N]}. */
  SOFTMAX(List.of("loss"), List.of("h", "W", "b")),
  /**
   * Negative log-likelihood of a linear chain and its gradient, mean over sequences: {@code T B K}; scores {@code e [T, B, K]},
   * {@code A [K, K]} from row to column, {@code start [K]}, {@code end [K]}, labels {@code y [T, B]}.
   */
  CRF(List.of("loss"), List.of("e", "A", "start", "end")),
  /** The best labels: as {@link #CRF} without y; {@code path [T, B]}. */
  VITERBI(List.of("path"), List.of());

  private final List<String> outputs, gradients;

  Kind(List<String> outputs, List<String> gradients) {
    this.outputs = outputs;
    this.gradients = gradients;
  }

  /** Names that {@link Outcome#outputs} must have. */
  public List<String> outputs() { return outputs; }

  /** Names that {@link Outcome#gradients} must have. */
  public List<String> gradients() { return gradients; }
}
