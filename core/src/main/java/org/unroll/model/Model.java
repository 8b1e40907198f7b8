package org.unroll.model;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.file.Json;
import org.unroll.file.Sha256;
import org.unroll.file.Tensor;
import org.unroll.head.Crf;
import org.unroll.head.Lattice;
import org.unroll.kernel.Kernels;
import org.unroll.kernel.Precision;
import org.unroll.kernel.Weights;
import org.unroll.layer.Pass;
import org.unroll.layer.Run;
import org.unroll.layer.State;
import org.unroll.slab.Batch;
import org.unroll.slab.Params;
import org.unroll.slab.Slab;
import org.unroll.slab.Workspace;

/**
 * A trained network: immutable, to be shared by any number of threads. What remembers is a {@link Session}, one for each
 * stream of input.
 */
public final class Model {
  private final Network network;
  private final Params params;
  private final Weights weights;
  private final Map<String, byte[]> attachments;
  private volatile String id;

  private Model(Network network, Weights weights, Map<String, byte[]> attachments, String id) {
    this.network = network;
    this.params = weights.params();
    this.weights = weights;
    this.attachments = attachments;
    this.id = id;
  }

  /**
   * A published copy of weights.
   *
   * @param params of the network's shape; copied
   * @param attachments what the task needs besides, under names of its own (a vocabulary); copied. C030 for one of no bytes
   */
  public static Model of(Network network, Params params, Kernels kernels, Map<String, byte[]> attachments) {
    return owning(network, params.copy(), kernels, attachments);
  }

  /** Reads a model file; whatever is wrong with it is a Fault of family M. C020 if it is larger than the memory, G003 if the disk fails. */
  public static Model load(Path file, Kernels kernels) { return ModelFile.load(file, kernels); }

  static Model owning(Network network, Params own, Kernels kernels, Map<String, byte[]> attachments) {
    own.array(); // made here if nobody wrote a weight: threads share it from now on
    return new Model(network, new Weights(own, kernels), copy(attachments), null);
  }

  /** Weights in training, as they are between two steps: not copied, so of no use after the next step. */
  static Model view(Network network, Weights weights, Map<String, byte[]> attachments) {
    return new Model(network, weights, copy(attachments), null);
  }

  /** The same model on other kernels; the weights are shared, the bits of what it says the same. */
  public Model with(Kernels kernels) {
    return new Model(network, new Weights(params, kernels, weights.precision()), attachments, id);
  }

  /**
   * The same model whose products see weights of another precision: with {@link Precision#BF16} a session reads half the bytes a step,
   * at the price of their rounding. Files, {@link #id} and states stay those of the weights as they are.
   */
  public Model with(Precision precision) {
    return new Model(network, new Weights(params, weights.kernels(), precision), attachments, id);
  }

  /** Of the weights that products see. */
  public Precision precision() { return weights.precision(); }

  /** Writes the model as one safetensors file, atomically. */
  public void save(Path file) { ModelFile.save(this, file); }

  /** The form, as files keep it. */
  public Spec spec() { return network.spec(); }

  /** The layers, without weights. */
  public Network network() { return network; }

  Weights weights() { return weights; }

  Params params() { return params; }

  /** A copy of what the task stored with the model; null if there is nothing of this name. */
  public byte[] attachment(String name) {
    byte[] bytes = attachments.get(name);
    return bytes == null ? null : bytes.clone();
  }

  private static Map<String, byte[]> copy(Map<String, byte[]> attachments) {
    var own = new LinkedHashMap<String, byte[]>();
    attachments.forEach((name, bytes) -> {
      if (bytes.length == 0) {
        throw Fault.of(Code.C030, "it has no bytes").at("attachment %s", name).because("a file holds no empty tensor").mend("leave it out");
      }
      own.put(name, bytes.clone());
    });
    return own;
  }

  Map<String, byte[]> attachments() { return attachments; }

  /** SHA-256 of spec and weights, in hex. */
  public String id() {
    if (id == null) id = digest();   // twice at worst, and the same
    return id;
  }

  /** How many weights. */
  public int size() { return params.size(); }

  /** A stream of input, starting from zeros. Cheap: arrays of the size of the state, the layers' outputs and the scores. */
  public Session session() { return new Session(this); }

  /** Steps up to {@code most} sessions at once; see {@link SessionGroup}. */
  public SessionGroup group(int most) { return new SessionGroup(this, most); }

  /**
   * The loss of a batch and the state after it.
   *
   * @throws Fault C030 if the batch does not fit the network
   */
  public Evaluation evaluate(Batch x, Slab target, State in, Workspace ws) {
    BatchCheck.require(network, x, target, in);
    var run = Run.inference(weights, ws);
    var pass = network.body().forward(x, in, run);
    var loss = network.head().loss(pass.y(), target, run);
    return new Evaluation(loss.sum(), loss.count(), pass.out());
  }

  /**
   * Runs the layers below the head, and keeps all that they remember: what a glass box looks at.
   *
   * @return lives until the workspace is reset
   * @throws Fault C030 if the batch does not fit the network
   */
  public Pass read(Batch x, State in, Workspace ws) {
    BatchCheck.requireInput(network, x, in);
    return network.body().forward(x, in, run(ws));
  }

  /** An evaluating run with these weights, for those who want the passes of single layers. Reads weights, never writes them. */
  public Run run(Workspace ws) { return Run.evaluation(weights, ws); }

  /**
   * The head's answers for every step of a batch [T, N, outputs], until the workspace is reset: probabilities of a softmax or a CRF
   * head (there of each label at each step, over all labellings), values of a regression. Dead rows hold nothing.
   *
   * @throws Fault C030 if the batch does not fit the network
   */
  public Slab predict(Batch x, State in, Workspace ws) {
    var run = Run.inference(weights, ws);
    return network.head().predict(infer(x, in, run), run);
  }

  /**
   * All labellings of each sequence of a batch, in the order of its rows: best labels, marginals, probabilities. They outlive the
   * workspace.
   *
   * @throws Fault C030 if the model's head is no CRF, or the batch does not fit the network
   */
  public List<Lattice> lattices(Batch x, State in, Workspace ws) {
    var run = Run.inference(weights, ws);
    return crf().lattices(infer(x, in, run), run);
  }

  /**
   * The most probable labels of each sequence of a batch [N][its length], in the order of its rows: those of
   * {@link Lattice#viterbi}, sooner.
   *
   * @throws Fault C030 if the model's head is no CRF, or the batch does not fit the network
   */
  public int[][] decode(Batch x, State in, Workspace ws) {
    var run = Run.inference(weights, ws);
    return crf().decode(infer(x, in, run), run);
  }

  /** What the layers below the head put out, and nothing else of the way there. */
  private Batch infer(Batch x, State in, Run run) {
    BatchCheck.requireInput(network, x, in);
    return network.body().forward(x, in, run).y();
  }

  private Crf crf() {
    if (network.head() instanceof Crf crf) return crf;
    throw Fault.of(Code.C030, "the model's head does not label sequences").because("its head must be a crf").mend("ask for predict");
  }

  /** @param sum of the losses of {@code count} elements; out lives until the workspace is reset */
  public record Evaluation(double sum, int count, State out) {}

  private String digest() {
    var sha = Sha256.start();
    sha.update(Json.write(SpecJson.write(spec())).getBytes(StandardCharsets.UTF_8));
    float[] w = params.array();
    var chunk = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < w.length; i++) {
      chunk.putFloat(w[i]);
      if (!chunk.hasRemaining() || i == w.length - 1) {
        sha.update(chunk.flip());
        chunk.clear();
      }
    }
    return Sha256.hex(sha);
  }

  /** Refuses a model that takes something else. */
  int symbols() {
    if (spec().input() instanceof Spec.Symbols s) return s.count();
    throw Fault.of(Code.C030, "the model takes vectors, not symbols").mend("step with a vector");
  }

  /** Columns of what a step reads. */
  int width() { return spec().input() instanceof Spec.Vectors v ? v.width() : 1; }

  int vectors() {
    if (spec().input() instanceof Spec.Vectors v) return v.width();
    throw Fault.of(Code.C030, "the model takes symbols, not vectors").mend("step with a symbol's id");
  }

  /** Names of the weights with their shapes, as a file has them. */
  public List<Tensor> tensors() { return TorchNames.write(network, params.array()); }
}
