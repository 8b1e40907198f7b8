package org.unroll.kernel;

import org.unroll.slab.Slab;

/** Peepholes of fused LSTMs: gates that see the cell by weights p of their own; there and back. */
final class Peepholes {
  private Peepholes() {}

  /** The pre-activations at {@code to} see the cells at {@code c}: a += p ⊙ c. */
  static void look(Fused.Operands x, int block, int panel, int c, int to, int rows) {
    Slab p = x.p(), s = x.s();
    PanelLoops.fma(p.data(), at(x, block, panel), 0, s.data(), c, s.stride(), x.a().data(), to, x.a().rowStride(), rows);
  }

  /** Gradients at {@code d} of what came through a peephole join δc: δc += p ⊙ δa. */
  static void join(Fused.Operands x, int block, int panel, int d, int dc, int rows) {
    Slab p = x.p(), ds = x.ds();
    PanelLoops.fma(p.data(), at(x, block, panel), 0, x.da().data(), d, x.da().rowStride(), ds.data(), dc, ds.stride(), rows);
  }

  /** Every row's own δp += δa ⊙ c. */
  static void own(Fused.Operands x, int block, int panel, int d, int c, int n, int rows) {
    Slab dp = x.dp(), s = x.s();
    int to = dp.row(n) + block * x.slot() + panel * Tiling.LANES;
    PanelLoops.fma(x.da().data(), d, x.da().rowStride(), s.data(), c, s.stride(), dp.data(), to, dp.stride(), rows);
  }

  private static int at(Fused.Operands x, int block, int panel) {
    return x.p().offset() + block * x.slot() + panel * Tiling.LANES;
  }
}
