package org.unroll.model;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.file.Disk;
import org.unroll.file.Dtype;
import org.unroll.file.Json;
import org.unroll.file.SafeTensorsReader;
import org.unroll.file.SafeTensorsWriter;
import org.unroll.file.Tensor;
import org.unroll.file.TensorFile;
import org.unroll.kernel.Kernels;

/** A model as one safetensors file: weights under PyTorch's names, the spec in the metadata, attachments as bytes. */
final class ModelFile {
  /** Metadata key of the spec; tensors of attachments start with {@link #ATTACHMENT}. */
  static final String SPEC = "unroll.model";
  static final String ATTACHMENT = "app.";

  private ModelFile() {}

  static void save(Model m, Path file) {
    SafeTensorsWriter.save(Disk.real(), file, tensors(m.network(), m.params().array(), m.attachments()), metadata(m.spec()));
  }

  static List<Tensor> tensors(Network net, float[] weights, Map<String, byte[]> attachments) {
    var tensors = new ArrayList<>(TorchNames.write(net, weights));
    attachments.forEach((name, bytes) -> tensors.add(Tensor.of(ATTACHMENT + name, bytes, bytes.length)));
    return tensors;
  }

  static Map<String, String> metadata(Spec spec) {
    var m = new LinkedHashMap<String, String>();
    m.put(SPEC, Json.write(SpecJson.write(spec)));
    return m;
  }

  static Model load(Path file, Kernels kernels) { return of(SafeTensorsReader.of(Disk.real(), file).read(), file, kernels); }

  /** The model in a file already read: a model file, or a checkpoint. */
  static Model of(TensorFile content, Path file, Kernels kernels) {
    var net = network(content, file);
    requireAsMany(net.shape().size(), content, file);
    var params = net.shape().copy();
    TorchNames.read(net, content, params.array());
    params.touch();
    return Model.owning(net, params, kernels, attachments(content));
  }

  /** Nothing is allocated for weights that a few bytes of spec claim and the file does not hold. */
  private static void requireAsMany(int weights, TensorFile content, Path file) {
    long held = content.tensors().stream().filter(t -> t.dtype() == Dtype.F32).mapToLong(Tensor::size).sum();
    if (held >= weights) return;
    throw Fault.of(Code.M007, "its tensors hold %d numbers, its spec needs %d weights", held, weights).at(file.toString());
  }

  /** The network that the file's spec declares; a spec that is none is a damaged file, whatever rule it breaks. */
  private static Network network(TensorFile content, Path file) {
    var json = json(content, file);
    try {
      return Network.build(SpecJson.read(Json.read(json, SPEC, Json.Rules.CONFIG), SPEC, Code.M003));
    } catch (Fault f) {
      throw Fault.of(Code.M003, f.what()).at(file + ": " + f.where()).because(f.why())
          .mend("use a file that a training has written").causedBy(f);
    }
  }

  private static String json(TensorFile content, Path file) {
    var json = content.metadata().get(SPEC);
    if (json == null) {
      throw Fault.of(Code.M002, "the file holds tensors, but no model of ours").at(file.toString())
          .because("its metadata has no '%s'", SPEC).mend("use a file that a training has written");
    }
    return json;
  }

  static Map<String, byte[]> attachments(TensorFile content) {
    var m = new LinkedHashMap<String, byte[]>();
    for (var t : content.tensors()) if (t.name().startsWith(ATTACHMENT)) m.put(t.name().substring(ATTACHMENT.length()), t.octets());
    return m;
  }
}
