package org.unroll.reference;

import java.util.List;

/** One step of a recurrence: its forward equations as the papers print them. Letters as in docs/notation.md. */
public sealed interface ReferenceCell permits ElmanEquations, IndRnnEquations, LstmEquations, Lstm1997Equations, GruAfterEquations,
    GruBeforeEquations, MguEquations, MinGruEquations, MinLstmEquations, SlstmEquations,
    NormedEquations {

  /** How many blocks W, R, b and p have, and whether there is an S. */
  CellWeights.Sizes sizes();

  /** Numbers in p. */
  default int own(int units) { return sizes().perUnit() * units; }

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

  /** The names that {@link #named} knows, and of those with layer normalisation the plainest. */
  List<String> NAMES = List.of("elman", "elman-relu", "elman-identity", "indrnn", "indrnn-tanh", "lstm", "lstm-peephole",
      "lstm-coupled", "lstm-coupled-peephole", "lstm-1997", "gru", "gru-write", "gru-before", "gru-before-write", "mgu", "mingru",
      "minlstm", "slstm", "elman-ln", "elman-ln-sum", "lstm-ln", "lstm-ln-sum", "gru-ln", "gru-ln-sum");

  /**
   * The cell of this name. "Write" has the update gate of the other sign, z writes: h = (1 − z) h' + z n. Behind "-ln", layer
   * normalisation, may stand "-sum", "-unbiased" and "-scalar", in this order: see {@link NormedEquations}. ε is 1e-5.
   */
  static ReferenceCell named(String name) {
    var cell = find(name);
    if (cell != null) return cell;
    throw new IllegalArgumentException("reference cell: name is " + name + ", must be one of " + NAMES);
  }

  /** Whether {@link #named} knows it. */
  static boolean knows(String name) { return find(name) != null; }

  private static ReferenceCell find(String name) {
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
      case String n when n.matches("(elman|elman-relu|elman-identity|lstm|gru|gru-write)-ln(-sum)?(-unbiased)?(-scalar)?") ->
          new NormedEquations(named(n.substring(0, n.indexOf("-ln"))), n.contains("-sum"), n.contains("-unbiased"),
              n.contains("-scalar"), 1e-5f);
      default -> null;
    };
  }
}
