package org.unroll.tasks.run;

import java.util.Arrays;
import org.unroll.slab.Philox;
import org.unroll.slab.Slab;
import org.unroll.tasks.config.LmConfig;
import org.unroll.tasks.text.Tokens;

/**
 * A text cut into B streams that are read side by side in windows of T symbols: stream b continues where its last window
 * ended, so the hidden state can be carried.
 *
 * <p>The first epoch begins at the text's first symbol, each later one at a place drawn from the seed, so that windows are cut
 * elsewhere; the text is a ring then, its first symbol comes after its last. Where one window holds a stream, every epoch is the same
 * (full-batch descent needs its one function). An epoch leaves out at most B − 1 symbols.
 *
 * <p>A text of many documents is read in stretches of about {@value #STRETCH} documents. Each begins with what stands before a
 * document (the end of another), and the state begins anew there: so the network learns how a document begins for
 * one who has read nothing, as a fresh session has not. What lies between the end of a stretch and the next
 * document waits for another epoch.
 *
 * @param batch B
 * @param window T
 * @param rng where an epoch begins
 */
record Streams(Tokens text, int batch, int window, Philox rng) {
  private static final int STRETCH = 10;

  Streams {
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
    return new Streams(data.train(), batch > 0 ? batch : windows, window, config.train().seed());
  }

  Streams(Tokens text, int batch, int window, long seed) { this(text, batch, window, new Philox(seed, Philox.Stream.SHUFFLE)); }

  /** Symbols that each stream predicts. */
  int length() { return (text.size() - 1) / batch; }

  /** Symbols of a window over all streams. */
  long rows() { return (long) batch * window; }

  /** Windows of an epoch; the last may be shorter. */
  int windows() { return (length() + window - 1) / window; }

  /** Steps of window w. */
  int steps(int w) { return Math.min(window, length() - w * window); }

  /** Whether the state begins anew at window w. */
  boolean fresh(int w) { return w % stretch() == 0; }

  /** Windows of a stretch; all of them where documents are few. */
  private int stretch() {
    int documents = text.documents();
    if (documents < STRETCH * batch) return windows();
    return Math.ceilDiv(Math.toIntExact((long) STRETCH * text.size() / documents), window);
  }

  /**
   * Writes window w of an epoch.
   *
   * @param x symbols [T, B, 1]
   * @param y the symbols after them [T, B, 1]
   */
  void fill(long epoch, int w, Slab x, Slab y) {
    int into = w % stretch();
    for (int b = 0; b < batch; b++) {
      long from = start(epoch, b, w - into) + (long) into * window;
      for (int t = 0; t < steps(w); t++) {
        x.set(t * batch + b, 0, text.id((int) ((from + t) % text.size())));
        y.set(t * batch + b, 0, text.id((int) ((from + t + 1) % text.size())));
      }
    }
  }

  /** Where stream b stands at window w, the first of a stretch. */
  private int start(long epoch, int b, int w) {
    long turn = epoch == 0 || windows() == 1 ? 0 : (long) (rng.uniform(epoch, 0, 0, 0) * text.size());
    int at = (int) ((turn + (long) b * length() + (long) w * window) % text.size());
    return stretch() < windows() ? beforeDocument(at) : at;
  }

  /** The first position from {@code at} on after which a document begins. */
  private int beforeDocument(int at) {
    int found = Arrays.binarySearch(text.starts(), text.from() + at + 1);
    int next = found < 0 ? -found - 1 : found;
    return (next < text.starts().length ? text.starts()[next] - text.from() : text.size()) - 1;
  }
}
