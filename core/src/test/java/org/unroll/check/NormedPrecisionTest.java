package org.unroll.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.unroll.cell.Cells;
import org.unroll.head.Head;
import org.unroll.kernel.Kernels;
import org.unroll.model.Network;
import org.unroll.model.Spec;
import org.unroll.model.Start;
import org.unroll.slab.Params;
import org.unroll.slab.Philox;

/** Float gradients of cells with layer normalisation over many draws: above 1e-6 only as far as rounding alone moves them. */
class NormedPrecisionTest {
  private static final Start START = Start.of(Start.Kind.GLOROT);

  /** Weights as {@code unroll gradcheck} draws them. */
  static Params drawn(Network network, long seed) {
    var params = network.shape().copy();
    params.initialise(new Philox(seed, Philox.Stream.INIT));
    var random = new SplittableRandom(seed);
    for (int i = 0; i < params.size(); i++) params.array()[i] += (float) (0.4 * random.nextDouble() - 0.2);
    params.touch();
    return params;
  }

  /** Both reports of each of {@code seeds} draws of a network, without differences. */
  static Stream<GradCheck.Report> reports(Spec spec, int seeds) {
    var network = Network.build(spec);
    return LongStream.rangeClosed(1, seeds).boxed().flatMap(seed ->
        ModelCheck.of(network, drawn(network, seed), Kernels.scalar(), seed, 0).stream().map(ModelCheck.Part::report));
  }

  private static Spec spec(String cell, int units) {
    return new Spec(new Spec.Symbols(11), List.of(new Spec.Embedding(6, START), new Spec.Recurrent(cell, units, Spec.Direction.FORWARD, 1, START,
        START)), new Spec.Softmax(11, false, Head.At.EVERY_STEP, START));
  }

  static Stream<String> normed() { return Stream.concat(Cells.names().stream(), Cells.more().stream()).filter(c -> c.contains("-ln")); }

  /** @return the largest error, the largest share of its bar of a row that is above 1e-6 */
  private static double[] worst(String cell, int units, int seeds) {
    var all = new ArrayList<GradCheck.Row>();
    reports(spec(cell, units), seeds).forEach(r -> {
      assertEquals(GradCheck.Against.REFERENCE, r.against());
      assertTrue(r.passed(), () -> cell + "\n" + r);
      all.addAll(r.rows());
    });
    return new double[] {all.stream().mapToDouble(GradCheck.Row::error).max().orElseThrow(),
        all.stream().filter(r -> r.error() > 1e-6).mapToDouble(r -> r.error() / r.tolerance()).max().orElse(0)};
  }

  @Test void draw23_ofALayerNormedLstm_passes() {
    for (int units : new int[] {8, 24}) {
      for (var part : ModelCheck.of(Network.build(spec("lstm-ln", units)), drawn(Network.build(spec("lstm-ln", units)), 23), Kernels.scalar(), 23, 0)) {
        assertTrue(part.report().passed(), part.report()::toString);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("normed")
  void anyNormedCell_overSomeDraws_isWithinItsBar(String cell) { worst(cell, 8, 4); }

  @Tag("slow")
  @ParameterizedTest
  @MethodSource("normed")
  void anyNormedCell_over40Draws_isWithinItsBar(String cell) {
    for (int units : new int[] {8, 24}) {
      double[] worst = worst(cell, units, 40);
      System.out.printf("%s, %d units: largest error %.1e, at most %.2f of its bar%n", cell, units, worst[0], worst[1]);
      assertTrue(worst[1] < 0.9, "the bar has no room");
    }
  }
}
