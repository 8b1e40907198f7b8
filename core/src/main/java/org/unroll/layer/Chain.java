package org.unroll.layer;

import java.util.ArrayList;
import java.util.List;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.slab.Batch;
import org.unroll.slab.Grads;
import org.unroll.slab.Slab;

/** g(f(x)). */
public record Chain(List<Layer> layers) implements Layer {
  public Chain {
    layers = List.copyOf(layers);
    if (layers.isEmpty()) throw Fault.of(Code.C030, "a chain of no layers").because("it must have at least one");
  }

  /** @param passes of the layers, in their order */
  public record Trace(List<Pass> passes) implements Pass {
    @Override public Batch y() { return passes.getLast().y(); }

    @Override public List<Pass> inner() { return passes; }

    @Override public State out() { return join(passes.stream().map(Pass::out).toList()); }

    @Override public Gradient backward(Slab dy, State dOut, Grads into) {
      var dIn = new ArrayList<State>();
      int end = dOut.parts().size();
      for (var p : passes.reversed()) {
        int parts = p.out().parts().size();
        var g = p.backward(dy, dOut.isZero() ? State.ZERO : dOut.parts(end - parts, end), into);
        dy = g.dx();
        dIn.addFirst(g.dIn());
        end -= parts;
      }
      return new Gradient(dy, join(dIn));
    }
  }

  @Override public int width() { return layers.getLast().width(); }

  @Override public List<Layer> inner() { return layers; }

  @Override public Pass forward(Batch x, State in, Run run) {
    var passes = new ArrayList<Pass>();
    int from = 0;
    for (var layer : layers) {
      passes.add(layer.forward(x, in.parts(from, from + layer.parts()), run));
      x = passes.getLast().y();
      from += layer.parts();
    }
    return new Trace(passes);
  }

  @Override public Stepper open(Slab x, Run run) {
    var steppers = new ArrayList<Stepper>();
    for (var layer : layers) {
      steppers.add(layer.open(x, run));
      x = steppers.getLast().y();
    }
    return new Steps(layers, steppers, join(steppers.stream().map(Stepper::state).toList()));
  }

  /** @param out the buffers of all steppers, side by side */
  private record Steps(List<Layer> layers, List<Stepper> steppers, State out) implements Stepper {
    @Override public Slab y() { return steppers.getLast().y(); }

    @Override public void step(int rows) {
      for (int i = 0; i < steppers.size(); i++) steppers.get(i).step(rows);
    }

    @Override public State state(int rows) {
      for (int i = 0; i < steppers.size(); i++) steppers.get(i).state(rows);
      return out;
    }

    @Override public void resume(int rows) {
      for (int i = 0; i < steppers.size(); i++) steppers.get(i).resume(rows);
    }

    @Override public void set(State s) {
      int from = 0;
      for (int i = 0; i < steppers.size(); i++) {
        steppers.get(i).set(s.parts(from, from + layers.get(i).parts()));
        from += layers.get(i).parts();
      }
    }
  }

  private static State join(List<State> states) {
    return new State(states.stream().flatMap(s -> s.parts().stream()).toList());
  }
}
