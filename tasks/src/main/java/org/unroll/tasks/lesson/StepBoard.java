package org.unroll.tasks.lesson;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * One step of a cell on a board: names of numbers, and what every cell has, an affine map of x and h'. Letters carry indices where
 * there is more than one of them: {@code x[2]}, {@code W_f[2,1]}, {@code f[1]}; of a wide layer one unit is shown, and its
 * products with matrices as one number each.
 */
final class StepBoard {
  /** What is written out term by term. */
  private static final int WRITTEN = 3;

  /**
   * A block of pre-activations.
   *
   * @param letter of its gate; empty where there is one block alone
   * @param w its place among the blocks of W, −1 for none
   * @param r of R
   * @param b of b
   */
  record Block(String letter, int w, int r, int b) {
    String of(String matrix) { return letter.isEmpty() ? matrix : matrix + "_" + letter; }
  }

  final Board board;
  final LayerNumbers n;
  private final List<Block> blocks;
  private final OneUnit one;
  private final int[] units;

  StepBoard(Board board, LayerNumbers n, List<Block> blocks) { this(board, n, blocks, null); }

  StepBoard(Board board, OneUnit one, List<Block> blocks) { this(board, one.numbers(), blocks, one); }

  private StepBoard(Board board, LayerNumbers n, List<Block> blocks, OneUnit one) {
    this.board = board;
    this.n = n;
    this.blocks = blocks;
    this.one = one;
    this.units = IntStream.range(0, n.units()).toArray();
  }

  /** Those that are shown, from 0. */
  int[] units() { return units; }

  /** Whether sums over all units are written out: all are shown. */
  boolean whole() { return one == null; }

  private boolean fewInputs() { return one == null && n.inputs() <= WRITTEN; }

  /** A letter of a unit. */
  String of(String letter, int u) { return n.units() == 1 ? letter : letter + "[" + (u + 1) + "]"; }

  /** Where its number goes in a worked formula. */
  String at(String letter, int u) { return Board.place(of(letter, u)); }

  private String x(int k) { return n.inputs() == 1 ? "x" : "x[" + (k + 1) + "]"; }

  String weight(String matrix, int row, int u) {
    boolean scalar = n.units() == 1 && (n.inputs() == 1 || !matrix.startsWith("W"));
    return scalar ? matrix : matrix + "[" + (row + 1) + "," + (u + 1) + "]";
  }

  // ---- what is given

  /** x, the state before, and the weights, as far as they are written out. */
  void inputs(List<String> slots) {
    for (int k = 0; k < n.inputs() && fewInputs(); k++) board.given(x(k), n.traced().value("x", k));
    for (var slot : slots) for (int u : units) board.given(of(slot + "'", u), n.traced().value("rnn." + slot + "0", u));
    for (var b : blocks) {
      for (int u : units) {
        if (b.w() >= 0 && fewInputs()) for (int k = 0; k < n.inputs(); k++) board.given(weight(b.of("W"), k, u), w(b, k, u));
        if (b.r() >= 0 && whole()) for (int k = 0; k < n.units(); k++) board.given(weight(b.of("R"), k, u), r(b, k, u));
        if (b.b() >= 0) board.given(of(b.of("b"), u), one != null ? one.b()[b.b()] : n.traced().value("rnn.b", b.b() * n.units() + u));
      }
    }
  }

  private double w(Block b, int k, int u) { return n.traced().value("rnn.W", at(n.cols("W"), k, b.w(), u)); }

  private double r(Block b, int k, int u) { return n.traced().value("rnn.R", at(n.cols("R"), k, b.r(), u)); }

  private int at(int cols, int row, int block, int u) { return row * cols + block * n.units() + u; }

  // ---- forward

  /** The terms of a's block for unit u: products written out, or one number each, shown before; then b. */
  String affine(Block b, int u) {
    var terms = new ArrayList<String>();
    if (b.w() >= 0) terms.add(fewInputs() ? Board.dot(places(n.inputs(), this::x), places(n.inputs(), k -> weight(b.of("W"), k, u)))
        : board.given("x " + b.of("W"), one.xW()[b.w()]));
    if (b.r() >= 0) terms.add(whole()
        ? Board.dot(places(n.units(), k -> of("h'", k)), places(n.units(), k -> weight(b.of("R"), k, u)))
        : board.given("h' " + b.of("R"), one.hR()[b.r()]));
    if (b.b() >= 0) terms.add(at(b.of("b"), u));
    return Board.plus(terms);
  }

  /** The equation of the same. */
  static String affine(Block b) {
    var terms = new ArrayList<String>();
    if (b.w() >= 0) terms.add("x " + b.of("W"));
    if (b.r() >= 0) terms.add("h' " + b.of("R"));
    if (b.b() >= 0) terms.add(b.of("b"));
    return Board.plus(terms);
  }

  static List<String> places(int count, IntFunction<String> label) {
    return IntStream.range(0, count).mapToObj(label).map(Board::place).toList();
  }

  // ---- backward

  /** δW and δR of a block whose pre-activation has the gradient {@code delta}. */
  void weights(Block b, String delta, int u) {
    if (b.w() >= 0 && fewInputs()) {
      for (int k = 0; k < n.inputs(); k++) gradient(b, "W", b.w(), x(k), delta, k, u);
    }
    if (b.r() >= 0 && whole()) for (int k = 0; k < n.units(); k++) gradient(b, "R", b.r(), of("h'", k), delta, k, u);
    if (b.b() >= 0 && !whole()) {
      int i = b.b() * n.units() + u;
      board.show("δ" + of(b.of("b"), u) + " = " + delta, Board.place(delta), n.traced().gradient("rnn.b", i),
          n.traced().difference("rnn.b", i));
    }
  }

  private void gradient(Block b, String matrix, int block, String by, String delta, int k, int u) {
    int i = at(n.cols(matrix), k, block, u);
    board.show("δ" + weight(b.of(matrix), k, u) + " = " + by + " · " + delta, Board.times(Board.place(by), Board.place(delta)),
        n.traced().gradient("rnn." + matrix, i), n.traced().difference("rnn." + matrix, i));
  }

  /** δx, where all units are shown. */
  void input() {
    if (!whole() || !fewInputs()) return;
    for (int k = 0; k < n.inputs(); k++) {
      var terms = new ArrayList<String>();
      for (var b : blocks) {
        if (b.w() < 0) continue;
        for (int u : units) terms.add(Board.times(at(b.of("δa"), u), Board.place(weight(b.of("W"), k, u))));
      }
      board.show("δ" + x(k) + " = Σ δa Wᵀ", Board.plus(terms), n.traced().gradient("x", k), n.traced().difference("x", k));
    }
  }

  /**
   * δh', what reaches the state before; where all units are shown.
   *
   * @param direct a term besides those through R, with {@code #} for the unit; empty for none
   */
  void before(String equation, String direct) {
    if (!whole()) return;
    for (int k : units) {
      var terms = new ArrayList<String>();
      if (!direct.isEmpty()) terms.add(direct.replace("#", n.units() == 1 ? "" : "[" + (k + 1) + "]"));
      for (var b : blocks) {
        if (b.r() < 0) continue;
        for (int u : units) {
          terms.add(Board.times(Board.place(of("δ" + (b.letter().equals("q") ? "q" : b.of("a")), u)),
              Board.place(weight(b.of("R"), k, u))));
        }
      }
      board.show("δ" + of("h'", k) + " = " + equation, Board.plus(terms), n.traced().gradient("rnn.h0", k),
          n.traced().difference("rnn.h0", k));
    }
  }
}
