package org.unroll.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.unroll.cell.Cells;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.head.Head;
import org.unroll.kernel.Activation;
import org.unroll.kernel.ChildJvm;
import org.unroll.kernel.Kernels;
import org.unroll.layer.AllocatedBytes;
import org.unroll.layer.Noise;

/** Many sessions in one step: the bits of each alone, whoever is beside it. */
class SessionGroupTest {
  private static final int SYMBOLS = 7, MOST = 23;

  /** Every cell, and every layer that remembers or goes around one that does. */
  static Stream<Spec> specs() {
    var all = new ArrayList<Spec>();
    for (var cell : Cells.names()) all.add(Specs.language(cell, SYMBOLS, 4, 19, 2));
    var noisy = new Spec.Recurrent("lstm", 19, Spec.Direction.FORWARD, 1, Specs.SMALL, Specs.SMALL, 9, new Noise(0, 0, 0.2, 0.1, 0));
    var gru = new Spec.Recurrent("gru", 6, Spec.Direction.FORWARD, 1, Specs.SMALL, Specs.SMALL);
    all.add(stack(noisy));
    all.add(stack(new Spec.Mlstm(6, 2, Spec.Direction.FORWARD, 1, Specs.SMALL), gru));
    all.add(stack(new Spec.Residual(List.of(gru)), new Spec.Highway(List.of(gru), -1, Specs.SMALL)));
    all.add(stack(gru, new Spec.Jordan(6, Activation.SOFTMAX, Specs.SMALL, Specs.SMALL)));
    return all.stream();
  }

  private static Spec stack(Spec.Layer... layers) {
    var all = new ArrayList<Spec.Layer>(List.of(new Spec.Embedding(6, Specs.SMALL)));
    all.addAll(List.of(layers));
    return new Spec(new Spec.Symbols(SYMBOLS), all, new Spec.Softmax(SYMBOLS, false, Head.At.EVERY_STEP, Specs.SMALL));
  }

  private static Model model(Spec spec, Kernels k) {
    var net = Specs.initialised(spec);
    return Model.of(net, net.shape(), k, Map.of());
  }

  private static int symbol(int session, int t) { return (3 * session + t * t) % SYMBOLS; }

  /** Session n joins at step n / 2 and stays away from every fifth step: ages and neighbours differ at each. */
  @ParameterizedTest
  @MethodSource("specs")
  void step_ofSessionsThatComeAndGo_givesTheBitsOfEachAlone(Spec spec) {
    var m = model(spec, Kernels.best(2));
    var alone = m.with(Kernels.scalar());
    List<Session> single = new ArrayList<>(), grouped = new ArrayList<>();
    for (int n = 0; n < MOST; n++) {
      single.add(alone.session());
      grouped.add(m.session());
    }
    var group = m.group(MOST);
    for (int t = 0; t < 16; t++) {
      var now = new ArrayList<Integer>();
      for (int n = MOST - 1; n >= 0; n--) if (n / 2 <= t && (n + t) % 5 != 0) now.add(n);
      int at = t;
      group.step(now.stream().map(grouped::get).toList(), now.stream().mapToInt(n -> symbol(n, at)).toArray());
      for (int n : now) assertArrayEquals(single.get(n).step(symbol(n, t)), grouped.get(n).scores(), "session " + n + " at step " + t);
    }
    for (int n = 0; n < MOST; n++) {
      assertEquals(single.get(n).position(), grouped.get(n).position());
      assertArrayEquals(single.get(n).snapshot(), grouped.get(n).snapshot());
      assertArrayEquals(single.get(n).step(1), grouped.get(n).step(1));
    }
  }

  /** 75 states of 440 floats with 7 scores: so many are moved by all threads, each time to other rows. */
  @Test void step_ofManySessions_movesEachStateOnce() {
    int n = 75;
    var m = model(Specs.language("lstm", SYMBOLS, 4, 220, 1), Kernels.best(3));
    var alone = m.with(Kernels.scalar());
    List<Session> single = new ArrayList<>(), grouped = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      single.add(alone.session());
      grouped.add(m.session());
    }
    var group = m.group(n);
    assertEquals(3, group.parts(n));
    assertEquals(1, group.parts((int) SessionGroup.WORTH / 447));
    assertEquals(3, group.parts((int) SessionGroup.WORTH / 447 + 1));
    for (int t = 0; t < 3; t++) {
      int at = t;
      var order = IntStream.range(0, n).map(i -> (i + 31 * at) % n).toArray();
      group.step(Arrays.stream(order).mapToObj(grouped::get).toList(), Arrays.stream(order).map(i -> symbol(i, at)).toArray());
      for (int i = 0; i < n; i++) assertArrayEquals(single.get(i).step(symbol(i, t)), grouped.get(i).scores(), "session " + i);
    }
    for (int i = 0; i < n; i++) assertArrayEquals(single.get(i).snapshot(), grouped.get(i).snapshot(), "session " + i);
  }

  @Test void step_ofVectors_givesTheBitsOfEachAlone() {
    var spec = new Spec(new Spec.Vectors(3), List.of(new Spec.Recurrent("gru", 5, Spec.Direction.FORWARD, 0, Specs.SMALL, Specs.SMALL)),
        new Spec.SquaredError(2, Head.At.EVERY_STEP, Specs.SMALL));
    var m = model(spec, Kernels.best(1));
    List<Session> single = List.of(m.session(), m.session()), grouped = List.of(m.session(), m.session());
    var group = m.group(2);
    for (int t = 0; t < 4; t++) {
      float[] a = {t, 1 - t, 0.5f}, b = {2 - t, 0.1f * t, -1};
      group.step(grouped, a, b);
      assertArrayEquals(single.get(0).step(a), grouped.get(0).scores());
      assertArrayEquals(single.get(1).step(b), grouped.get(1).scores());
    }
    assertEquals(4, grouped.get(1).position());
    refused("session 1: the vector has 2 numbers, must have 3", () -> group.step(grouped, new float[3], new float[2]));
  }

  @Test void step_ofWhatCannotBeStepped_isRefused_andNothingMoves() {
    var m = model(Specs.language("lstm", SYMBOLS, 4, 9, 1), Kernels.scalar());
    var group = m.group(3);
    Session a = m.session(), b = m.session(), other = m.with(Kernels.scalar()).session(), closed = m.session();
    closed.close();
    a.step(1);
    refused("2 sessions and 1 symbols; give one to each session", () -> group.step(List.of(a, b), 1));
    refused("4 sessions in a step of a group for 3; make the group for 4", () -> group.step(List.of(a, b, a, b), 1, 2, 3, 4));
    refused("session 2: it stands in the list twice; a group steps different sessions; give it once, or its fork()",
        () -> group.step(List.of(a, b, a), 1, 2, 3));
    refused("session 1: it is of another model; a group steps sessions of its own model; make a group of that session's model()",
        () -> group.step(List.of(a, other), 1, 2));
    refused("session 1: the session is closed; open another one with Model.session(), or close it later",
        () -> group.step(List.of(a, closed), 1, 2));
    refused("session 1: the symbol is 7, must be in [0, 7)", () -> group.step(List.of(a, b), 1, 7));
    refused("session 0: the symbol is -1, must be in [0, 7)", () -> group.step(List.of(a, b), -1, 6));
    refused("the model takes symbols, not vectors; step with a symbol's id", () -> group.step(List.of(a), new float[1]));
    refused("a group of 0 sessions, must be at least 1", () -> m.group(0));
    assertEquals(1, a.position());
    assertEquals(0, b.position());
    group.step(List.of(), new int[0]);
    group.step(List.of(b, a.fork()), 1, 2);
    assertEquals(3, group.most());
    assertArrayEquals(a.scores(), b.scores());
  }

  private static void refused(String message, org.junit.jupiter.api.function.Executable step) {
    var f = assertThrows(Fault.class, step);
    assertEquals(Code.C030, f.code());
    assertEquals(message, f.getMessage());
  }

  @Test void session_closed_refusesToGoOn_andTellsWhatItRead() {
    var s = model(Specs.language("gru", SYMBOLS, 4, 9, 1), Kernels.scalar()).session();
    float[] last = s.step(3).clone();
    byte[] memory = s.snapshot();
    s.close();
    s.close();
    String message = "the session is closed; open another one with Model.session(), or close it later";
    refused(message, () -> s.step(3));
    refused(message, s::fork);
    refused(message, s::reset);
    refused(message, () -> s.restore(memory));
    assertArrayEquals(last, s.scores());
    assertArrayEquals(memory, s.snapshot());
    assertEquals(1, s.position());
  }

  /** Law 10. */
  @Test void step_steadyState_allocatesNothing() throws Exception {
    assertEquals(List.of("0", "0"), ChildJvm.of("-Xbatch").run(Probe.class));
  }

  /** Prints the bytes of twenty steps of a group at one and at two threads. */
  static final class Probe {
    private Probe() {}

    static void main() throws Throwable {
      for (int threads = 1; threads <= 2; threads++) {
        var m = model(Specs.language("lstm", SYMBOLS, 24, 160, 2), Kernels.best(threads));
        var all = Stream.generate(m::session).limit(60).toList();
        var few = all.subList(3, 9);
        int[] ids = new int[60], fewIds = new int[6];
        var group = m.group(60);
        System.out.println(AllocatedBytes.steady(() -> {
          for (int i = 0; i < 10; i++) {
            group.step(all, ids);
            group.step(few, fewIds);
          }
        }, 1));
      }
    }
  }
}
