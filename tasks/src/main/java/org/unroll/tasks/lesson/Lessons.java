package org.unroll.tasks.lesson;

import java.util.List;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.fault.Nearest;
import org.unroll.look.CellWalk;

/** The lessons by name. */
public final class Lessons {
  /** In the order in which they are best read. */
  public static final List<String> NAMES = List.of("elman", "bptt", "vanish", "lstm", "memory", "gru", "softmax", "gradcheck", "clip");

  /** Those that a user's own model can be put into. */
  public static final List<String> OWN = List.of("elman", "vanish", "lstm", "memory", "gru");

  private Lessons() {}

  /** A lesson on numbers that are small enough to follow by hand; U001 for a name that is none. */
  public static Lesson of(String name, Words words) {
    return switch (name) {
      case "elman" -> ElmanLesson.of(words);
      case "bptt" -> BpttLesson.of(words);
      case "vanish" -> VanishLesson.of(words);
      case "lstm" -> LstmLesson.of(words);
      case "memory" -> MemoryLesson.of(words);
      case "gru" -> GruLesson.of(words);
      case "softmax" -> SoftmaxLesson.of(words);
      case "gradcheck" -> GradCheckLesson.of(words);
      case "clip" -> ClipLesson.of(words);
      default -> throw unknown(name);
    };
  }

  /** A lesson on a user's own model; U001 for one that takes none, M009 for a model that has not what it is about. */
  public static Lesson of(String name, Own own, Words words) {
    return switch (name) {
      case "elman" -> ElmanLesson.of(own, words);
      case "vanish" -> OwnVanishLesson.of(own, words);
      case "lstm" -> LstmLesson.of(own, words);
      case "memory" -> MemoryLesson.of(own, words);
      case "gru" -> GruLesson.of(own, words);
      default -> throw NAMES.contains(name) ? alone(name, own) : unknown(name);
    };
  }

  /** A lesson that has numbers of its own alone. */
  private static Fault alone(String name, Own own) {
    var fault = Fault.of(Code.U001, "the lesson %s takes no model", name).because("those that take one: %s", String.join(", ", OWN))
        .mend("the lesson %s without a model", name);
    var walk = own.cell();
    return walk.isEmpty() ? fault : fault.mend("the lesson %s takes this model", taking(walk.get()));
  }

  /** The lesson to go to with this walk. */
  static String taking(CellWalk w) {
    if (GruLesson.takes(w)) return "gru";
    return LstmLesson.takes(w) ? "lstm" : ElmanLesson.takes(w) ? "elman" : "vanish";
  }

  private static Fault unknown(String name) {
    var fault = Fault.of(Code.U001, "there is no lesson %s", name).because("the lessons are %s", String.join(", ", NAMES));
    var near = Nearest.of(name, NAMES);
    if (near.isPresent()) fault = fault.mend("did you mean %s?", near.get());
    return fault.mend("a list of all lessons");
  }
}
