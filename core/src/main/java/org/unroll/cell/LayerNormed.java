package org.unroll.cell;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.unroll.slab.Init;

/**
 * A cell with layer normalisation before its nonlinearities. LN is {@link Norm}; the blocks fed by R alone (a GRU's q), by
 * both, and by W alone (its n) are normalised apart.
 * <pre>
 *   SUM:    (1) z = h' R + x W + b       (B1) δβ += δa, and δz, δγ by LN
 *           (2) a = LN(z; γ) + β         (B2) δb += δz, and both products have δz
 *   HALVES: (3) a = LN(h' R; γ_R)        (B3) δb += δa
 *                 + LN(x W; γ_W) + b     (B4) δ(h' R), δγ_R, δ(x W), δγ_W by LN
 * </pre>
 * A bias stands once: b of (3) is the sum of the paper's b and its two β. The blocks are those of h' R, then a, then those of
 * x W; the cell inside sees the middle ones. In (1) z takes the place of x W, or of h' R where x feeds nothing. Own weights:
 * those of the cell inside, then γ b β of SUM or γ_R γ_W b of HALVES; γ starts at 1, β at 0.
 *
 * @param cell with one product of h' and one of x, and without peepholes
 * @param in its layout
 */
public record LayerNormed(Cell cell, Norm norm, Cell.Layout in) implements Cell {

  public LayerNormed {
    assert in.equals(cell.layout()) && !in.secondProduct() && in.perUnit() == 0;
  }

  /** The cell with this normalisation of its net inputs. */
  public static LayerNormed of(Cell cell, Norm norm) { return new LayerNormed(cell, norm, cell.layout()); }

  @Override public Layout layout() {
    return new Layout(in.byR() + in.blocks() + in.byW(), in.byR(), in.byW(), in.states(), 0, Scope.ROW, false);
  }

  @Override public boolean biased() { return false; }

  @Override public int leastUnits() { return norm.leastUnits(); }

  @Override public List<String> gates() {
    var names = new ArrayList<String>();
    for (String g : cell.gates().subList(0, in.byR())) names.add(g + " by h");
    names.addAll(cell.gates());
    for (String g : cell.gates().subList(onlyR(), in.blocks())) names.add(g + " by x");
    return names;
  }

  @Override public Set<String> opens() { return cell.opens(); }

  @Override public List<String> slots() { return cell.slots(); }

  @Override public boolean drops() { return cell.drops(); }

  @Override public Carry carry() { return cell.carry(); }

  @Override public float[] bias(float forget) { return cell.bias(forget); }

  @Override public int owns(int units) { return beta(units) + (sum() ? gains(units) : 0); }

  @Override public Init own(int units, float forget) {
    var own = new float[owns(units)];
    int start = cell.owns(units);
    if (cell.own(units, forget) instanceof Init.Given g) System.arraycopy(g.values(), 0, own, 0, start);
    Arrays.fill(own, start, start + gains(units), 1f);
    float[] bias = cell.bias(forget);
    for (int g = 0; g < bias.length; g++) {
      int at = start + gains(units) + g * units;
      Arrays.fill(own, at, at + units, bias[g]);
    }
    return new Init.Given(own);
  }

  // ---- forward

  @Override public void forward(Row r) {
    if (sum()) forwardSum(r);
    else forwardHalves(r);
    r.shift(in.byR());
    cell.forward(r);
    r.shift(-in.byR());
  }

  private void forwardSum(Row r) {
    int n = r.units(), each = norm.scales(1, n), gain = cell.owns(n), b = r.unit(0) + gain + gains(n);
    for (int g = 0; g < in.blocks(); g++) {
      int z = r.gate(z(g)), h = r.gate(g), a = r.gate(in.byR() + g);
      for (int k = 0; k < n; k++) {
        r.a[z + k] = (both(g) ? r.a[h + k] + r.a[z + k] : r.a[z + k]) + r.p[b + g * n + k];               // (1)
      }
      norm.offset(r, r.a, a, beta(n) + g * each);                                                         // (2)
      norm.forward(r, r.a, z, r.a, a, 1, gain + g * each);                                                     // (2)
    }
  }

  private void forwardHalves(Row r) {
    int n = r.units(), b = r.unit(0) + cell.owns(n) + gains(n);
    for (int g = 0; g < in.blocks(); g++) System.arraycopy(r.p, b + g * n, r.a, r.gate(in.byR() + g), n); // (3)
    int gain = forward(r, 0, 0, onlyR(), cell.owns(n));
    gain = forward(r, onlyR(), onlyR(), common(), gain);
    gain = forward(r, byX(onlyR()), onlyR(), common(), gain);
    forward(r, byX(in.byR()), in.byR(), onlyW(), gain);
  }

  /** From our block {@code z} on to the cell's block {@code g} on; where the next γ starts. */
  private int forward(Row r, int z, int g, int blocks, int gain) {
    if (blocks > 0) norm.forward(r, r.a, r.gate(z), r.a, r.gate(in.byR() + g), blocks, gain);             // (3)
    return gain + norm.scales(blocks, r.units());
  }

  // ---- backward

  @Override public void backward(Row r) {
    r.shift(in.byR());
    cell.backward(r);
    r.shift(-in.byR());
    if (sum()) backwardSum(r);
    else backwardHalves(r);
  }

  private void backwardSum(Row r) {
    int n = r.units(), each = norm.scales(1, n), gain = cell.owns(n), db = r.dUnit(0) + gain + gains(n);
    for (int g = 0; g < in.blocks(); g++) {
      int dz = r.dGate(z(g)), da = r.dGate(in.byR() + g);
      norm.offsetBackward(r, r.da, da, beta(n) + g * each);                                               // (B1)
      norm.backward(r, r.a, r.da, r.gate(z(g)), da, dz, 1, gain + g * each);                              // (B1)
      for (int k = 0; k < n; k++) r.dp[db + g * n + k] += r.da[dz + k];                                   // (B2)
      if (both(g)) System.arraycopy(r.da, dz, r.da, r.dGate(g), n);                                       // (B2)
    }
  }

  private void backwardHalves(Row r) {
    int n = r.units(), db = r.dUnit(0) + cell.owns(n) + gains(n);
    for (int g = 0; g < in.blocks(); g++) {
      for (int k = 0; k < n; k++) r.dp[db + g * n + k] += r.da[r.dGate(in.byR() + g) + k];                // (B3)
    }
    int gain = backward(r, 0, 0, onlyR(), cell.owns(n));
    gain = backward(r, onlyR(), onlyR(), common(), gain);
    gain = backward(r, byX(onlyR()), onlyR(), common(), gain);
    backward(r, byX(in.byR()), in.byR(), onlyW(), gain);
  }

  private int backward(Row r, int z, int g, int blocks, int gain) {
    if (blocks > 0) norm.backward(r, r.a, r.da, r.gate(z), r.dGate(in.byR() + g), r.dGate(z), blocks, gain);  // (B4)
    return gain + norm.scales(blocks, r.units());
  }

  // ---- blocks

  private boolean sum() { return norm.of() == Norm.Of.SUM; }

  /** How many of the cell's blocks R feeds alone: the first ones. */
  private int onlyR() { return in.blocks() - in.byW(); }

  /** How many both feed. */
  private int common() { return in.byR() - onlyR(); }

  /** How many W feeds alone: the last ones. */
  private int onlyW() { return in.blocks() - in.byR(); }

  private boolean both(int g) { return g >= onlyR() && g < in.byR(); }

  /** Which of our blocks has the x W of the cell's block g. */
  private int byX(int g) { return in.byR() + in.blocks() + g - onlyR(); }

  /** Which of our blocks has z of the cell's block g. */
  private int z(int g) { return g >= onlyR() ? byX(g) : g; }

  // ---- own weights, those of the cell inside first

  private int gains(int units) {
    if (sum()) return in.blocks() * norm.scales(1, units);
    return norm.scales(onlyR(), units) + 2 * norm.scales(common(), units) + norm.scales(onlyW(), units);
  }

  /** Where β of SUM starts: behind γ and b. */
  private int beta(int units) { return cell.owns(units) + gains(units) + in.blocks() * units; }
}
