package org.unroll.tasks.lesson;

import java.util.ArrayList;
import java.util.List;

/**
 * One step of a cell on a board: names of numbers, and what every cell has, an affine map of x and h'. All units of a small layer, or
 * one unit of a wide one.
 */
sealed interface StepBoard permits WholeBoard, UnitBoard {
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

    /** What its gradient is called: q stands for itself. */
    String delta() { return letter.equals("q") ? "δq" : of("δa"); }
  }

  Board board();

  String cell();

  /** Units that are shown, from 0. */
  int[] units();

  /** A letter of a unit. */
  String of(String letter, int u);

  /** Where its number goes in a worked formula. */
  default String at(String letter, int u) { return Board.place(of(letter, u)); }

  /** Value of a letter of the reference, its gradient and the difference; of {@code a}, {@code u} counts on from block to block. */
  double value(String letter, int u);

  double gradient(String letter, int u);

  double difference(String letter, int u);

  /** Place of unit u in block {@code block} of all pre-activations. */
  default int place(int block, int u) { return block * units().length + u; }

  /** How far the kernels are from the reference at most, relative where the numbers are above 1. */
  double gap();

  /**
   * x, the state before, and the weights, as far as they are written out.
   *
   * @param slots of the state
   * @param own the cell's weights of a unit, in their order: {@code p_i}
   */
  void inputs(List<String> slots, List<String> own);

  /** What R multiplies. */
  default String fed() { return "h'"; }

  /** What the loss is made of: targets, or the gradient from above. */
  void judge();

  /** The terms of a block of unit u, with their numbers. */
  String affine(Block b, int u);

  /** The equation of the same. */
  default String equation(Block b) {
    var terms = new ArrayList<String>();
    if (b.w() >= 0) terms.add("x " + b.of("W"));
    if (b.r() >= 0) terms.add(fed() + " " + b.of("R"));
    if (b.b() >= 0) terms.add(b.of("b"));
    return Board.plus(terms);
  }

  /** What becomes of h: the loss, or the layer's output. */
  void output();

  /** δh. */
  void error(int u);

  /** δW, δR and δb of a block whose pre-activation has the gradient of the label {@code delta}. */
  void weights(Block b, String delta, int u);

  /** δ of weight {@code i} of those of a unit. */
  void own(String letter, int i, String delta, String by, int u);

  /** Gradient of a slot of the state before that no matrix multiplies, {@code c'}: all of it is by the unit itself. */
  double gradientBefore(String slot, int u);

  double differenceBefore(String slot, int u);

  /**
   * δh', what reaches the state before.
   *
   * @param direct a term besides those through R, with {@code #} where a unit's index goes; empty for none
   */
  void before(String equation, String direct);

  /** δx. */
  void input();
}
