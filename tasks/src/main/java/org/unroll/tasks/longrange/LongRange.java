package org.unroll.tasks.longrange;

import java.util.List;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.model.Spec;
import org.unroll.model.Start;
import org.unroll.slab.Batch;
import org.unroll.slab.Slab;

/**
 * A task whose answer depends on elements that came long before. Its sequences are made, not read: sequence i of a seed is always
 * the same one, whatever batch it stands in, so a training never runs out of new ones and a test set is a range of numbers.
 */
public sealed interface LongRange permits Adding, Copying, TemporalOrder {

  /** The tasks' names. */
  List<String> NAMES = List.of("adding", "copying", "order");

  /**
   * The task of this name.
   *
   * @param lag T, as the papers count it
   * @throws Fault C011 for another name, or a lag too short for the task
   */
  static LongRange of(String name, int lag) {
    return switch (name) {
      case "adding" -> new Adding(lag);
      case "copying" -> new Copying(lag);
      case "order" -> new TemporalOrder(lag);
      default -> throw Fault.of(Code.C011, "the task is '%s'", name).at("task").because("must be one of %s", NAMES);
    };
  }

  /**
   * Sequences of equal length and what is to be said about them.
   *
   * @param x [steps, N, inputs]
   * @param target as the head wants it, [steps, N, 1]
   */
  record Examples(Batch x, Slab target) {}

  /** T, as the papers count it. */
  int lag();

  /** Elements of a sequence. */
  int steps();

  /** What a sequence consists of. */
  Spec.Input input();

  /** The head that learns the task. */
  Spec.HeadSpec head(Start start);

  /** Sequences {@code first} to {@code first + count − 1} of a seed. */
  Examples examples(long seed, long first, int count);

  /** The papers' measure of a head's mean loss: the squared error for numbers, the cross-entropy in nats for symbols. */
  double measure(double loss);

  /** The least {@link #measure} without a memory. */
  double baseline();

  /** How many answers each sequence wants. */
  int answers();

  /** Which of the answers of these sequences are wrong: their number. {@code said} is what the head predicts. */
  int wrong(Examples e, Slab said);
}
