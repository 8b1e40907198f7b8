package org.unroll.look;

import java.util.List;
import org.unroll.layer.Jordan;
import org.unroll.layer.Recurrent;

/**
 * A walk of a Jordan layer: it has no gates, and remembers nothing but p, the model's output at the step before.
 *
 * @param trace of its pass
 */
public record FeedbackWalk(String name, Jordan.Trace trace) implements Walk {
  private static final int H = 0;

  static FeedbackWalk of(Jordan.Trace t) { return new FeedbackWalk(CellWalk.name(t.layer().W().name()), t); }

  @Override public int steps() { return trace.h().x().steps(); }

  @Override public int units() { return trace.layer().width(); }

  @Override public Recurrent.Direction direction() { return Recurrent.Direction.FORWARD; }

  @Override public String cell() { return "jordan"; }

  @Override public List<String> gates() { return List.of(); }

  @Override public boolean opens(int block) { throw new IndexOutOfBoundsException(block); }

  @Override public float gate(int block, int t, int unit) { throw new IndexOutOfBoundsException(block); }

  @Override public List<String> slots() { return List.of("p"); }

  @Override public List<String> made() { return List.of("h", "p"); }

  @Override public int madeWidth(int made) { return made == H ? units() : trace.layer().outputs(); }

  @Override public float after(int made, int t, int unit) {
    return made == H ? trace.h().x().get(t, unit) : trace.p().get(t + 1, unit);
  }

  @Override public String has() {
    return "jordan has the hidden units h and the state p, the model's output that comes back at the next step";
  }
}
