package org.unroll.model;

import java.util.ArrayList;
import java.util.List;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.layer.Activity;
import org.unroll.layer.Chain;
import org.unroll.layer.Layer;

/**
 * Activation regularisation of a model in training (Merity, Keskar and Socher 2018): a penalty on large values of what the head is
 * given, dropout included, and one on fast changes of what the last recurrent layer puts out, before any dropout above it.
 * {@link Activity} has the equations. The model itself, its file and what it says do not know of it.
 *
 * @param l2 α, 0 for none; 2 in the paper
 * @param temporal β, 0 for none; 1 in the paper
 */
public record ActivityPenalty(double l2, double temporal) {
  /** Adds nothing. */
  public static final ActivityPenalty NONE = new ActivityPenalty(0, 0);

  public ActivityPenalty {
    notNegative("l2", l2);
    notNegative("temporal", temporal);
  }

  private static void notNegative(String what, double value) {
    if (value >= 0 && value < Double.POSITIVE_INFINITY) return;
    throw Fault.of(Code.C011, "%s is %s", what, value).at("activity penalty").because("it must be finite and not negative");
  }

  /** The same layers with the penalties between them; C014 for changes in time where no layer remembers. */
  Layer on(Layer body) {
    if (equals(NONE)) return body;
    var layers = new ArrayList<>(body instanceof Chain c ? c.layers() : List.of(body));
    if (temporal > 0) {
      int last = layers.size() - 1;
      while (last >= 0 && layers.get(last).parts() == 0) last--;
      if (last < 0) {
        throw Fault.of(Code.C014, "temporal is %s and no layer is recurrent", temporal).at("activity penalty")
            .because("it is on the changes of a recurrent layer's output").mend("temporal: 0");
      }
      layers.add(last + 1, new Activity(layers.get(last).width(), 0, temporal));
    }
    if (l2 > 0) layers.add(new Activity(body.width(), l2, 0));
    return new Chain(layers);
  }
}
