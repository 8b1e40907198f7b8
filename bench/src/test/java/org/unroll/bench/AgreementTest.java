package org.unroll.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.unroll.kernel.Precision;

/** Our engine gives libtorch's outputs and gradients, for every kind of job and in each of libtorch's ways. */
class AgreementTest {

  static Stream<Arguments> jobs() {
    var layers = Stream.of("lstm", "gru", "elman").flatMap(c -> Stream.of(Jobs.withStates(c, 1, 1, 3, 5),
        Jobs.withStates(c, 9, 5, 7, 19), Jobs.withStates(c, 20, 8, 24, 48), Jobs.infer(c, 9, 2, 8, 19),
        Jobs.ragged(c, 12, 5, 7, 19)));
    var others = Stream.of(Jobs.stream("lstm", 7, 9, 20), Jobs.deep(9, 5, 7, 12, 50), Jobs.softmax(20, 12, 300),
        Jobs.crf(Kind.CRF, 9, 5, 7), Jobs.crf(Kind.VITERBI, 9, 5, 7), Jobs.model(6, 4, 5, 16, 11, 3));
    return Stream.concat(layers, others)
        .flatMap(j -> new Libtorch().modes(j).stream().map(m -> Arguments.of(j.kind() + " " + j.cell(), m, j)));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("jobs")
  void engine_sameJob_agreesWithLibtorch(String name, String mode, Job job) throws Exception {
    var theirs = new Libtorch().enter(job, mode, 1);
    for (int threads : new int[] {1, 2}) {
      var a = Agreement.of(job.kind(), ours(job).apply(threads).outcome(), theirs.outcome());
      assertTrue(a.holds(), a.toString());
      var again = Agreement.of(job.kind(), ours(job).apply(threads).outcome(), theirs.outcome());
      assertEquals(a, again, "an outcome leaves no trace");
    }
  }

  /** Our contestant for a job, by the number of threads. */
  static IntFunction<Contestant> ours(Job job) {
    return threads -> switch (job.kind()) {
      case TRAIN, INFER, RAGGED -> new OurLayer(job, threads);
      case STREAM -> new OurStream(job, threads, Precision.FP32);
      case DEEP -> new OurDeep(job, threads);
      case MODEL -> new OurModel(job, threads);
      case SOFTMAX, CRF, VITERBI -> new OurHeads(job, threads);
    };
  }

  @Test
  void of_otherWeights_doesNotHold() throws Exception {
    var job = Jobs.train("lstm", 3, 2, 4, 6);
    var theirs = new Libtorch().enter(job, "nn::LSTM", 1);
    job.values("W")[0] += 0.01f;
    assertFalse(Agreement.of(job.kind(), new OurLayer(job, 1).outcome(), theirs.outcome()).holds());
  }

  @Test
  void of_knownDifferences_areThoseOfTheLargestValue() {
    Outcome a = new Outcome(), b = new Outcome();
    a.outputs().put("loss", new float[] {8, 1});
    b.outputs().put("loss", new float[] {10, 1});
    for (var name : Kind.SOFTMAX.gradients()) {
      a.gradients().put(name, new float[] {0.5f});
      b.gradients().put(name, new float[] {0.25f});
    }
    assertEquals(new Agreement(0.2, 1), Agreement.of(Kind.SOFTMAX, a, b));
    b.outputs().put("loss", new float[] {Float.NaN, 1});
    assertEquals(Double.POSITIVE_INFINITY, Agreement.of(Kind.SOFTMAX, a, b).output());
  }

  @Test
  void of_missingGradient_isRefused() {
    var a = new Outcome();
    a.outputs().put("loss", new float[1]);
    assertThrows(IllegalArgumentException.class, () -> Agreement.of(Kind.SOFTMAX, a, a));
  }

  @Test
  void of_bits_zeroesOfTwoSignsDiffer() {
    Outcome a = new Outcome(), b = new Outcome();
    a.outputs().put("h", new float[] {0f});
    b.outputs().put("h", new float[] {-0f});
    assertTrue(Agreement.of(Jobs.sizes(), a, b, true).output() > 0);
    assertEquals(0, Agreement.of(Jobs.sizes(), a, a, true).output());
  }

  @Test
  void of_cellWithoutR_comparesTheRest() throws Exception {
    var job = Jobs.train("mingru", 5, 3, 4, 6);
    var a = Agreement.of(job, new OurLayer(job, 1).outcome(), new OurLayer(job, 2).outcome(), true);
    assertEquals(new Agreement(0, 0), a);
  }
}
