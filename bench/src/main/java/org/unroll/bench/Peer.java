package org.unroll.bench;

import java.util.List;

/** An engine that ours is measured beside. */
public interface Peer {
  /** The reason of one that could do such a job, perhaps, but this module has no contestant of it. */
  String UNWRITTEN = "not written for this case";

  /** As the table's columns call it: {@code libtorch}, {@code onnxruntime}, {@code dl4j}, {@code python torch}. */
  String name();

  /** Begins to load what it can while others load theirs; called before all else, or not at all. */
  default void begin() {}

  /** Version, and what of its build matters for speed: one line. {@link Absent} where it is not to be had. */
  String version() throws Absent;

  /** Its ways to do the job, each of which is measured; the best counts. Empty: it has none, and {@link #why} says so. */
  List<String> modes(Job job);

  /** Why it has no way to do such a job. */
  String why(Job job);

  /** @throws Absent with the reason, if it cannot take part after all */
  Contestant enter(Job job, String mode, int threads) throws Absent;
}
