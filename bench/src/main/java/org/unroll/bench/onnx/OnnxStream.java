package org.unroll.bench.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.unroll.bench.Contestant;
import org.unroll.bench.Job;
import org.unroll.bench.Outcome;

/**
 * One step at a call, the state fed back without a copy. Pinned, two states take turns: one is read, the other written, and
 * the tensors of every step stand ready. Otherwise each call gives a new state, which the next one reads and then closes.
 */
final class OnnxStream implements Contestant.Local {
  private final OrtEnvironment environment;
  private final OrtSession session;
  private final boolean pinned;
  private final int H;
  private final List<String> names;
  private final OnnxTensor[] x;
  private final List<List<OnnxTensor>> states = new ArrayList<>();
  private final List<Map<String, OnnxTensor>> outs = new ArrayList<>();
  private final List<List<Map<String, OnnxTensor>>> ins = new ArrayList<>();
  private OrtSession.Result last;
  private int at, side;

  OnnxStream(Job job, OrtEnvironment environment, OrtSession session, boolean pinned) throws OrtException {
    this.environment = environment;
    this.session = session;
    this.pinned = pinned;
    H = job.size("H");
    names = job.cell().equals("lstm") ? List.of("h", "c") : List.of("h");
    x = inputs(job);
    for (int s = 0; s < 2; s++) {
      var state = new ArrayList<OnnxTensor>();
      var out = new LinkedHashMap<String, OnnxTensor>();
      for (var n : names) {
        var t = OnnxTensor.createTensor(environment, OnnxLayer.direct(H), new long[] {1, 1, H});
        state.add(t);
        out.put(n + "_out", t);
      }
      states.add(state);
      outs.add(out);
    }
    for (int s = 0; s < 2; s++) {
      var steps = new ArrayList<Map<String, OnnxTensor>>();
      for (var input : x) steps.add(fed(input, states.get(s)));
      ins.add(steps);
    }
  }

  private OnnxTensor[] inputs(Job job) throws OrtException {
    int I = job.size("I");
    var tensors = new OnnxTensor[job.size("T")];
    for (int t = 0; t < tensors.length; t++) {
      var b = OnnxLayer.direct(I).put(job.values("x"), t * I, I).rewind();
      tensors[t] = OnnxTensor.createTensor(environment, b, new long[] {1, 1, I});
    }
    return tensors;
  }

  private Map<String, OnnxTensor> fed(OnnxTensor input, List<OnnxTensor> state) {
    var in = new LinkedHashMap<String, OnnxTensor>();
    in.put("X", input);
    for (int i = 0; i < names.size(); i++) in.put(names.get(i), state.get(i));
    return in;
  }

  @Override public void step() throws OrtException {
    if (pinned) {
      session.run(ins.get(side).get(at), outs.get(1 - side)).close();
      side = 1 - side;
    } else {
      var state = states.get(0);
      if (last != null) state = names.size() == 1 ? List.of(result(0)) : List.of(result(0), result(1));
      var next = session.run(fed(x[at], state));
      if (last != null) last.close();
      last = next;
    }
    if (++at == x.length) at = 0;
  }

  private OnnxTensor result(int i) { return (OnnxTensor) last.get(i); }

  @Override public Outcome outcome() throws OrtException {
    restart();
    for (int t = 0; t < x.length; t++) step();
    float[] h = new float[H];
    (pinned ? states.get(side).getFirst() : result(0)).getFloatBuffer().get(h);
    restart();
    var o = new Outcome();
    o.outputs().put("h", h);
    return o;
  }

  private void restart() {
    if (last != null) last.close();
    last = null;
    at = 0;
    side = 0;
    for (var t : states.getFirst()) t.getBufferRef().ifPresent(b -> ((java.nio.FloatBuffer) b).put(0, new float[H]));
  }

  @Override public void close() throws OrtException {
    if (last != null) last.close();
    for (var t : x) t.close();
    for (var s : states) s.forEach(OnnxTensor::close);
    session.close();
  }
}
