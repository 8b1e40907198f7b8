package org.unroll.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.unroll.cell.Cells;
import org.unroll.kernel.Kernels;

/** {@code --kernels} and {@code --threads} choose what a command computes with. */
class ComputingTest {
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private Kernels kernels(Flags.KernelNames name, Integer threads) {
    var flags = new Flags();
    flags.kernels = name;
    flags.threads = threads;
    return Computing.kernels(Terminalless.talk(err, flags, Map.of(), Terminal.NONE));
  }

  @Test void scalar_needsNoVectors_andSaysNothing() {
    var k = kernels(Flags.KernelNames.scalar, 3);
    assertEquals("scalar kernels", k.toString());
    assertEquals(3, k.threads());
    assertEquals("", err.toString());
  }

  @Test void plain_hasNoFusedCells_fastHas() {
    assumeTrue(Kernels.hint().isEmpty(), "no vectors in this JVM");
    assertNull(Cells.find("lstm").fused(kernels(Flags.KernelNames.plain, 1)));
    assertNotNull(Cells.find("lstm").fused(kernels(Flags.KernelNames.fast, 1)));
    assertNotNull(Cells.find("lstm").fused(kernels(null, null)));
    assertEquals(Runtime.getRuntime().availableProcessors(), kernels(null, null).threads());
  }

  @Test void commands_takeThem() {
    assertEquals(0, Terminalless.run("gradcheck", "--hidden", "4", "--kernels", "plain").status());
  }
}
