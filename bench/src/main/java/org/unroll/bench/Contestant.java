package org.unroll.bench;

/** Something that is timed. */
interface Contestant {

  /** The unit of work that is timed. */
  void step();
}
