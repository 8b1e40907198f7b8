package org.unroll.head;

import org.unroll.slab.Batch;
import org.unroll.slab.Slab;

/** Which elements of a batch a loss counts. */
final class Counted {
  private Counted() {}

  static int count(Batch h, Head.At at) {
    return at == Head.At.EVERY_STEP ? h.tokens() : h.alive().length == 0 ? 0 : h.alive()[0];
  }

  /** Σ loss over the counted rows, in their order; the gradient of alive rows that do not count becomes 0. */
  static double sum(Batch h, Head.At at, Slab loss, Slab gradient) {
    double sum = 0;
    int n = loss.rows();
    for (int t = 0; t < h.alive().length; t++) {
      int goOn = t + 1 < h.alive().length ? h.alive()[t + 1] : 0;
      for (int i = 0; i < h.alive()[t]; i++) {
        int r = t * n + i;
        if (at == Head.At.EVERY_STEP || i >= goOn) sum += loss.get(r, 0);
        else gradient.fillRow(r, 0f);
      }
    }
    return sum;
  }
}
