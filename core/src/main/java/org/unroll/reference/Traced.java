package org.unroll.reference;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * One run of a model over one sequence with everything that its equations name: values, gradients of the loss, and what a nudge
 * of each does to the loss. A name is the layer's, the letter of the equations, the step and the unit, both from 1:
 * {@code rnn.f[2][1]}. Dense layers name their output z, losses each step's share {@code loss.L[t][1]}.
 */
public final class Traced {
  private final ReferenceModel model;
  private final Sequences in;
  private final Map<String, double[]> values;
  private final ReferenceLoss loss;
  private final Graph graph;
  private final Marks marks = new Marks("", 0);
  private final double[] gradient;
  private final Map<String, double[]> byArray;
  private final double total;

  Traced(ReferenceModel model, Sequences in, Map<String, double[]> values, ReferenceLoss loss) {
    if (in.rows() != 1) throw new IllegalArgumentException("reference trace: sequences are " + in.rows() + ", must be 1");
    this.model = model;
    this.in = in;
    this.values = values;
    this.loss = loss;
    this.graph = new Graph(in, values);
    int top = total(graph, marks);
    graph.allUsed();
    this.total = graph.tape.value(top);
    this.gradient = graph.tape.gradient(top);
    this.byArray = graph.byName(gradient);
  }

  private int total(Graph g, Marks names) {
    g.tape.look(names);
    return LossEquations.of(loss, LayerEquations.forward(model.body(), g.input(), g), g);
  }

  /** Everything that has a name. */
  public Set<String> names() { return marks.places.keySet(); }

  /** The loss. */
  public double loss() { return total; }

  /** Value of what is called {@code name}. */
  public double value(String name) { return graph.tape.value(place(name)); }

  /** ∂loss/∂name: all ways by which it reaches the loss. */
  public double gradient(String name) { return gradient[place(name)]; }

  /** The same by nudging it and running on, by {@link FiniteDifference}. */
  public double difference(String name) {
    place(name);
    return FiniteDifference.partial(nudge -> {
      var g = new Graph(in, values);
      return g.tape.value(total(g, new Marks(name, nudge[0])));
    }, new double[1], 0);
  }

  /** Element i of an array: a weight, an input, an initial state. */
  public double value(String array, int i) { return values.get(array)[i]; }

  /** ∂loss/∂(element i of an array). */
  public double gradient(String array, int i) { return byArray.get(array)[i]; }

  /** The same by {@link FiniteDifference}. */
  public double difference(String array, int i) {
    var moved = new LinkedHashMap<>(values);
    moved.put(array, values.get(array).clone());
    return FiniteDifference.partial(_ -> model.loss(in, moved, loss), moved.get(array), i);
  }

  private int place(String name) { return graph.tape.place(name); }
}
