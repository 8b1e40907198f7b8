package org.unroll.bench;

import java.util.List;

/**
 * One row of the table: a job, who does it, and what must be reached.
 *
 * @param group name on the command line: {@code lstm-train}
 * @param shape sizes, as the table prints them
 * @param make builds the job; the same at every call
 * @param ours makes our contestant for a job and a number of threads, in the measuring process
 * @param cost of a unit
 * @param target what is to be reached here
 * @param rivals further contestants of ours that the row is compared with; they take part like peers
 * @param peers whether other engines are asked
 */
record Case(String group, String shape, Maker make, Ours ours, Cost cost, Target target, List<Rival> rivals, boolean peers) {
  /** Our engine's name in the table. */
  static final String OURS = "unroll";

  /** Builds a job. */
  interface Maker {
    Job job();
  }

  /** Makes a contestant of ours. */
  interface Ours {
    Contestant of(Job job, int threads);
  }

  /** What a rival's outcome has to be: the same bits as ours, near ours, with the distance told, or another thing altogether. */
  enum Check { BITS, DISTANCE, NONE }

  /** Another contestant of ours, with its own way. */
  record Rival(String name, Ours ours, Check check) {}

  /**
   * What a unit costs, counted by hand.
   *
   * @param flops multiplications and additions; 0 where they say nothing
   * @param bytes of weights that must be read; 0 where they do not limit
   * @param tokens elements of sequences that a unit does; 0 where they say nothing
   */
  record Cost(double flops, double bytes, double tokens) {}

  Case {
    rivals = List.copyOf(rivals);
  }

  /** Group and shape: unique. */
  String id() { return group + " " + shape; }

  /** Whether the engine's time with one thread is wanted beside its best: ours for scaling, rivals that do the same otherwise. */
  boolean wantsOneThread(String engine) {
    if (engine.equals(OURS)) return group.endsWith("-train");
    return rivals.stream().anyMatch(r -> r.name().equals(engine) && r.check() == Check.BITS);
  }

  /** Whether {@code engine} is one of ours. */
  boolean isOurs(String engine) { return engine.equals(OURS) || rivals.stream().anyMatch(r -> r.name().equals(engine)); }

  /** Whether {@code name} means this row: its group, or its group and shape, also with hyphens for blanks. */
  boolean is(String name) { return name.equals(group) || name.equals(id()) || name.equals(id().replace(' ', '-')); }
}
