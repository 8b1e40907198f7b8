package org.unroll.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What C2 says of the kernels: it stops inlining nowhere, and every vector operation becomes an instruction. One that does not is a
 * call, which takes and returns objects. Loops entered in their middle (OSR) are let pass: they run once. So are scalar functions of
 * what is left beside whole vectors. And how large the machine code of the tiles is.
 */
class CompilerLogTest {
  private static final Path SOURCES = Path.of("src/main/java/org/unroll/kernel");

  /** On one core the JVM takes this one, on more another, with which many tiles are larger or smaller by up to a fifth. */
  private static final String COLLECTOR = "-XX:+UseSerialGC";

  /** A compilation begins: time, number, flags ('%' for OSR), method. */
  private static final Pattern TASK = Pattern.compile("^\\s*\\d+\\s+\\d+\\s+([%s!bn ]*)\\s*(org\\.unroll\\.kernel\\.[\\w.$]+::\\w+).*");

  /** Of all else: these are compiled by themselves, with vectors of any width. */
  private static final Set<String> SOME = Set.of("PanelLoops::sigmoid", "VectorGru::candidate", "VectorRows::sum", "VectorRows::scatter",
      "VectorRows::lookup", "Packing::row", "Packing::rows", "Outer::group", "VectorMaxima::positiveFour", "VectorMaxima::anyFour");

  private static final Pattern TILE = Pattern.compile("static void ((?:rows|tile\\dx|abreast|last)\\d*)\\(");

  /**
   * With vectors of 512 bits where the machine has them, and of 256. The machine code of tiles keeps its size: a sum that leaves its
   * register or a loop that is unrolled otherwise costs time, and changes no bit.
   *
   * @param lanes of a vector
   */
  @ParameterizedTest
  @CsvSource({"-XX:UseAVX=3, 16", "-XX:UseAVX=2, 8"})
  void kernels_compiledByC2_keepTheirVectorsInRegisters(String option, int lanes) throws Exception {
    String machine = System.getProperty("os.arch");
    assumeTrue(Set.of("amd64", "x86_64").contains(machine), () -> option + " is of x86-64 only, this is " + machine);
    assumeTrue(Lanes.LENGTH >= lanes, () -> "vectors here have %d lanes".formatted(Lanes.LENGTH));
    var log = Files.createTempFile("compiler", ".log");
    try {
      var child = ChildJvm.of(option, COLLECTOR, "-Xbatch", "-XX:-TieredCompilation", "-XX:+UnlockDiagnosticVMOptions", "-XX:+LogCompilation",
          "-XX:LogFile=" + log, "-XX:CompileCommand=log,*Tiles*::*",
          "-XX:CompileCommand=PrintInlining,org.unroll.kernel.*::*", "-XX:CompileCommand=PrintCompilation,org.unroll.kernel.*::*");
      var lines = child.run(SteadyStateTest.Probe.class);
      assertEquals(List.of(), failures(lines));
      var compiled = compiled(lines);
      assertEquals(List.of(), tiles().stream().filter(t -> !compiled.contains(t)).toList(), "not compiled");
      assertTrue(compiled.containsAll(SOME), () -> compiled + " lacks some of " + SOME);
      try (var all = Files.lines(log, StandardCharsets.ISO_8859_1)) {
        keepTheirSize(CodeSizes.of(CodeSizes.here(), all, tiles()), lanes);
      }
    } finally {
      Files.delete(log);
    }
  }

  /** Another JDK makes other code, and so does another CPU: there nobody can say which size would be right. */
  private static void keepTheirSize(CodeSizes sizes, int lanes) throws IOException {
    boolean renew = Boolean.getBoolean("unroll.renew");
    String recorded = CodeSizes.recorded(lanes).machine();
    assumeTrue(renew || recorded.equals(sizes.machine()),
        () -> "all else holds; sizes of machine code are known for [%s], this is [%s]".formatted(recorded, sizes.machine()));
    assertEquals(new TreeSet<>(tiles()), sizes.bytes().keySet(), "tiles in the log");
    if (renew) sizes.write(lanes);
    assertEquals(List.of(), CodeSizes.recorded(lanes).differences(sizes), CodeSizes.RENEW);
  }

  private static Set<String> compiled(List<String> lines) {
    var compiled = new TreeSet<String>();
    for (String line : lines) {
      var task = TASK.matcher(line);
      if (task.matches()) compiled.add(task.group(2).replace("org.unroll.kernel.", ""));
    }
    return compiled;
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

  @Test void sizes_moreThanATwentiethOff_areFound() {
    String line = "<nmethod compile_id='%d' %scompiler='c2' size='6640' insts_offset='248' stub_offset='%d' "
        + "method='org.unroll.kernel.Tiles4 rows6 ([FIII)V' bytes='561'/>";
    var tiles = List.of("Tiles4::rows6");
    String loop = line.formatted(1, "compile_kind='osr' ", 9248), old = line.formatted(2, "", 8248), last = line.formatted(3, "", 1248);
    var sizes = CodeSizes.of("", Stream.of(loop, old, last, loop), tiles);
    assertEquals(Map.of("Tiles4::rows6", 1000), sizes.bytes());
    for (int size : new int[] {950, 1000, 1050}) assertEquals(List.of(), sizes.differences(rows6(size)));
    for (int size : new int[] {949, 1051}) assertEquals(List.of("Tiles4::rows6: 1000 bytes are " + size), sizes.differences(rows6(size)));
    var none = new CodeSizes("", Map.of());
    assertEquals(List.of("Tiles4::rows6: 1000 bytes are 0"), sizes.differences(none));
    assertEquals(List.of("Tiles4::rows6: 0 bytes are 1000"), none.differences(sizes));
  }

  private static CodeSizes rows6(int bytes) { return new CodeSizes("", Map.of("Tiles4::rows6", bytes)); }

  @Test void machine_isNamedByVersionArchitectureAndModel() {
    var cores = List.of("vendor_id\t: Someone", "cpu family\t: 6", "model\t\t: 85", "model name\t: A CPU: fast", "", "model\t\t: 86");
    assertEquals("25+36, amd64, cpu family 6, model 85, model name A CPU: fast", CodeSizes.machine("25+36", "amd64", cores));
    assertEquals("25+36, aarch64, unknown CPU", CodeSizes.machine("25+36", "aarch64", List.of("BogoMIPS\t: 50", "Features\t:")));
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
