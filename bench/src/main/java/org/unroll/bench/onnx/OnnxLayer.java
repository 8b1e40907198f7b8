package org.unroll.bench.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Map;
import org.unroll.bench.Contestant;
import org.unroll.bench.Job;
import org.unroll.bench.Outcome;

/** A whole sequence at a call: x [T, B, I] to y [T, B, H]. */
final class OnnxLayer implements Contestant.Local {
  private final OrtSession session;
  private final Map<String, OnnxTensor> in, out;
  private final FloatBuffer y;

  /** @param pinned y's memory is given once */
  OnnxLayer(Job job, OrtEnvironment environment, OrtSession session, boolean pinned) throws OrtException {
    this.session = session;
    int T = job.size("T"), B = job.size("B"), H = job.size("H");
    var x = direct(T * B * job.size("I")).put(job.values("x")).rewind();
    in = Map.of("X", OnnxTensor.createTensor(environment, x, new long[] {T, B, job.size("I")}));
    y = direct(T * B * H);
    out = pinned ? Map.of("Y", OnnxTensor.createTensor(environment, y, new long[] {T, 1, B, H})) : Map.of();
  }

  /** Memory that ONNX Runtime uses without a copy. */
  static FloatBuffer direct(int floats) {
    return ByteBuffer.allocateDirect(4 * floats).order(ByteOrder.nativeOrder()).asFloatBuffer();
  }

  @Override public void step() throws OrtException {
    if (out.isEmpty()) session.run(in).close();
    else session.run(in, out).close();
  }

  @Override public Outcome outcome() throws OrtException {
    var o = new Outcome();
    float[] v = new float[y.capacity()];
    try (var r = out.isEmpty() ? session.run(in) : session.run(in, out)) {
      (out.isEmpty() ? ((OnnxTensor) r.get(0)).getFloatBuffer() : y.duplicate()).get(v);
    }
    o.outputs().put("y", v);
    return o;
  }

  @Override public void close() throws OrtException {
    in.values().forEach(OnnxTensor::close);
    out.values().forEach(OnnxTensor::close);
    session.close();
  }
}
