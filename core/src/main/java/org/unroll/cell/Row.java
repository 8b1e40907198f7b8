package org.unroll.cell;

import org.unroll.kernel.Kernels;
import org.unroll.kernel.Panels;
import org.unroll.slab.Slab;

/**
 * One row of one step, or 16 units of it: the arrays, and where a cell's blocks and slots start in them. How far blocks lie
 * apart differs between layouts, so a cell asks for each start and then counts units from there.
 */
public final class Row {
  public final Kernels k;

  /** Gates, states, weights per unit, input of the second product; and their gradients. Null where a cell has none. */
  public final float[] a, s, p, m, da, ds, dp, dm;

  private int units;
  private int aAt, daAt, gateStride;
  private int prevAt, nextAt, dsAt, stateStride;
  private int pAt, dpAt, unitStride;
  private int mAt, dmAt;
  private float[] mask;
  private int maskAt;

  /** For forward. */
  public Row(Kernels k, Panels a, Slab s, Slab p, Slab m) { this(k, a, s, p, m, null, null, null, null); }

  /** For backward. */
  public Row(Kernels k, Panels a, Slab s, Slab p, Slab m, Panels da, Slab ds, Slab dp, Slab dm) {
    this.k = k;
    this.a = a.data();
    this.s = s.data();
    this.p = data(p);
    this.m = data(m);
    this.da = da == null ? null : da.data();
    this.ds = data(ds);
    this.dp = data(dp);
    this.dm = data(dm);
  }

  /** The same, with a mask of recurrent dropout [T, N, H]; null for none. */
  public Row masked(Slab mask) {
    this.mask = data(mask);
    return this;
  }

  private static float[] data(Slab s) { return s == null ? null : s.data(); }

  /** How many units to compute: H, or those of one panel. */
  public int units() { return units; }

  /** Where block b of the gates starts. */
  public int gate(int b) { return aAt + b * gateStride; }

  /** Where block b of δa starts. */
  public int dGate(int b) { return daAt + b * gateStride; }

  /** Floats between blocks. */
  public int gateStride() { return gateStride; }

  /** Lets block 0 be the one that is now number {@code blocks}: for a cell within a cell. */
  void shift(int blocks) {
    aAt += blocks * gateStride;
    daAt += blocks * gateStride;
  }

  /** Where slot i of the previous state starts. */
  public int prev(int i) { return prevAt + i * stateStride; }

  /** Where slot i of the next state starts. */
  public int next(int i) { return nextAt + i * stateStride; }

  /** Where slot i of δs starts: δs_t before backward, the direct part of δs_{t−1} after. */
  public int d(int i) { return dsAt + i * stateStride; }

  /** Where block b of the weights per unit starts. */
  public int unit(int b) { return pAt + b * unitStride; }

  /** Where block b of the gradients of the weights per unit starts: this row's own share. */
  public int dUnit(int b) { return dpAt + b * unitStride; }

  /** Where the input of the second product starts; of no meaning to a cell without one. */
  public int second() { return mAt; }

  /** Where its gradient starts. */
  public int dSecond() { return dmAt; }

  /**
   * What unit k's candidate x enters the memory as: x ⊙ mask where recurrent dropout acts, else x. Linear, and its own way back.
   */
  public float drop(int k, float x) { return mask == null ? x : x * mask[maskAt + k]; }

  /** Where the mask starts. */
  public void mask(int maskAt) { this.maskAt = maskAt; }

  /** @param gateStride floats between blocks of a and da */
  public void gates(int units, int aAt, int daAt, int gateStride) {
    this.units = units;
    this.aAt = aAt;
    this.daAt = daAt;
    this.gateStride = gateStride;
  }

  /** @param stateStride floats between slots of s and ds */
  public void states(int prevAt, int nextAt, int dsAt, int stateStride) {
    this.prevAt = prevAt;
    this.nextAt = nextAt;
    this.dsAt = dsAt;
    this.stateStride = stateStride;
  }

  /** @param unitStride floats between blocks of p and dp */
  public void units(int pAt, int dpAt, int unitStride) {
    this.pAt = pAt;
    this.dpAt = dpAt;
    this.unitStride = unitStride;
  }

  /** Places of the second product's input and of its gradient. */
  public void second(int mAt, int dmAt) {
    this.mAt = mAt;
    this.dmAt = dmAt;
  }
}
