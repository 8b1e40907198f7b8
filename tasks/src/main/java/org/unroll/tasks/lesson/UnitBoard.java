package org.unroll.tasks.lesson;

import java.util.ArrayList;
import java.util.List;
import org.unroll.slab.Slab;

/**
 * One unit of a user's layer. Matrices carry the indices that they have in the model, from 0: {@code W_f[17,2]} is what input 17 is
 * multiplied by on its way to unit 2. Of each product one term is written out; what the others add is {@code _rest}.
 *
 * @param whole what reaches the input and the state before from all units; null where the layer is too large
 */
record UnitBoard(Board board, OneUnit one, List<Block> blocks, WholeLayer whole) implements StepBoard {

  @Override public String cell() { return one.walk().cell(); }

  @Override public int[] units() { return new int[1]; }

  @Override public String of(String letter, int u) { return letter; }

  @Override public double value(String letter, int u) { return one.traced().value("rnn." + letter + "[1][" + (u + 1) + "]"); }

  @Override public double gradient(String letter, int u) { return one.traced().gradient("rnn." + letter + "[1][" + (u + 1) + "]"); }

  @Override public double difference(String letter, int u) { return one.traced().difference("rnn." + letter + "[1][" + (u + 1) + "]"); }

  @Override public double gap() { return one.gap(); }

  @Override public double gradientBefore(String slot, int u) { return one.traced().gradient("rnn." + slot + "0", 0); }

  @Override public double differenceBefore(String slot, int u) { return one.traced().difference("rnn." + slot + "0", 0); }

  boolean projected() { return one.walk().trace().layer().P() != null; }

  @Override public String fed() { return projected() ? "y'" : "h'"; }

  /** The one that R multiplies and that is written out. */
  private String before() { return projected() ? "y'[" + one.y() + "]" : "h'"; }

  private String x() { return "x[" + one.x() + "]"; }

  private String W(Block b) { return b.of("W") + "[" + one.x() + "," + one.unit() + "]"; }

  private String R(Block b) { return b.of("R") + "[" + one.y() + "," + one.unit() + "]"; }

  private String restW(Block b) { return "(x " + b.of("W") + ")_rest"; }

  private String restR(Block b) { return "(" + fed() + " " + b.of("R") + ")_rest"; }

  String S() { return "S[" + one.unit() + "," + one.unit() + "]"; }

  private String P(String letter) { return letter + "[" + one.unit() + "," + one.y() + "]"; }

  private String y(String letter) { return letter + "[" + one.y() + "]"; }

  /** Whether there are inputs besides the one that is written out. */
  private boolean moreInputs() {
    var layer = one.walk().trace().layer();
    return !layer.input().ids() && layer.W().rows() > 1;
  }

  private boolean moreStates() { return one.walk().trace().layer().R().rows() > 1; }

  private Slab weights(char which) {
    var layer = one.walk().trace().layer();
    return one.walk().trace().run().weights().of(which == 'b' ? layer.b() : which == 'P' ? layer.P() : layer.S());
  }

  // ---- what is given

  @Override public void inputs(List<String> slots, List<String> own) {
    var n = one.traced();
    board.given(x(), n.value("x", 0));
    if (projected()) board.given(before(), n.value("x", 1));
    for (var slot : slots) if (!projected() || !slot.equals("h")) board.given(slot + "'", n.value("rnn." + slot + "0", 0));
    int byW = one.walk().trace().layer().cell().layout().byW();
    for (var b : blocks) {
      if (b.w() >= 0) board.given(W(b), n.value("rnn.W", b.w()));
      if (b.w() >= 0 && moreInputs()) board.given(restW(b), one.rests().xW()[b.w()]);
      if (b.r() >= 0) board.given(R(b), projected() ? n.value("rnn.W", byW + b.r()) : n.value("rnn.R", b.r()));
      if (b.r() >= 0 && moreStates()) board.given(restR(b), one.rests().hR()[b.r()]);
      board.given(b.of("b"), weights('b').get(0, b.b() * one.walk().units() + one.unit()));
    }
    for (int i = 0; i < own.size(); i++) board.given(own.get(i), n.value("rnn.p", i));
    if (one.walk().trace().layer().S() == null) return;
    board.given(S(), n.value("rnn.S", 0));
    board.given("(m S)_rest", one.rests().mS());
    board.given("δm_rest", one.rests().dm());
  }

  @Override public void judge() {
    if (!projected()) {
      board.given("δh", gradient("h", 0));
      return;
    }
    board.given(P("P"), one.traced().value("out.W", 0));
    board.given("y_rest", one.rests().out());
    board.given(y("δy"), one.traced().gradient("out.b", 0));
    board.given("δh_rest", one.rests().dh());
  }

  // ---- forward

  @Override public String affine(Block b, int u) {
    var terms = new ArrayList<String>();
    if (b.w() >= 0) terms.add(Board.times(Board.place(x()), Board.place(W(b))));
    if (b.w() >= 0 && moreInputs()) terms.add(Board.place(restW(b)));
    if (b.r() >= 0) terms.add(Board.times(Board.place(before()), Board.place(R(b))));
    if (b.r() >= 0 && moreStates()) terms.add(Board.place(restR(b)));
    terms.add(Board.place(b.of("b")));
    return Board.plus(terms);
  }

  @Override public void output() {
    if (!projected()) return;
    double P = one.traced().value("out.W", 0);
    board.show(y("y") + " = h P", Board.times("{h}", Board.place(P("P"))) + " + {y_rest}", value("h", 0) * P + one.rests().out());
  }

  // ---- backward

  @Override public void error(int u) {
    if (!projected()) return;
    board.show("δh = δy Pᵀ", Board.times(Board.place(y("δy")), Board.place(P("P"))) + " + {δh_rest}", gradient("h", 0),
        difference("h", 0));
    show("δ" + P("P") + " = h · " + y("δy"), Board.times("{h}", Board.place(y("δy"))), "out.W", 0);
  }

  private void show(String equation, String worked, String array, int i) {
    board.show(equation, worked, one.traced().gradient(array, i), one.traced().difference(array, i));
  }

  @Override public void weights(Block b, String delta, int u) {
    var by = Board.place(delta);
    if (b.w() >= 0) show("δ" + W(b) + " = " + x() + " · " + delta, Board.times(Board.place(x()), by), "rnn.W", b.w());
    int byW = one.walk().trace().layer().cell().layout().byW();
    if (b.r() >= 0) {
      show("δ" + R(b) + " = " + before() + " · " + delta, Board.times(Board.place(before()), by), projected() ? "rnn.W" : "rnn.R",
          projected() ? byW + b.r() : b.r());
    }
    show("δ" + b.of("b") + " = " + delta, by, "rnn.b", b.b());
  }

  /** δS. */
  void second(String delta) { show("δ" + S() + " = m · " + delta, Board.times("{m}", Board.place(delta)), "rnn.S", 0); }

  @Override public void own(String letter, int i, String delta, String by, int u) {
    show("δ" + letter + " = " + delta + " ⊙ " + by, Board.times(Board.place(delta), Board.place(by)), "rnn.p", i);
  }

  @Override public void input() {
    var terms = new ArrayList<String>();
    for (var b : blocks) if (b.w() >= 0) terms.add(Board.times(Board.place(b.delta()), Board.place(W(b))));
    share("δ" + x(), "Σ δa Wᵀ", Board.plus(terms), "x", 0, whole == null ? null : whole.x());
  }

  @Override public void before(String equation, String direct) {
    var terms = new ArrayList<String>();
    if (!direct.isEmpty()) terms.add(direct.replace("#", ""));
    for (var b : blocks) if (b.r() >= 0) terms.add(Board.times(Board.place(b.delta()), Board.place(R(b))));
    share("δ" + before(), equation, Board.plus(terms), projected() ? "x" : "rnn.h0", projected() ? 1 : 0,
        whole == null || projected() ? null : whole.h());
  }

  /** What comes by this unit; then by the others, and by all. */
  private void share(String label, String equation, String worked, String array, int i, WholeLayer.Slope all) {
    show(label + "_u = " + equation, worked, array, i);
    if (all == null) return;
    board.given(label + "_rest", all.gradient() - one.traced().gradient(array, i));
    board.show(label + " = " + label + "_u + " + label + "_rest", Board.place(label + "_u") + " + " + Board.place(label + "_rest"),
        all.gradient(), all.difference());
  }
}
