package org.unroll.tasks.errata;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/** All mistakes, in the order of their ids. An id never changes and is never given to another. */
public final class Errata {
  private static final Map<String, Supplier<List<Trial>>> TRIALS = Map.ofEntries(
      Map.entry("E01", LstmTrials::sign),
      Map.entry("E02", LstmTrials::outputGate),
      Map.entry("E03", LstmTrials::recurrentSum),
      Map.entry("E04", LstmTrials::outputBias),
      Map.entry("E05", () -> LstmTrials.everyArray("E05")),
      Map.entry("E06", () -> LstmTrials.everyArray("E06")),
      Map.entry("E07", LstmTrials::expansion),
      Map.entry("E08", OtherTrials::backwardDirection),
      Map.entry("E09", CrfTrials::score),
      Map.entry("E10", OtherTrials::updateFirst),
      Map.entry("E11", OtherTrials::divisors),
      Map.entry("E12", SimpleTrials::slopes),
      Map.entry("E13", SimpleTrials::transposedOutput),
      Map.entry("E14", OtherTrials::powers),
      Map.entry("E15", Slides::nablaU),
      Map.entry("E16", Slides::targets),
      Map.entry("E17", SimpleTrials::pairs),
      Map.entry("E18", Slides::outputDelta),
      Map.entry("E19", Slides::slope),
      Map.entry("E20", SimpleTrials::errorBack),
      Map.entry("E21", LstmTrials::cellPath),
      Map.entry("E22", () -> LstmTrials.everyArray("E22")),
      Map.entry("E23", LstmTrials::lastInputAlone),
      Map.entry("E24", LstmTrials::jacobians),
      Map.entry("E25", OtherTrials::updateGate),
      Map.entry("E26", LstmTrials::oneArrayChecked),
      Map.entry("E27", SimpleTrials::forwardAccumulation),
      Map.entry("E28", SimpleTrials::jacobianOfThree),
      Map.entry("E29", OtherTrials::bound));

  private Errata() {}

  /** {@code E01} to the last. */
  public static List<String> ids() { return List.copyOf(new TreeMap<>(TRIALS).keySet()); }

  /** The languages that {@link #of} knows. */
  public static List<String> languages() { return List.of("en", "zh"); }

  /**
   * One of them, computed now. Empty for an id that is none.
   *
   * @param language of the words, one of {@link #languages}
   */
  public static Optional<Erratum> of(String id, String language) {
    var trials = TRIALS.get(id);
    if (trials == null) return Optional.empty();
    var words = ErrataText.of(language);
    return Optional.of(new Erratum(id, words.of(id, "document"), words.of(id, "title"), words.of(id, "printed"),
        words.of(id, "right"), words.of(id, "why"), trials.get().stream().map(t -> words.told(id, t)).toList()));
  }

  /** All of them. */
  public static List<Erratum> all(String language) { return ids().stream().map(id -> of(id, language).orElseThrow()).toList(); }

  /** A line for each document: its number and what it is. */
  public static List<String> documents(String language) { return ErrataText.of(language).lines("documents"); }
}
