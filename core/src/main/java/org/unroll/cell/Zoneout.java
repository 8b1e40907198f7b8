package org.unroll.cell;

import org.unroll.slab.Slab;

/**
 * Zoneout (Krueger et al. 2017): units keep their state of the step before. ŝ is what the cell made; z is 0 or 1 in training, its
 * mean in evaluation. Each slot of the state has a z of its own, and h is made of the cell's own memory, as in the paper's eq. 4.
 * <pre>
 *   (1) s = z ⊙ s' + (1 − z) ⊙ ŝ        (B1) δŝ  = (1 − z) ⊙ δs
 *                                         (B2) δs' += z ⊙ δs
 * </pre>
 * Rows are given by where their first slot starts.
 *
 * @param slots of the state
 * @param stride floats between slots, of states, of z and of their gradients
 * @param z rows of z
 */
public record Zoneout(int slots, int stride, Slab z) {

  /** From s' at {@code prev} and ŝ at {@code made} to s at {@code next}, all of one slab; z at {@code at}. */
  public void forward(Slab states, int prev, int made, int next, int at, int units) {
    float[] s = states.data(), m = z.data();
    for (int from = 0; from < slots * stride; from += stride) {
      for (int k = from; k < from + units; k++) {
        s[next + k] = Math.fma(m[at + k], s[prev + k], (1 - m[at + k]) * s[made + k]);                    // (1)
      }
    }
  }

  /** δs at {@code d} becomes δŝ; what goes past the cell waits in {@code past}. */
  public void backward(Slab dStates, int d, Slab past, int wait, int at, int units) {
    float[] ds = dStates.data(), m = z.data(), kept = past.data();
    for (int from = 0; from < slots * stride; from += stride) {
      for (int k = from; k < from + units; k++) {
        kept[wait + k] = m[at + k] * ds[d + k];
        ds[d + k] *= 1 - m[at + k];                                                                       // (B1)
      }
    }
  }

  /** What waited joins the δs' that the cell has made. */
  public void join(Slab dStates, int d, Slab past, int wait, int units) {
    float[] ds = dStates.data(), kept = past.data();
    for (int from = 0; from < slots * stride; from += stride) {
      for (int k = from; k < from + units; k++) ds[d + k] += kept[wait + k];                              // (B2)
    }
  }
}
