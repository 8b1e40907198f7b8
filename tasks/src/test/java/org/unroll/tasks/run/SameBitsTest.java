package org.unroll.tasks.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.unroll.cell.Cells;

/** One hash of the training state, wherever and however it is computed. */
class SameBitsTest {
  private static final int STEPS = 3;

  @Test void hash_anyKernelsAnyThreads_isTheSame() {
    var scalar = StateHashes.hashes("scalar", 1, STEPS);
    assertTrue(scalar.keySet().containsAll(Cells.names()));
    assertTrue(scalar.keySet().containsAll(List.of("scan", "group:lstm", "group:scan", "crf")));
    assertEquals(2 * Cells.names().size() + 3, Set.copyOf(scalar.values()).size(), "hashes that do not differ");
    for (int threads : new int[] {1, 2, 7}) assertEquals(scalar, StateHashes.hashes("fast", threads, STEPS), threads + " threads");
    assertEquals(scalar, StateHashes.hashes("plain", 2, STEPS), "plain");
  }

  @ParameterizedTest
  @CsvSource({"-XX:TieredStopAtLevel=1", "-XX:UseAVX=2"})
  void hash_otherCompilerOrVectors_isTheSame(String flag) throws Exception {
    assertEquals(StateHashes.hashes("scalar", 1, STEPS), inAnotherJvm(flag, "fast", 2, STEPS));
  }

  @Tag("slow")
  @ParameterizedTest
  @CsvSource({"-Xint,fast,1", "-Xint,scalar,1", "-XX:TieredStopAtLevel=1,fast,7", "-XX:UseAVX=3,fast,2", "-XX:UseAVX=2,plain,2", "-XX:UseAVX=1,fast,1",
      "-Xcomp,fast,2"})
  void hash_everyOtherMachine_isTheSame(String flag, String kernels, int threads) throws Exception {
    int steps = flag.equals("-Xint") ? 2 : 12;
    assertEquals(StateHashes.hashes("scalar", 1, steps), inAnotherJvm(flag, kernels, threads, steps));
  }

  private static Map<String, String> inAnotherJvm(String flag, String kernels, int threads, int steps) throws IOException, InterruptedException {
    var out = Files.createTempFile("hashes", ".txt");
    try {
      var command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), flag, "--add-modules",
          "jdk.incubator.vector", "-cp", classPath(), StateHashes.class.getName(), kernels, "" + threads, "" + steps));
      int exit = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(ProcessBuilder.Redirect.INHERIT).start().waitFor();
      assertEquals(0, exit, flag);
      var hashes = new LinkedHashMap<String, String>();
      for (var line : Files.readAllLines(out, StandardCharsets.UTF_8)) hashes.put(line.split(" ")[0], line.split(" ")[1]);
      assertTrue(hashes.size() > 1, flag + " printed nothing");
      return hashes;
    } finally {
      Files.delete(out);
    }
  }

  /** Of classes and tests, wherever the test runs from. */
  static String classPath() {
    var parts = new ArrayList<String>();
    for (var c : List.of(StateHashes.class, Training.class, Cells.class, org.snakeyaml.engine.v2.api.Load.class, Test.class)) {
      parts.add(Path.of(c.getProtectionDomain().getCodeSource().getLocation().getPath()).toString());
    }
    return String.join(java.io.File.pathSeparator, parts);
  }
}
