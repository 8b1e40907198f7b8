package org.unroll.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.file.Tensor;
import org.unroll.file.TensorFile;
import org.unroll.kernel.Kernels;
import org.unroll.kernel.Weights;
import org.unroll.layer.Layer;
import org.unroll.layer.Run;
import org.unroll.layer.State;
import org.unroll.optim.Clip;
import org.unroll.optim.Optimizer;
import org.unroll.optim.Penalty;
import org.unroll.optim.Slots;
import org.unroll.optim.Windows;
import org.unroll.slab.Batch;
import org.unroll.slab.Grads;
import org.unroll.slab.Params;
import org.unroll.slab.Params.Param;
import org.unroll.slab.Philox;
import org.unroll.slab.Slab;
import org.unroll.slab.Workspace;

/**
 * Weights in training: takes a batch, moves the weights once, counts. Owns everything a checkpoint must hold but the data's
 * cursor. One thread drives it; its kernels may use more.
 */
public final class Learner {
  private static final String SLOT = "optim/";

  private final Network network;
  private final Layer body;
  private final Settings settings;
  private final Params params;
  private final Weights weights;
  private final Grads grads;
  private final Philox rng;
  private final Workspace ws = new Workspace();
  private final Slots slots;
  private final Windows trained;
  private final boolean[] moved;
  private long steps;

  /**
   * How a gradient becomes a step: the penalties join it, the clips act in their order, the optimizer moves the weights.
   *
   * @param clips none at all stand for {@link Clip.None}
   * @param activity on the activations, as {@link Penalty} is on the weights
   */
  public record Settings(Optimizer optimizer, Penalty penalty, List<Clip> clips, ActivityPenalty activity) {
    public Settings {
      clips = clips.isEmpty() ? List.of(new Clip.None()) : List.copyOf(clips);
    }

    public Settings(Optimizer optimizer, Penalty penalty, List<Clip> clips) { this(optimizer, penalty, clips, ActivityPenalty.NONE); }
  }

  /**
   * What one step did.
   *
   * @param loss mean over the batch's counted elements, before the step, without penalties
   * @param norm of the gradient before clipping
   * @param clipped whether a clip changed an element
   * @param out state after the batch; lives until the next step
   */
  public record Step(double loss, int count, double norm, boolean clipped, State out) {}

  /** Weights drawn anew from {@code seed}. */
  public Learner(Network network, Settings settings, Kernels kernels, long seed) {
    this.network = network;
    this.body = settings.activity.on(network.body());
    this.settings = settings;
    this.params = network.shape().copy();
    this.rng = new Philox(seed, Philox.Stream.INIT);
    params.initialise(rng);
    this.weights = new Weights(params, kernels);
    this.grads = new Grads(params);
    this.slots = Slots.of(settings.optimizer, params);
    this.trained = Windows.all(params);
    this.moved = new boolean[params.all().size()];
  }

  /**
   * One step down the gradient of the mean loss.
   *
   * @param rate the learning rate
   * @throws Fault R001 if loss or gradient is not finite, C030 if the batch does not fit the network; the weights are then
   *     as before
   */
  public Step step(Batch x, Slab target, State in, double rate) {
    BatchCheck.require(network, x, target, in);
    if (x.tokens() == 0) throw Fault.of(Code.C030, "the batch has no elements").at("x");
    ws.reset();
    grads.zero();
    var run = Run.training(weights, rng, steps, ws);
    var pass = body.forward(x, in, run);
    var loss = network.head().learn(pass.y(), target, run, grads);
    pass.backward(loss.dh(), State.ZERO, grads);
    mark();                                      // before the penalty, which reaches every matrix
    settings.penalty.add(params, grads);
    var clipped = settings.clips.getFirst().apply(grads, trained); // leaves a norm that is not finite as it is
    if (!Double.isFinite(clipped.norm()) || !Double.isFinite(loss.sum())) throw diverged(loss.mean());
    boolean acted = clipped.acted();
    for (var clip : settings.clips.subList(1, settings.clips.size())) acted |= clip.apply(grads, trained).acted();
    settings.optimizer.step(params, grads, slots, steps + 1, rate, trained);
    steps++;
    return new Step(loss.mean(), loss.count(), clipped.norm(), acted, pass.out());
  }

  /** R001 if the last step left a weight or a slot that is NaN or infinite: nothing is to be made of such a state. */
  public void requireFinite() {
    requireFinite("weight", params.array());
    for (int i = 0; i < slots.arrays().length; i++) requireFinite("slot " + slots.names().get(i), slots.arrays()[i]);
  }

  private void requireFinite(String what, float[] values) {
    var p = Clip.firstNotFinite(params, values);
    if (p != null) throw diverged(steps, what + " not finite", p);
  }

  /** The tensor to look at: the first whose gradient is not finite; if only the loss is not, that of the largest weight. */
  private Fault diverged(double loss) {
    var p = Clip.firstNotFinite(params, grads.array());
    if (p != null) return diverged(steps + 1, "loss " + loss + ", gradient not finite", p);
    p = largest();
    return diverged(steps + 1, "loss " + loss + ", every gradient finite; the largest weight is " + magnitude(p), p);
  }

  private static Fault diverged(long step, String what, Param p) {
    return Fault.of(Code.R001, "the training diverged at step %d: %s", step, what).at(p.name()).mend("lower the learning rate")
        .mend("clip the gradient by norm: 1.0 is usual");
  }

  private Param largest() { return params.all().stream().max(Comparator.comparingDouble(this::magnitude)).orElseThrow(); }

  private float magnitude(Param p) {
    float most = 0;
    for (int i = p.offset(); i < p.end(); i++) most = Math.max(most, Math.abs(params.array()[i]));
    return most;
  }

  private void mark() {
    for (int i = 0; i < moved.length; i++) if (!moved[i]) moved[i] = anyNotZero(params.all().get(i));
  }

  private boolean anyNotZero(Param p) {
    for (int i = p.offset(); i < p.end(); i++) if (grads.array()[i] != 0f) return true;
    return false;
  }

  /** Weights that no step of this learner has given a gradient: something is wired wrongly. */
  public List<String> unmoved() {
    var names = new ArrayList<String>();
    for (int i = 0; i < moved.length; i++) if (!moved[i]) names.add(params.all().get(i).name());
    return names;
  }

  /** Steps taken since the beginning, over all resumptions. */
  public long steps() { return steps; }

  /** Floats of working memory taken so far: constant once the largest batch has been seen. */
  public long allocated() { return ws.allocated(); }

  /** Bytes of weights, gradients, slots, packed copies and working memory: nearly all that training takes. */
  public long bytes() { return 4 * (params.size() * (2L + slots.arrays().length) + ws.allocated()) + weights.bytes(); }

  /** What is trained, without its weights. */
  public Network network() { return network; }

  /** What it computes with. */
  public Kernels kernels() { return weights.kernels(); }

  /** An immutable copy of the weights as they stand. */
  public Model publish(Map<String, byte[]> attachments) { return Model.of(network, params, weights.kernels(), attachments); }

  /**
   * The weights as they stand, without a copy: for evaluations and samples between two steps. It must not be kept: after the
   * next step it has other weights.
   */
  public Model view(Map<String, byte[]> attachments) { return Model.view(network, weights, attachments); }

  // ---- checkpoints

  /** The weights, as a model file has them, and the optimizer's slots. */
  public List<Tensor> tensors(Map<String, byte[]> attachments) {
    var tensors = new ArrayList<>(ModelFile.tensors(network, params.array(), attachments));
    for (int i = 0; i < slots.arrays().length; i++) {
      var prefix = SLOT + slots.names().get(i) + "/";
      for (var p : params.all()) tensors.add(Tensor.window(prefix + p.name(), slots.arrays()[i], p.offset(), p.size()));
    }
    return tensors;
  }

  /** What {@link #tensors} needs besides, to be one file with them. */
  public Map<String, String> metadata() { return ModelFile.metadata(network.spec()); }

  /** Goes on from {@link #tensors} taken after {@code steps} steps. */
  public void restore(TensorFile file, long steps) {
    TorchNames.read(network, file, params.array());
    params.touch();
    for (int i = 0; i < slots.arrays().length; i++) {
      for (var p : params.all()) {
        String name = SLOT + slots.names().get(i) + "/" + p.name();
        var t = file.find(name);
        if (t == null || t.size() != p.size()) throw Fault.of(Code.M007, "the checkpoint lacks it, or has another size").at(name);
        System.arraycopy(t.floats(), t.offset(), slots.arrays()[i], p.offset(), p.size());
      }
    }
    this.steps = steps;
    Arrays.fill(moved, false);
  }

  /** Whether a tensor of a checkpoint is the optimizer's memory of a weight. */
  public static boolean isSlot(String tensor) { return tensor.startsWith(SLOT); }
}
