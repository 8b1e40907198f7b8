package org.unroll.tasks.errata;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.unroll.reference.FiniteDifference;
import org.unroll.reference.ReferenceLoss;
import org.unroll.reference.ReferenceLoss.At;
import org.unroll.reference.Sequences;

/** The mistakes of the source documents: the printed form fails, the right one passes. */
class ErrataTest {
  private static final double EXACT = 1e-8;

  static List<String> ids() { return Errata.ids(); }

  private static Erratum of(String id) { return Errata.of(id, "en").orElseThrow(); }

  private static Trial trial(String id, int index) { return of(id).trials().get(index); }

  private static Row row(Trial t, String name) {
    return t.rows().stream().filter(r -> r.name().equals(name)).findFirst()
        .orElseThrow(() -> new AssertionError(name + t.rows()));
  }

  private static double fact(Trial t, int index) { return t.facts().get(index).value(); }

  private static void wrong(Trial t, double least, String... names) {
    for (var name : names) assertTrue(row(t, name).printedError() > least, name + row(t, name));
  }

  private static void exact(Trial t, String... names) {
    for (var name : names) assertTrue(row(t, name).printedError() < EXACT, name + row(t, name));
  }

  @Test void ids_areAllOfThem() {
    assertEquals(29, ids().size());
    assertEquals("E01", ids().getFirst());
    assertEquals("E29", ids().getLast());
    assertEquals(Optional.empty(), Errata.of("E30", "en"));
  }

  @ParameterizedTest @MethodSource("ids")
  void everyErratum_theRightForm_passes(String id) {
    for (var t : of(id).trials()) {
      for (var r : t.rows()) assertTrue(r.rightError() < (id.equals("E16") ? 2e-5 : EXACT), id + r);
    }
  }

  @ParameterizedTest @MethodSource("ids")
  void everyErratum_thePrintedForm_fails(String id) {
    if (id.equals("E27")) assertTrue(of(id).error().orElseThrow() < EXACT);     // its name alone is wrong
    else if (id.equals("E29")) assertTrue(of(id).error().isEmpty());            // an inequality
    else assertTrue(of(id).error().orElseThrow() > 0.02, id + " " + of(id).error());
  }

  // ---- the hand-made gradients without any mistake, against the tape

  @Test void handLstm_withoutAnyMistake_hasTheReferencesGradient() {
    for (var setting : List.of(LstmTrials.SIX, LstmTrials.EIGHT, LstmTrials.TWO)) {
      var lstm = setting.lstm();
      var right = setting.reference(lstm);
      lstm.gradients(Set.of()).forEach((name, d) -> assertTrue(FiniteDifference.normRelative(d, right.get(name)) < 1e-13, name));
    }
  }

  @Test void handElman_withoutAnyMistake_hasTheReferencesGradient() {
    for (boolean tanh : new boolean[] {true, false}) {
      var net = SimpleTrials.net(tanh, 1);
      var loss = new ReferenceLoss.SoftmaxCrossEntropy(At.EVERY_STEP, new int[][] {net.targets}, 1);
      var right = SimpleTrials.model(net).run(Sequences.ofVectors(4, 6), net.v, loss).gradients();
      net.gradients(Set.of()).forEach((name, d) -> assertTrue(FiniteDifference.normRelative(d, right.get(name)) < 1e-13, name));
    }
  }

  @Test void handFeedForward_propagatedBeforeTheUpdate_hasTheReferencesGradient() {
    var net = OtherTrials.feedForward();
    Map<String, double[]> right = OtherTrials.sigmoids().run(Sequences.ofVectors(4, 1), net.v(), OtherTrials.squares(net))
        .gradients();
    net.gradients(0, false).forEach((name, d) -> assertTrue(FiniteDifference.normRelative(d, right.get(name)) < 1e-13, name));
  }

  // ---- LSTM

  @Test void E01_everyGradientChangesItsSignAndTheLossRises() {
    var t = trial("E01", 0);
    for (var r : t.rows()) assertEquals(2, r.printedError(), EXACT);
    assertTrue(fact(t, 1) > fact(t, 0) + 0.01 && fact(t, 2) < fact(t, 0) - 0.01, t.facts().toString());
  }

  @Test void E02_spoilsTheOutputGateAloneInOneStepAndEverythingInSix() {
    exact(trial("E02", 0), "δb_f", "δb_i", "δb_g");
    wrong(trial("E02", 0), 0.05, "δb_o");
    wrong(trial("E02", 1), 0.01, "δW", "δR", "δb", "δx", "δh0", "δc0");
  }

  @Test void E03_isWrongAsSoonAsH0IsNotZero() {
    wrong(trial("E03", 0), 0.05, "δR");
    exact(trial("E03", 1), "δR");
  }

  @Test void E04_leavesAGradientAtZero() {
    assertEquals(0, trial("E04", 0).rows().getFirst().printed());
    assertEquals(1, trial("E04", 0).rows().getFirst().printedError());
  }

  @Test void E05E06E22_spoilEveryArray() {
    wrong(trial("E05", 0), 0.2, "δW", "δR", "δb", "δx", "δh0", "δc0");
    wrong(trial("E06", 0), 0.05, "δW", "δR", "δb", "δx", "δh0", "δc0");
    wrong(trial("E22", 0), 0.05, "δW", "δR", "δb", "δx", "δh0", "δc0");
  }

  @Test void E07_needsC0AndNoConditionOnI1() {
    var t = trial("E07", 0);
    for (var r : t.rows()) assertTrue(r.rightError() < 1e-12 && r.printedError() > 1e-3, r.toString());
    assertTrue(fact(t, 0) < 0.9);
  }

  @Test void E21_twoStepsFromZeroCannotTell() {
    wrong(trial("E21", 0), 0.35, "δR_f", "δR_i", "δR_o", "δR_g", "δW", "δR", "δb", "δx", "δh0", "δc0");
    exact(trial("E21", 1), "δR");                                               // all that the article checks
    wrong(trial("E21", 1), 0.3, "δW", "δb");
    var article = trial("E21", 2);
    exact(article, "δR_f", "δR");
    assertTrue(Math.abs(row(article, "δR_f").wanted()) < 1e-8, "of the size that the article prints: " + row(article, "δR_f"));
    wrong(article, 0.2, "δW", "δb");
    wrong(trial("E21", 3), 0.35, "δR_f", "δR", "δW", "δb");
  }

  @Test void E23_inputWeightsNeedEveryStepAndEachBiasItsOwnDelta() {
    wrong(trial("E23", 0), 0.2, "δW", "δb_i", "δb_o");
    exact(trial("E23", 0), "δb_f", "δb_g");
  }

  @Test void E24_neitherAFactorNorTheCellMayBeLeftOut() { wrong(trial("E24", 0), 0.1, "one factor short", "through h alone"); }

  @Test void E26_theArrayThatIsCheckedIsExactWhereItIsChecked() {
    for (int i = 0; i < 2; i++) {
      exact(trial("E26", i), "δR_f, the one checked");
      wrong(trial("E26", i), 0.2, "δW", "δb");
    }
    wrong(trial("E26", 2), 0.3, "δR_f, the one checked", "δW", "δb");
  }

  // ---- simple networks, slides

  @Test void E12_holdsForTheIdentity() {
    wrong(trial("E12", 0), 0.05, "δW", "δR", "δb", "δh0");
    exact(trial("E12", 1), "δR", "δh0");
    exact(trial("E12", 2), "identity");
    wrong(trial("E12", 2), 0.1, "tanh");
  }

  @Test void E15E16_theSlidesDisagreeWithThemselves() {
    assertEquals(-0.35369, trial("E15", 0).rows().getFirst().printed());
    assertEquals(0.0919264, trial("E15", 0).rows().getFirst().right(), 1e-7);
    wrong(trial("E16", 0), 1, "δ_2", "δ_3");
  }

  @Test void E17_aBiasCountsOnceAndEveryDeltaHasItsState() {
    wrong(trial("E17", 0), 0.1, "s");
    wrong(trial("E17", 1), 0.05, "δV", "δR");
  }

  @Test void E18_theSlidesNumbersArePMinusY() {
    var printed = Slides.net(new int[] {0, 2, 1}).output(1, true);
    assertEquals(-0.78, printed[0], 0.005);
    assertEquals(0, printed[1], 0);
    wrong(trial("E18", 0), 0.5, "δ_1");
    wrong(trial("E18", 1), 0.05, "δV", "δc", "δW", "δR", "δb");
  }

  @Test void E19_theSlopeIsOneMinusSSquared() {
    var r = row(trial("E19", 0), "σ′");
    assertEquals(0.012, r.right(), 0.0005);
    assertEquals(0.42, r.printed(), 0.005);
    wrong(trial("E19", 1), 0.05, "δW", "δR", "δb", "δh0");
  }

  // ---- the rest

  @Test void E08_theFirstStateMustFeelTheLastInput() {
    assertEquals(0, trial("E08", 1).rows().getFirst().printed(), 0);
    wrong(trial("E08", 0), 0.1, "h^(2)");
  }

  @Test void E10_updatingFirstSpoilsEveryLayerBelow() {
    for (int i = 0; i < 2; i++) exact(trial("E10", i), "δl3.W");
    for (var name : new String[] {"δl2.W", "δl1.W"}) {
      double little = row(trial("E10", 0), name).printedError(), much = row(trial("E10", 1), name).printedError();
      assertTrue(little > 1e-3 && much > 4 * little, name + ": " + little + " and " + much);
    }
    wrong(trial("E10", 2), 0.05, "δl2.W", "δl1.W");
  }

  @Test void E11_theDivisorIsAFactorAndOneGammaHasTheSumOfMany() {
    assertEquals(fact(trial("E11", 0), 1), fact(trial("E11", 0), 0), 1e-4);
    assertEquals(fact(trial("E11", 1), 1), fact(trial("E11", 1), 0), 1e-9);
  }

  @Test void E14_elementsAboveOneMayVanish() {
    assertEquals(0, fact(trial("E14", 0), 1));
    assertTrue(row(trial("E14", 0), "all 0.6").wanted() > 1e7);
  }

  @Test void E25_theTwoSignsAreOneNetworkAndBeforeIsNotAfter() {
    wrong(trial("E25", 0), 0.1, "reset before", "reset after");
    for (var r : trial("E25", 0).rows()) assertTrue(r.rightError() < 1e-14, r.toString());
    wrong(trial("E25", 1), 0.05, "reset after, weights carried over");
  }

  @Test void E29_theChainHolds() {
    var t = trial("E29", 0);
    assertTrue(fact(t, 0) < fact(t, 1) && fact(t, 1) < 1);
    assertEquals(1, fact(t, 2));
  }
}
