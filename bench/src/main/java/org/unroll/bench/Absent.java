package org.unroll.bench;

/** A peer that cannot take part. Its message is the reason, as the table prints it: half a line. */
public final class Absent extends Exception {
  private static final long serialVersionUID = 1;

  public Absent(String reason) { super(reason); }

  public Absent(String reason, Throwable cause) { super(reason, cause); }
}
