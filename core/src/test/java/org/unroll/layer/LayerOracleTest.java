package org.unroll.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.unroll.layer.Try.HALF;
import static org.unroll.layer.Try.INITS;
import static org.unroll.layer.Try.RAGGED;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.unroll.cell.Cells;
import org.unroll.check.GradCheck;
import org.unroll.head.Head;
import org.unroll.head.Softmax;
import org.unroll.head.SquaredError;
import org.unroll.layer.Recurrent.Direction;
import org.unroll.slab.Batch;
import org.unroll.slab.Params;
import org.unroll.slab.Slab;

/** Layers, compositions and heads: production in float against the reference, values and gradients. */
class LayerOracleTest {
  private final Params ps = new Params();

  private Recurrent recurrent(String name, String cell, Input in, int units, Direction d) {
    return Recurrent.of(name, Cells.find(cell), in, units, d, INITS, ps);
  }

  private void agrees(Layer layer, Batch x) {
    Try.random(ps, 3);
    agrees(layer, x, Try.run(ps));
  }

  /** Twice: on new memory, and on memory that was used before and is full of NaN. */
  private static void agrees(Layer layer, Batch x, Run run) {
    agrees(GradCheck.layer(layer, x, run, 5, 0));
    run.ws().reset();
    agrees(GradCheck.layer(layer, x, run, 5, 0));
  }

  private static void agrees(Layer body, Head<Slab> head, Batch x, Slab target, Run run) {
    agrees(GradCheck.model(body, head, x, target, run, 5, 0));
    run.ws().reset();
    agrees(GradCheck.model(body, head, x, target, run, 5, 0));
  }

  private static void agrees(GradCheck.Report report) {
    assertEquals(GradCheck.Against.REFERENCE, report.against());
    assertTrue(report.passed(), report::toString);
  }

  @Test void embedding_equalsTheReference() {
    agrees(Embedding.of("e", 6, 5, HALF, ps), Try.symbols(RAGGED, 4, 6, 1));
  }

  @Test void dense_equalsTheReference() {
    agrees(Dense.of("d", 7, 70, HALF, ps), Try.vectors(RAGGED, 4, 7, 1));
  }

  @Test void tiedDense_onItsEmbedding_equalsTheReference() {
    var e = Embedding.of("e", 6, 5, HALF, ps);
    agrees(new Chain(List.of(e, TiedDense.of("d", e.E(), ps))), Try.symbols(RAGGED, 4, 6, 1));
  }

  @Test void oneHotInput_anyCell_equalsTheReference() {
    for (String cell : List.of("elman", "lstm-peephole", "gru", "gru-before")) {
      agrees(recurrent(cell, cell, Input.oneHot(6), 19, Direction.FORWARD), Try.symbols(RAGGED, 4, 6, 2));
    }
  }

  @Test void twoLayers_equalTheReference() {
    var chain = new Chain(List.of(recurrent("a", "lstm", Input.of(3), 5, Direction.FORWARD),
        recurrent("b", "gru", Input.of(5), 17, Direction.FORWARD)));
    agrees(chain, Try.vectors(RAGGED, 4, 3, 1));
  }

  @Test void bidirectionalLayers_equalTheReference() {
    var one = new Concat(List.of(recurrent("a", "lstm", Input.of(3), 5, Direction.FORWARD),
        recurrent("b", "gru", Input.of(3), 4, Direction.BACKWARD)));
    var two = new Concat(List.of(recurrent("c", "gru-before", Input.of(9), 5, Direction.FORWARD),
        recurrent("d", "elman", Input.of(9), 6, Direction.BACKWARD)));
    agrees(new Chain(List.of(one, two)), Try.vectors(RAGGED, 4, 3, 1));
  }

  @Test void dropoutInTraining_equalsTheReferenceWithItsMask() {
    var chain = new Chain(List.of(Embedding.of("e", 6, 5, HALF, ps), new Dropout(5, 0.4, 1),
        recurrent("a", "lstm", Input.of(5), 8, Direction.FORWARD), new Dropout(8, 0.25, 2),
        recurrent("b", "lstm-coupled", Input.of(8), 6, Direction.FORWARD)));
    Try.random(ps, 3);
    agrees(chain, Try.symbols(RAGGED, 4, 6, 1), Try.training(ps, 17));
  }

  @Test void fullBatches_equalTheReference() {
    var x = Try.vectors(new int[] {3, 3, 3}, 3, 3, 1);
    agrees(new Chain(List.of(recurrent("a", "gru", Input.of(3), 5, Direction.FORWARD), Dense.of("d", 5, 4, HALF, ps))), x);
    for (var at : Head.At.values()) {
      agrees(recurrent("b" + at, "elman", Input.of(3), 5, Direction.FORWARD),
          new SquaredError(Dense.of("out" + at, 5, 4, HALF, ps), at), x, Try.numbers(3, 3, 4, 2), Try.run(Try.random(ps, 3)));
    }
  }

  @Test void manyRows_equalTheReference() {
    var x = Try.vectors(new int[] {20, 18, 17, 3}, 20, 3, 1);
    agrees(recurrent("a", "gru-before-write", Input.of(3), 5, Direction.BACKWARD), x);
  }

  static Stream<Head.At> at() { return Stream.of(Head.At.values()); }

  @ParameterizedTest
  @MethodSource("at")
  void softmaxOnALanguageModel_equalsTheReference(Head.At at) {
    var e = Embedding.of("e", 6, 5, HALF, ps);
    var body = new Chain(List.of(e, recurrent("a", "lstm", Input.of(5), 5, Direction.FORWARD)));
    var own = new Softmax(Dense.of("out", 5, 6, HALF, ps), at);
    var tied = new Softmax(TiedDense.of("tied", e.E(), ps), at);
    Try.random(ps, 3);
    var x = Try.symbols(RAGGED, 4, 6, 1);
    var target = Try.symbols(RAGGED, 4, 6, 2).x();
    agrees(body, own, x, target, Try.run(ps));
    agrees(GradCheck.model(body, tied, x, target, Try.run(ps), 5, 0));
  }

  @ParameterizedTest
  @MethodSource("at")
  void squaredErrorOnARegression_equalsTheReference(Head.At at) {
    var body = recurrent("a", "gru", Input.of(3), 5, Direction.FORWARD);
    var head = new SquaredError(Dense.of("out", 5, 3, HALF, ps), at);
    Try.random(ps, 3);
    agrees(GradCheck.model(body, head, Try.vectors(RAGGED, 4, 3, 1), Try.numbers(7, 4, 3, 2), Try.run(ps), 5, 0));
  }
}
