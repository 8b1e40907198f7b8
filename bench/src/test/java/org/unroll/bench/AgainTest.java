package org.unroll.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who is measured again. */
class AgainTest {
  private final List<Line> lines = new ArrayList<>();
  private Case row = of("lstm-train T64 B16 I128 H128");

  private static Case of(String id) { return Cases.all().stream().filter(c -> c.id().equals(id)).findFirst().orElseThrow(); }

  private void sample(String engine, String mode, int threads, double... rounds) {
    lines.add(new Line.Sample(row.id(), 1, engine, mode, threads, 9e6, 2, rounds, rounds));
  }

  private Set<String> left(String... options) { return Again.omitted(row, lines, Options.parse(options).plan()); }

  private Set<String> left() { return left("--all", "--threads", "2"); }

  @Test
  void entry_isJudgedByItsFastestRound() {
    sample("libtorch", "a", 2, 10, 19, 30);
    sample("libtorch", "b", 2, 11, 11, 11);
    sample("libtorch", "c", 2, 11.1, 11.1, 11.1);
    assertEquals(Set.of("libtorch/c/2"), left(), "a was disturbed twice and is the fastest; b is a tenth slower");
    lines.add(new Line.Sample(row.id(), 2, "libtorch", "c", 2, 9e6, 2, new double[] {10.9}, new double[] {10.9}));
    assertEquals(Set.of(), left());
  }

  @Test
  void ours_withOneThread_isMeasuredAgainWhereScalingIsTold() {
    sample("unroll", "", 2, 10);
    sample("unroll", "", 1, 20);
    assertEquals(Set.of(), left());
    row = of("crf T64 B32 K9");
    sample("unroll", "", 2, 10);
    sample("unroll", "", 1, 20);
    assertEquals(Set.of("unroll//1"), left());
    assertEquals(Set.of(), left("--all", "--threads", "1"), "a run that has one thread alone has no other entry");
    row = of("sessions 64 of 2x512");
    sample("one by one", "", 2, 30);
    sample("one by one", "", 1, 70);
    assertEquals(Set.of(), left(), "the table shows it with one thread too");
  }

  @Test
  void peer_wellBehindTheBestPeer_isNot_oursDoNotCount() {
    row = of("infer T128 B1 I256 H256");
    sample("unroll", "", 2, 1);
    sample("onnxruntime", "new", 2, 10);
    sample("libtorch", "nn::LSTM", 2, 14);
    sample("python torch", "eager", 2, 14.1);
    assertEquals(Set.of("python torch"), left());
    row = of("mingru T512 B32 I512 H512");
    sample("unroll", "", 2, 10);
    sample("our gru", "", 2, 30);
    sample("python jax", "scan", 2, 20);
    assertEquals(Set.of(), left());
  }

  @Test
  void peer_thatTheTargetNames_isWhileItsVerdictIsInQuestion() {
    for (double time : new double[] {66, 70, 149, 151}) {
      lines.clear();
      sample("unroll", "", 2, 10);
      sample("libtorch", "nn::LSTM", 2, 12);
      sample("dl4j", "heap", 2, time);
      assertEquals(time == 66 || time == 151 ? Set.of("dl4j") : Set.of(), left(), "10 × are asked for, these are " + time / 10);
    }
  }

  @Test
  void peer_thatStoppedTheProcess_isAskedOnceMore() {
    lines.add(new Line.Missing(row.id(), 1, "libtorch", "any words", Line.Missing.Why.STOPPED));
    assertEquals(Set.of(), left());
    lines.add(new Line.Missing(row.id(), 2, "libtorch", "other words", Line.Missing.Why.STOPPED));
    assertEquals(Set.of("libtorch"), left());
    lines.clear();
    lines.add(new Line.Missing(row.id(), 1, "libtorch", "IllegalStateException: no"));
    assertEquals(Set.of("libtorch"), left());
  }

  @Test
  void missing_areNot_butTheOneThatIsNowAskedByName() {
    lines.add(new Line.Missing(row.id(), 1, "onnxruntime", "it infers layers alone"));
    lines.add(new Line.Missing(row.id(), 1, "dl4j", "any words", Line.Missing.Why.NOT_ASKED));
    assertEquals(Set.of("onnxruntime", "dl4j"), left());
    assertEquals(Set.of("onnxruntime"), left("--all", "--peers", "dl4j"));
  }
}
