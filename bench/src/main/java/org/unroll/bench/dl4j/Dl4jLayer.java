package org.unroll.bench.dl4j;

import java.util.Map;
import java.util.function.IntUnaryOperator;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.memory.enums.AllocationPolicy;
import org.nd4j.linalg.api.memory.enums.LearningPolicy;
import org.nd4j.linalg.api.memory.enums.ResetPolicy;
import org.nd4j.linalg.api.memory.enums.SpillPolicy;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.unroll.bench.Contestant;
import org.unroll.bench.Job;
import org.unroll.bench.Kind;
import org.unroll.bench.Outcome;

/**
 * One layer: forward and backward, or forward alone. The equations are ours; two things differ in form. Arrays are [B, I, T] in
 * column-major order, so that a step's matrix is dense, which is Deeplearning4j's own way. And of the four blocks of an
 * LSTM's weights, [I F O G], the first is the candidate and the last the input gate: ours are g f o i of i f g o.
 */
final class Dl4jLayer implements Contestant.Local {
  private static final WorkspaceConfiguration MEMORY = WorkspaceConfiguration.builder().initialSize(0).overallocationLimit(0.05)
      .policyLearning(LearningPolicy.FIRST_LOOP).policyReset(ResetPolicy.BLOCK_LEFT).policySpill(SpillPolicy.REALLOCATE)
      .policyAllocation(AllocationPolicy.OVERALLOCATE).build();
  private static final int[] BLOCKS = {2, 1, 3, 0}, BACK = {3, 1, 0, 2};
  private static final Map<String, String> NAMES = Map.of("W", "W", "RW", "R", "b", "b");

  private final Job job;
  private final boolean workspaces, train;
  private final int threads, T, B, H;
  private final Layer layer;
  private final LayerWorkspaceMgr manager;
  private final INDArray x, dy;

  Dl4jLayer(Job job, boolean workspaces, int threads) {
    this.job = job;
    this.workspaces = workspaces;
    this.threads = threads;
    train = job.kind() == Kind.TRAIN;
    T = job.size("T");
    B = job.size("B");
    H = job.size("H");
    layer = layer(job);
    NAMES.forEach((theirs, ours) -> set(layer.getParam(theirs), job.values(ours)));
    manager = workspaces ? manager() : LayerWorkspaceMgr.noWorkspaces();
    x = sequences(job.values("x"), job.size("I"));
    dy = train ? sequences(job.values("dy"), H) : null;
  }

  private static Layer layer(Job job) {
    int I = job.size("I"), H = job.size("H");
    FeedForwardLayer.Builder<?> builder = job.cell().equals("lstm") ? new LSTM.Builder() : new SimpleRnn.Builder();
    builder.nIn(I).nOut(H).activation(Activation.TANH);
    FeedForwardLayer kind = builder.build();
    var conf = new NeuralNetConfiguration.Builder().dataType(DataType.FLOAT).layer(kind).build();
    long n = conf.getLayer().initializer().numParams(conf);
    var l = conf.getLayer().instantiate(conf, null, 0, Nd4j.create(DataType.FLOAT, 1, n), true, DataType.FLOAT);
    l.setBackpropGradientsViewArray(Nd4j.create(DataType.FLOAT, 1, n));
    return l;
  }

  private static LayerWorkspaceMgr manager() {
    return LayerWorkspaceMgr.builder().defaultWorkspace("UNIT", MEMORY)
        .with(ArrayType.RNN_FF_LOOP_WORKING_MEM, "FORWARD_STEP", MEMORY)
        .with(ArrayType.RNN_BP_LOOP_WORKING_MEM, "BACKWARD_STEP", MEMORY).build();
  }

  /** [T, B, N], dense, as theirs. */
  private INDArray sequences(float[] v, int N) {
    return Nd4j.create(v, new int[] {T, B, N}, 'c').permute(1, 2, 0).dup('f');
  }

  private static float[] ours(INDArray a) { return a.permute(2, 0, 1).dup('c').data().asFloat(); }

  /** A row-major matrix whose columns stand in our order of blocks, into a parameter. */
  private void set(INDArray parameter, float[] v) {
    int rows = v.length / (gates() * H);
    parameter.assign(Nd4j.create(move(v, i -> BLOCKS[i]), new int[] {rows, gates() * H}, 'c'));
  }

  private int gates() { return job.cell().equals("lstm") ? 4 : 1; }

  /** The blocks of every row: block i of the result is block {@code from(i)} of {@code v}. */
  private float[] move(float[] v, IntUnaryOperator from) {
    if (gates() == 1) return v;
    var m = new float[v.length];
    for (int row = 0; row < v.length; row += 4 * H) {
      for (int i = 0; i < 4; i++) System.arraycopy(v, row + from.applyAsInt(i) * H, m, row + i * H, H);
    }
    return m;
  }

  @Override public void enter() { Dl4jPeer.threads(threads); }

  @Override public void step() { run(null); }

  @Override public Outcome outcome() {
    enter();
    var o = new Outcome();
    run(o);
    return o;
  }

  private void run(Outcome into) {
    if (!workspaces) {
      unit(into);
      return;
    }
    try (var unit = Nd4j.getWorkspaceManager().getAndActivateWorkspace(MEMORY, "UNIT")) {
      unit(into);
    }
  }

  private void unit(Outcome into) {
    layer.setInput(x, manager);
    var y = layer.activate(train, manager);
    if (into != null) into.outputs().put("y", ours(y));
    if (train) {
      var back = layer.backpropGradient(dy, manager);
      if (into != null) gradients(back.getFirst().gradientForVariable(), back.getSecond(), into);
    }
    layer.clear();
  }

  private void gradients(Map<String, INDArray> g, INDArray dx, Outcome into) {
    into.gradients().put("x", ours(dx));
    NAMES.forEach((theirs, ours) -> {
      var a = g.get(theirs);
      into.gradients().put(ours, move(a.dup('c').data().asFloat(), i -> BACK[i]));
    });
  }
}
