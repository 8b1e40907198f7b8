package org.unroll.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * What C2 says of the kernels: it stops inlining nowhere, and every vector operation becomes an instruction. One that does not is a
 * call, which takes and returns objects. Loops entered in their middle (OSR) are let pass: they run once. So are scalar functions of
 * what is left beside whole vectors.
 */
class CompilerLogTest {
  private static final Path SOURCES = Path.of("src/main/java/org/unroll/kernel");

  /** A compilation begins: time, number, flags ('%' for OSR), method. */
  private static final Pattern TASK = Pattern.compile("^\\s*\\d+\\s+\\d+\\s+([%s!bn ]*)\\s*(org\\.unroll\\.kernel\\.[\\w.$]+::\\w+).*");

  private static final Pattern TILE = Pattern.compile("static void ((?:rows|tile\\dx|abreast|last)\\d*)\\(");

  @Test void kernels_compiledByC2_keepTheirVectorsInRegisters() throws Exception {
    var child = ChildJvm.of("-Xbatch", "-XX:-TieredCompilation", "-XX:+UnlockDiagnosticVMOptions",
        "-XX:CompileCommand=PrintInlining,org.unroll.kernel.*::*", "-XX:CompileCommand=PrintCompilation,org.unroll.kernel.*::*");
    var lines = child.run(SteadyStateTest.Probe.class);
    assertEquals(List.of(), failures(lines));
    var compiled = new TreeSet<String>();
    for (String line : lines) {
      var task = TASK.matcher(line);
      if (task.matches()) compiled.add(task.group(2).replace("org.unroll.kernel.", ""));
    }
    assertEquals(List.of(), tiles().stream().filter(t -> !compiled.contains(t)).toList(), "not compiled");
    var some = Set.of("PanelLoops::sigmoid", "VectorGru::candidate", "VectorRows::columnSums", "VectorRows::scatter", "VectorRows::lookup",
        "Packing::row", "Packing::rows", "Outer::turn");
    assertTrue(compiled.containsAll(some), () -> compiled + " lacks some of " + some);
  }

  /** All methods of tiles that return nothing: those that compute. */
  private static List<String> tiles() throws IOException {
    var all = new ArrayList<String>();
    try (var files = Files.list(SOURCES)) {
      for (var file : files.filter(f -> f.getFileName().toString().matches("\\w*Tiles\\d?\\.java")).sorted().toList()) {
        String name = file.getFileName().toString().replace(".java", "::");
        TILE.matcher(Files.readString(file)).results().forEach(m -> all.add(name + m.group(1)));
      }
    }
    assertEquals(38, all.size(), all.toString());
    return all;
  }

  private static List<String> failures(List<String> lines) {
    var found = new ArrayList<String>();
    String method = "";
    boolean entered = false;
    for (String line : lines) {
      var task = TASK.matcher(line);
      if (task.matches()) {
        method = task.group(2);
        entered = task.group(1).contains("%");
      } else if (!entered && fails(line)) {
        found.add(method + ": " + line.strip());
      }
    }
    return found;
  }

  private static boolean fails(String line) {
    if (line.contains("NodeCountInliningCutoff")) return !line.contains("kernel.Scalar");
    boolean last = !line.endsWith("late inline succeeded") && !line.endsWith("trying again");
    return line.contains("VectorSupport::") && line.contains("failed to inline") && last;
  }

  @Test void failures_ofAnInlining_areFound() {
    String task = "  4094  702    b        org.unroll.kernel.Tiles4::rows6 (1197 bytes)";
    String store = "    @ 44   jdk.internal.vm.vector.VectorSupport::store (38 bytes)   failed to inline: failed to inline (intrinsic)";
    String nodes = "    @ 74   org.unroll.kernel.VectorMath::tanh (125 bytes)   failed to inline: NodeCountInliningCutoff";
    assertEquals(List.of("org.unroll.kernel.Tiles4::rows6: " + store.strip()), failures(List.of(task, store)));
    assertEquals(List.of("org.unroll.kernel.Tiles4::rows6: " + nodes.strip()), failures(List.of(task, nodes)));
    assertEquals(List.of(), failures(List.of(task, nodes.replace("VectorMath", "ScalarMath"))));
    assertEquals(List.of(), failures(List.of(task, store + "   (intrinsic)   late inline succeeded")));
    assertEquals(List.of(), failures(List.of(task, store + "   failed to inline: static call node changed: trying again")));
    assertEquals(List.of(), failures(List.of(task.replace("702   ", "702 % "), store)));
  }

  /** With vectors of two widths in one JVM, C2 no longer knows of which one a sum is that comes out of a loop, and boxes it. */
  @Test void species_isNamedInOnePlace() throws IOException {
    try (var files = Files.list(SOURCES)) {
      for (var file : files.toList()) {
        boolean names = Files.readString(file).contains(".SPECIES_");
        assertEquals(file.endsWith("Lanes.java"), names, file.toString());
      }
    }
  }
}
