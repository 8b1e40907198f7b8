package org.unroll.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;

/** Our layers give libtorch's outputs and gradients. */
class AgreementTest {

  static Stream<Arguments> problems() {
    return Stream.of("lstm", "gru", "elman")
        .flatMap(c -> Stream.of(new Shape(1, 1, 3, 5), new Shape(9, 5, 7, 19), new Shape(20, 8, 24, 48)).map(s -> Arguments.of(c, s)));
  }

  @ParameterizedTest
  @MethodSource("problems")
  void layer_sameWeights_agreesWithLibtorch(String cell, Shape shape) {
    var a = Agreement.check(Problem.random(cell, shape, 3), 2);
    assertTrue(a.output() <= Agreement.OUTPUT && a.gradient() <= Agreement.GRADIENT, a.toString());
  }

  @Test
  void check_otherWeights_refuses() {
    var p = Problem.random("lstm", new Shape(3, 2, 4, 6), 3);
    var theirs = new TorchLayer(p);
    p.params().array()[0] += 0.01f;
    var a = Agreement.of(new OurLayer(p, 1).outcome(), theirs.outcome());
    var fault = assertThrows(Fault.class, () -> a.require(p));
    assertEquals(Code.R002, fault.code());
    assertTrue(fault.getMessage().startsWith("lstm T3 B2 I4 H6: outputs are "), fault.getMessage());
  }
}
