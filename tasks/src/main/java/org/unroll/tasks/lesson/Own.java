package org.unroll.tasks.lesson;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.head.Softmax;
import org.unroll.layer.Chain;
import org.unroll.layer.Pass;
import org.unroll.layer.State;
import org.unroll.look.CellWalk;
import org.unroll.look.Gates;
import org.unroll.look.Reading;
import org.unroll.look.Walk;
import org.unroll.model.Model;
import org.unroll.reference.ReferenceLayer;
import org.unroll.reference.ReferenceLoss;
import org.unroll.reference.ReferenceModel;
import org.unroll.reference.Sequences;
import org.unroll.reference.Traced;
import org.unroll.slab.Grads;
import org.unroll.slab.Slab;
import org.unroll.slab.Workspace;
import org.unroll.tasks.lesson.StepBoard.Block;

/**
 * A user's own model and a text, for a lesson on it.
 *
 * @param ids of the text, at least two: what the last but one step predicts is the last
 * @param before ids of what is read before it
 * @param symbols the text's symbols as people read them
 * @param layer which walk, from 0; null for the top one
 * @param unit which unit; null for the most selective
 */
public record Own(Model model, int[] ids, int[] before, List<String> symbols, Integer layer, Integer unit) {
  public Own {
    if (ids.length < 2) {
      throw Fault.of(Code.C030, "the text has %d symbols, must have at least 2", ids.length)
          .because("the last is what the step before it is to predict");
    }
  }

  /** The same text without its last symbol, of which no step is looked at. */
  Reading reading() { return Reading.after(model, before, Arrays.copyOf(ids, ids.length - 1)); }

  /** The layer that is looked at. M009, with the layers that would do, for one that is no recurrent cell of units. */
  CellWalk walk(Reading r) {
    var w = asked(r);
    if (w.isEmpty() || w.get() instanceof CellWalk) return r.cell(at(r));
    var fault = Fault.of(Code.M009, "%s is no recurrent cell of units", w.get().cell()).at(w.get().name()).because("%s", w.get().has());
    for (int i = r.walks().size(); i > 0; i--) {
      if (r.walks().get(i - 1) instanceof CellWalk c) fault = fault.mend("layer %d, which is of the cell %s", i, c.cell());
    }
    throw fault.mend("the lesson without a model")
        .mend("look at the gradient flow, or at the connectivity, for how far back it reaches");
  }

  private int at(Reading r) { return layer == null ? r.walks().size() - 1 : layer; }

  private Optional<Walk> asked(Reading r) {
    return at(r) >= 0 && at(r) < r.walks().size() ? Optional.of(r.walks().get(at(r))) : Optional.empty();
  }

  /** The layer that is looked at, where it is a recurrent cell of units. */
  Optional<CellWalk> cell() { return asked(last()).filter(CellWalk.class::isInstance).map(CellWalk.class::cast); }

  /** The unit asked for, or the most selective over the text. */
  int unit(CellWalk w) { return unit == null ? new Gates(walk(reading())).mostSelective(1).getFirst() : w.unit(unit); }

  /** The board of a step of one unit: its walk over the last step, and the numbers. */
  UnitBoard board(String lesson, Words words, Function<String, List<Block>> blocks) {
    var r = last();
    var w = walk(r);
    int unit = unit(w);
    var dy = fromAbove(r, w);
    var one = OneUnit.of(w, unit, dy);
    var board = new Board(lesson, lesson + ".own.about", words);
    board.about("own", model.id().substring(0, 12), w.name(), w.cell(), unit, symbols.get(ids.length - 2), symbols.getLast());
    board.about("own.unit");
    return new UnitBoard(board, one, blocks.apply(w.cell()), WholeLayer.of(w, one, dy));
  }

  /**
   * Refuses what the lesson cannot work out unit by unit.
   *
   * @param projections whether the lesson knows projections
   * @throws Fault M009, which says what the layer has and which would do
   */
  void require(String lesson, List<String> cells, boolean projections) {
    var w = walk(last());
    if (takes(w, cells, projections)) return;
    boolean zoned = zoned(w), projected = w.trace().layer().P() != null && !projections;
    var fault = Fault.of(Code.M009, "the lesson %s is on %s", lesson, String.join(", ", cells)).at(w.name());
    if (w.cell().contains("-ln")) {
      fault = fault.because("%s normalises all units together, so that none can be worked out by itself", w.cell());
    } else if (!cells.contains(w.cell())) {
      fault = fault.because("%s", w.has());
    } else if (zoned) {
      fault = fault.because("zoneout blends the state of each unit with the one before");
    } else {
      fault = fault.because(projected ? "the lesson %s knows no projection" : "the layer of %s walks backward",
          projected ? lesson : w.cell());
    }
    throw fault.mend("take a model with one of these cells, another layer, or the lesson without a model")
        .mend("the lesson %s takes this layer", Lessons.taking(w));
  }

  static boolean takes(CellWalk w, List<String> cells, boolean projections) {
    return cells.contains(w.cell()) && w.forward() && !zoned(w) && (projections || w.trace().layer().P() == null);
  }

  private static boolean zoned(CellWalk w) {
    var noise = w.trace().layer().noise();
    return noise.zoneout() > 0 || noise.zoneoutMemory() > 0;
  }

  /** Only the last step of what was read, with the loss of its prediction. */
  Reading last() {
    int[] past = Arrays.copyOf(before, before.length + ids.length - 2);
    System.arraycopy(ids, 0, past, before.length, ids.length - 2);
    var in = past.length == 0 ? State.ZERO : Reading.of(model, past).out();
    return Reading.of(model, Reading.symbols(ids[ids.length - 2]), in.copy());
  }

  /** ∂L/∂h of a walk at the only step of a reading; L = −log p of the last symbol. */
  double[] fromAbove(Reading r, CellWalk w) {
    if (!(model.network().head() instanceof Softmax)) {
      throw Fault.of(Code.M009, "the model's head is no softmax").because("the lesson's loss is −log p of the next symbol");
    }
    var run = model.run(new Workspace());
    var grads = new Grads(model.network().shape());
    var dy = model.network().head().loss(r.pass().y(), Reading.symbols(ids[ids.length - 1]), run).backward(grads);
    for (Pass p : passes(r.pass()).reversed()) {
      if (p == w.trace()) return LayerNumbers.doubles(dy);
      dy = p.backward(dy, State.ZERO, grads).dx();
    }
    throw Fault.of(Code.M009, "%s does not lie in a plain chain of layers", w.name())
        .because("the lesson walks back layer by layer, and residual and highway layers add what went round them")
        .mend("take a model without residual and highway layers, or the lesson without a model");
  }

  private static List<Pass> passes(Pass pass) {
    var all = new ArrayList<Pass>();
    if (pass instanceof Chain.Trace c) c.passes().forEach(p -> all.addAll(passes(p)));
    else all.add(pass);
    return all;
  }

  /** The whole of a walk, judged by Σ dState ⊙ (the last state). */
  static Traced traced(CellWalk w, Map<String, double[]> dState) {
    var arrays = new LinkedHashMap<String, double[]>();
    var x = arrays(w, 0, arrays);
    var values = new LinkedHashMap<String, double[]>();
    arrays.forEach((name, v) -> values.put("rnn." + name, v));
    values.put("x", LayerNumbers.flat(x));
    var named = new LinkedHashMap<String, double[]>();
    dState.forEach((slot, d) -> named.put("rnn." + slot, d));
    var loss = new ReferenceLoss.Linear(new double[x.length * w.trace().layer().width()], named);
    return reference(w, x[0].length).traced(Sequences.ofVectors(x[0].length, x.length), values, loss);
  }

  /** The reference of a layer. */
  static ReferenceModel reference(CellWalk w, int inputs) {
    int projection = w.trace().layer().P() == null ? 0 : w.trace().layer().width();
    return new ReferenceModel(new ReferenceLayer.Recurrent("rnn", w.cell(), inputs, w.units(), false, projection));
  }

  /** All slots of the last state, end to end, where the walk starts at step {@code from} in its state there moved by {@code by · v}. */
  static double[] after(CellWalk w, int from, double[] v, double by) {
    var arrays = new LinkedHashMap<String, double[]>();
    var x = arrays(w, from, arrays);
    var values = new LinkedHashMap<String, double[]>();
    arrays.forEach((name, a) -> values.put("rnn." + name, a));
    values.put("x", LayerNumbers.flat(x));
    int H = w.units();
    for (int i = 0; i < v.length; i++) values.get("rnn." + w.slots().get(i / H) + "0")[i % H] += by * v[i];
    var none = new ReferenceLoss.Linear(new double[x.length * w.trace().layer().width()], Map.of());
    var states = reference(w, x[0].length).run(Sequences.ofVectors(x[0].length, x.length), values, none).states();
    return w.slots().stream().flatMapToDouble(slot -> Arrays.stream(states.get("rnn." + slot))).toArray();
  }

  /** Weights and first states; returns the input. */
  static double[][] arrays(CellWalk w, int from, Map<String, double[]> arrays) {
    var layer = w.trace().layer();
    var weights = w.trace().run().weights();
    var x = input(w, from, arrays);
    if (layer.R() != null) arrays.put("R", LayerNumbers.doubles(weights.of(layer.R())));
    if (layer.b() != null) arrays.put("b", LayerNumbers.doubles(weights.of(layer.b())));
    if (layer.S() != null) arrays.put("S", LayerNumbers.doubles(weights.of(layer.S())));
    if (layer.p() != null) arrays.put("p", LayerNumbers.doubles(weights.of(layer.p())));
    if (layer.P() != null) arrays.put("P", LayerNumbers.doubles(weights.of(layer.P())));
    for (int s = 0; s < w.slots().size(); s++) {
      var first = new double[w.units()];
      for (int u = 0; u < first.length; u++) first[u] = w.before(s, from, u);
      arrays.put(w.slots().get(s) + "0", first);
    }
    return x;
  }

  /** The layer's input; where it is ids, one-hot rows of those that occur, with their rows of W. */
  private static double[][] input(CellWalk w, int from, Map<String, double[]> arrays) {
    var layer = w.trace().layer();
    Slab W = w.trace().run().weights().of(layer.W()), x = w.trace().x().x();
    int T = w.steps() - from;
    if (!layer.input().ids()) {
      arrays.put("W", LayerNumbers.doubles(W));
      var rows = new double[T][x.cols()];
      for (int t = 0; t < T; t++) for (int k = 0; k < x.cols(); k++) rows[t][k] = x.get(from + t, k);
      return rows;
    }
    int[] met = IntStream.range(from, w.steps()).map(t -> (int) x.get(t, 0)).distinct().toArray();
    var some = Slab.zeros(1, met.length, W.cols());
    for (int i = 0; i < met.length; i++) some.setRow(i, W, met[i]);
    arrays.put("W", LayerNumbers.doubles(some));
    var rows = new double[T][met.length];
    for (int t = 0; t < T; t++) for (int i = 0; i < met.length; i++) rows[t][i] = met[i] == (int) x.get(from + t, 0) ? 1 : 0;
    return rows;
  }
}
