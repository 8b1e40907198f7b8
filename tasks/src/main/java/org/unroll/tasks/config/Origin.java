package org.unroll.tasks.config;

/**
 * Where a value comes from. A stronger kind wins over a weaker one, and within a kind the later over the earlier.
 *
 * @param name the preset, file, variable or flag
 * @param line counted from 1; 0 where there are no lines
 * @param col counted from 1 in code points
 */
public record Origin(Kind kind, String name, int line, int col) {

  /** From weak to strong. */
  public enum Kind { DEFAULT, PRESET, FILE, ENVIRONMENT, FLAG }

  /** The built-in value. */
  public static final Origin DEFAULT = new Origin(Kind.DEFAULT, "default", 0, 0);

  /** A preset. */
  public static Origin preset(String name) { return new Origin(Kind.PRESET, "preset " + name, 0, 0); }

  /** A place in a file, line and column from 1. */
  public static Origin file(String name, int line, int col) { return new Origin(Kind.FILE, name, line, col); }

  /** A variable of the environment. */
  public static Origin environment(String variable) { return new Origin(Kind.ENVIRONMENT, variable, 0, 0); }

  /** A flag as typed: {@code --lr 2e-3}. */
  public static Origin flag(String typed) { return new Origin(Kind.FLAG, typed, 0, 0); }

  /** {@code poems.yaml:3:3}, {@code preset char-zh}, {@code UNROLL_SET}, {@code --lr 2e-3}. */
  @Override public String toString() { return line == 0 ? name : name + ":" + line + ":" + col; }
}
