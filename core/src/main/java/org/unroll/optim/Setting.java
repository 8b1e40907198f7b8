package org.unroll.optim;

import org.unroll.fault.Code;
import org.unroll.fault.Fault;

/** The ranges of settings; a value outside is a {@link Fault} that names the setting and the rule. */
final class Setting {
  private Setting() {}

  /** In [0, 1). */
  static void share(String where, String what, double value) {
    require(value >= 0 && value < 1, where, what, value, "it must be at least 0 and less than 1");
  }

  static void positive(String where, String what, double value) {
    require(value > 0 && value < Double.POSITIVE_INFINITY, where, what, value, "it must be finite and greater than 0");
  }

  /** What stands under a fraction with a root that may be 0: in float it must not be 0 too. */
  static void divisor(String where, double epsilon) {
    require(epsilon >= 1e-30 && epsilon < Double.POSITIVE_INFINITY, where, "epsilon", epsilon,
        "it must be finite and at least 1.0E-30, or a float holds 0 for it");
  }

  static void notNegative(String where, String what, double value) {
    require(value >= 0 && value < Double.POSITIVE_INFINITY, where, what, value, "it must be finite and not negative");
  }

  static void atLeastOne(String where, String what, long value) {
    require(value >= 1, where, what, value, "it must be at least 1");
  }

  static void require(boolean holds, String where, String what, Object value, String rule) {
    if (!holds) throw Fault.of(Code.C011, "%s is %s", what, value).at(where).because(rule);
  }
}
