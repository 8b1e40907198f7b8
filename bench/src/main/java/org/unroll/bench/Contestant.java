package org.unroll.bench;

import java.util.ArrayList;

/** One engine on one {@link Job}, in one mode, with one number of threads. Loaded, not yet warm. */
public interface Contestant extends AutoCloseable {

  /** What it computes, for the comparison; leaves weights and gradients as if it had not been called. */
  Outcome outcome() throws Exception;

  /** Called before each turn: sets what is one for the whole process, such as libtorch's number of threads. */
  default void enter() throws Exception {}

  /**
   * Works for a while.
   *
   * @param seconds at least, unless {@code most} comes first
   * @param fewest units at least
   * @param most units at most
   * @return nanoseconds of each unit, in order
   */
  double[] turn(double seconds, int fewest, int most) throws Exception;

  @Override default void close() throws Exception {}

  /** A contestant of this process: its units are timed here. */
  interface Local extends Contestant {

    /** The unit of work. */
    void step() throws Exception;

    @Override default double[] turn(double seconds, int fewest, int most) throws Exception {
      var times = new ArrayList<Double>();
      long end = System.nanoTime() + (long) (seconds * 1e9);
      while (times.size() < fewest || times.size() < most && System.nanoTime() < end) {
        long start = System.nanoTime();
        step();
        times.add((double) (System.nanoTime() - start));
      }
      return times.stream().mapToDouble(t -> t).toArray();
    }
  }
}
