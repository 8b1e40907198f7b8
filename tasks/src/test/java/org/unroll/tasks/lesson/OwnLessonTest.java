package org.unroll.tasks.lesson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.head.Head;
import org.unroll.kernel.Kernels;
import org.unroll.layer.Noise;
import org.unroll.layer.State;
import org.unroll.look.Gates;
import org.unroll.look.Reading;
import org.unroll.model.Model;
import org.unroll.model.Network;
import org.unroll.model.Spec;
import org.unroll.model.Start;
import org.unroll.slab.Batch;
import org.unroll.slab.Grads;
import org.unroll.slab.Params;
import org.unroll.slab.Philox;
import org.unroll.slab.Slab;
import org.unroll.slab.Workspace;

/** Lessons on a model of the user's. */
class OwnLessonTest {
  private static final int SYMBOLS = 9;
  private static final int[] TEXT = {3, 1, 4, 1, 5, 8, 2, 6};
  private static final Words EN = Words.of("en");
  private static final Start SMALL = new Start(Start.Kind.UNIFORM, 0.4);

  /** @param embed 0 for one-hot input */
  private static Model model(String cell, int embed, int units, int layers, Consumer<Params> change) {
    return model(cell, embed, units, layers, 0, Noise.NONE, change);
  }

  private static Model model(String cell, int embed, int units, int layers, int projection, Noise noise, Consumer<Params> change) {
    var list = new ArrayList<Spec.Layer>();
    if (embed > 0) list.add(new Spec.Embedding(embed, SMALL));
    for (int i = 0; i < layers; i++) {
      list.add(new Spec.Recurrent(cell, units, Spec.Direction.FORWARD, 1, SMALL, SMALL, projection, noise));
      list.add(new Spec.Dropout(0.2));
    }
    var net = Network.build(new Spec(new Spec.Symbols(SYMBOLS), list, new Spec.Softmax(SYMBOLS, false, Head.At.EVERY_STEP, SMALL)));
    var ps = net.shape().copy();
    var rng = new Philox(3, Philox.Stream.INIT);
    for (int i = 0; i < ps.array().length; i++) ps.array()[i] = 1.2f * rng.uniform(0, 0, 0, i) - 0.6f;
    change.accept(ps);
    ps.touch();
    return Model.of(net, ps, Kernels.scalar(), Map.of());
  }

  private static Own own(Model m, Integer layer, Integer unit) {
    return new Own(m, TEXT, new int[] {2, 7}, IntStream.of(TEXT).mapToObj(Integer::toString).toList(), layer, unit);
  }

  private static Lesson lesson(String name, Model m, Integer layer, Integer unit) { return Lessons.of(name, own(m, layer, unit), EN); }

  @ParameterizedTest
  @CsvSource({"elman,elman,4,5", "elman,elman-relu,4,2", "elman,elman-identity,0,5", "lstm,lstm,4,5", "lstm,lstm,0,2", "gru,gru,4,5",
      "gru,gru-write,0,2", "gru,gru,2,1", "memory,lstm,4,5", "memory,gru,0,5", "memory,minlstm,4,3", "vanish,elman,4,5", "vanish,lstm,4,3",
      "vanish,gru,0,4", "vanish,indrnn,4,5"})
  void everyNumber_ofAModel_isWhatItsFormulaGives(String name, String cell, int embed, int units) {
    for (int layer = 0; layer < 2; layer++) {
      LessonsTest.checks(lesson(name, model(cell, embed, units, 2, _ -> { }), layer, 0), name.equals("memory") ? 1e-6 : 1e-12,
          name.equals("vanish") ? 2e-6 : 1e-9);
    }
  }

  @ParameterizedTest
  @CsvSource({"lstm,lstm-peephole,4,5,0", "lstm,lstm-coupled,0,5,0", "lstm,lstm-coupled-peephole,2,3,0", "lstm,lstm-1997,4,5,0",
      "lstm,lstm,4,5,3", "lstm,lstm-peephole,0,6,2", "lstm,lstm-coupled,4,5,1", "lstm,lstm-1997,4,5,2", "gru,gru-before,4,5,0",
      "gru,gru-before-write,0,4,0", "gru,gru-before,4,1,0", "elman,elman,4,5,2", "vanish,lstm,4,5,3", "memory,lstm,4,5,3"})
  void everyNumber_ofAVariant_isWhatItsFormulaGives(String name, String cell, int embed, int units, int projection) {
    for (int layer = 0; layer < 2; layer++) {
      for (int unit = 0; unit < Math.min(units, 2); unit++) {
        var l = lesson(name, model(cell, embed, units, 2, projection, Noise.NONE, _ -> { }), layer, unit);
        LessonsTest.checks(l, name.equals("memory") ? 1e-6 : 1e-12, name.equals("vanish") ? 2e-6 : 1e-9);
        var line = l.about().stream().filter(a -> a.contains("the kernels, in float")).findFirst();
        if (line.isPresent()) assertTrue(Double.parseDouble(line.get().replaceAll(".* to (\\S+)\\. .*", "$1")) < 5e-7, line.get());
      }
    }
  }

  /**
   * δ of weights, of x and of the state before, by the differences of production's own loss: of a two-layer model whose loss is that of
   * the last symbol, after some others were read.
   */
  @ParameterizedTest
  @CsvSource({"lstm,lstm,0", "lstm,lstm-peephole,0", "lstm,lstm-coupled-peephole,0", "lstm,lstm-1997,0", "lstm,lstm,3", "gru,gru,0",
      "gru,gru-write,0", "gru,gru-before,0", "gru,gru-before-write,0", "elman,elman,0", "elman,elman-identity,0"})
  void deltaOfEveryWeight_isTheDerivativeOfTheModelsLoss(String name, String cell, int projection) {
    int H = 5, unit = 2;
    for (int layer = 0; layer < 2; layer++) {
      var l = lesson(name, model(cell, 4, H, 2, projection, Noise.NONE, _ -> { }), layer, unit);
      int seen = 0;
      for (var i : l.items()) {
        var m = WEIGHT.matcher(i.label());
        if (!m.matches() || !i.gradient()) continue;
        seen++;
        if (m.group(1).equals("P")) continue;
        assertEquals(derivative(name, cell, projection, layer, i.label(), m, unit), i.value(), 2e-4 * Math.max(1, 10 * Math.abs(i.value())),
            cell + " " + i.label());
      }
      int blocks = name.equals("elman") ? 1 : cell.equals("lstm") || cell.equals("lstm-peephole") ? 4 : 3;
      int own = cell.endsWith("peephole") ? blocks - 1 : 0, more = cell.startsWith("gru") && !cell.contains("before") ? 1 : 0;
      assertEquals(3 * blocks + own + more + (projection > 0 ? 1 : 0), seen, l.items().toString());
    }
  }

  /** P makes y' as well; where nothing was read before, y' is 0 and all of its gradient is this step's. */
  @Test void deltaOfTheProjection_isTheDerivativeOfTheModelsLoss() {
    var own = new Own(model("lstm", 4, 5, 1, 3, Noise.NONE, _ -> { }), new int[] {3, 1}, new int[0], List.of("a", "b"), 0, 2);
    var P = Lessons.of("lstm", own, EN).items().stream().filter(i -> i.label().startsWith("δP[2,")).findFirst().orElseThrow();
    int col = Integer.parseInt(P.label().replaceAll(".*,|]", ""));
    var loss = new double[2];
    for (int side = 0; side < 2; side++) {
      float move = side == 0 ? 2e-2f : -2e-2f;
      var moved = model("lstm", 4, 5, 1, 3, Noise.NONE, ps -> ps.array()[ps.find("rnn0.P").offset() + 2 * 3 + col] += move);
      loss[side] = moved.evaluate(Batch.full(Reading.symbols(3), new long[1]), Reading.symbols(1), State.ZERO, new Workspace()).sum();
    }
    assertTrue(Math.abs(P.value()) > 1e-4, P.toString());
    assertEquals((loss[0] - loss[1]) / 4e-2, P.value(), 2e-5);
  }

  private static final Pattern WEIGHT = Pattern.compile("δ(W|R|b|p|S|P)(?:_([a-z]))?(?:\\[(\\d+),(\\d+)])?");

  /** Of −log p of the last of TEXT, by a weight as the lesson calls it. */
  private static double derivative(String name, String cell, int projection, int layer, String label, Matcher m, int unit) {
    int H = 5;
    var all = switch (cell) {
      case "elman", "elman-identity" -> Map.of("W", "-", "R", "-", "b", "-");
      case "lstm", "lstm-peephole" -> Map.of("W", "ifgo", "R", "ifgo", "b", "ifgo", "p", "ifo");
      case "gru", "gru-write" -> Map.of("W", "rzn", "R", "qrz", "b", "qrzn");
      case "gru-before", "gru-before-write" -> Map.of("W", "rzn", "R", "rz", "b", "rzn", "S", "-");
      default -> Map.of("W", "igo", "R", "igo", "b", "igo", "p", "io");
    };
    var matrix = m.group(1);
    int block = m.group(2) == null ? 0 : all.get(matrix).indexOf(m.group(2));
    assertTrue(block >= 0, label);
    int row = m.group(3) == null ? 0 : Integer.parseInt(m.group(3)), col = m.group(4) == null ? unit : Integer.parseInt(m.group(4));
    assertEquals(unit, col, label);
    float step = 2e-2f;
    var loss = new double[2];
    for (int side = 0; side < 2; side++) {
      float move = side == 0 ? step : -step;
      var moved = model(cell, 4, H, 2, projection, Noise.NONE, ps -> {
        var p = ps.find("rnn" + layer + "." + matrix);
        ps.array()[p.offset() + row * p.cols() + block * H + col] += move;
      });
      var before = Reading.of(model(cell, 4, H, 2, projection, Noise.NONE, _ -> { }), 2, 7, 3, 1, 4, 1, 5, 8).out();
      loss[side] = moved.evaluate(Batch.full(Reading.symbols(2), new long[1]), Reading.symbols(6), before, new Workspace()).sum();
    }
    return (loss[0] - loss[1]) / (2 * step);
  }

  /** What reaches x of the upper layer by all its units is ∂L/∂h of the lower one; δh' likewise, for a step back in time. */
  @ParameterizedTest
  @CsvSource({"lstm,lstm", "lstm,lstm-coupled", "gru,gru", "gru,gru-before", "elman,elman"})
  void deltaOfXAndOfTheStateBefore_areThoseOfAllUnits(String name, String cell) {
    var m = model(cell, 4, 5, 2, _ -> { });
    var l = lesson(name, m, 1, 1);
    var x = l.items().stream().filter(i -> i.label().matches("δx\\[\\d+]")).findFirst().orElseThrow();
    int strongest = Integer.parseInt(x.label().replaceAll("\\D", ""));
    assertEquals(lesson(name, m, 0, strongest).item("δh").value(), x.value(), 1e-6);
    assertEquals(x.value(), x.difference(), 1e-9);
    assertEquals(x.value(), l.item("δx[" + strongest + "]_u").value() + l.item("δx[" + strongest + "]_rest").value(), 1e-12);
    var h = l.item("δh'");
    assertEquals(h.value(), h.difference(), 1e-9);
    assertNotEquals(0, l.item("δh'_rest").value(), 1e-6);
    var own = own(m, 1, 1);
    var pass = own.last();
    var dy = own.fromAbove(pass, own.walk(pass));
    var up = Slab.zeros(1, 1, 5);
    for (int u = 0; u < 5; u++) up.set(0, u, (float) dy[u]);
    var g = own.walk(pass).trace().backward(up, State.ZERO, new Grads(m.network().shape()));
    assertEquals(g.dIn().part(0).get(0, 1), h.value(), 1e-6);
  }

  @Test void unit_isTheMostSelectiveOfTheText_whereNoneIsAsked() {
    var m = model("gru", 4, 5, 1, _ -> { });
    var own = own(m, null, null);
    int best = new Gates(own.reading().walk(0)).mostSelective(1).getFirst();
    assertNotEquals(0, best);
    assertTrue(Lessons.of("gru", own, EN).about().stream().anyMatch(a -> a.contains("(gru), unit " + best + ":")));
  }

  @Test void lstm_numbers_areThoseOfTheModelsPass() {
    var m = model("lstm", 4, 5, 2, _ -> { });
    var l = lesson("lstm", m, 1, 3);
    var walk = Reading.after(m, new int[] {2, 7}, 3, 1, 4, 1, 5, 8, 2).cell(1);
    for (var gate : List.of("i", "f", "g", "o")) assertEquals(walk.gate(walk.gate(gate), 6, 3), l.item(gate).value(), 1e-6);
    assertEquals(walk.after(1, 6, 3), l.item("c").value(), 1e-6);
    assertEquals(walk.before(1, 6, 3), l.item("c'").value(), 1e-6);
  }

  /** L is −log p of the last symbol under the whole model: δ of a lower layer's b is its derivative by that bias. */
  @ParameterizedTest
  @CsvSource({"0,g,2", "1,g,2", "1,o,3", "1,i,0"})
  void delta_ofEveryLayer_isTheDerivativeOfTheModelsLoss(int layer, String gate, int block) {
    int unit = 2;
    float step = 2e-2f;
    var loss = new double[2];
    for (int side = 0; side < 2; side++) {
      float move = side == 0 ? step : -step;
      var moved = model("lstm", 4, 5, 2, ps -> ps.array()[ps.find("rnn" + layer + ".b").offset() + block * 5 + unit] += move);
      loss[side] = moved.evaluate(Batch.full(Reading.symbols(3), new long[1]), Reading.symbols(1), State.ZERO, new Workspace()).sum();
    }
    var own = new Own(model("lstm", 4, 5, 2, _ -> { }), new int[] {3, 1}, new int[0], List.of("a", "b"), layer, unit);
    double g = Lessons.of("lstm", own, EN).item("δb_" + gate).value();
    assertTrue(Math.abs(g) > 1e-3, Double.toString(g));
    assertEquals((loss[0] - loss[1]) / (2 * step), g, 2e-5);
  }

  @Test void oneWeight_changed_changesTheNumbers() {
    for (var name : Lessons.OWN) {
      var cell = name.equals("gru") || name.equals("elman") ? name : "lstm";
      var before = lesson(name, model(cell, 4, 5, 1, _ -> { }), 0, 1);
      var after = lesson(name, model(cell, 4, 5, 1, ps -> ps.array()[ps.find("rnn0.R").offset() + 1] += 0.25f), 0, 1);
      assertEquals(before.items().size(), after.items().size());
      long moved = IntStream.range(0, before.items().size()).filter(i -> before.items().get(i).value() != after.items().get(i).value()).count();
      assertTrue(moved > before.items().size() / 3, name + ": " + moved + " of " + before.items().size());
      assertNotEquals(before.items().getLast().value(), after.items().getLast().value(), name);
    }
  }

  private static Fault refused(String name, Own own) { return assertThrows(Fault.class, () -> Lessons.of(name, own, EN)); }

  @Test void model_withoutWhatTheLessonIsOn_isRefusedByWhatItHas() {
    var f = refused("lstm", own(model("gru", 4, 5, 1, _ -> { }), null, null));
    assertEquals(Code.M009, f.code());
    assertEquals("the lesson lstm is on lstm, lstm-peephole, lstm-coupled, lstm-coupled-peephole, lstm-1997", f.what());
    assertEquals(List.of("take a model with one of these cells, another layer, or the lesson without a model",
        "the lesson gru takes this layer"), f.mend());
    var norm = refused("lstm", own(model("lstm-ln", 4, 5, 1, _ -> { }), null, null));
    assertEquals("lstm-ln normalises all units together, so that none can be worked out by itself", norm.why());
    assertEquals("the lesson vanish takes this layer", norm.mend().getLast());
    var zone = refused("lstm", own(model("lstm", 4, 5, 1, 0, new Noise(0, 0, 0.1, 0, 0), _ -> { }), null, null));
    assertEquals("zoneout blends the state of each unit with the one before", zone.why());
    assertEquals("the lesson gru knows no projection", refused("gru", own(model("gru", 4, 5, 1, 2, Noise.NONE, _ -> { }), null, null)).why());
    assertEquals("gru has the gates q r z n and the state h", f.why());
    assertEquals(Code.M009, refused("memory", own(model("elman", 4, 5, 1, _ -> { }), null, null)).code());
    assertEquals(Code.M009, refused("gru", own(model("gru", 4, 5, 1, _ -> { }), 3, null)).code());
    assertEquals(Code.M009, refused("gru", own(model("gru", 4, 5, 1, _ -> { }), 0, 5)).code());
    var soft = refused("softmax", own(model("gru", 4, 5, 1, _ -> { }), null, null));
    assertEquals("the lesson softmax takes no model", soft.what());
    assertEquals(List.of("did you mean lstm?", "a list of all lessons"), refused("lsmt", own(model("gru", 4, 5, 1, _ -> { }), null,
        null)).mend());
  }

  @Test void vanish_everyNorm_isAtMostItsBound_andTheProductOfItsFactors() {
    for (var cell : List.of("elman", "lstm", "indrnn-tanh", "mgu")) {
      var l = lesson("vanish", model(cell, 4, 5, 1, _ -> { }), 0, 1);
      double product = 1;
      for (int k = 1; k <= TEXT.length; k++) {
        double r = l.item("r_" + k).value();
        product *= l.item("factor_" + k).value();
        assertEquals(product, r, 1e-9);
        assertTrue(r <= l.item("bound_" + k).value() * (1 + 1e-6), cell + " " + k);
        assertTrue(l.item("r_" + k).gradient());
      }
    }
    var wide = lesson("vanish", model("lstm", 4, 129, 1, _ -> { }), 0, 1);
    assertEquals(EN.text("vanish.own.about"), wide.about().getFirst());
    assertEquals(1, wide.parts().size(), "whole Jacobians of wide layers take too long");
    assertEquals(6, wide.items().stream().filter(Item::gradient).count());
  }
}
