package org.unroll.house;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each rule of the house finds what breaks it, and nothing else. */
class RulesTest {
  private static Source in(String part, String... lines) {
    String name = part.isEmpty() ? "core/module-info.java" : "core/org/unroll/" + part.replace('.', '/') + "/A.java";
    String head = part.isEmpty() ? "" : "package org.unroll." + part + ";\n";
    return new Source(name, head + String.join("\n", lines) + "\n");
  }

  @Test void order_anImportUpward_isFound() {
    assertEquals(List.of("core/org/unroll/cell/A.java (cell) imports layer"), Rules.order(in("cell", "import org.unroll.layer.Run;")));
    assertEquals(List.of("core/org/unroll/optim/A.java (optim) imports kernel"), Rules.order(in("optim", "org.unroll.kernel.Kernels k;")));
    assertEquals(List.of("core/org/unroll/reference/A.java (reference) imports fault"), Rules.order(in("reference", "import org.unroll.fault.Code;")));
    assertEquals(List.of("core/org/unroll/check/A.java (check) imports tasks"), Rules.order(in("check", "import org.unroll.tasks.text.NGram;")));
    assertEquals(List.of("core/org/unroll/head/A.java (head) imports check"), Rules.order(in("head", "import org.unroll.check.Rig;")));
  }

  @Test void order_importsDownwardAndComments_arePermitted() {
    assertEquals(List.of(), Rules.order(in("head", "import org.unroll.layer.Run;", "import org.unroll.fault.Code;")));
    assertEquals(List.of(), Rules.order(in("slab", "// see org.unroll.layer", "/** {@link org.unroll.head.Head} */", "String s = \"org.unroll.cli\";")));
    assertEquals(List.of(), Rules.order(in("cli", "import org.unroll.tasks.text.NGram;", "import org.unroll.model.Spec;")));
  }

  @Test void order_withinTasks_isKept() {
    assertEquals(List.of("core/org/unroll/tasks/text/A.java (tasks.text) imports tasks.lm"),
        Rules.order(in("tasks.text", "import org.unroll.tasks.lm.Event;")));
    assertEquals(List.of("core/org/unroll/tasks/lm/A.java (tasks.lm) imports tasks"), Rules.order(in("tasks.lm", "import org.unroll.tasks.Trainer;")));
    assertEquals(List.of("core/org/unroll/tasks/config/A.java (tasks.config) imports tasks.run"),
        Rules.order(in("tasks.config", "import org.unroll.tasks.run.Plan;", "import org.unroll.tasks.text.NGram;")));
    assertEquals(List.of("core/org/unroll/tasks/draw/A.java (tasks.draw) imports tasks.text"),
        Rules.order(in("tasks.draw", "import org.unroll.tasks.text.NGram;")));
    assertEquals(List.of(), Rules.order(in("tasks.run", "import org.unroll.tasks.lm.Event;", "import org.unroll.tasks.run.Plan;", "import org.unroll.model.Spec;")));
    assertEquals(List.of(), Rules.order(in("tasks", "import org.unroll.tasks.run.Plan;")));
  }

  @Test void circles_ofTwoAndOfThree_areFound() {
    var a = in("tasks.a", "import org.unroll.tasks.b.X;");
    var b = in("tasks.b", "import org.unroll.tasks.c.X;");
    var c = in("tasks.c", "import org.unroll.tasks.a.X;");
    assertEquals(List.of(), Rules.circles(List.of(a, b)));
    assertEquals(3, Rules.circles(List.of(a, b, c)).size());
    assertEquals(2, Rules.circles(List.of(a, in("tasks.b", "import org.unroll.tasks.a.X;"))).size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"Math.exp(x)", "Math.tanh(x)", "Math.log(x)", "Math.pow(x, 2)", "new Random(1)", "Math.random()",
      "v.reduceLanes(VectorOperators.ADD)", "v.lanewise(VectorOperators.EXP)", "v.lanewise(TANH)", "list.parallelStream()", "s.data()[0]",
      "f(s.data(), 1)", "jdk.incubator.vector.FloatVector v", "Class.forName(n)", "new ObjectInputStream(in)", "import java.lang.reflect.Field",
      "c.getDeclaredFields()", "sun.misc.Unsafe u"})
  void forbidden_inALayer_isFound(String call) {
    assertEquals(1, Rules.forbidden(in("layer", "class A {", call + ";", "}")).size(), call);
  }

  @ParameterizedTest
  @ValueSource(strings = {"StrictMath.exp(x)", "Math.fma(a, b, c)", "Math.max(a, b)", "k.exp(x)", "// Math.exp(x)", "\"Math.exp(x)\".length()",
      "v.lanewise(VectorOperators.NEG)"})
  void forbidden_otherCalls_arePermitted(String call) {
    assertEquals(List.of(), Rules.forbidden(in("layer", "class A {", call + ";", "}")), call);
  }

  @Test void forbidden_dataAndVectors_arePermittedInKernels() {
    assertEquals(List.of(), Rules.forbidden(in("kernel", "import jdk.incubator.vector.FloatVector;", "class A {", "s.data()[0];", "}")));
    assertEquals(List.of("core/org/unroll/kernel/A.java:3: Math.exp"), Rules.forbidden(in("kernel", "class A {", "x = Math.exp(y);", "}")));
  }

  @Test void forbidden_wherePublishedWeightsAreMade_isFound() {
    for (String part : List.of("model", "tasks.lm", "tasks.run", "tasks.tag", "tasks.longrange")) {
      assertEquals(1, Rules.forbidden(in(part, "class A {", "x = Math.exp(y);", "}")).size(), part);
      assertEquals(1, Rules.forbidden(in(part, "class A {", "new Random(1);", "}")).size(), part);
      assertEquals(List.of(), Rules.forbidden(in(part, "class A {", "x = StrictMath.exp(y);", "}")), part);
    }
    assertEquals(List.of(), Rules.forbidden(in("cli", "class A {", "x = Math.log10(y);", "}")));
  }

  @Test void forbidden_aSlabsArray_isFoundInTasksAndTheCommandLine() {
    for (String part : List.of("tasks", "tasks.lm", "cli", "model")) {
      assertEquals(1, Rules.forbidden(in(part, "class A {", "s.data()[0] = 1;", "}")).size(), part);
    }
    assertEquals(1, Rules.forbidden(in("tasks", "class A {", "float[] a = s.step(1).data();", "}")).size());
    assertEquals(List.of(), Rules.forbidden(in("cli", "class A {", "f(config.data().train());", "}")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"String.format(\"%d\", n)", "\"%d\".formatted(n)", "out.printf(\"%d\", n)", "s.toLowerCase()", "s.toUpperCase()"})
  void locale_ofTheMachine_isFound(String call) {
    for (String part : List.of("model", "tasks.lm")) assertEquals(1, Rules.locale(in(part, "class A {", call + ";", "}")).size(), part);
    assertEquals(List.of(), Rules.locale(in("cli", "class A {", call + ";", "}")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"String.format(Locale.ROOT, \"%d\", n)", "String.format(java.util.Locale.ROOT, \"%d\", n)", "s.toLowerCase(Locale.ROOT)"})
  void locale_thatIsNamed_isPermitted(String call) {
    assertEquals(List.of(), Rules.locale(in("model", "class A {", call + ";", "}")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"  static int count;", "  private static float[] buffer = new float[3];", "  static volatile boolean on = false;",
      "  private static final Set<Path> S = ConcurrentHashMap.newKeySet();", "  private static final AtomicLong N = new AtomicLong();", "  static final List<String> L = new ArrayList<>();",
      "  public static Map<String, Integer> m;"})
  void statics_thatChange_areFound(String field) {
    assertEquals(1, Rules.statics(in("cell", "class A {", field, "}")).size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"  static int f() { return 1; }", "  private static final int I = 0, F = 1;", "  static final List<String> L = List.of();",
      "  int count;", "  public static int add(int a, int b) {", "  static <T> List<T> f(T t) {"})
  void statics_constantsAndMethods_arePermitted(String line) {
    assertEquals(List.of(), Rules.statics(in("cell", "class A {", line, "}")));
  }

  @Test void sizes_longFilesAndMethods_areFound() {
    var s = in("cell", "class A {", "  void f() {", "    int a = 1;", "  }", "}");
    assertEquals(List.of(), Rules.sizes(List.of(s), 6, 3));
    assertEquals(List.of("core/org/unroll/cell/A.java: 6 lines, must be at most 5",
        "core/org/unroll/cell/A.java:3: f has 3 lines, must be at most 2"), Rules.sizes(List.of(s), 5, 2));
  }

  @Test void cutTables_rowsWithoutAHead_areFound() {
    assertEquals(List.of(), Rules.cutTables("a.md", "| a | b |\n|---|:-:|\n| 1 | 2 |\n| 3 | 4 |\n\ntext\n"));
    assertEquals(List.of("a.md:5: a table without a head"), Rules.cutTables("a.md", "| a | b |\n|---|---|\n| 1 | 2 |\n\n| 3 | 4 |\n"));
    assertEquals(List.of("a.md:1: a table without a head"), Rules.cutTables("a.md", "| a |"));
  }

  @Test void unmerged_marksOfAMerge_areFound() {
    assertEquals(List.of("a.md:2: a merge that was not finished", "a.md:4: a merge that was not finished",
        "a.md:5: a merge that was not finished"), Rules.unmerged("a.md", "====\n<<<<<<< HEAD\na\n=======\n>>>>>>> b\n========\n"));
  }

  @Test void widths_longLines_areFound() {
    var s = in("cell", "// 天地", "int a;");
    assertEquals(List.of(), Rules.widths(s, 25));
    assertEquals(List.of("core/org/unroll/cell/A.java:2: 5 columns, must be at most 4", "core/org/unroll/cell/A.java:3: 6 columns, must be at most 4"),
        Rules.widths(s, 4).subList(1, 3));
  }

  @Test void imports_aNameWrittenOut_isFound() {
    assertEquals(List.of("core/org/unroll/cell/A.java:4: java.util.ArrayList"),
        Rules.imports(in("cell", "import java.util.List;", "class A {", "var l = new java.util.ArrayList<>();", "}")));
    assertEquals(List.of(), Rules.imports(in("cell", "import static java.util.Map.entry;", "// a java.util.List", "f(\"java.util.List\");")));
  }

  @Test void imports_aNameOfOursWrittenOut_isFound() {
    assertEquals(List.of("core/org/unroll/cli/A.java:3: org.unroll.slab.Params"), Rules.imports(in("cli", "class A {", "org.unroll.slab.Params p;", "}")));
    assertEquals(List.of(), Rules.imports(in("cli", "import org.unroll.slab.Params;", "import static org.unroll.slab.Params.of;", "// org.unroll.slab.Params")));
  }

  @Test void importLines_unusedOrOutOfOrder_areFound() {
    assertEquals(List.of("core/org/unroll/cli/A.java: org.unroll.slab.Init is not used"),
        Rules.importLines(in("cli", "import org.unroll.slab.Init;", "Inits i;")));
    assertEquals(List.of("core/org/unroll/cli/A.java: a.B is out of order"), Rules.importLines(in("cli", "import a.B.C;", "import a.B;", "B C;")));
    assertEquals(List.of("core/org/unroll/cli/A.java: b.x is out of order"),
        Rules.importLines(in("cli", "import a.B;", "import static b.x;", "B x;")));
    assertEquals(List.of(), Rules.importLines(in("cli", "import static z.*;", "import static z.x;", "", "import a.B;", "import a.C;", "/** {@link B} */ C x;")));
  }

  @Test void commands_inWhatTheLibrarySays_areFound() {
    assertEquals(1, Rules.commands(in("look", "f.mend(\"unroll explain gradient\");")).size());
    assertEquals(1, Rules.commands(in("tasks.text", "f.mend(\"or --batch %d\");")).size());
    assertEquals(List.of(), Rules.commands(in("look", "/** {@code \"unroll explain\"} */", " * \"unroll explain\"", "// \"--x\"", "f(\"a -- b\");", "f(\"--add-modules\");",
        "f(\"unrolled in time\");")));
    assertEquals(List.of(), Rules.commands(in("cli", "f(\"unroll train --data\");")));
    assertEquals(List.of(), Rules.commands(in("tasks.config", "f(\"unroll config keys\");")));
  }

  @Test void exported_packagesOfAll_areRead() {
    var module = in("", "module a {", "  exports org.unroll.cell;", "  exports org.unroll.kernel to org.unroll.cli;", "  // exports org.unroll.look;", "}");
    assertEquals(Set.of("org.unroll.cell"), Rules.exported(module));
  }

  @Test void undocumented_publicMethods_areFound() {
    assertEquals(List.of("core/org/unroll/cell/A.java:3: f has no Javadoc", "core/org/unroll/cell/A.java:5: g has no Javadoc"),
        Rules.undocumented(List.of(in("cell", "public class A {", "  public static int f() { return 1; }", "  public interface B {", "    int g();", "  }", "}"))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"public class A { /** One. */ public int f() { return 1; } }", "class A { public void f() {} }",
      "public class A { void f() {} }", "public class A { private interface B { void f(); } }", "public class A { public A() {} }",
      "public record A(int f) { public int f() { return f; } }", "public class A { @Override public String toString() { return \"\"; } }",
      "public interface A { private void f() {} }"})
  void undocumented_otherMethods_arePermitted(String type) {
    assertEquals(List.of(), Rules.undocumented(List.of(in("cell", type))), type);
  }

  @Test void equations_thatDoNotPair_areFound() {
    String doc = "/** <pre>\n * (1) h = a   (B1) da = dh\n * (2) y = h   (B2) dh by the output\n * </pre> */";
    assertEquals(List.of(), Rules.equations(in("cell", doc, "h = a; // (1)", "y = h; // (2)", "da = dh; // (B1)")));
    assertEquals(List.of(), Rules.equations(in("cell", doc, "y = h = a; // (1) (2)", "da = dh; // (B1)")));
    assertEquals(List.of("core/org/unroll/cell/A.java: equation (2) is at no line of code", "core/org/unroll/cell/A.java: (3) at a line of code is no equation"),
        Rules.equations(in("cell", doc, "h = a; // (1)", "y = h; // (3)", "da = dh; // (B1)")));
    assertEquals(List.of("core/org/unroll/cell/A.java: equation (B1) is at no line of code"),
        Rules.equations(in("cell", doc, "h = a; // (1)", "y = h; // (2)")));
  }

  @Test void code_hasNoCommentsAndNoLiterals() {
    var s = new Source("A", "a /* b\n */ c // d\n\"e\\\"f\" g '\"' h \"\"\"\n i\"\"\" j");
    assertEquals("a     \n    c     \n       g     h    \n      j", s.code());
  }
}
