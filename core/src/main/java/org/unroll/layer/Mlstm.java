package org.unroll.layer;

import java.util.List;
import java.util.stream.IntStream;
import org.unroll.cell.MatrixMemory;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.kernel.Packed;
import org.unroll.layer.Recurrent.Direction;
import org.unroll.slab.Batch;
import org.unroll.slab.Grads;
import org.unroll.slab.Init;
import org.unroll.slab.Params;
import org.unroll.slab.Params.Param;
import org.unroll.slab.Slab;

/**
 * mLSTM of xLSTM (Beck et al. 2024): heads that remember a matrix each, see {@link MatrixMemory}. Owns the weights, the loop over
 * time and every matrix product:
 * <pre>
 *   (1) a = x W + b                      (B1) δx  = δa Wᵀ + δg Mᵀ
 *   (2) g = x M + c                      (B2) δW += xᵀ δa,  δb += Σ δa
 *                                        (B3) δM += xᵀ δg,  δc += Σ δg
 * </pre>
 *
 * <p>The state is too large to keep that of every step: forward keeps every {@value #EVERY}th, and backward makes those between
 * again, by the same operations.
 *
 * @param W [X, 4H]: q, k, v, o, heads side by side in each
 * @param M [X, 2 · heads]: of the input gates, of the forget gates
 */
public record Mlstm(Input input, int heads, Direction direction, Param W, Param b, Param M, Param c) implements Layer {
  /** Steps between states that are kept. */
  static final int EVERY = 16;

  /**
   * Declares {@code name.W .b .M .c}.
   *
   * @param units H, a multiple of {@code heads}
   * @param init how each block of W and M starts
   * @param forget bias of the forget gates
   */
  public static Mlstm of(String name, Input in, int units, int heads, Direction direction, Init init, float forget, Params ps) {
    MatrixMemory.requireHeads(name, units, heads);
    var W = ps.add(name + ".W", in.width(), 4L * units, Init.blocks(4, init));
    var b = ps.add(name + ".b", 1, 4L * units, new Init.Constant(0));
    var M = ps.add(name + ".M", in.width(), 2L * heads, Init.blocks(2, init));
    var c = ps.add(name + ".c", 1, 2L * heads, new Init.Blocks(List.of(new Init.Constant(0), new Init.Constant(forget))));
    return new Mlstm(in, heads, direction, W, b, M, c);
  }

  /**
   * @param a gates q, k, v, o [T, N, 4H]
   * @param g a_i and f of the heads [T, N, 2 · heads]
   * @param kept states before steps 0, {@value #EVERY}, 2 · {@value #EVERY} … of a row's walk [·, N, remembered]
   */
  public record Trace(Mlstm layer, Run run, Batch x, Slab a, Slab g, Slab kept, Batch y, State out) implements Pass {
    @Override public Gradient backward(Slab dy, State dOut, Grads into) { return layer.backward(this, dy, dOut, into); }
  }

  @Override public int width() { return W.cols() / 4; }

  @Override public List<Memory> memories() { return List.of(Memory.of(remembered(), 1)); }

  /** Floats that a row remembers: C, n and m of each head. */
  public int remembered() { return heads * MatrixMemory.size(width() / heads); }

  @Override public Trace forward(Batch x, State in, Run run) {
    int T = x.x().steps(), N = x.x().rows();
    var ws = run.ws();
    var a = ws.raw(T, N, W.cols());
    var g = ws.raw(T, N, M.cols());
    var kept = ws.raw(chunks(T), N, remembered());
    var s = ws.raw(1, N, remembered());
    var y = ws.raw(T, N, width());
    start(in.part(0), s);
    var products = new Products(run, x.x(), a, g);
    Rows.parallel(run.k(), x, products::gates);
    var from = byHead(s);
    var to = byHead(kept);
    heads(run, N, (n, head, memory) -> {
      int length = x.length(n);
      for (int i = 0; i < length; i++) {
        if (i % EVERY == 0) to.get(head).setRow(i / EVERY * N + n, from.get(head), n);
        int row = time(i, length) * N + n;
        memory.write(row, head, s, n, s, n);
        memory.read(row, head, s, n, y, row);
      }
    }, a, g);
    return new Trace(this, run, x, a, g, kept, x.with(y), new State(List.of(s)));
  }

  private Pass.Gradient backward(Trace tr, Slab dy, State dOut, Grads into) {
    int T = dy.steps(), N = dy.rows();
    var run = tr.run;
    run.requireKept();
    var da = run.ws().raw(T, N, W.cols());
    var dg = run.ws().raw(T, N, M.cols());
    var ds = run.ws().raw(1, N, remembered());
    var s = run.ws().raw(EVERY + 1, N, remembered());         // states of EVERY steps, made again
    start(dOut.part(0), ds);
    var from = byHead(tr.kept);
    var to = byHead(s);
    heads(run, N, (n, head, memory) -> {
      int length = tr.x.length(n);
      for (int chunk = chunks(length) - 1; chunk >= 0; chunk--) {
        int first = chunk * EVERY, steps = Math.min(EVERY, length - first);
        to.get(head).setRow(n, from.get(head), chunk * N + n);
        for (int i = 0; i < steps; i++) memory.write(time(first + i, length) * N + n, head, s, i * N + n, s, (i + 1) * N + n);
        for (int i = steps - 1; i >= 0; i--) {
          memory.backward(time(first + i, length) * N + n, head, s, i * N + n, (i + 1) * N + n, dy, ds, n, da, dg);
        }
      }
    }, tr.a, tr.g);
    weights(tr, da, dg, into);
    return new Pass.Gradient(input(tr, da, dg), new State(List.of(ds)));
  }

  private void weights(Trace tr, Slab da, Slab dg, Grads into) {
    float[] to = into.array();
    var k = tr.run.k();
    var x = tr.x.x();
    Rows.alive(tr.x, (from, rows) -> {
      if (input.ids()) {
        k.scatter(x, da, W.of(to), from, rows);
        k.scatter(x, dg, M.of(to), from, rows);
      } else {
        k.outer(x, from, da, from, rows, W.of(to));                                                    // (B2)
        k.outer(x, from, dg, from, rows, M.of(to));                                                    // (B3)
      }
      k.columnSums(da, from, rows, b.of(to));                                                          // (B2)
      k.columnSums(dg, from, rows, c.of(to));                                                          // (B3)
    });
  }

  private Slab input(Trace tr, Slab da, Slab dg) {
    if (input.ids()) return null;
    var k = tr.run.k();
    var dx = tr.run.ws().raw(da.steps(), da.rows(), input.width());
    var wT = tr.run.weights().transposed(W);
    var mT = tr.run.weights().transposed(M);
    Rows.parallel(k, tr.x, (from, rows) -> {
      k.product(da, from, rows, wT, dx, from, null, false);                                            // (B1)
      k.product(dg, from, rows, mT, dx, from, null, true);                                             // (B1)
    });
    return dx;
  }

  /** Of every row what each head remembers. */
  private List<Slab> byHead(Slab s) {
    int size = remembered() / heads;
    return IntStream.range(0, heads).mapToObj(h -> s.cols(h * size, (h + 1) * size)).toList();
  }

  /** How many states are kept of so many steps. */
  private static int chunks(int steps) { return (steps + EVERY - 1) / EVERY; }

  /** Where step i of a walk over {@code length} steps stands. */
  private int time(int i, int length) { return direction == Direction.FORWARD ? i : length - 1 - i; }

  /** A row's memory of one head, through all of time. */
  private interface Walk { void of(int n, int head, MatrixMemory memory); }

  /** Rows and heads never meet: any of them to any thread. */
  private void heads(Run run, int rows, Walk walk, Slab a, Slab g) {
    Rows.split(run.k(), rows * heads, (from, count) -> {
      var memory = new MatrixMemory(run.k(), a, g);
      for (int i = from; i < from + count; i++) walk.of(i / heads, i % heads, memory);
    });
  }

  /** Every row of s as in {@code part}; zeros where that is null. */
  private static void start(Slab part, Slab s) {
    for (int n = 0; n < s.rows(); n++) {
      if (part == null) s.fillRow(n, 0f);
      else s.setRow(n, part, n);
    }
  }

  /** All that does not wait for the step before. */
  private final class Products {
    private final Run run;
    private final Slab x, a, g, bias, gateBias;
    private final MatrixMemory memory;
    private final Packed w, m;

    Products(Run run, Slab x, Slab a, Slab g) {
      this.run = run;
      this.x = x;
      this.a = a;
      this.g = g;
      this.bias = run.weights().of(b);
      this.gateBias = run.weights().of(c);
      this.memory = new MatrixMemory(run.k(), a, g);
      this.w = input.ids() ? null : run.weights().columns(W);
      this.m = input.ids() ? null : run.weights().columns(M);
    }

    void gates(int row, int rows) {
      var k = run.k();
      if (input.ids()) {
        k.lookup(run.weights().of(W), x, a, row, rows);
        k.lookup(run.weights().of(M), x, g, row, rows);
      } else {
        k.product(x, row, rows, w, a, row, null, false);                                               // (1)
        k.product(x, row, rows, m, g, row, null, false);                                               // (2)
      }
      memory.gates(row, rows, bias, gateBias);                                                         // (1) (2)
    }
  }

  @Override public Stepper open(Slab x, Run run) {
    if (direction == Direction.BACKWARD) {
      throw Fault.of(Code.C030, "a layer that walks backward cannot go step by step")
          .mend("use direction: forward for generating and streaming");
    }
    return new Opened(x, run);
  }

  /** The state of one step, moved on in place. */
  private final class Opened implements Stepper {
    private final Slab y, s;
    private final Products products;
    private final MatrixMemory memory;
    private final State out;

    Opened(Slab x, Run run) {
      int N = x.rows();
      var a = Slab.zeros(1, N, W.cols());
      var g = Slab.zeros(1, N, M.cols());
      y = Slab.zeros(1, N, width());
      s = Slab.zeros(1, N, remembered());
      products = new Products(run, x, a, g);
      memory = products.memory;
      out = new State(List.of(Slab.zeros(1, N, remembered())));
    }

    @Override public Slab y() { return y; }

    @Override public void step(int rows) {
      products.gates(0, rows);
      for (int n = 0; n < rows; n++) {
        for (int head = 0; head < heads; head++) {
          memory.write(n, head, s, n, s, n);
          memory.read(n, head, s, n, y, n);
        }
      }
    }

    @Override public State state(int rows) {
      for (int n = 0; n < rows; n++) out.part(0).setRow(n, s, n);
      return out;
    }

    @Override public void resume(int rows) {
      for (int n = 0; n < rows; n++) s.setRow(n, out.part(0), n);
    }

    @Override public void set(State from) { start(from.part(0), s); }
  }
}
