package org.unroll.bench.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import java.util.List;
import org.unroll.bench.Absent;
import org.unroll.bench.Contestant;
import org.unroll.bench.Job;
import org.unroll.bench.Kind;
import org.unroll.bench.Peer;
import org.unroll.bench.TorchOrder;

/**
 * ONNX Runtime on the CPU. It infers and does not train. {@code pinned}: its outputs go into memory that is given once;
 * {@code new}: into memory of its own, anew at every call.
 */
public final class OnnxPeer implements Peer {

  @Override public String name() { return "onnxruntime"; }

  @Override public String version() throws Absent { return "ONNX Runtime " + environment().getVersion(); }

  @Override public List<String> modes(Job job) { return why(job) == null ? List.of("pinned", "new") : List.of(); }

  @Override public String why(Job job) {
    if (job.kind() != Kind.INFER && job.kind() != Kind.STREAM) return "it infers layers alone";
    return List.of("lstm", "gru", "elman").contains(job.cell()) ? null : "ONNX has no such layer";
  }

  @Override public Contestant enter(Job job, String mode, int threads) throws Absent {
    boolean stream = job.kind() == Kind.STREAM;
    int T = stream ? 1 : job.size("T"), B = stream ? 1 : job.size("B");
    var model = OnnxModel.of(job.cell(), TorchOrder.of(job, ""), T, B, job.size("I"), job.size("H"), stream);
    try (var options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(threads);
      options.setInterOpNumThreads(1);
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
      var session = environment().createSession(model, options);
      boolean pinned = mode.equals("pinned");
      return stream ? new OnnxStream(job, environment(), session, pinned) : new OnnxLayer(job, environment(), session, pinned);
    } catch (OrtException e) {
      throw new Absent(e.getMessage(), e);
    }
  }

  private static OrtEnvironment environment() throws Absent {
    try {
      return OrtEnvironment.getEnvironment();
    } catch (LinkageError e) {
      throw new Absent("its natives are not for this machine", e);
    }
  }
}
