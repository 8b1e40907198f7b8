package org.unroll.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NearestTest {
  @Test void distance_countsInsertionDeletionChangeAndSwap() {
    assertEquals(0, Nearest.distance("lstm", "lstm"));
    assertEquals(1, Nearest.distance("lsmt", "lstm"));
    assertEquals(1, Nearest.distance("lst", "lstm"));
    assertEquals(1, Nearest.distance("lxtm", "lstm"));
    assertEquals(3, Nearest.distance("kitten", "sitting"));
    assertEquals(4, Nearest.distance("", "lstm"));
  }

  @Test void of_farFromAll_isNone() {
    assertEquals(Optional.empty(), Nearest.of("banana", List.of("train", "model")));
    assertEquals(Optional.empty(), Nearest.of("t".repeat(100_000), List.of("train")));
  }

  @Test void of_otherCapitals_isTheWord() {
    assertEquals(Optional.of("lstm"), Nearest.of("LSTM", List.of("gru", "lstm")));
    assertEquals(Optional.of("Poems.txt"), Nearest.of("peoms.TXT", List.of("Poems.txt")));
  }

  @Test void of_severalNear_isTheNearest() {
    assertEquals(Optional.of("train.epochs"), Nearest.of("train.epoch", List.of("train.eps", "train.epochs", "train.bptt")));
  }
}
