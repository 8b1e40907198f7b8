package org.unroll.reference;

import java.util.LinkedHashMap;
import java.util.Map;

/** Names of the variables of a run, and a nudge that one of them is given. */
final class Marks {
  final Map<String, Integer> places = new LinkedHashMap<>();
  private final String nudged;
  private final double by;
  private String layer = "";
  private int step;

  /** @param nudged whose value is moved; "" for none */
  Marks(String nudged, double by) {
    this.nudged = nudged;
    this.by = by;
  }

  void at(String layer, int t) {
    this.layer = layer;
    this.step = t + 1;
  }

  int name(Tape tape, String letter, int k, int v) {
    var name = layer + "." + letter + "[" + step + "][" + (k + 1) + "]";
    int named = name.equals(nudged) ? tape.plus(v, tape.leaf(by)) : v;
    places.put(name, named);
    return named;
  }
}
