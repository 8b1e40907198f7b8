package org.unroll.derivation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.unroll.reference.FiniteDifference;

/**
 * Every number of docs/derivations is recomputed: forward ones from the equations, δ from difference quotients of the loss, both
 * against the reference. Every step is evaluated, with exact numbers and with those that are printed. With -Dderivations=write the
 * numbers on the pages are written anew.
 */
class DerivationsTest {
  private static final double ROUNDING = 0.6e-6, EXACT = 1e-8, PENCIL = 1e-5;
  private static final Pattern TAG = Pattern.compile("(?:([A-Z]\\w+) )?\\((B?\\d+)\\)");

  static List<Example> examples() { return Example.all(); }

  private static Page page(Example e) throws IOException { return Page.read(e.page() + ".md"); }

  private static Map<String, Matrix> truth(Example e) throws IOException { return Probe.truth(page(e).given(), e.forward()); }

  @ParameterizedTest @MethodSource("examples")
  void numbers_onThePage_areTrue(Example e) throws IOException {
    var truth = truth(e);
    if ("write".equals(System.getProperty("derivations"))) {
      for (var language : new String[] {".md", ".zh-CN.md"}) Page.read(e.page() + language).rewrite(new LinkedHashMap<>(truth));
    }
    var lines = page(e).numbers();
    assertTrue(lines.size() > 20, e + ": " + lines.size() + " lines");
    for (var l : lines) {
      var want = Truth.of(l, truth);
      if (l.whole()) truth.putIfAbsent(l.name(), want);
      double off = l.printed().off(want);
      assertTrue(off < ROUNDING, () -> e + " line " + (l.at() + 1) + ": " + l.left() + " must be " + Page.text(want));
    }
  }

  @ParameterizedTest @MethodSource("examples")
  void steps_onThePage_hold(Example e) throws IOException {
    var truth = truth(e);
    var printed = new LinkedHashMap<>(page(e).given());
    for (var l : page(e).numbers()) {
      var want = Truth.of(l, truth);
      if (l.whole()) truth.putIfAbsent(l.name(), want);
      for (int i = 0; i < l.expressions().size(); i++) {
        var step = l.expressions().get(i);
        var where = e + " line " + (l.at() + 1) + ": " + step;
        var got = Expression.value(step, i == 0 ? truth : printed);
        if (i == 0) assertTrue(got.off(want) < EXACT, where + " is " + Page.text(got));
        assertTrue(Expression.value(step, printed).off(l.printed()) < PENCIL, where + " with the printed numbers");
      }
      if (l.whole()) printed.putIfAbsent(l.name(), l.printed());
    }
  }

  @ParameterizedTest @MethodSource("examples")
  void example_andTheReference_agree(Example e) throws IOException {
    var truth = truth(e);
    var r = e.reference(page(e).given());
    assertEquals(r.loss(), truth.get("L").sum(), 1e-12);
    e.arrays().forEach((name, parts) -> {
      double[] d = Example.beside(parts.stream().map(p -> "δ" + p).toList(), truth);
      assertTrue(FiniteDifference.normRelative(d, r.gradients().get(name)) < EXACT, name);
    });
  }

  @ParameterizedTest @MethodSource("examples")
  void everyWeightInputAndInitialState_hasItsGradientOnThePage(Example e) throws IOException {
    var shown = page(e).numbers().stream().map(Page.Line::left).toList();
    for (var parts : e.arrays().values()) for (var name : parts) assertTrue(shown.contains("δ" + name), name);
  }

  @ParameterizedTest @MethodSource("examples")
  void page_inBothLanguages_hasTheSameBlocks(Example e) throws IOException {
    assertEquals(page(e).blocks(), Page.read(e.page() + ".zh-CN.md").blocks());
  }

  @ParameterizedTest @MethodSource("examples")
  void prose_hasNoNumbersOfItsOwn(Example e) throws IOException {
    for (var language : new String[] {".md", ".zh-CN.md"}) {
      var found = Pattern.compile("\\d\\.\\d{3,}").matcher(Page.read(e.page() + language).prose()).results();
      assertEquals(List.of(), found.map(m -> m.group()).toList(), e + language);
    }
  }

  @ParameterizedTest @MethodSource("examples")
  void equations_areNumberedAsInTheJavadocs(Example e) throws IOException {
    var own = new TreeSet<String>();
    for (var l : page(e).numbers()) {
      for (var m : TAG.matcher(l.remark()).results().toList()) {
        var tag = "(" + m.group(2) + ")";
        if (m.group(1) == null) own.add(tag);
        var type = m.group(1) == null ? e.javadoc() : where(m.group(1));
        assertTrue(javadoc(type).contains(tag), e + " line " + (l.at() + 1) + ": " + tag);
      }
    }
    assertEquals(new TreeSet<>(e.equations()), own);
  }

  private static String where(String type) {
    for (var part : List.of("cell", "layer", "head")) if (Files.exists(source(part + "/" + type))) return part + "/" + type;
    throw new AssertionError("no class is called " + type);
  }

  private static Path source(String type) { return Path.of("src/main/java/org/unroll/" + type + ".java"); }

  private static String javadoc(String type) throws IOException {
    var text = Files.readString(source(type));
    return text.substring(text.indexOf("/**"), text.indexOf("*/"));
  }

  @Test void pages_areAllTested() throws IOException {
    var names = new TreeSet<String>();
    try (var files = Files.list(Path.of("..", "docs", "derivations"))) {
      files.map(f -> f.getFileName().toString()).filter(f -> !f.startsWith("README")).forEach(names::add);
    }
    var want = new ArrayList<String>();
    for (var e : examples()) for (var language : new String[] {".md", ".zh-CN.md"}) want.add(e.page() + language);
    assertEquals(new TreeSet<>(want), names);
  }

  // ---- the arithmetic of the pages

  @Test void expressions_knowRowsMatricesAndElements() {
    var v = Map.of("x", Matrix.row(1, 2), "W", Page.matrix("1 2 ; 3 4"), "δa_i3", Matrix.row(5, 6), "σ²_1", Matrix.of(4));
    assertEquals("7.000000 10.000000", Page.text(Expression.value("x W", v)));
    assertEquals("5.000000 6.000000 ; 10.000000 12.000000", Page.text(Expression.value("xᵀ δa_i3", v)));
    assertEquals("-4.000000 -10.000000", Page.text(Expression.value("x - x ⊙ δa_i3", v)));
    assertEquals("0.500000 1.000000", Page.text(Expression.value("x / √(σ²_1)", v)));
    assertEquals("24.000000", Page.text(Expression.value("W[2,1] · x[2] · 4", v)));
    assertEquals("-7.000000 -10.000000", Page.text(Expression.value("-x W", v)));
    assertEquals("0.500000", Page.text(Expression.value("σ(sum(x) - 3)", v)));
    assertEquals("1.000000 4.000000", Page.text(Expression.value("x²", v)));
  }
}
