package org.unroll.tasks.lm;

import org.unroll.slab.Slab;
import org.unroll.tasks.text.Tokens;

/**
 * A text cut into B streams that are read side by side in windows of T symbols: stream b continues where its last window
 * ended, so the hidden state can be carried. At most B − 1 symbols at the very end belong to no stream.
 *
 * @param batch B
 * @param window T
 */
public record Streams(Tokens text, int batch, int window) {

  public Streams {
    text.requireWindow(1, batch, "text");
  }

  /** Symbols that each stream predicts. */
  public int length() { return (text.size() - 1) / batch; }

  /** Windows of an epoch; the last may be shorter. */
  public int windows() { return (length() + window - 1) / window; }

  /** Steps of window w. */
  public int steps(int w) { return Math.min(window, length() - w * window); }

  /**
   * Writes window w.
   *
   * @param x symbols [T, B, 1]
   * @param y the symbols after them [T, B, 1]
   */
  public void fill(int w, Slab x, Slab y) {
    for (int t = 0; t < steps(w); t++) {
      for (int b = 0; b < batch; b++) {
        int at = b * length() + w * window + t;
        x.set(t * batch + b, 0, text.id(at));
        y.set(t * batch + b, 0, text.id(at + 1));
      }
    }
  }
}
