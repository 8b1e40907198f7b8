package org.unroll.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.unroll.reference.ReferenceLayer.Dense;
import org.unroll.reference.ReferenceLayer.Recurrent;
import org.unroll.reference.ReferenceLoss.At;

/** LSTM and GRU against numbers that PyTorch computed in float64: outputs, loss and every gradient. */
class PyTorchTest {
  private static final int X = 2;
  private static final int H = 3;
  private static final int K = 3;
  private static final double BAR = 1e-12;
  private final Map<String, double[]> gold = read();
  private String kind = "LSTM";

  @Test void lstm_agrees_on_outputs_loss_and_every_gradient() {
    var r = run("lstm", matrix("weight_hh_l0", 0, 1, 2, 3), biases());
    assertArrayEquals(matrix("dweight_hh_l0", 0, 1, 2, 3), r.get("r.R"), BAR);
    assertArrayEquals(of("dbias_ih_l0"), r.get("r.b"), BAR);
    assertArrayEquals(of("dc0"), r.get("r.c0"), BAR);
  }

  /** PyTorch's blocks are r z n on both sides; ours of R are q r z, of b q r z n, with q the recurrent half of n. */
  @Test void gru_with_reset_after_agrees_on_outputs_loss_and_every_gradient() {
    double[] bh = gold.get("GRU.bias_hh_l0");
    double[] bi = gold.get("GRU.bias_ih_l0");
    var b = new double[4 * H];
    for (int k = 0; k < H; k++) {
      b[k] = bh[2 * H + k];
      b[H + k] = bi[k] + bh[k];
      b[2 * H + k] = bi[H + k] + bh[H + k];
      b[3 * H + k] = bi[2 * H + k];
    }
    kind = "GRU";
    var r = run("gru", matrix("weight_hh_l0", 2, 0, 1), b);
    assertArrayEquals(matrix("dweight_hh_l0", 2, 0, 1), r.get("r.R"), BAR);
    assertArrayEquals(Arrays.copyOfRange(of("dbias_hh_l0"), 2 * H, 3 * H), Arrays.copyOf(r.get("r.b"), H), BAR);
    assertArrayEquals(of("dbias_ih_l0"), Arrays.copyOfRange(r.get("r.b"), H, 4 * H), BAR);
  }

  private Map<String, double[]> run(String cell, double[] R, double[] b) {
    int[] all = kind.equals("LSTM") ? new int[] {0, 1, 2, 3} : new int[] {0, 1, 2};
    var v = new LinkedHashMap<>(Map.of("x", of("x"), "r.W", matrix("weight_ih_l0", all), "r.R", R, "r.b", b, "r.h0", of("h0"),
        "o.W", WorkedExample.transpose(of("head.weight"), K, H), "o.b", of("head.bias")));
    if (gold.containsKey(kind + ".c0")) v.put("r.c0", of("c0"));
    var targets = new int[2][4];
    for (int i = 0; i < 8; i++) targets[i / 4][i % 4] = (int) of("targets")[i];
    var layer = new Recurrent("r", cell, X, H, false);
    var loss = new ReferenceLoss.SoftmaxCrossEntropy(At.EVERY_STEP, targets, 1);
    var r = new ReferenceModel(layer, new Dense("o", H, K, null)).run(Sequences.ofVectors(X, 4, 4), v, loss);
    v.keySet().removeIf(name -> name.startsWith("o."));
    var y = new ReferenceModel(layer).run(Sequences.ofVectors(X, 4, 4), v, new ReferenceLoss.Linear(new double[8 * H], Map.of()));
    assertArrayEquals(of("y"), y.y(), BAR);
    assertEquals(of("loss")[0], r.loss(), BAR);
    assertArrayEquals(of("dx"), r.gradients().get("x"), BAR);
    assertArrayEquals(of("dh0"), r.gradients().get("r.h0"), BAR);
    assertArrayEquals(matrix("dweight_ih_l0", all), r.gradients().get("r.W"), BAR);
    assertArrayEquals(WorkedExample.transpose(of("dhead.weight"), K, H), r.gradients().get("o.W"), BAR);
    assertArrayEquals(of("dhead.bias"), r.gradients().get("o.b"), BAR);
    return r.gradients();
  }

  private double[] of(String name) { return gold.get(kind + "." + name); }

  /** PyTorch's two biases as the one they make. */
  private double[] biases() {
    double[] b = of("bias_ih_l0").clone();
    for (int i = 0; i < b.length; i++) b[i] += of("bias_hh_l0")[i];
    return b;
  }

  /** Blocks of a PyTorch matrix, outputs × inputs, in this order, as inputs × outputs. */
  private double[] matrix(String name, int... blocks) {
    double[] m = of(name);
    int inputs = m.length / (blocks.length * H);
    var picked = new double[m.length];
    for (int j = 0; j < blocks.length; j++) System.arraycopy(m, blocks[j] * H * inputs, picked, j * H * inputs, H * inputs);
    return WorkedExample.transpose(picked, blocks.length * H, inputs);
  }

  private static Map<String, double[]> read() {
    var all = new HashMap<String, double[]>();
    try (InputStream in = PyTorchTest.class.getResourceAsStream("/pytorch-2.13.txt")) {
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().skip(1).toList()) {
        String[] words = line.split(" ");
        all.put(words[0], Arrays.stream(words).skip(1).mapToDouble(Double::parseDouble).toArray());
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return all;
  }
}
