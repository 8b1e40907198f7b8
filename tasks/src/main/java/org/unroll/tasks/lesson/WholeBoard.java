package org.unroll.tasks.lesson;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A small layer, of which everything is written out. Letters carry indices, from 1, where there is more than one of them:
 * {@code x[2]}, {@code W_f[2,1]}, {@code f[1]}. The loss is ½ Σ (h − y)².
 *
 * @param target y
 */
record WholeBoard(Board board, LayerNumbers n, List<Block> blocks, double[] target) implements StepBoard {

  @Override public String cell() { return n.cell(); }

  @Override public int[] units() { return IntStream.range(0, n.units()).toArray(); }

  @Override public String of(String letter, int u) { return n.units() == 1 ? letter : letter + "[" + (u + 1) + "]"; }

  private String x(int k) { return n.inputs() == 1 ? "x" : "x[" + (k + 1) + "]"; }

  private String weight(String matrix, int row, int u) {
    boolean scalar = n.units() == 1 && (n.inputs() == 1 || !matrix.startsWith("W"));
    return scalar ? matrix : matrix + "[" + (row + 1) + "," + (u + 1) + "]";
  }

  @Override public double value(String letter, int u) { return n.value(letter, u); }

  @Override public double gradient(String letter, int u) { return n.gradient(letter, u); }

  @Override public double difference(String letter, int u) { return n.difference(letter, u); }

  @Override public double gap() { return n.gap(); }

  @Override public double gradientBefore(String slot, int u) { return n.traced().gradient("rnn." + slot + "0", u); }

  @Override public double differenceBefore(String slot, int u) { return n.traced().difference("rnn." + slot + "0", u); }

  // ---- what is given

  @Override public void inputs(List<String> slots, List<String> own) {
    for (int k = 0; k < n.inputs(); k++) board.given(x(k), n.traced().value("x", k));
    for (var slot : slots) for (int u : units()) board.given(of(slot + "'", u), n.traced().value("rnn." + slot + "0", u));
    for (var b : blocks) {
      for (int u : units()) {
        for (int k = 0; k < n.inputs() && b.w() >= 0; k++) board.given(weight(b.of("W"), k, u), value("W", k, b.w(), u));
        for (int k = 0; k < n.units() && b.r() >= 0; k++) board.given(weight(b.of("R"), k, u), value("R", k, b.r(), u));
        if (b.b() >= 0) board.given(of(b.of("b"), u), n.traced().value("rnn.b", place(b.b(), u)));
      }
    }
    for (int i = 0; i < own.size(); i++) for (int u : units()) board.given(of(own.get(i), u), n.traced().value("rnn.p", place(i, u)));
  }

  @Override public void judge() {
    for (int u : units()) board.given(of("y", u), target[u]);
  }

  private double value(String matrix, int row, int block, int u) { return n.traced().value("rnn." + matrix, index(matrix, row, block, u)); }

  private int index(String matrix, int row, int block, int u) { return row * n.cols(matrix) + place(block, u); }

  // ---- forward

  @Override public String affine(Block b, int u) {
    var terms = new ArrayList<String>();
    if (b.w() >= 0) terms.add(Board.dot(places(n.inputs(), this::x), places(n.inputs(), k -> weight(b.of("W"), k, u))));
    if (b.r() >= 0) terms.add(Board.dot(places(n.units(), k -> of("h'", k)), places(n.units(), k -> weight(b.of("R"), k, u))));
    if (b.b() >= 0) terms.add(at(b.of("b"), u));
    return Board.plus(terms);
  }

  @Override public void output() {
    var squares = Arrays.stream(units()).mapToObj(u -> "(" + at("h", u) + " − " + at("y", u) + ")²");
    board.show("L = ½ Σ (h − y)²", "0.5·(" + squares.collect(Collectors.joining(" + ")) + ")", n.traced().loss());
  }

  static List<String> places(int count, IntFunction<String> label) {
    return IntStream.range(0, count).mapToObj(label).map(Board::place).toList();
  }

  // ---- backward

  @Override public void error(int u) {
    board.show(of("δh", u) + " = " + of("h", u) + " − " + of("y", u), at("h", u) + " − " + at("y", u), gradient("h", u),
        difference("h", u));
  }

  @Override public void weights(Block b, String delta, int u) {
    for (int k = 0; k < n.inputs() && b.w() >= 0; k++) gradient(b, "W", b.w(), x(k), delta, k, u);
    for (int k = 0; k < n.units() && b.r() >= 0; k++) gradient(b, "R", b.r(), of("h'", k), delta, k, u);
    if (b.b() >= 0) show("δ" + of(b.of("b"), u) + " = " + delta, Board.place(delta), "rnn.b", place(b.b(), u));
  }

  private void gradient(Block b, String matrix, int block, String by, String delta, int k, int u) {
    show("δ" + weight(b.of(matrix), k, u) + " = " + by + " · " + delta, Board.times(Board.place(by), Board.place(delta)), "rnn." + matrix,
        index(matrix, k, block, u));
  }

  private void show(String equation, String worked, String array, int i) {
    board.show(equation, worked, n.traced().gradient(array, i), n.traced().difference(array, i));
  }

  @Override public void own(String letter, int i, String delta, String by, int u) {
    show("δ" + of(letter, u) + " = " + delta + " ⊙ " + by, Board.times(at(delta, u), at(by, u)), "rnn.p", place(i, u));
  }

  @Override public void input() {
    for (int k = 0; k < n.inputs(); k++) {
      var terms = new ArrayList<String>();
      for (var b : blocks) {
        for (int u : units()) if (b.w() >= 0) terms.add(Board.times(at(b.delta(), u), Board.place(weight(b.of("W"), k, u))));
      }
      show("δ" + x(k) + " = Σ δa Wᵀ", Board.plus(terms), "x", k);
    }
  }

  @Override public void before(String equation, String direct) {
    for (int k : units()) {
      var terms = new ArrayList<String>();
      if (!direct.isEmpty()) terms.add(direct.replace("#", n.units() == 1 ? "" : "[" + (k + 1) + "]"));
      for (var b : blocks) {
        for (int u : units()) if (b.r() >= 0) terms.add(Board.times(at(b.delta(), u), Board.place(weight(b.of("R"), k, u))));
      }
      show("δ" + of("h'", k) + " = " + equation, Board.plus(terms), "rnn.h0", k);
    }
  }
}
