package org.unroll.reference;

import java.util.List;

/** One step of a recurrence: its forward equations as the papers print them. Letters as in docs/notation.md. */
public sealed interface ReferenceCell permits ElmanEquations, IndRnnEquations, LstmEquations, Lstm1997Equations, GruAfterEquations,
    GruBeforeEquations, MguEquations, MinGruEquations, MinLstmEquations, SlstmEquations {

  /** How many blocks W, R, b and p have, and whether there is an S. */
  CellWeights.Sizes sizes();

  /** How many slots of state. */
  int states();

  /** Their names; {@code name + "0"} are the arrays of the initial ones. */
  default List<String> slots() { return List.of("h", "c").subList(0, states()); }

  /**
   * The states after a step.
   *
   * @param w the weights
   * @param x the step's input, [X]
   * @param before the states before it, [states][H]; in the order of {@link #slots}; slot 0 is h
   * @return the same shape
   */
  int[][] step(CellWeights w, int[] x, int[][] before);

  /** The names that {@link #named} knows. */
  List<String> NAMES = List.of("elman", "elman-relu", "elman-identity", "indrnn", "indrnn-tanh", "lstm", "lstm-peephole",
      "lstm-coupled", "lstm-coupled-peephole", "lstm-1997", "gru", "gru-write", "gru-before", "gru-before-write", "mgu", "mingru",
      "minlstm", "slstm");

  /** The cell of this name. "Write" has the update gate of the other sign, z writes: h = (1 − z) h' + z n. */
  static ReferenceCell named(String name) {
    return switch (name) {
      case "elman" -> new ElmanEquations(ElmanEquations.Activation.TANH);
      case "elman-relu" -> new ElmanEquations(ElmanEquations.Activation.RELU);
      case "elman-identity" -> new ElmanEquations(ElmanEquations.Activation.IDENTITY);
      case "indrnn" -> new IndRnnEquations(false);
      case "indrnn-tanh" -> new IndRnnEquations(true);
      case "lstm" -> new LstmEquations(false, false);
      case "lstm-peephole" -> new LstmEquations(true, false);
      case "lstm-coupled" -> new LstmEquations(false, true);
      case "lstm-coupled-peephole" -> new LstmEquations(true, true);
      case "lstm-1997" -> new Lstm1997Equations();
      case "gru" -> new GruAfterEquations(false);
      case "gru-write" -> new GruAfterEquations(true);
      case "gru-before" -> new GruBeforeEquations(false);
      case "gru-before-write" -> new GruBeforeEquations(true);
      case "mgu" -> new MguEquations();
      case "mingru" -> new MinGruEquations();
      case "minlstm" -> new MinLstmEquations();
      case "slstm" -> new SlstmEquations();
      default -> throw new IllegalArgumentException("reference cell: name is " + name + ", must be one of " + NAMES);
    };
  }
}
