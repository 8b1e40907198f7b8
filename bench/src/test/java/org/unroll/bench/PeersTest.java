package org.unroll.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.unroll.bench.dl4j.Dl4jPeer;
import org.unroll.bench.onnx.OnnxPeer;
import org.unroll.bench.python.PythonPeer;

/**
 * Our engine gives what ONNX Runtime and Deeplearning4j give, in all their modes, and what the libraries of a Python give where
 * {@code UNROLL_PYTHON} names its interpreter.
 */
class PeersTest {
  private static final String PYTHON = System.getenv("UNROLL_PYTHON");
  private static final List<String> SLOW = List.of("compile");

  static List<Job> jobs() {
    var layers = Stream.of("lstm", "gru", "elman").flatMap(c -> Stream.of(Jobs.train(c, 1, 1, 3, 5), Jobs.train(c, 9, 5, 7, 19),
        Jobs.infer(c, 9, 2, 8, 19), Jobs.ragged(c, 12, 5, 7, 19), Jobs.stream(c, 7, 9, 20)));
    var others = Stream.of(Jobs.deep(9, 5, 7, 12, 50), Jobs.softmax(20, 12, 300), Jobs.crf(Kind.CRF, 9, 5, 7),
        Jobs.crf(Kind.VITERBI, 9, 5, 7), Jobs.model(6, 4, 5, 16, 11, 3));
    return Stream.concat(layers, others).toList();
  }

  static Stream<Arguments> inProcess() { return Stream.of(new OnnxPeer(), new Dl4jPeer()).flatMap(PeersTest::all); }

  private static Stream<Arguments> all(Peer peer) {
    return jobs().stream().flatMap(j -> peer.modes(j).stream().filter(m -> !SLOW.contains(m)).map(m -> Arguments.of(
        "%s %s %s %s %s".formatted(peer.name(), m, j.kind(), j.cell(), j.sizes()), peer, m, j)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("inProcess")
  void engine_sameJob_agreesWithPeer(String name, Peer peer, String mode, Job job) throws Exception { agrees(peer, mode, job, 1, 2); }

  private static void agrees(Peer peer, String mode, Job job, int... numbers) throws Exception {
    var ours = AgreementTest.ours(job).apply(2).outcome();
    for (int threads : numbers) {
      try (var theirs = peer.enter(job, mode, threads)) {
        theirs.enter();
        var first = theirs.outcome();
        var a = Agreement.of(job.kind(), ours, first);
        assertTrue(a.holds(), peer.name() + " " + mode + " " + job.kind() + ": " + a);
        double[] times = theirs.turn(0, 3, 5);
        assertEquals(3, times.length);
        for (double t : times) assertTrue(t > 0, "a time of " + t);
        var again = Agreement.of(job.kind(), first, theirs.outcome());
        assertTrue(again.output() < 1e-6 && again.gradient() < 1e-5, "an outcome after work: " + again);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"torch", "jax", "keras"})
  void python_sameJobs_agree(String library) throws Exception {
    assumeTrue(PYTHON != null, "UNROLL_PYTHON names no interpreter");
    var peer = new PythonPeer(PYTHON, library);
    try {
      peer.version();
    } catch (Absent e) {
      abort(e.getMessage());
    }
    for (var job : jobs()) {
      if (job.kind() == Kind.TRAIN && job.size("T") == 1) continue;     // each shape is compiled anew by some
      for (var mode : peer.modes(job)) if (!SLOW.contains(mode)) agrees(peer, mode, job, 2);
    }
  }

  @Test
  void python_noInterpreter_isAbsentWithTheReason() {
    var peer = new PythonPeer("/no/such/python", "torch");
    assertEquals("/no/such/python does not start", assertThrows(Absent.class, peer::version).getMessage());
    assertEquals(List.of(), peer.modes(jobs().getFirst()));
    assertEquals("/no/such/python does not start", peer.why(jobs().getFirst()));
  }

  @Test
  void peers_jobTheyCannotDo_haveNoModeAndAReason() {
    var softmax = Jobs.softmax(2, 3, 4);
    assertEquals(List.of(), new OnnxPeer().modes(softmax));
    assertEquals("it infers layers alone", new OnnxPeer().why(softmax));
    assertEquals("Deeplearning4j has no such layer", new Dl4jPeer().why(Jobs.train("gru", 2, 2, 3, 4)));
    assertEquals("not written for this case", new Dl4jPeer().why(softmax));
    assertEquals("ONNX has no such layer", new OnnxPeer().why(Jobs.infer("mingru", 2, 2, 3, 4)));
  }

  @Test
  void stream_fedTwice_goesOnFromItsState() throws Exception {
    var job = Jobs.stream("lstm", 3, 4, 5);
    try (var stream = new OnnxPeer().enter(job, "pinned", 1)) {
      var first = stream.outcome().outputs().get("h");
      stream.turn(0, 2, 2);
      assertArrayEquals(first, stream.outcome().outputs().get("h"), "from zeros again");
      assertFalse(first[0] == 0);
    }
  }
}
