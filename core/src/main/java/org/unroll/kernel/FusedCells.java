package org.unroll.kernel;

import java.util.EnumMap;
import java.util.Map;

/** The fused cells on vectors. They hold nothing but their kind, so one of each serves all threads. */
final class FusedCells {
  private FusedCells() {}

  static Map<Fused.Of, Fused> all() {
    var all = new EnumMap<Fused.Of, Fused>(Fused.Of.class);
    for (var cell : Fused.Of.values()) all.put(cell, of(cell));
    return all;
  }

  private static Fused of(Fused.Of cell) {
    return switch (cell) {
      case LSTM -> new VectorLstm(false);
      case LSTM_PEEPHOLE -> new VectorLstm(true);
      case LSTM_COUPLED -> new VectorCoupledLstm(true, false);
      case LSTM_COUPLED_PEEPHOLE -> new VectorCoupledLstm(true, true);
      case LSTM_1997 -> new VectorCoupledLstm(false, false);
      case GRU -> new VectorGru(true);
      case GRU_WRITE -> new VectorGru(false);
      case GRU_BEFORE -> VectorSecond.gru(true);
      case GRU_BEFORE_WRITE -> VectorSecond.gru(false);
      case MGU -> VectorSecond.mgu();
      case ELMAN_TANH -> new VectorElman(Activation.TANH, false);
      case ELMAN_RELU -> new VectorElman(Activation.RELU, false);
      case ELMAN_IDENTITY -> new VectorElman(Activation.IDENTITY, false);
      case INDRNN_TANH -> new VectorElman(Activation.TANH, true);
      case INDRNN_RELU -> new VectorElman(Activation.RELU, true);
      case MINGRU -> new VectorMinGru();
      case MINLSTM -> new VectorMinLstm();
      case SLSTM -> new VectorSlstm();
    };
  }
}
