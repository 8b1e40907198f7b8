package org.unroll.optim;

import java.util.List;
import java.util.stream.Stream;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.slab.Params;

/**
 * What an optimizer remembers: arrays of the same windows as the weights. Zero before the first step.
 *
 * @param names of the arrays
 * @param arrays [names][weights]
 */
public record Slots(List<String> names, float[][] arrays) {

  /** Zeros for an optimizer that is about to begin. */
  public static Slots of(Optimizer optimizer, Params w) {
    var names = optimizer.slots();
    return new Slots(names, Stream.generate(() -> new float[w.size()]).limit(names.size()).toArray(float[][]::new));
  }

  void requireFor(Optimizer optimizer, Params w) {
    if (!names.equals(optimizer.slots())) {
      throw Fault.of(Code.C030, "the slots are %s", names).because("%s needs %s", optimizer.getClass().getSimpleName(),
          optimizer.slots());
    }
    for (float[] a : arrays) {
      if (a.length != w.size()) throw Fault.of(Code.C030, "slots of %d elements for %d weights", a.length, w.size());
    }
  }
}
