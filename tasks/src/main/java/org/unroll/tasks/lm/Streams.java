package org.unroll.tasks.lm;

import org.unroll.slab.Slab;
import org.unroll.tasks.config.LmConfig;
import org.unroll.tasks.text.Tokens;

/**
 * A text cut into B streams that are read side by side in windows of T symbols: stream b continues where its last window
 * ended, so the hidden state can be carried. At most B − 1 symbols at the very end belong to no stream.
 *
 * @param batch B
 * @param window T
 */
record Streams(Tokens text, int batch, int window) {

  public Streams {
    text.requireWindow(1, batch, "text");
  }

  /**
   * The training part as a configuration wants it read. With {@code train.batch} 0 every window is a stream of its own, so that
   * one step takes all of them: full batch. D005 as {@link LmData#requireTrainable} says.
   */
  static Streams of(LmData data, LmConfig config) {
    data.requireTrainable(config);
    int batch = config.train().batch(), window = config.train().bptt();
    int windows = (data.train().size() + window - 2) / window;   // the last one shorter, if need be
    return new Streams(data.train(), batch > 0 ? batch : windows, window);
  }

  /** Symbols that each stream predicts. */
  public int length() { return (text.size() - 1) / batch; }

  /** Symbols of a window over all streams. */
  long rows() { return (long) batch * window; }

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
