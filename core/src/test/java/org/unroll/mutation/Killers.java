package org.unroll.mutation;

import static java.util.Map.entry;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.opentest4j.TestAbortedException;
import org.unroll.cell.Cells;
import org.unroll.check.CellContract;
import org.unroll.check.CellContract.Rule;
import org.unroll.check.GradCheck;
import org.unroll.kernel.Kernels;
import org.unroll.layer.Input;
import org.unroll.layer.Recurrent;
import org.unroll.layer.Recurrent.Direction;
import org.unroll.layer.Try;
import org.unroll.slab.Params;

/** The proofs, in the order in which they are cheap: what a mutant must not survive. Runs in the mutant's own class loader. */
public final class Killers {
  private static final List<String> TESTS = List.of("cell.CellsTest", "layer.RowsTest", "head.WorkedExampleTest", "layer.LayerOracleTest",
      "layer.CompositionTest", "head.HeadTest", "layer.ActivityTest");
  private static final List<String> HEAD_TESTS = List.of("head.WorkedExampleTest", "head.HeadTest", "head.SoftmaxPortionsTest",
      "head.HeadContractTest");
  private static final List<String> CRF_TESTS = List.of("head.ForwardBackwardTest", "head.LatticeTest", "head.ChainSweepTest",
      "head.CrfTest", "head.HeadContractTest");
  private static final List<String> CRF_ITSELF = List.of("head.CrfTest", "head.HeadContractTest");
  private static final List<String> SWEEP_TESTS = List.of("head.ChainSweepTest", "head.CrfTest", "head.HeadContractTest");
  private static final List<String> SUMS_TESTS = List.of("kernel.ChainSumsTest", "head.ChainSweepTest", "head.CrfTest");
  private static final List<String> SCAN_TESTS = List.of("check.ScanContractTest", "layer.ScanTest");
  private static final List<String> MATRIX_TESTS = List.of("layer.MlstmTest");
  private static final List<String> AROUND_TESTS = List.of("layer.ConnectionTest", "layer.AroundTest");
  private static final List<String> NOISE_TESTS = List.of("layer.NoiseTest");
  /** Files whose proofs are these alone. */
  private static final Map<String, List<String>> OWN = Map.ofEntries(entry("ForwardBackward", CRF_TESTS), entry("BestPaths", CRF_TESTS),
      entry("Lattice", CRF_TESTS), entry("LogSpace", CRF_TESTS), entry("Crf", CRF_ITSELF), entry("BestSweep", CRF_ITSELF),
      entry("ChainSweep", SWEEP_TESTS),
      entry("Softmax", HEAD_TESTS), entry("SquaredError", HEAD_TESTS), entry("Counted", HEAD_TESTS), entry("Head", HEAD_TESTS),
      entry("ScalarChainSums", SUMS_TESTS), entry("ScalarMath", List.of("kernel.MathFunctionsTest")), entry("Scan", SCAN_TESTS),
      entry("MatrixMemory", MATRIX_TESTS), entry("Mlstm", MATRIX_TESTS),
      entry("Residual", AROUND_TESTS), entry("Highway", AROUND_TESTS), entry("Around", AROUND_TESTS),
      entry("StepPlan", List.of("layer.StepPlanTest")), entry("Masks", List.of("layer.MasksTest")), entry("Noise", NOISE_TESTS),
      entry("Zoneout", NOISE_TESTS), entry("Activity", List.of("layer.ActivityTest")),
      entry("Blend", List.of("kernel.BlendTest")), entry("Jordan", List.of("layer.JordanTest")),
      entry("Walk", List.of("layer.WalkTest")), entry("Together", List.of("layer.TogetherTest")),
      entry("RecurrentStepper", List.of("layer.RecurrentStepperTest")), entry("StateRows", List.of("layer.StateRowsTest")),
      entry("OwnWeights", List.of("layer.OwnWeightsTest")),
      entry("Activate", List.of("layer.ActivateTest")), entry("Hopfield", List.of("hopfield.HopfieldTest")));
  /** Of files that serve cells with layer normalisation and the glass box as well. */
  private static final List<String> NORMED_TESTS = List.of("cell.LayerNormedTest");
  private static final Map<String, List<String>> ALSO = Map.ofEntries(entry("Cells", NORMED_TESTS), entry("Row", NORMED_TESTS),
      entry("Norm", NORMED_TESTS), entry("LayerNormed", NORMED_TESTS), entry("NormedStateLstm", NORMED_TESTS),
      entry("Carry", List.of("look.MemoryTraceTest")), entry("Elman", List.of("cell.ElmanTest")), entry("Slstm", List.of("cell.SlstmTest")),
      entry("MinGru", SCAN_TESTS), entry("MinLstm", SCAN_TESTS), entry("Recurrent", SCAN_TESTS),
      entry("ForwardStep", SCAN_TESTS), entry("AllSteps", SCAN_TESTS), entry("BackwardStep", SCAN_TESTS));
  private static final List<String> LAYER_TESTS = List.of("layer.UnitPartsTest", "layer.ProjectionTest", "layer.NoiseTest",
      "layer.MemoriesTest", "layer.TraceTest", "layer.InferenceTest");
  private static final List<String> KERNEL_TESTS = List.of("kernel.ScalarKernelsTest", "kernel.KernelTwinTest", "kernel.PointwiseTwinTest");
  /** What a cell with layer normalisation consists of, and choices that have no name in the list. */
  private static final List<String> NORMALISED = List.of("Norm", "LayerNormed", "NormedStateLstm");
  private static final List<String> ODD = List.of("gru-ln-unbiased-scalar", "gru-ln-sum-unbiased-scalar", "lstm-ln-unbiased-scalar");
  private static final Rule[] BITS = {Rule.ROW_ALONE, Rule.TWICE, Rule.DEAD_ROWS, Rule.UNTOUCHED, Rule.STEPPER, Rule.CHUNKS,
      Rule.SCOPE, Rule.FUSED, Rule.SATURATED};

  private Killers() {}

  /** What first fails; null if all holds. {@code file} says which cells are concerned. */
  public static String run(String file) {
    try {
      String stem = file.substring(file.lastIndexOf('/') + 1, file.length() - ".java".length());
      if (OWN.containsKey(stem)) return tests(OWN.get(stem));
      var named = NORMALISED.contains(stem) ? Stream.concat(Cells.names().stream().filter(c -> c.contains("-ln")), ODD.stream()).toList()
          : Cells.names().stream().filter(c -> Cells.find(c).getClass().getSimpleName().equals(stem)).toList();
      var cells = named.isEmpty() ? List.of("lstm", "lstm-peephole", "gru-before", "gru-write", "elman", "gru-before-write", "mingru") : named;
      String found = gradients(cells);
      if (found == null) found = noise(cells);
      if (found == null) found = tests(named.isEmpty() ? TESTS : TESTS.subList(0, 1));
      if (found == null && ALSO.containsKey(stem)) found = tests(ALSO.get(stem));
      if (found == null) found = contract(cells);
      if (found == null && file.contains("/layer/")) found = tests(LAYER_TESTS);
      if (found == null && file.contains("/kernel/")) found = tests(KERNEL_TESTS);
      return found;
    } catch (Throwable e) {
      return "threw " + e;
    }
  }

  private static String gradients(List<String> cells) {
    for (String cell : cells) {
      for (int units : new int[] {5, 16, 19}) {
        for (var d : Direction.values()) {
          var ps = new Params();
          var layer = Recurrent.of("a", Cells.find(cell), Input.of(3), units, d, Try.INITS, ps);
          Try.random(ps, 3);
          var report = GradCheck.layer(layer, Try.vectors(Try.RAGGED, 4, 3, 1), Try.run(ps), 5, 0);
          if (!report.passed()) return "gradient of " + cell;
        }
      }
    }
    return null;
  }

  private static String noise(List<String> cells) {
    for (String cell : cells) {
      for (var noise : Try.NOISES) {
        if (!Try.fits(noise, cell)) continue;
        var ps = new Params();
        var layer = Recurrent.of("a", Cells.find(cell), Input.of(3), 5, Direction.FORWARD, Try.INITS, ps).with(noise, 3);
        Try.random(ps, 3);
        for (var kernels : List.of(Kernels.scalar(), Kernels.of("fast", 1))) {
          var report = GradCheck.layer(layer, Try.vectors(Try.RAGGED, 4, 3, 1), Try.training(ps, kernels, 17), 5, 0);
          if (!report.passed()) return "gradient of " + cell + " with " + noise;
        }
      }
    }
    return null;
  }

  private static String contract(List<String> cells) {
    for (String cell : cells) {
      var report = CellContract.check(Cells.find(cell), Kernels.scalar(), BITS);
      if (!report.passed()) return "contract: " + report.findings().getFirst();
      var split = CellContract.check(Cells.find(cell), threeThreads(), Rule.KERNELS);
      if (!split.passed()) return "contract: " + split.findings().getFirst();
      var fast = CellContract.check(Cells.find(cell), Kernels.of("fast", 1), Rule.KERNELS, Rule.FUSED);
      if (!fast.passed()) return "contract: " + fast.findings().getFirst();
    }
    return null;
  }

  /** Scalar kernels that say they have three threads and do the parts one after the other, the last first. */
  private static Kernels threeThreads() {
    var scalar = Kernels.scalar();
    InvocationHandler three = (_, m, args) -> {
      if (m.getName().equals("threads")) return 3;
      if (m.getName().equals("parallel")) {
        for (int i = (int) args[0] - 1; i >= 0; i--) ((java.util.function.IntConsumer) args[1]).accept(i);
        return null;
      }
      try {
        return m.invoke(scalar, args);
      } catch (InvocationTargetException e) {
        throw e.getCause();
      }
    };
    return (Kernels) Proxy.newProxyInstance(Killers.class.getClassLoader(), new Class<?>[] {Kernels.class}, three);
  }

  // ---- the tests themselves, without the test framework around them

  private static String tests(List<String> names) throws ReflectiveOperationException {
    for (String name : names) {
      var type = Class.forName("org.unroll." + name, true, Killers.class.getClassLoader());
      for (var m : type.getDeclaredMethods()) {
        if (m.isAnnotationPresent(Tag.class)) continue;
        for (var args : arguments(type, m)) {
          String failed = call(type, m, args);
          if (failed != null) return failed;
        }
      }
    }
    return null;
  }

  private static List<Object[]> arguments(Class<?> type, Method m) throws ReflectiveOperationException {
    var list = new ArrayList<Object[]>();
    if (m.isAnnotationPresent(Test.class)) list.add(new Object[0]);
    var values = m.getAnnotation(ValueSource.class);
    if (values != null) {
      for (String s : values.strings()) list.add(new Object[] {s});
      boolean threads = type.getSimpleName().equals("KernelTwinTest");  // of which one is enough: more are left behind
      for (int i : threads ? Arrays.copyOf(values.ints(), 1) : values.ints()) list.add(new Object[] {i});
      for (double d : values.doubles()) list.add(new Object[] {d});
    }
    var rows = m.getAnnotation(CsvSource.class);
    if (rows != null) for (String row : rows.value()) list.add(numbers(row));
    var choices = m.getAnnotation(EnumSource.class);
    if (choices != null) for (var c : m.getParameterTypes()[0].getEnumConstants()) list.add(new Object[] {c});
    var source = m.getAnnotation(MethodSource.class);
    if (source != null) {
      var from = type.getDeclaredMethod(source.value()[0]);
      from.setAccessible(true);
      ((Stream<?>) from.invoke(null)).forEach(a -> list.add(a instanceof Arguments several ? several.get() : new Object[] {a}));
    }
    return list;
  }

  /** Of a row of whole numbers. */
  private static Object[] numbers(String row) { return Stream.of(row.split(",")).map(s -> Integer.valueOf(s.strip())).toArray(); }

  private static String call(Class<?> type, Method m, Object[] args) throws ReflectiveOperationException {
    var constructor = type.getDeclaredConstructor();
    constructor.setAccessible(true);
    m.setAccessible(true);
    try {
      m.invoke(constructor.newInstance(), args);
      return null;
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof TestAbortedException) return null;  // what it reads is not here
      if (e.getCause() instanceof OutOfMemoryError none) throw none;  // to be told from a proof that fails
      return type.getSimpleName() + "." + m.getName();
    }
  }

}
