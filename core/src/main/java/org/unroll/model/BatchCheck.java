package org.unroll.model;

import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.layer.State;
import org.unroll.slab.Batch;
import org.unroll.slab.Slab;

/**
 * The door of a network for whole batches: kernels only assert what they are given, and an id or a width that does not fit
 * would read the weights next to those meant. Looks at every alive id once; vectors are taken as they are.
 */
final class BatchCheck {
  private BatchCheck() {}

  /**
   * Refuses, by C030, what the network cannot take.
   *
   * @param x [T, N, 1] of ids below the spec's symbols, or [T, N, width] of vectors
   * @param target [T, N, 1] of ids below the head's classes or labels, or [T, N, outputs] of values
   * @param in one part [S, N, H] for each recurrent walk, or none
   */
  static void require(Network net, Batch x, Slab target, State in) {
    requireInput(net, x, in);
    int t = x.x().steps(), n = x.x().rows();
    switch (net.spec().head()) {
      case Spec.Softmax s -> {
        shape(target, t, n, 1, "target");
        ids(target, x, s.classes(), "target", "class");
      }
      case Spec.SquaredError s -> shape(target, t, n, s.outputs(), "target");
      case Spec.Crf c -> {
        shape(target, t, n, 1, "target");
        ids(target, x, c.labels(), "target", "label");
      }
    }
  }

  /** The same without a target. */
  static void requireInput(Network net, Batch x, State in) {
    raggedness(x);
    switch (net.spec().input()) {
      case Spec.Symbols s -> {
        width(x.x(), 1, "symbols");
        ids(x.x(), x, s.count(), "x", "symbol");
      }
      case Spec.Vectors v -> width(x.x(), v.width(), "vectors");
    }
    if (!in.isZero()) state(net, x.x().rows(), in);
  }

  private static void raggedness(Batch x) {
    int last = x.x().rows();
    if (x.alive().length != x.x().steps() || x.ids().length != last) {
      throw Fault.of(Code.C030, "%d counts of rows and %d ids", x.alive().length, x.ids().length).at("x")
          .because("%d steps of %d rows need as many", x.x().steps(), last);
    }
    for (int a : x.alive()) {
      if (a < 0 || a > last) throw Fault.of(Code.C030, "%d rows are alive after %d", a, last).at("x").because("the counts must fall");
      last = a;
    }
  }

  private static void width(Slab x, int width, String what) {
    if (x.cols() != width) throw Fault.of(Code.C030, "it is %d wide", x.cols()).at("x").because("it must be %d wide, for %s", width, what);
  }

  private static void shape(Slab s, int steps, int rows, int cols, String where) {
    if (s.steps() == steps && s.rows() == rows && s.cols() == cols) return;
    throw Fault.of(Code.C030, "it is %d × %d × %d", s.steps(), s.rows(), s.cols()).at(where)
        .because("it must be %d × %d × %d", steps, rows, cols);
  }

  private static void ids(Slab ids, Batch x, int count, String where, String what) {
    int n = ids.rows();
    for (int t = 0; t < x.alive().length; t++) {
      for (int i = 0; i < x.alive()[t]; i++) {
        float id = ids.get(t * n + i, 0);
        if (id >= 0 && id < count && id == (int) id) continue;
        throw Fault.of(Code.C030, "the %s is %s", what, id).at("%s, step %d, row %d", where, t, i)
            .because("it must be a whole number in [0, %d)", count);
      }
    }
  }

  private static void state(Network net, int rows, State in) {
    var memories = net.body().memories();
    if (in.parts().size() != memories.size()) {
      throw Fault.of(Code.C030, "it has %d parts", in.parts().size()).at("in")
          .because("it must have %d, one for each recurrent walk, or none", memories.size());
    }
    for (int i = 0; i < memories.size(); i++) shape(in.part(i), memories.get(i).slots(), rows, memories.get(i).width(), "in, part " + i);
  }
}
