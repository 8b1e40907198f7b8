package org.unroll.tasks.run;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.unroll.fault.Fault;
import org.unroll.file.Disk;
import org.unroll.file.Dtype;
import org.unroll.file.Json;
import org.unroll.file.SafeTensorsReader;
import org.unroll.file.SafeTensorsReader.Summary.Shape;
import org.unroll.model.Learner;

/**
 * What a model file says of itself: a checkpoint of a training, a saved model, or a file that another program wrote.
 *
 * @param header its tensors without their elements, and its metadata
 */
public record CheckpointSummary(Path file, SafeTensorsReader.Summary header) {
  private static final int LONGEST = 200;

  /** Reads the header alone. Faults of family M. */
  public static CheckpointSummary of(Path file) {
    return new CheckpointSummary(file, SafeTensorsReader.of(Disk.real(), file).summary());
  }

  /** Whether a tensor belongs to the training alone: the optimizer's memory, or the state carried from window to window. */
  public static boolean isTraining(Shape t) { return Learner.isSlot(t.name()) || Checkpoints.isState(t.name()); }

  /** How many numbers the model is made of: neither the training's own nor what is attached as bytes. */
  public long weights() {
    return header.tensors().stream().filter(t -> !isTraining(t) && t.dtype() != Dtype.U8).mapToLong(Shape::size).sum();
  }

  /** Bytes of the tensors that belong to the training alone. */
  public long trainingBytes() { return header.tensors().stream().filter(CheckpointSummary::isTraining).mapToLong(Shape::bytes).sum(); }

  /** Step, state, corpus and vocabulary of a checkpoint; what others wrote into the file as it is, the long of it cut. */
  public Map<String, String> provenance() {
    var shown = new LinkedHashMap<String, String>();
    header.given().forEach((k, v) -> {
      if (!k.equals(Checkpoints.TRAINING)) shown.put(k, v.length() > LONGEST ? v.substring(0, LONGEST) + "…" : v);
    });
    var training = header.metadata().get(Checkpoints.TRAINING);
    if (training != null && Json.read(training, Checkpoints.TRAINING, Json.Rules.CONFIG) instanceof Map<?, ?> m) {
      if (m.get("cursor") instanceof Map<?, ?> c) shown.put("step", String.valueOf(c.get("step")));
      shown.put("state", state());
      shown.put("corpus", "sha256 " + m.get("corpus"));
      shown.put("vocabulary", "sha256 " + m.get("vocabulary"));
    }
    return shown;
  }

  /** SHA-256 of the training's state, {@link RunInfo#state} at the end; why not, for a damaged file. */
  private String state() {
    try {
      return "sha256 " + Training.stateHash(SafeTensorsReader.of(Disk.real(), file).read(), file.toString());
    } catch (Fault f) {
      return f.code().label() + " " + f.what();
    }
  }
}
