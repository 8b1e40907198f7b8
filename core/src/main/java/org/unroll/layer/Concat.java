package org.unroll.layer;

import java.util.ArrayList;
import java.util.List;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.kernel.Kernels;
import org.unroll.slab.Batch;
import org.unroll.slab.Grads;
import org.unroll.slab.Slab;

/**
 * Layers side by side. A bidirectional layer (Schuster and Paliwal 1997) is a Concat of two Recurrents that walk opposite ways; in a
 * deep one the next layer is fed with both, of every step.
 * <pre>
 *   (1) y_t = [f(x)_t, g(x)_t, …]        (B1) δx = δx of f for its columns of δy + δx of g for its own + …
 * </pre>
 */
public record Concat(List<Layer> layers) implements Layer {
  public Concat {
    layers = List.copyOf(layers);
    if (layers.isEmpty()) throw Fault.of(Code.C030, "a concat of no layers").because("it must have at least one");
  }

  /** @param passes of the layers, in their order; y their outputs side by side */
  public record Trace(Run run, Batch x, List<Pass> passes, Batch y) implements Pass {
    @Override public List<Pass> inner() { return passes; }

    @Override public State out() {
      return new State(passes.stream().flatMap(p -> p.out().parts().stream()).toList());
    }

    @Override public Gradient backward(Slab dy, State dOut, Grads into) {
      Kernels k = run.k();
      Slab first = null, sum = null;
      var dIn = new ArrayList<Slab>();
      int from = 0, part = 0;
      for (var p : passes) {
        int width = p.y().x().cols(), parts = p.out().parts().size();
        var g = p.backward(dy.cols(from, from + width), dOut.parts(part, part + parts), into);
        if (first == null) {
          first = g.dx();
        } else if (g.dx() != null) {
          if (sum == null) sum = copy(first); // first may be a view of dy, which is not ours to write
          add(k, x, g.dx(), sum);                                                                      // (B1)
        }
        dIn.addAll(g.dIn().parts());
        from += width;
        part += parts;
      }
      return new Gradient(sum == null ? first : sum, new State(dIn));
    }

    private Slab copy(Slab dx) {
      var own = run.ws().raw(dx.steps(), dx.rows(), dx.cols());
      Rows.alive(x, (from, rows) -> run.k().copy(dx, from, own, from, rows));
      return own;
    }

    private static void add(Kernels k, Batch x, Slab dx, Slab sum) {
      Rows.alive(x, (from, rows) -> k.add(dx, from, sum, from, rows));
    }
  }

  @Override public int width() { return layers.stream().mapToInt(Layer::width).sum(); }

  @Override public List<Layer> inner() { return layers; }

  @Override public Pass forward(Batch x, State in, Run run) {
    var y = run.ws().raw(x.x().steps(), x.x().rows(), width());
    var passes = new ArrayList<Pass>();
    int from = 0, part = 0;
    for (var layer : layers) {
      var p = layer.forward(x, in.parts(part, part + layer.parts()), run);
      var to = y.cols(from, from + layer.width());
      Rows.alive(x, (r, rows) -> run.k().copy(p.y().x(), r, to, r, rows));                             // (1)
      passes.add(p);
      from += layer.width();
      part += layer.parts();
    }
    return new Trace(run, x, passes, x.with(y));
  }

  @Override public Stepper open(Slab x, Run run) {
    throw Fault.of(Code.C030, "a bidirectional layer needs the whole sequence, it cannot go step by step")
        .mend("use direction: forward for generating and streaming");
  }
}
