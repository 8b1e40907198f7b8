package org.unroll.tasks.lesson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SlipTest {
  private static final Words EN = Words.of("en");
  private static final Lesson LSTM = Lessons.of("lstm", EN);

  private static Optional<String> slip(Lesson l, String label, double answer) {
    return Slip.of(l.item(label), answer, new Worked(l, List.of()), EN);
  }

  @Test void answers_thatForgetSomething_areUnderstood() {
    double v = LSTM.item("δa_f").value(), f = LSTM.item("f").value();
    assertEquals(Optional.empty(), slip(LSTM, "δa_f", v));
    assertEquals(Optional.of("the sign is turned"), slip(LSTM, "δa_f", -v));
    assertEquals(Optional.of("a factor is missing: (1 − 0.824914)"), slip(LSTM, "δa_f", v / (1 - f)));
    assertEquals(Optional.of("a factor is missing: 0.824914"), slip(LSTM, "δa_f", v / f));
    assertEquals(Optional.empty(), slip(LSTM, "δa_f", 3 * v));
    assertEquals(Optional.of("a term is missing: 0.622459·0.739783"), slip(LSTM, "c", 0.824914 * 0.2));
    assertEquals(Optional.empty(), slip(LSTM, "h", 1), "a factor of the first kind would be 0.5549");
    var gru = Lessons.of("gru", EN);
    double path = gru.item("δh").value() * gru.item("z").value();
    assertEquals(Optional.of("a term is missing: 1.10379·0.475021"), slip(gru, "δh'", gru.item("δh'").value() - path));
    assertEquals(Optional.empty(), slip(Lessons.of("softmax", EN), "p_1[1]", 0.1));
  }

  @Test void arithmetic_knowsWhatLessonsWrite() {
    assertEquals(-7.5, Arithmetic.of("1 + 2·(-3) − 5/2"));
    assertEquals(0.25, Arithmetic.of("(1 − 0.5)²"));
    assertEquals(5, Arithmetic.of("√(3² + 4²)"));
    assertEquals(0.5, Arithmetic.of("σ(0) − tanh(0)·log(2)"));
    assertEquals(-0.05, Arithmetic.of("max(−0.05, min(0.05, (-1)))"));
    assertEquals(2e-7, Arithmetic.of("|(-2.0E-7)|"));
    assertEquals(1, Arithmetic.of("exp(0)"));
    assertEquals(-3e-5, Arithmetic.of("2·(-1.5e-05)"));
    for (var bad : List.of("1 +", "(1", "f(1)", "|1")) assertThrows(AssertionError.class, () -> Arithmetic.of(bad), bad);
  }
}
