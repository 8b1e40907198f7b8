package org.unroll.check;

import java.util.ArrayList;
import java.util.Optional;
import org.unroll.layer.Chain;
import org.unroll.layer.Concat;
import org.unroll.layer.Input;
import org.unroll.layer.Jordan;
import org.unroll.layer.Layer;
import org.unroll.layer.Mlstm;
import org.unroll.layer.Recurrent;
import org.unroll.slab.Batch;
import org.unroll.slab.Slab;

/**
 * Ids as the one-hot rows that they stand for. A layer that looks a row of W up has no gradient by its input; fed with the rows
 * themselves it has one.
 */
final class OneHot {
  private OneHot() {}

  /** The same layer on the same weights, fed with rows; empty if it is not fed with ids, or looks them up in a table. */
  static Optional<Layer> fed(Layer layer) {
    return switch (layer) {
      case Recurrent l when l.input().ids() -> Optional.of(l.with(Input.of(l.input().width())));
      case Jordan l when l.input().ids() ->
          Optional.of(new Jordan(Input.of(l.input().width()), l.feedback(), l.W(), l.U(), l.b(), l.V(), l.c()));
      case Mlstm l when l.input().ids() ->
          Optional.of(new Mlstm(Input.of(l.input().width()), l.heads(), l.direction(), l.W(), l.b(), l.M(), l.c()));
      case Chain l -> fed(l.layers().getFirst()).map(first -> {
        var layers = new ArrayList<>(l.layers());
        layers.set(0, first);
        return new Chain(layers);
      });
      case Concat l -> {
        var walks = l.layers().stream().map(OneHot::fed).toList();
        yield walks.stream().allMatch(Optional::isPresent)
            ? Optional.of(new Concat(walks.stream().map(Optional::get).toList())) : Optional.empty();
      }
      default -> Optional.empty();
    };
  }

  /** [T, N, symbols]: 1 at the id, dead rows 0. */
  static Slab rows(Batch ids, int symbols) {
    int T = ids.x().steps(), N = ids.x().rows();
    var rows = Slab.zeros(T, N, symbols);
    for (int t = 0; t < T; t++) for (int r = t * N; r < t * N + ids.alive()[t]; r++) rows.set(r, (int) ids.x().get(r, 0), 1);
    return rows;
  }
}
