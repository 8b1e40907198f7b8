package org.unroll.tasks.run;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.unroll.kernel.Activation;
import org.unroll.kernel.Kernels;
import org.unroll.layer.Dropout.Over;
import org.unroll.layer.Noise;
import org.unroll.model.Spec;

/** A network in a few words. */
public final class Summary {
  private Summary() {}

  /** {@code embedding 128 · lstm 512→128 · residual(gru 128 · dropout 0.2) · softmax 66}. */
  public static String of(Spec spec) {
    return of(spec.layers()) + " · " + switch (spec.head()) {
      case Spec.Softmax s -> "softmax " + s.classes();
      case Spec.SquaredError s -> "squared error " + s.outputs();
      case Spec.Crf c -> "crf " + c.labels();
    };
  }

  private static String of(List<Spec.Layer> layers) {
    return layers.stream().map(l -> switch (l) {
      case Spec.Embedding e -> "embedding " + e.width();
      case Spec.Recurrent r -> r.cell() + " " + r.units() + (r.projection() > 0 ? "→" + r.projection() : "") + walks(r.direction())
          + noise(r.noise()) + (r.scan() > 0 ? " scan " + r.scan() : "");
      case Spec.Dropout d -> "dropout " + d.rate() + (d.over() == Over.SEQUENCE ? " a sequence" : "");
      case Spec.Dense d when d.activation() == Activation.IDENTITY -> "dense " + d.width();
      case Spec.Dense d -> d.activation().name().toLowerCase(Locale.ROOT) + " " + d.width();
      case Spec.Mlstm m -> "mlstm " + m.units() + " in " + m.heads() + (m.heads() == 1 ? " head" : " heads") + walks(m.direction());
      case Spec.Jordan j -> "jordan " + j.units();
      case Spec.Residual r -> "residual(" + of(r.body()) + ")";
      case Spec.Highway h -> "highway(" + of(h.body()) + ")";
    }).collect(Collectors.joining(" · "));
  }

  private static String noise(Noise n) {
    if (!n.any()) return "";
    return n.shares().entrySet().stream().map(e -> e.getKey().replace('_', ' ') + " " + e.getValue())
        .collect(Collectors.joining(", ", " (", ")"));
  }

  private static String walks(Spec.Direction d) {
    return switch (d) {
      case FORWARD -> "";
      case BACKWARD -> " backward";
      case BOTH -> " both ways";
    };
  }

  public static String of(Kernels k) { return k + ", " + (k.threads() == 1 ? "1 thread" : k.threads() + " threads"); }
}
