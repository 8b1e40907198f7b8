package org.unroll.kernel;

import java.util.Optional;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;

/** Chooses kernels. The classes of the vector module are reached by two methods only, which run only where the module is. */
final class Backend {
  private static final String MODULE = "jdk.incubator.vector";

  private Backend() {}

  static Kernels of(String name, int threads) {
    if (threads < 1) {
      throw Fault.of(Code.C030, "threads is %d", threads).at("kernels").because("it must be at least 1");
    }
    return switch (name) {
      case "scalar" -> new ScalarKernels(threads);
      case "plain", "fast" -> missing().isPresent() ? new ScalarKernels(threads) : vector(threads, name.equals("fast"));
      default -> throw Fault.of(Code.C030, "there are no kernels called %s", name).at("kernels")
          .because("the names are scalar, plain and fast");
    };
  }

  /** Why there are no vector kernels in this JVM, with the remedy; empty if there are. */
  static Optional<String> missing() {
    if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
      return Optional.of("the scalar kernels serve; start java with --add-modules " + MODULE + " for fast ones, same results");
    }
    if (lanes() < 4) return Optional.of("the scalar kernels serve: this JVM offers no vectors of 4 floats or more");
    return Optional.empty();
  }

  private static int lanes() { return Lanes.LENGTH; }

  private static Kernels vector(int threads, boolean fused) { return new VectorKernels(threads, fused); }
}
