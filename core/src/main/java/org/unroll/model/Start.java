package org.unroll.model;

import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.slab.Init;

/**
 * How a matrix starts, as people name it.
 *
 * @param scale bound of UNIFORM, standard deviation of GAUSSIAN, value of CONSTANT, gain of ORTHOGONAL, factor of IDENTITY, FAN_IN
 *     and UNITS; 1 for GLOROT and HE, which have none
 */
public record Start(Kind kind, double scale) {

  /**
   * The families. FAN_IN is uniform on ±scale / √inputs; UNITS is uniform on ±scale / √H, as PyTorch starts its RNNs; IDENTITY is
   * scale times the identity matrix, for the R of a network of ReLUs (Le, Jaitly and Hinton 2015).
   */
  public enum Kind { UNIFORM, GAUSSIAN, GLOROT, HE, ORTHOGONAL, CONSTANT, FAN_IN, UNITS, IDENTITY }

  public Start {
    Spec.present("init.kind", kind);
    if (!Double.isFinite(scale)) {
      throw Fault.of(Code.C011, "init scale is %s, must be finite", scale).at("init.scale").mend("%s: a finite number", "scale");
    }
    if ((kind == Kind.GLOROT || kind == Kind.HE) && scale != 1) {
      throw Fault.of(Code.C011, "init scale is %s, must be 1 for %s", scale, SpecFields.lower(kind)).at("init.scale")
          .mend("scale: 1, or leave it out");
    }
  }

  /** That kind with a scale of 1. */
  public static Start of(Kind kind) { return new Start(kind, 1); }

  /**
   * @param inputs rows of the matrix
   * @param units columns of one of its blocks
   */
  Init init(int inputs, int units) {
    return switch (kind) {
      case UNIFORM -> new Init.Uniform((float) scale);
      case GAUSSIAN -> new Init.Gaussian((float) scale);
      case GLOROT -> new Init.Glorot();
      case HE -> new Init.He();
      case ORTHOGONAL -> new Init.Orthogonal((float) scale);
      case CONSTANT -> new Init.Constant((float) scale);
      case FAN_IN -> new Init.Uniform((float) (scale / StrictMath.sqrt(inputs)));
      case IDENTITY -> new Init.Identity((float) scale);
      case UNITS -> new Init.Uniform((float) (scale / StrictMath.sqrt(units)));
    };
  }
}
