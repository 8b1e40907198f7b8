package org.unroll.tasks.run;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.file.Dtype;
import org.unroll.file.Json;
import org.unroll.file.Sha256;
import org.unroll.file.Tensor;
import org.unroll.file.TensorFile;
import org.unroll.layer.State;
import org.unroll.model.Learner;
import org.unroll.slab.Slab;

/** A training's state as the tensors and metadata of one checkpoint. */
final class Checkpoints {
  static final String TRAINING = "unroll.training";
  private static final String STATE = "state/";
  private static final Json.Rules RULES = new Json.Rules(Code.M003, Code.M003, 8, 1 << 26, 1 << 24, 64, 0); // a run may name many files

  private Checkpoints() {}

  /** Whether a tensor is a part of the state that is carried from window to window. */
  static boolean isState(String tensor) { return tensor.startsWith(STATE); }

  static List<Tensor> tensors(Learner learner, Map<String, byte[]> attachments, State carried) {
    var tensors = new ArrayList<>(learner.tensors(attachments));
    for (int i = 0; i < carried.parts().size(); i++) {
      var p = carried.part(i);
      tensors.add(Tensor.of(STATE + i, p.flat(), p.steps(), p.rows(), p.cols()));
    }
    return tensors;
  }

  /** @param config every key's value as text; events and samples the bytes of these logs that belong to the past */
  static Map<String, String> metadata(Learner learner, Cursor cursor, Map<String, String> config, LmData data, long events, long samples) {
    var m = new LinkedHashMap<>(learner.metadata());
    var t = new LinkedHashMap<String, Object>();
    t.put("cursor", cursor.write());
    t.put("config", config);
    t.put("corpus", data.sha256());
    t.put("vocabulary", data.vocabulary().hash());
    t.put("events", events);
    t.put("samples", samples);
    m.put(TRAINING, Json.write(t));
    return m;
  }

  /** What {@link #metadata} wrote. */
  record Read(Cursor cursor, Map<String, String> config, String corpus, String vocabulary, long events, long samples) {}

  static Read read(TensorFile file, String where) {
    var json = file.metadata().get(TRAINING);
    if (json == null) throw Fault.of(Code.M002, "a model, but no checkpoint of a training").at(where)
        .mend("name a run: unroll runs list");
    if (Json.read(json, where, RULES) instanceof Map<?, ?> m && m.get("cursor") instanceof Map<?, ?> cursor
        && m.get("config") instanceof Map<?, ?> config && m.get("corpus") instanceof String corpus
        && m.get("vocabulary") instanceof String vocabulary && m.get("events") instanceof Long events
            && m.get("samples") instanceof Long samples) {
      var texts = new LinkedHashMap<String, String>();
      config.forEach((k, v) -> texts.put((String) k, String.valueOf(v)));
      return new Read(Cursor.read(cursor), texts, corpus, vocabulary, events, samples);
    }
    throw Fault.of(Code.M003, "the training's state is damaged").at(where);
  }

  static State carried(TensorFile file) {
    var parts = new ArrayList<Slab>();
    for (int i = 0; file.find(STATE + i) != null; i++) {
      var t = file.find(STATE + i);
      var shape = t.shape();
      if (shape.size() != 3) throw Fault.of(Code.M007, "its shape is %s, must be [slots, rows, units]", shape).at(t.name());
      var s = Slab.zeros(Math.toIntExact(shape.get(0)), Math.toIntExact(shape.get(1)), Math.toIntExact(shape.get(2)));
      s.fill(t.floats(), t.offset());
      parts.add(s);
    }
    return new State(parts);
  }

  static String hash(Learner learner, Cursor cursor, State carried) { return hash(tensors(learner, Map.of(), carried), cursor); }

  /** Of the training that saved this checkpoint, as it was then. */
  static String hash(TensorFile file, String where) {
    var floats = file.tensors().stream().filter(t -> t.dtype() == Dtype.F32).toList();  // the vocabulary is bytes
    return hash(floats, read(file, where).cursor());
  }

  /** SHA-256 of all tensors by name, and of the cursor without its clock. */
  private static String hash(List<Tensor> tensors, Cursor cursor) {
    var sha = Sha256.start();
    for (var t : tensors.stream().sorted(Comparator.comparing(Tensor::name)).toList()) {
      sha.update(t.name().getBytes(StandardCharsets.UTF_8));
      var b = ByteBuffer.allocate(4 * t.size()).order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < t.size(); i++) b.putFloat(t.floats()[t.offset() + i]);
      sha.update(b.array());
    }
    var c = cursor.write();
    c.remove("seconds");
    sha.update(Json.write(c).getBytes(StandardCharsets.UTF_8));
    return Sha256.hex(sha);
  }
}
