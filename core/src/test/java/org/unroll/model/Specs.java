package org.unroll.model;

import java.util.ArrayList;
import org.unroll.head.Head;
import org.unroll.slab.Philox;

/** Small models for tests. */
final class Specs {
  private Specs() {}

  static final Start SMALL = new Start(Start.Kind.UNIFORM, 0.4);

  /** @param embed 0 for one-hot input */
  static Spec language(String cell, int symbols, int embed, int units, int layers) {
    var list = new ArrayList<Spec.Layer>();
    if (embed > 0) list.add(new Spec.Embedding(embed, SMALL));
    for (int i = 0; i < layers; i++) {
      list.add(new Spec.Recurrent(cell, units, Spec.Direction.FORWARD, 1, SMALL, SMALL));
      list.add(new Spec.Dropout(0.2));
    }
    return new Spec(new Spec.Symbols(symbols), list, new Spec.Softmax(symbols, false, Head.At.EVERY_STEP, SMALL));
  }

  static Network initialised(Spec spec) {
    var net = Network.build(spec);
    var w = net.shape().array();
    var rng = new Philox(3, Philox.Stream.INIT);
    for (int i = 0; i < w.length; i++) w[i] = 0.8f * rng.uniform(0, 0, 0, i) - 0.4f; // biases and peepholes too
    net.shape().touch();
    return net;
  }
}
