package org.unroll.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who has how many turns, and how long. Nothing is timed: contestants say what a unit takes. */
class RaceTest {
  private static final Race RACE = new Race(3, 2, 1.2, 0.15);

  /** Tells of every turn how long and how many units at least. */
  private static final class Clockwork implements Contestant {
    private final double unit;
    private final List<String> turns = new ArrayList<>();

    Clockwork(double seconds) { unit = seconds * 1e9; }

    @Override public Outcome outcome() { throw new AssertionError(); }

    @Override public double[] turn(double seconds, int fewest, int most) {
      turns.add(seconds + "/" + fewest);
      double[] times = new double[fewest];
      Arrays.fill(times, unit);
      return times;
    }
  }

  private final List<Race.Entry> entries = new ArrayList<>();

  private Race.Entry enter(String engine, String mode, double seconds, boolean compiled) throws Exception {
    var e = new Race.Entry(engine, mode, 2, new Clockwork(seconds), compiled);
    entries.add(e);
    return e;
  }

  private static int rounds(Race.Entry e) { return e.sample("row", 1).rounds().length; }

  private static List<String> turns(Race.Entry e) { return ((Clockwork) e.contestant).turns; }

  private void run() { RACE.run(entries, new Calm(() -> 1, 0, 0), _ -> { }, f -> { throw new AssertionError(f.by()); }); }

  @Test
  void rounds_areFewerForSlowOnes_andOneForTheWayThatIsWellBehindItsEngine() throws Exception {
    var ours = enter("unroll", "", 0.6, false);
    var ourOther = enter("unroll", "1", 1.2, false);
    var fast = enter("libtorch", "a", 0.5, true);
    var second = enter("libtorch", "b", 0.74, true);
    var third = enter("libtorch", "c", 0.76, true);
    var other = enter("dl4j", "a", 1.49, true);
    var last = enter("dl4j", "b", 1.51, true);
    run();
    assertEquals(2, rounds(ours));
    assertEquals(2, rounds(ourOther), "of ours the time with one thread is wanted");
    assertEquals(3, rounds(fast));
    assertEquals(2, rounds(second));
    assertEquals(1, rounds(third), "half as slow again as its engine's best");
    assertEquals(2, rounds(other), "an engine's best has all its rounds");
    assertEquals(1, rounds(last), "three times the best of all");
  }

  @Test
  void units_thatDoNotCount_areForThoseShorterThanATurn() throws Exception {
    var brief = enter("libtorch", "", 0.14, true);
    var lengthy = enter("onnxruntime", "", 0.16, true);
    run();
    assertEquals(List.of("0.0/1", "0.15/3", "0.0/1", "0.15/3", "0.0/1", "0.15/3"), turns(brief).subList(3, 9));
    assertEquals(List.of("0.15/2", "0.15/2", "0.15/2"), turns(lengthy).subList(3, 6), "two units, each of them longer than a turn");
  }

  @Test
  void warmup_isLongForTheFirstOfAnEngineInJava_andGoesOnUntilItIsNoLongerFaster() throws Exception {
    var first = enter("unroll", "", 0.001, false);
    var again = enter("unroll", "1", 0.001, false);
    var rival = enter("our gru", "", 0.001, false);
    var peer = enter("libtorch", "", 0.001, true);
    run();
    assertEquals(List.of("0.0/1", "1.2/2", "0.39999999999999997/1"), turns(first).subList(0, 3));
    assertEquals(List.of("0.0/1", "0.39999999999999997/1", "0.13333333333333333/1"), turns(again).subList(0, 3));
    assertEquals(List.of("0.0/1", "1.2/2"), turns(rival).subList(0, 2), "another code");
    assertEquals(List.of("0.0/1", "0.2/1"), turns(peer).subList(0, 2));
  }

  @Test
  void turns_thatWereDisturbed_areTakenAgainWhilePatienceLasts() throws Exception {
    var brief = enter("libtorch", "", 0.001, true);
    var rates = List.of(1.0, 1.0, 1.0, 0.5, 1.0, 1.0, 1.0, 0.5).iterator();         // beginnings and ends
    var calm = new Calm(rates::next, 0, 3e-12);
    RACE.run(entries, calm, _ -> { }, f -> { throw new AssertionError(f.by()); });
    assertEquals(3, rounds(brief));
    assertEquals(1, brief.again());
    assertEquals(1, brief.disturbed(), "the second turn was taken again, for the third no patience was left");
    assertFalse(rates.hasNext());
  }
}
