package org.unroll.look;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.unroll.layer.State;
import org.unroll.model.Model;
import org.unroll.model.Spec;
import org.unroll.slab.Batch;
import org.unroll.slab.Slab;
import org.unroll.slab.Workspace;

/** Every number comes from the model's own passes, and looking changes nothing. */
class LookTest {
  private static final Slab X = Reading.symbols(Arrays.copyOf(Glass.TEXT, 12));
  private static final Slab Y = Reading.symbols(Arrays.copyOfRange(Glass.TEXT, 1, 13));

  /** One figure of every look. */
  private static Map<String, Double> figures(Model model) {
    var r = Reading.after(model, Glass.BEFORE, Glass.TEXT);
    var w = r.walk(0);
    var gates = new Gates(w);
    var trace = MemoryTrace.of(w);
    var flow = GradientFlow.of(model, X, Y, 8, 3);
    var bound = Bound.of(w, 3);
    var m = new LinkedHashMap<String, Double>();
    m.put("gate", (double) w.gate(1, 5, 0));
    m.put("state", (double) w.after(1, 5, 0));
    m.put("selectivity", gates.selectivity(0));
    m.put("weight", trace.weights(0)[5][2]);
    m.put("contribution", trace.meanContributions()[5][0]);
    m.put("sum", trace.sums(0)[5]);
    m.put("flow of h", flow.curves().get(0).norms()[3]);
    m.put("flow of c", flow.curves().get(1).norms()[3]);
    m.put("half-life", flow.curves().get(1).decay().halfLife());
    m.put("singular", bound.singular().get(1).value());
    m.put("jacobian", bound.jacobian());
    m.put("connectivity", Connectivity.of(r).norms()[7][3]);
    return m;
  }

  @Test void everyFigure_movesWithOneWeight() {
    var spec = Glass.spec("lstm", 4, 5, 1, Spec.Direction.FORWARD);
    var was = figures(Glass.model(spec, _ -> { }));
    assertEquals(was, figures(Glass.model(spec, _ -> { })));
    var is = figures(Glass.model(spec, ps -> ps.array()[ps.find("rnn0.R").offset()
        + 5] += 0.05f));     // f of unit 0 by h of unit 0
    was.forEach((name, value) -> assertNotEquals(value, is.get(name), name));
  }

  @Test void threshold_betweenTwoStates_decidesByTheModel() {
    var model = Glass.model("lstm", 1);
    var r = Reading.of(model, Glass.TEXT);
    double h = r.walk(0).after(0, 4, 1);
    assertEquals(true, StateSearch.of(r, 0, 4, 5, Math.nextDown(h)).on().get(1));
    assertEquals(false, StateSearch.of(r, 0, 4, 5, Math.nextUp(h)).on().get(1));
  }

  /** What a pass remembers is what its backward run needs: reading it takes no slab more, and moves no bit. */
  @Test void looking_changesNoBitAndTakesNoSlab() {
    var model = Glass.model("lstm", 2);
    var batch = Batch.full(X, new long[1]);
    var plain = new Workspace();
    double sum = model.evaluate(batch, Y, State.ZERO, plain).sum();
    var session = model.session();
    float[] scores = session.step(4).clone();
    var before = model.run(new Workspace()).weights().params().array().clone();
    long version = model.run(new Workspace()).weights().params().version();

    figures(model);
    var ws = new Workspace();
    var pass = model.read(batch, State.ZERO, ws);
    long taken = ws.allocated();
    Walk.within(pass).forEach(w -> new Gates(w).mostSelective(3));
    MemoryTrace.of(Walk.within(pass).getFirst()).check();
    assertEquals(taken, ws.allocated());

    var again = new Workspace();
    assertEquals(sum, model.evaluate(batch, Y, State.ZERO, again).sum());
    assertEquals(plain.allocated(), again.allocated());
    assertArrayEquals(scores, model.session().step(4));
    assertArrayEquals(session.step(2).clone(), after(model, 4, 2));
    assertArrayEquals(before, model.run(new Workspace()).weights().params().array());
    assertEquals(version, model.run(new Workspace()).weights().params().version());
  }

  private static float[] after(Model model, int... ids) {
    var s = model.session();
    for (int id : ids) s.step(id);
    return s.scores();
  }
}
