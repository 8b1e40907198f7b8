package org.unroll.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;

class BackendTest {

  @Test void of_names_areTheirKernels() {
    assertInstanceOf(ScalarKernels.class, Kernels.of("scalar", 2));
    assertInstanceOf(VectorKernels.class, Kernels.of("plain", 2));
    assertInstanceOf(VectorKernels.class, Kernels.best(2));
    assertEquals(2, Kernels.of("scalar", 2).threads());
    assertEquals(3, Kernels.best(3).threads());
    assertEquals(Optional.empty(), Kernels.hint());
  }

  @Test void of_unknownName_isRefused() {
    var f = assertThrows(Fault.class, () -> Kernels.of("slow", 1));
    assertEquals(Code.C030, f.code());
    assertEquals("kernels: there are no kernels called slow; the names are scalar, plain and fast", f.getMessage());
  }

  @Test void of_noThreads_isRefused() {
    var f = assertThrows(Fault.class, () -> Kernels.best(0));
    assertEquals(Code.C030, f.code());
    assertEquals("kernels: threads is 0; it must be at least 1", f.getMessage());
  }

  @Test void best_withoutVectorModule_isScalarAndSaysHow() throws Exception {
    var lines = ChildJvm.withoutVectors().run(Probe.class);
    assertEquals("ScalarKernels 2", lines.get(0));
    assertEquals("the scalar kernels serve; start java with --add-modules jdk.incubator.vector for fast ones, same results",
        lines.get(1));
  }

  /** Runs in a JVM of its own. */
  static final class Probe {
    static void main() {
      var k = Kernels.best(2);
      System.out.println(k.getClass().getSimpleName() + " " + k.threads());
      System.out.println(Kernels.hint().orElse("none"));
    }
  }
}
