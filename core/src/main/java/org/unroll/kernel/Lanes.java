package org.unroll.kernel;

import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The machine's vectors, and how layout vectors of {@link Tiling#LANES} lanes fall on them: one to one at 512 bits, else
 * one layout vector is {@link #SPLIT} machine vectors.
 */
final class Lanes {
  static final VectorSpecies<Float> SPECIES =
      FloatVector.SPECIES_PREFERRED.length() > Tiling.LANES ? FloatVector.SPECIES_512 : FloatVector.SPECIES_PREFERRED;
  static final int LENGTH = SPECIES.length();
  static final int SPLIT = Tiling.LANES / LENGTH;
  static final ByteOrder ORDER = ByteOrder.nativeOrder();

  private Lanes() {}

  /** Machine vectors side by side in a tile over a panel of {@code vectors} layout vectors. */
  static int wide(int vectors) { return SPLIT == 1 ? vectors : SPLIT; }

  /** Floats between the machine vectors of a tile whose layout vectors lie {@code step} apart. */
  static int step(int step) { return SPLIT == 1 ? step : LENGTH; }
}
