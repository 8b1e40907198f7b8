package org.unroll.bench.onnx;

import org.unroll.bench.TorchOrder;

/**
 * An ONNX file of one recurrent layer, as bytes: IR version 8, operator set 14. The weights are {@link TorchOrder}'s with their
 * blocks in ONNX's order.
 * <pre>
 *   LSTM   W, R, B: i o f c     of PyTorch's i f g o
 *   GRU    W, R, B: z r h       of PyTorch's r z n; linear_before_reset = 1
 *   RNN    W, R, B: one block, tanh
 * </pre>
 * Inputs {@code X [T, B, I]}, and where the state is fed {@code h}, {@code c [1, B, H]}; outputs {@code Y [T, 1, B, H]} or
 * {@code h_out}, {@code c_out}. An LSTM alone has c.
 */
final class OnnxModel {
  // fields of onnx.proto
  private static final int MODEL_IR = 1, MODEL_PRODUCER = 2, MODEL_GRAPH = 7, MODEL_OPERATORS = 8, OPERATORS_VERSION = 2;
  private static final int GRAPH_NODE = 1, GRAPH_NAME = 2, GRAPH_INITIALIZER = 5, GRAPH_INPUT = 11, GRAPH_OUTPUT = 12;
  private static final int NODE_INPUT = 1, NODE_OUTPUT = 2, NODE_TYPE = 4, NODE_ATTRIBUTE = 5;
  private static final int ATTRIBUTE_NAME = 1, ATTRIBUTE_INT = 3, ATTRIBUTE_TYPE = 20, TYPE_INT = 2;
  private static final int TENSOR_DIM = 1, TENSOR_TYPE = 2, TENSOR_NAME = 8, TENSOR_RAW = 9, FLOAT = 1;
  private static final int VALUE_NAME = 1, VALUE_TYPE = 2, TYPE_TENSOR = 1, OF_ELEMENTS = 1, OF_SHAPE = 2;
  private static final int SHAPE_DIM = 1, DIM_VALUE = 1;

  private OnnxModel() {}

  /** @param fed whether the state is an input, and the last state the output, instead of y */
  static byte[] of(String cell, TorchOrder w, int T, int B, int I, int H, boolean fed) {
    int[] order = order(cell);
    int G = order.length;
    boolean lstm = cell.equals("lstm");
    var graph = new Message().text(GRAPH_NAME, "layer").message(GRAPH_NODE, node(cell, H, fed))
        .message(GRAPH_INITIALIZER, tensor("W", blocks(w.ih(), order), 1, G * H, I))
        .message(GRAPH_INITIALIZER, tensor("R", blocks(w.hh(), order), 1, G * H, H))
        .message(GRAPH_INITIALIZER, tensor("B", join(blocks(w.bih(), order), blocks(w.bhh(), order)), 1, 2 * G * H))
        .message(GRAPH_INPUT, value("X", T, B, I));
    if (fed) {
      graph.message(GRAPH_INPUT, value("h", 1, B, H)).message(GRAPH_OUTPUT, value("h_out", 1, B, H));
      if (lstm) graph.message(GRAPH_INPUT, value("c", 1, B, H)).message(GRAPH_OUTPUT, value("c_out", 1, B, H));
    } else {
      graph.message(GRAPH_OUTPUT, value("Y", T, 1, B, H));
    }
    return new Message().integer(MODEL_IR, 8).text(MODEL_PRODUCER, "unroll").message(MODEL_GRAPH, graph)
        .message(MODEL_OPERATORS, new Message().integer(OPERATORS_VERSION, 14)).toBytes();
  }

  /** Which of PyTorch's blocks stands where. */
  private static int[] order(String cell) {
    return switch (cell) {
      case "lstm" -> new int[] {0, 3, 1, 2};
      case "gru" -> new int[] {1, 0, 2};
      case "elman" -> new int[] {0};
      default -> throw new IllegalArgumentException(cell);
    };
  }

  private static Message node(String cell, int H, boolean fed) {
    var n = new Message();
    for (var name : new String[] {"X", "W", "R", "B"}) n.text(NODE_INPUT, name);
    if (fed) n.text(NODE_INPUT, "").text(NODE_INPUT, "h");
    if (fed && cell.equals("lstm")) n.text(NODE_INPUT, "c");
    n.text(NODE_OUTPUT, fed ? "" : "Y");
    if (fed) n.text(NODE_OUTPUT, "h_out");
    if (fed && cell.equals("lstm")) n.text(NODE_OUTPUT, "c_out");
    n.text(NODE_TYPE, cell.equals("elman") ? "RNN" : cell.toUpperCase(java.util.Locale.ROOT));
    n.message(NODE_ATTRIBUTE, attribute("hidden_size", H));
    if (cell.equals("gru")) n.message(NODE_ATTRIBUTE, attribute("linear_before_reset", 1));
    return n;
  }

  private static Message attribute(String name, int value) {
    return new Message().text(ATTRIBUTE_NAME, name).integer(ATTRIBUTE_INT, value).integer(ATTRIBUTE_TYPE, TYPE_INT);
  }

  private static Message tensor(String name, float[] values, int... shape) {
    var t = new Message();
    for (int n : shape) t.integer(TENSOR_DIM, n);
    return t.integer(TENSOR_TYPE, FLOAT).text(TENSOR_NAME, name).floats(TENSOR_RAW, values);
  }

  private static Message value(String name, int... shape) {
    var s = new Message();
    for (int n : shape) s.message(SHAPE_DIM, new Message().integer(DIM_VALUE, n));
    var tensor = new Message().integer(OF_ELEMENTS, FLOAT).message(OF_SHAPE, s);
    return new Message().text(VALUE_NAME, name).message(VALUE_TYPE, new Message().message(TYPE_TENSOR, tensor));
  }

  /** The equal parts of {@code a} in the order {@code order}. */
  private static float[] blocks(float[] a, int[] order) {
    int size = a.length / order.length;
    var b = new float[a.length];
    for (int i = 0; i < order.length; i++) System.arraycopy(a, order[i] * size, b, i * size, size);
    return b;
  }

  private static float[] join(float[] a, float[] b) {
    var j = java.util.Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, j, a.length, b.length);
    return j;
  }
}
