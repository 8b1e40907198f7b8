package org.unroll.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.Callable;
import org.unroll.tasks.lesson.Item;
import org.unroll.tasks.lesson.Lesson;
import org.unroll.tasks.lesson.LessonSheet;
import org.unroll.tasks.lesson.Lessons;
import org.unroll.tasks.lesson.Own;
import org.unroll.tasks.lesson.Words;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code unroll lesson}: lessons with actual numbers, on small ones or on a model of the user's; and exercises on them. */
@Command(name = "lesson")
final class LessonCommand implements Callable<Integer> {
  private static final int MOST = 400, QUESTIONS = 5;

  private final Talk talk;

  @Parameters(index = "0", arity = "0..1", paramLabel = "LESSON", descriptionKey = "lesson.name")
  String name;

  @Parameters(index = "1", arity = "0..1", paramLabel = "MODEL|RUN", descriptionKey = "lesson.model")
  String model;

  @Mixin
  LookFlags look = new LookFlags();

  @Option(names = "--neuron", paramLabel = "N", descriptionKey = "lesson.neuron")
  Integer unit;

  @Option(names = "--exercise", descriptionKey = "lesson.exercise")
  boolean exercise;

  @Option(names = "--questions", paramLabel = "N", descriptionKey = "lesson.questions")
  Integer questions;

  @Mixin
  OutputFlags answer = new OutputFlags();

  LessonCommand(Talk talk) { this.talk = talk; }

  @Override public Integer call() {
    var words = Words.of(talk.language().tag());
    if (name == null) return list(words);
    refuse();
    var lesson = model == null ? Lessons.of(name, words) : Lessons.of(name, own(), words);
    if (!exercise) {
      return answer.write(new Explained(LessonSheet.of(lesson, List.of(), words), LessonSheet.json(lesson), LessonSheet.HEAD,
          LessonSheet.rows(lesson)), talk);
    }
    long seed = talk.flags().seed == null ? 1 : talk.flags().seed;
    var blanks = LessonExercise.draw(lesson, questions == null ? QUESTIONS : questions, seed);
    return answer.drawn(talk) ? worksheet(lesson, blanks, words) : new LessonExercise(lesson, blanks, words, talk).run();
  }

  private void refuse() {
    var flags = talk.flags();
    var idle = Reach.first(look.and("--neuron", unit, "--threads", flags.threads, "--device", flags.device,
        "--kernels", flags.kernels, "--runs-dir", flags.runsDir));
    if (model == null && idle.isPresent()) {
      throw Main.usage("%s has no effect without a model", idle.get()).mend("unroll lesson %s MODEL --text '…'", name);
    }
    if (!exercise) {
      var stray = Reach.first("--questions", questions, "--seed", flags.seed);
      if (stray.isPresent()) throw Main.usage("%s has no effect without --exercise", stray.get()).mend("leave it out");
      return;
    }
    if (answer.whole(talk)) throw Main.usage("--exercise and %s exclude each other", talk.flags().json ? "--json" : "--format "
        + answer.format(talk));
    if (talk.flags().noInput && !answer.drawn(talk)) throw Main.usage("--exercise and --no-input exclude each other");
  }

  private Own own() {
    var subject = SubjectReader.of(model, talk).given(null, look, MOST);
    subject.requireRunning("a lesson");
    return new Own(subject.model(), subject.ids(), subject.before(), subject.labels(), look.layer == null ? null
        : look.layer - 1, unit);
  }

  /** A page to print: the lesson with blanks, and the key behind it. */
  private int worksheet(Lesson lesson, List<Item> blanks, Words words) {
    return answer.write(new Explained(LessonSheet.worksheet(lesson, blanks, words), LessonSheet.json(lesson), LessonSheet.HEAD, List.of()),
        talk);
  }

  private int list(Words words) {
    var flags = talk.flags();
    var stray = Reach.first(look.and("--exercise", exercise ? true : null, "--format", answer.format, "--output", answer.output,
        "--questions", questions, "--neuron", unit, "--seed", flags.seed, "--threads", flags.threads, "--device", flags.device,
        "--kernels", flags.kernels, "--runs-dir", flags.runsDir));
    if (stray.isPresent()) throw Main.usage("%s has no effect without a lesson", stray.get()).mend("all lessons: unroll lesson");
    for (var name : Lessons.NAMES) {
      if (!talk.flags().json) {
        talk.data(Width.pad(name, 12) + words.text(name + ".title"));
        continue;
      }
      var o = new LinkedHashMap<String, Object>();
      o.put("v", 1);
      o.put("lesson", name);
      o.put("title", words.text(name + ".title"));
      o.put("model", Lessons.OWN.contains(name));
      talk.json(o);
    }
    talk.say("lesson.how");
    return 0;
  }
}
