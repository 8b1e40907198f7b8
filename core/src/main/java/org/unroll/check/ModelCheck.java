package org.unroll.check;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.head.Head;
import org.unroll.head.Softmax;
import org.unroll.head.SquaredError;
import org.unroll.kernel.Kernels;
import org.unroll.kernel.Weights;
import org.unroll.layer.Run;
import org.unroll.layer.State;
import org.unroll.model.Model;
import org.unroll.model.Network;
import org.unroll.model.Spec;
import org.unroll.slab.Batch;
import org.unroll.slab.Params;
import org.unroll.slab.Philox;
import org.unroll.slab.Slab;
import org.unroll.slab.Workspace;

/**
 * {@link GradCheck#model} of a whole network with the weights that it has, at the sizes that it has, on random sequences of
 * different lengths, with the masks of one step of training. Twice: with the network's own loss from random first states, and
 * with the loss at the other steps (every step, the last one; a CRF has one loss alone) from states of zeros.
 *
 * <p>The reference computes one product of two numbers at a time, so what a check takes is counted in products: sequences are
 * fewer and shorter, and fewer elements are sampled, the larger the network is. Weights are never cut.
 */
public final class ModelCheck {
  /** Lengths that are tried, the first that stay within {@link #PRODUCTS}, or else the last. */
  private static final int[][] LENGTHS = {{9, 6, 4}, {6, 4, 1}, {5, 2}, {4, 1}, {3, 1}, {2, 1}};

  /** Products of one run of the reference. */
  private static final long PRODUCTS = 20_000_000;

  /** Products of all runs for differences. */
  private static final long DIFFERENCES = 1_200_000_000;

  private ModelCheck() {}

  /**
   * How much of a network is looked at.
   *
   * @param lengths steps of each sequence, falling
   * @param samples elements of each array that are compared with differences
   * @param products of one step of one sequence
   * @param cut whether lengths or samples are fewer than were asked for
   */
  public record Extent(List<Integer> lengths, int samples, long products, boolean cut) {
    static Extent of(Network network, int wanted) {
      long each = ModelCheck.products(network), steps = 0;
      int i = -1;
      do {
        steps = 0;
        for (int length : LENGTHS[++i]) steps += length;
      } while (i < LENGTHS.length - 1 && steps * each > PRODUCTS);
      long run = Math.max(1, steps * each), arrays = network.shape().all().size() + 2L * network.body().parts();
      int samples = (int) Math.min(wanted, Math.max(1, DIFFERENCES / (4 * run * arrays)));
      var lengths = new ArrayList<Integer>();
      for (int length : LENGTHS[i]) lengths.add(length);
      return new Extent(List.copyOf(lengths), samples, each, i > 0 || samples < wanted);
    }
  }

  /**
   * @param at which steps the loss hears; null for a CRF, which hears of whole sequences
   * @param zeros whether the states before the first step are zeros; else random
   */
  public record Part(Head.At at, boolean zeros, Extent extent, GradCheck.Report report) {}

  /** A model as it is. C030 for fewer samples than 0. */
  public static List<Part> of(Model model, Kernels k, long seed, int samples) {
    return of(model.network(), model.run(new Workspace()).weights().params(), k, seed, samples);
  }

  /**
   * @param params of the network's shape; read, never written
   * @param seed of sequences, states, masks and of the elements that are sampled
   * @param samples elements of each array that are compared with differences; 0 for none
   */
  public static List<Part> of(Network network, Params params, Kernels k, long seed, int samples) {
    if (params.size() != network.shape().size()) throw misfit(params.size(), network.shape().size());
    Fits.samples(samples);
    var extent = Extent.of(network, samples);
    var own = at(network.head());
    var other = own == null ? null : own == Head.At.EVERY_STEP ? Head.At.LAST_STEP : Head.At.EVERY_STEP;
    return List.of(part(network, network.head(), own, false, extent, params, k, seed),
        part(network, other == null ? network.head() : with(network.head(), other), other, true, extent, params, k, seed));
  }

  private static Fault misfit(int got, int must) {
    return Fault.of(Code.C030, "they are %d weights", got).at("params").because("the network has %d", must)
        .mend("network.shape().copy() has its shape");
  }

  private static Part part(Network network, Head<Slab> head, Head.At at, boolean zeros, Extent extent, Params params, Kernels k,
      long seed) {
    int N = extent.lengths.size(), T = extent.lengths.getFirst();
    var alive = Slabs.reach(extent.lengths.stream().mapToInt(Integer::intValue).toArray());
    var ids = new long[N];
    for (int n = 0; n < N; n++) ids[n] = n;
    var random = new SplittableRandom(seed);
    var x = new Batch(switch (network.spec().input()) {
      case Spec.Symbols s -> symbols(T, N, s.count(), random);
      case Spec.Vectors v -> numbers(T, N, v.width(), random);
    }, alive, ids);
    var target = switch (network.spec().head()) {
      case Spec.SquaredError s -> numbers(T, N, s.outputs(), random);
      case Spec.Softmax s -> symbols(T, N, s.classes(), random);
      case Spec.Crf c -> symbols(T, N, c.labels(), random);
    };
    var in = zeros ? State.ZERO : Rig.of(network.body(), params, k, x, seed).in();
    var run = Run.training(new Weights(params, k), new Philox(seed, Philox.Stream.DROPOUT), 1, new Workspace());
    return new Part(at, zeros, extent, GradCheck.model(network.body(), head, x, in, target, run, seed, extent.samples));
  }

  private static Head.At at(Head<Slab> head) {
    return switch (head) {
      case Softmax s -> s.at();
      case SquaredError s -> s.at();
      default -> null;
    };
  }

  private static Head<Slab> with(Head<Slab> head, Head.At at) {
    return switch (head) {
      case Softmax s -> new Softmax(s.output(), at);
      case SquaredError s -> new SquaredError(s.output(), at);
      default -> head;
    };
  }

  private static Slab symbols(int T, int N, int count, SplittableRandom random) {
    var x = Slab.zeros(T, N, 1);
    for (int r = 0; r < T * N; r++) x.set(r, 0, random.nextInt(count));
    return x;
  }

  private static Slab numbers(int T, int N, int width, SplittableRandom random) {
    var x = Slab.zeros(T, N, width);
    for (int r = 0; r < T * N; r++) for (int j = 0; j < width; j++) x.set(r, j, (float) (2 * random.nextDouble() - 1));
    return x;
  }

  /** Products of a step: every matrix but a table that rows are looked up in, and what a matrix memory and a CRF multiply. */
  private static long products(Network network) {
    boolean tied = network.spec().head() instanceof Spec.Softmax s && s.tied();
    long sum = network.spec().head() instanceof Spec.Crf c ? (long) c.labels() * c.labels() : 0;
    for (var p : network.shape().all()) if (p.rows() > 1 && (tied || !p.name().startsWith("embedding."))) sum += p.size();
    return sum + memories(network.spec().layers());
  }

  private static long memories(List<Spec.Layer> layers) {
    long sum = 0;
    for (var l : layers) {
      sum += switch (l) {
        case Spec.Mlstm m -> 6L * m.units() * m.units() / m.heads();
        case Spec.Residual r -> memories(r.body());
        case Spec.Highway h -> memories(h.body());
        default -> 0;
      };
    }
    return sum;
  }
}
