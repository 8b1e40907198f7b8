package org.unroll.model;

import java.util.List;
import java.util.Map;
import org.unroll.cell.Cells;
import org.unroll.cell.MatrixMemory;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.fault.Nearest;
import org.unroll.file.Json;
import org.unroll.head.Head;
import org.unroll.kernel.Activation;
import org.unroll.layer.Dropout.Over;
import org.unroll.layer.Noise;
import org.unroll.layer.Scan;

/**
 * A model, declared: what goes in, the layers in their order, the head. JSON and YAML are the same records in text.
 *
 * @param input symbols or vectors
 * @param layers from the input up
 * @param head what the model is trained on
 */
public record Spec(Input input, List<Layer> layers, HeadSpec head) {

  public Spec {
    present("input", input);
    present("layers", layers);
    for (int i = 0; i < layers.size(); i++) present("layers[" + i + "]", layers.get(i));
    present("head", head);
    layers = List.copyOf(layers);
  }

  /** The spec as plain values: maps, lists, text, numbers. What {@link #of} reads. */
  public Map<String, Object> values() { return SpecJson.write(this); }

  /** A spec from plain values. C010 where something is missing, unknown or of the wrong kind; C011 out of range. */
  public static Spec of(Object values, String where) { return SpecJson.read(values, where, Code.C010); }

  /** One line of JSON. */
  public String json() { return Json.write(values()); }

  /** What {@link #json} wrote. C001 for what is no JSON; else as {@link #of}. */
  public static Spec parse(String json) { return of(Json.read(json, "spec", Json.Rules.CONFIG), "spec"); }

  /** What a sequence consists of. */
  public sealed interface Input {}

  /** Ids 0 … count − 1. Fed to a recurrent layer without an embedding they count as one-hot rows. */
  public record Symbols(int count) implements Input {
    public Symbols {
      atLeast("input.symbols", count, 1);
    }
  }

  /** Vectors of this width. */
  public record Vectors(int width) implements Input {
    public Vectors {
      atLeast("input.vectors", width, 1);
    }
  }

  public sealed interface Layer {}

  /** A row of a table for each symbol. */
  public record Embedding(int width, Start start) implements Layer {
    public Embedding {
      atLeast("embedding.width", width, 1);
      present("embedding.start", start);
    }
  }

  /** Which way a recurrent layer walks; BOTH puts the two walks' outputs side by side. */
  public enum Direction { FORWARD, BACKWARD, BOTH }

  /**
   * A cell run over time.
   *
   * @param cell one of {@link Cells#names}
   * @param units H, of each direction
   * @param forget bias that keeps a memory at the start, where the cell has a forget gate
   * @param inputStart how W starts
   * @param recurrentStart how R (and S and P) start
   * @param projection width of the output and of what R multiplies (LSTMP), below {@code units}; 0 for H itself
   * @param noise what is disturbed in training
   * @param scan steps of a chunk where whole sequences are computed by a scan over time, for cells linear in their state; 0 for none
   */
  public record Recurrent(String cell, int units, Direction direction, double forget, Start inputStart, Start recurrentStart,
      int projection, Noise noise, int scan) implements Layer {
    public Recurrent(String cell, int units, Direction direction, double forget, Start inputStart, Start recurrentStart, int projection,
        Noise noise) {
      this(cell, units, direction, forget, inputStart, recurrentStart, projection, noise, 0);
    }

    public Recurrent(String cell, int units, Direction direction, double forget, Start inputStart, Start recurrentStart, int projection) {
      this(cell, units, direction, forget, inputStart, recurrentStart, projection, Noise.NONE);
    }

    public Recurrent(String cell, int units, Direction direction, double forget, Start inputStart, Start recurrentStart) {
      this(cell, units, direction, forget, inputStart, recurrentStart, 0);
    }

    public Recurrent {
      atLeast("recurrent.units", units, 1);
      present("recurrent.cell", cell);
      present("recurrent.direction", direction);
      present("recurrent.input_start", inputStart);
      present("recurrent.recurrent_start", recurrentStart);
      present("recurrent.noise", noise);
      if (Cells.find(cell) == null) {
        var fault = Fault.of(Code.C011, "cell is '%s'", cell).at("recurrent.cell")
            .because("must be one of %s, and the -unbiased and -scalar forms of -ln", String.join(", ", Cells.names()));
        if (List.of("mlstm", "jordan").contains(cell)) throw fault.mend("%s is a layer of its own kind: kind: %s", cell, cell);
        var near = Nearest.all(cell, Cells.names());
        throw near.isEmpty() ? fault.mend("for example: %s", "cell: lstm") : fault.mend("did you mean %s?", String.join(", ", near));
      }
      int least = Cells.find(cell).leastUnits();
      if (units < least) {
        throw Fault.of(Code.C011, "recurrent.units is %d", units).at("recurrent.units")
            .because("must be at least %d with %s: one unit has no variance over m − 1", least, cell)
            .mend("%d units or more", least).mend("%s, which divides by m", cell.replace("-unbiased", ""));
      }
      if (projection < 0 || projection >= units) {
        throw Fault.of(Code.C011, "projection is %d, units are %d", projection, units).at("recurrent.projection")
            .because("must be 0 (none) or at least 1 and below units").mend("projection: 0");
      }
      if (projection > 0 && Cells.find(cell).layout().secondProduct()) {
        throw Fault.of(Code.C011, "projection is %d, cell is '%s'", projection, cell).at("recurrent.projection")
            .because("a cell that resets before the product multiplies its own state, not a projection of it").mend("projection: 0");
      }
      if (!Double.isFinite(forget)) throw infinite("recurrent.forget", forget);
      noise.require(cell, Cells.find(cell));
      Scan.require(scan, cell, Cells.find(cell), noise);
    }
  }

  /**
   * Elements dropped in training.
   *
   * @param over whether each step of time has a mask of its own, or a sequence has one (variational dropout)
   */
  public record Dropout(double rate, Over over) implements Layer {
    /** Another mask at each step of time. */
    public Dropout(double rate) { this(rate, Over.STEP); }

    public Dropout {
      present("dropout.over", over);
      if (!(rate >= 0 && rate < 1)) {
        throw Fault.of(Code.C011, "dropout is %s, must be in [0, 1)", rate).at("dropout.rate").mend("%s: from 0 (none) to below 1", "rate");
      }
    }
  }

  /** A matrix and a bias, and a function of what they give: a layer of a feed-forward network. */
  public record Dense(int width, Activation activation, Start start) implements Layer {
    public Dense {
      atLeast("dense.width", width, 1);
      present("dense.activation", activation);
      present("dense.start", start);
    }

    /** A matrix and a bias alone. */
    public Dense(int width, Start start) { this(width, Activation.IDENTITY, start); }
  }

  /**
   * Jordan's network: the model's output comes back at the next step. Must be the last layer; the head's matrix makes the output.
   *
   * @param units H
   * @param feedback what is made of the head's scores before they come back: softmax in the book
   * @param inputStart how W starts
   * @param recurrentStart how U, which the output comes back by, starts
   */
  public record Jordan(int units, Activation feedback, Start inputStart, Start recurrentStart) implements Layer {
    public Jordan {
      atLeast("jordan.units", units, 1);
      present("jordan.feedback", feedback);
      present("jordan.input_start", inputStart);
      present("jordan.recurrent_start", recurrentStart);
    }
  }

  /**
   * Layers with a way around them: y = x + f(x). The last must be as wide as what goes in.
   *
   * @param body f, from the input up
   */
  public record Residual(List<Layer> body) implements Layer {
    public Residual {
      body = within("residual.body", body);
    }
  }

  /**
   * Layers with a gated way around them: y = t ⊙ f(x) + (1 − t) ⊙ x with t = σ(x W + b). The last must be as wide as what goes
   * in.
   *
   * @param body f, from the input up
   * @param bias where b starts; negative carries x at first
   * @param start how W starts
   */
  public record Highway(List<Layer> body, double bias, Start start) implements Layer {
    /** A bias with which nearly nine tenths of x are carried on at first. */
    public static final double CARRY = -2;

    public Highway {
      body = within("highway.body", body);
      if (!Double.isFinite(bias)) throw infinite("highway.bias", bias);
      present("highway.start", start);
    }
  }

  private static List<Layer> within(String where, List<Layer> body) {
    present(where, body);
    for (int i = 0; i < body.size(); i++) present(where + "[" + i + "]", body.get(i));
    if (body.isEmpty()) {
      throw Fault.of(Code.C011, "%s has no layer", where).at(where).because("a way around leads around at least one")
          .mend("a layer in %s, or leave it out", "body");
    }
    return List.copyOf(body);
  }

  /**
   * mLSTM of xLSTM: heads that remember a matrix each.
   *
   * @param units H, of each direction; a multiple of {@code heads}
   * @param heads how many; each remembers (H / heads)² numbers
   * @param forget bias of the forget gates at the start
   * @param start how every matrix starts
   */
  public record Mlstm(int units, int heads, Direction direction, double forget, Start start) implements Layer {
    public Mlstm {
      MatrixMemory.requireHeads("mlstm.units", units, heads);
      present("mlstm.direction", direction);
      present("mlstm.start", start);
      if (!Double.isFinite(forget)) throw infinite("mlstm.forget", forget);
    }
  }

  /** What stands on top. */
  public sealed interface HeadSpec {
    /** Scores of a step: classes, or values. */
    int outputs();
  }

  /** @param tied whether the output matrix is the embedding's table: the last layer must then be as wide as the embedding */
  public record Softmax(int classes, boolean tied, Head.At at, Start start) implements HeadSpec {
    public Softmax {
      atLeast("softmax.classes", classes, 1);
      present("softmax.at", at);
      present("softmax.start", start);
    }

    @Override public int outputs() { return classes; }
  }

  /** Numbers, compared with their targets by half the squared error; {@code outputs} of them a row. */
  public record SquaredError(int outputs, Head.At at, Start start) implements HeadSpec {
    public SquaredError {
      atLeast("squared_error.outputs", outputs, 1);
      present("squared_error.at", at);
      present("squared_error.start", start);
    }
  }

  /**
   * A linear-chain CRF: labels of a sequence are chosen together.
   *
   * @param labels K
   * @param start how the matrix of the emissions starts
   * @param transitions how the scores between labels, of the first and of the last label start
   */
  public record Crf(int labels, Start start, Start transitions) implements HeadSpec {
    public Crf {
      atLeast("crf.labels", labels, 1);
      present("crf.start", start);
      present("crf.transitions", transitions);
    }

    @Override public int outputs() { return labels; }
  }

  static void present(String where, Object component) {
    if (component == null) throw Fault.of(Code.C011, "it is missing").at(where);
  }

  private static Fault infinite(String where, double bias) {
    return Fault.of(Code.C011, "%s is %s, must be finite", where, bias).at(where)
        .mend("%s: a finite number", where.substring(where.indexOf('.') + 1));
  }

  private static void atLeast(String where, int value, int least) {
    if (value >= least) return;
    throw Fault.of(Code.C011, "%s is %d", where, value).at(where).because("must be at least %d", least)
        .mend("%s: %d or more", where.substring(where.indexOf('.') + 1), least);
  }
}
