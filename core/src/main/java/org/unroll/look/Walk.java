package org.unroll.look;

import java.util.ArrayList;
import java.util.List;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.layer.Jordan;
import org.unroll.layer.Mlstm;
import org.unroll.layer.Pass;
import org.unroll.layer.Recurrent;

/**
 * What one layer that walks over time did with one sequence, by the names that it gives: {@link CellWalk} of a recurrent cell,
 * {@link MatrixWalk} of an mLSTM, {@link FeedbackWalk} of a Jordan layer.
 */
public sealed interface Walk permits CellWalk, MatrixWalk, FeedbackWalk {

  /** All walks within a pass, from the input up. C030 for a pass over several sequences. */
  static List<Walk> within(Pass pass) {
    var found = new ArrayList<Walk>();
    collect(pass, found);
    return List.copyOf(found);
  }

  private static void collect(Pass pass, List<Walk> found) {
    switch (pass) {
      case Recurrent.Trace t -> found.add(CellWalk.of(alone(t.states().rows(), t)));
      case Mlstm.Trace t -> found.add(MatrixWalk.of(alone(t.a().rows(), t)));
      case Jordan.Trace t -> found.add(FeedbackWalk.of(alone(t.p().rows(), t)));
      default -> pass.inner().forEach(p -> collect(p, found));
    }
  }

  private static <P extends Pass> P alone(int rows, P pass) {
    if (rows == 1) return pass;
    throw Fault.of(Code.C030, "%d sequences at once", rows).because("a walk is looked at alone");
  }

  /** Of the layer: {@code rnn0}, {@code rnn1.backward}. */
  String name();

  /** Of its layer, with what it remembered. */
  Pass trace();

  /** T. */
  int steps();

  /** H: how many numbers it puts out a step. */
  int units();

  /** Which way it walks. */
  Recurrent.Direction direction();

  /** What the cell is called. */
  String cell();

  /** Names of the gates, and of what they let through, in their order. */
  List<String> gates();

  /** Whether a block opens and shuts: always from 0 to 1. */
  boolean opens(int block);

  /** How many numbers a block has a step: one a unit, or one a head. */
  default int width(int block) { return units(); }

  /** Number {@code unit} of a block at a step of the text. */
  float gate(int block, int t, int unit);

  /** Names of what it remembers from step to step. */
  List<String> slots();

  /**
   * Names of what it makes at a step and can be shown number by number, the output h first; where it is not said, {@link
   * #slots}.
   */
  default List<String> made() { return slots(); }

  /** How many numbers one of {@link #made} has a step. */
  default int madeWidth(int made) { return units(); }

  /** Number {@code unit} of one of {@link #made} after a step of the text was read. */
  float after(int made, int t, int unit);

  /** What it has, for messages. */
  String has();

  /** Whether it walks from the first step to the last. */
  default boolean forward() { return direction() == Recurrent.Direction.FORWARD; }

  /** Which step of the text is walked as the i-th, both from 0; and the other way round. */
  default int time(int i) { return forward() ? i : steps() - 1 - i; }

  /** Number of a gate's block; M009, with what there is, for one that it has not. */
  default int gate(String gate) { return index(gates(), gate, "gate"); }

  /** Number of a slot of the state; M009, with what there is, for one that it has not. */
  default int slot(String slot) { return index(slots(), slot, "state"); }

  /** A unit's number; M009 for one that is not there. */
  default int unit(int unit) {
    if (unit >= 0 && unit < units()) return unit;
    throw Fault.of(Code.M009, "there is no unit %d", unit).at(name()).because("its units are 0 to %d", units() - 1);
  }

  private int index(List<String> names, String name, String what) {
    int i = names.indexOf(name);
    if (i >= 0) return i;
    throw Fault.of(Code.M009, "%s has no %s %s", cell(), what, name).at(name()).because("%s", has())
        .mend("name one of these: %s", String.join(", ", names));
  }
}
