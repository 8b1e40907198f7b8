package org.unroll.cli;

import java.util.Locale;
import org.unroll.kernel.Precision;
import picocli.CommandLine.Option;

/** {@code --weights}: how exactly products read the weights. */
final class WeightsFlag {
  enum Kind { fp32, bf16 }

  @Option(names = "--weights", paramLabel = "fp32|bf16", descriptionKey = "weights")
  private Kind weights = Kind.fp32;

  Precision precision() { return Precision.valueOf(weights.name().toUpperCase(Locale.ROOT)); }

  boolean rounded() { return weights != Kind.fp32; }

  @Override public String toString() { return weights.name(); }
}
