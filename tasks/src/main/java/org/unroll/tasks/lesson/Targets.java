package org.unroll.tasks.lesson;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Where δh of a step comes from: ½ Σ (h − y)² in a lesson of its own, the layers above in a user's model. */
final class Targets {
  private Targets() {}

  static void given(StepBoard s, double[] target) {
    for (int u : s.units()) {
      if (target != null) s.board.given(s.of("y", u), target[u]);
      else s.board.given(s.of("δh", u), s.n.gradient("h", u));
    }
  }

  static void loss(StepBoard s, double[] target) {
    if (target == null) return;
    var squares = Arrays.stream(s.units()).mapToObj(u -> "(" + s.at("h", u) + " − " + s.at("y", u) + ")²");
    s.board.show("L = ½ Σ (h − y)²", "0.5·(" + squares.collect(Collectors.joining(" + ")) + ")", s.n.traced().loss());
  }

  static void dh(StepBoard s, double[] target, int u) {
    if (target == null) return;
    s.board.show(s.of("δh", u) + " = " + s.of("h", u) + " − " + s.of("y", u), s.at("h", u) + " − " + s.at("y", u),
        s.n.gradient("h", u), s.n.difference("h", u));
  }
}
