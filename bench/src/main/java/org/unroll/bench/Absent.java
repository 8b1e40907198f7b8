package org.unroll.bench;

/** A peer that cannot take part. Its message is the reason, as the table prints it: half a line. */
public final class Absent extends Exception {
  private static final long serialVersionUID = 1;

  private final boolean asked;

  public Absent(String reason) { this(reason, null); }

  public Absent(String reason, Throwable cause) { this(reason, cause, true); }

  private Absent(String reason, Throwable cause, boolean asked) {
    super(reason, cause);
    this.asked = asked;
  }

  /** One that takes part where it is asked by name. */
  static Absent notAsked(String reason) { return new Absent(reason, null, false); }

  Line.Missing.Why why() { return asked ? Line.Missing.Why.ABSENT : Line.Missing.Why.NOT_ASKED; }
}
