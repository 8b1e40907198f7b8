package org.unroll.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.unroll.tasks.lesson.Digits;
import org.unroll.tasks.lesson.Item;
import org.unroll.tasks.lesson.Lesson;
import org.unroll.tasks.lesson.LessonSheet;
import org.unroll.tasks.lesson.Slip;
import org.unroll.tasks.lesson.Words;
import org.unroll.tasks.lesson.Worked;

/**
 * {@code unroll lesson --exercise}: the lesson with blanks, whose numbers are read from standard input, a line each. {@code h} gives
 * a hint, {@code s} shows the number. What is no number is asked for again; from a pipe the next line answers, the fault is told, and the
 * exit status is that of the fault.
 */
final class LessonExercise {
  private static final Pattern NUMBER = Pattern.compile("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?");

  private final Lesson lesson;
  private final List<Item> blanks;
  private final Words words;
  private final Worked worked;
  private final Talk talk;
  private int lines;
  private int status;

  LessonExercise(Lesson lesson, List<Item> blanks, Words words, Talk talk) {
    this.lesson = lesson;
    this.blanks = blanks;
    this.words = words;
    this.worked = new Worked(lesson, List.of());
    this.talk = talk;
  }

  /**
   * Which numbers to ask for, in the order of the lesson. One that stands elsewhere too, where it could be read off, gives way to one
   * that does not, or to none.
   */
  static List<Item> draw(Lesson lesson, int count, long seed) {
    var all = new ArrayList<>(lesson.items().stream().filter(Item::asked).toList());
    var random = new SplittableRandom(seed);
    while (all.size() > count) all.remove(random.nextInt(all.size()));
    var once = new ArrayList<>(lesson.items().stream().filter(i -> i.asked() && !all.contains(i) && !twin(lesson, i)).toList());
    for (var i : List.copyOf(all)) {
      if (!twin(lesson, i)) continue;
      all.remove(i);
      if (!once.isEmpty()) all.add(once.remove(random.nextInt(once.size())));
    }
    all.sort(Comparator.comparingInt(lesson.items()::indexOf));
    return List.copyOf(all);
  }

  /** Whether another number of the lesson is the same as it is printed. */
  private static boolean twin(Lesson lesson, Item i) {
    return lesson.items().stream().anyMatch(o -> o != i && Math.abs(o.value() - i.value()) <= 1e-5 * Math.abs(i.value()));
  }

  int run() {
    talk.raw(SheetText.of(LessonSheet.of(lesson, blanks, words), talk, true));
    talk.data("");
    int right = 0, asked = 0;
    try (var in = new BufferedReader(new InputStreamReader(talk.in(), StandardCharsets.UTF_8))) {
      for (var blank : blanks) {
        var verdict = ask(blank, asked + 1, in);
        if (verdict == null) {
          talk.data(talk.text("lesson.ended", right, asked, blanks.size()));
          return status;
        }
        asked++;
        if (verdict) right++;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    talk.data(talk.text("lesson.score", right, asked));
    return status;
  }

  /** Whether the answer was right; null where the input has ended. */
  private Boolean ask(Item blank, int number, BufferedReader in) throws IOException {
    var mark = "[" + number + "] ";
    while (true) {
      if (talk.terminal().is(Terminal.ERR)) talk.draw(mark + blank.label() + " = ");
      var line = in.readLine();
      if (line == null) return null;
      lines++;
      var typed = line.strip();
      if (typed.equals("s")) {
        talk.data(mark + talk.text("lesson.shown") + " " + solution(blank));
        return false;
      }
      if (typed.equals("h")) {
        talk.data(mark + blank.equation());
        continue;
      }
      var answer = number(typed);
      if (answer.isPresent()) return judge(blank, mark, answer.getAsDouble());
      again(blank, number, typed);
    }
  }

  /** Nobody at a terminal needs more than a line; whoever sent a file must find the place in it. */
  private void again(Item blank, int number, String typed) {
    if (talk.terminal().is(Terminal.IN)) {
      talk.line(talk.text("lesson.again", Talk.printable(typed)));
      return;
    }
    var fault = Main.usage("answer %d is %s, must be a number", number, typed.isEmpty() ? "''" : Talk.printable(typed))
        .at("stdin:%d, %s", lines, blank.label())
        .because("an exercise is answered by numbers, a line each; the next line is taken")
        .mend("a number such as 0.123 or -1.2e-3; h for a hint, s to see the number");
    FaultText.tell(fault, talk);
    status = fault.code().exit();
  }

  private boolean judge(Item blank, String mark, double answer) {
    boolean right = Digits.right(answer, blank.value());
    var slip = Slip.of(blank, answer, worked, words).map(s -> s + ". ").orElse("");
    talk.data(mark + talk.text(right ? "lesson.right" : "lesson.wrong") + " " + slip + solution(blank));
    return right;
  }

  /** The equation, its numbers, and what comes out. */
  private String solution(Item i) {
    return i.equation() + " = " + worked.of(i) + " = " + i.written();
  }

  /** A finite number; a minus sign as a page prints it is one too. */
  static OptionalDouble number(String typed) {
    var plain = typed.replace('−', '-').replace('－', '-');
    if (!NUMBER.matcher(plain).matches()) return OptionalDouble.empty();
    double v = Double.parseDouble(plain);
    return Double.isFinite(v) ? OptionalDouble.of(v) : OptionalDouble.empty();
  }
}
