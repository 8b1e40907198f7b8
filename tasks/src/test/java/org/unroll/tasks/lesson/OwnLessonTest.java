package org.unroll.tasks.lesson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.head.Head;
import org.unroll.kernel.Kernels;
import org.unroll.layer.State;
import org.unroll.look.Reading;
import org.unroll.model.Model;
import org.unroll.model.Network;
import org.unroll.model.Spec;
import org.unroll.model.Start;
import org.unroll.slab.Batch;
import org.unroll.slab.Params;
import org.unroll.slab.Philox;
import org.unroll.slab.Workspace;

/** Lessons on a model of the user's. */
class OwnLessonTest {
  private static final int SYMBOLS = 9;
  private static final int[] TEXT = {3, 1, 4, 1, 5, 8, 2, 6};
  private static final Words EN = Words.of("en");
  private static final Start SMALL = new Start(Start.Kind.UNIFORM, 0.4);

  /** @param embed 0 for one-hot input */
  private static Model model(String cell, int embed, int units, int layers, Consumer<Params> change) {
    var list = new ArrayList<Spec.Layer>();
    if (embed > 0) list.add(new Spec.Embedding(embed, SMALL));
    for (int i = 0; i < layers; i++) {
      list.add(new Spec.Recurrent(cell, units, Spec.Direction.FORWARD, 1, SMALL, SMALL));
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

  @Test void lstm_numbers_areThoseOfTheModelsPass() {
    var m = model("lstm", 4, 5, 2, _ -> { });
    var l = lesson("lstm", m, 1, 3);
    var walk = Reading.after(m, new int[] {2, 7}, 3, 1, 4, 1, 5, 8, 2).walk(1);
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
    assertEquals("the lesson lstm is on lstm", f.what());
    assertEquals("gru has the gates q r z n and the state h", f.why());
    assertEquals(Code.M009, refused("memory", own(model("elman", 4, 5, 1, _ -> { }), null, null)).code());
    assertEquals(Code.M009, refused("gru", own(model("gru", 4, 5, 1, _ -> { }), 3, null)).code());
    assertEquals(Code.M009, refused("gru", own(model("gru", 4, 5, 1, _ -> { }), 0, 5)).code());
    var soft = refused("softmax", own(model("gru", 4, 5, 1, _ -> { }), null, null));
    assertEquals("the lesson softmax takes no model", soft.what());
    assertEquals(List.of("did you mean lstm?", "all lessons: unroll lesson"), refused("lsmt", own(model("gru", 4, 5, 1, _ -> { }), null,
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
