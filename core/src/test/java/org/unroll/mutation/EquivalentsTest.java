package org.unroll.mutation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.unroll.house.Source;

/** What is said of mutants that mean the same is said of mutants that there are. */
class EquivalentsTest {

  /** An entry whose line has changed, or whose change the campaign no longer makes, excuses nothing. */
  @Test void entries_areEachOfAMutantOfTheSources() {
    var mutants = new ArrayList<Mutant>();
    for (var parsed : Source.parse(Source.all().stream().filter(Campaign::counts).toList())) mutants.addAll(Mutator.mutants(parsed));
    assertEquals(List.of(), Equivalents.stale(mutants));
  }
}
