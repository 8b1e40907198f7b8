package org.unroll.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.unroll.fault.Fault;
import org.unroll.model.Session;
import org.unroll.tasks.LanguageModel;
import org.unroll.tasks.lm.Generator;
import org.unroll.tasks.text.Sampling;
import org.unroll.tasks.text.Visible;

/**
 * {@code unroll generate --interactive}: a line is read by the model, which then goes on. It remembers all that was said.
 * Commands begin with a slash: {@code /temp /seed /state /top /undo /reset /help /quit}.
 */
final class Repl {
  private static final int TOP = 10;

  private final LanguageModel lm;
  private final int max;
  private final Talk talk;
  private final Map<String, Session> saved = new HashMap<>();
  private final Deque<Session> past = new ArrayDeque<>();
  private Session session;
  private Sampling sampling;

  Repl(LanguageModel lm, Sampling sampling, int max, Talk talk) {
    this.lm = lm;
    this.sampling = sampling;
    this.max = max;
    this.talk = talk;
    this.session = lm.session("");
  }

  int run() {
    talk.say("repl.hello");
    try (var in = new BufferedReader(new InputStreamReader(talk.in(), StandardCharsets.UTF_8))) {
      while (true) {
        if (talk.terminal().is(Terminal.ERR)) talk.draw("> ");
        var line = in.readLine();
        if (line == null || line.strip().equals("/quit")) return 0;
        try {
          if (line.startsWith("/")) command(line.strip().split("\\s+"));
          else write(line);
        } catch (Fault f) {
          FaultText.tell(f, talk); // one bad line does not end the conversation
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(String prompt) {
    int[] ids = lm.vocabulary().encodeKnown(prompt, "prompt");
    past.push(session.fork());
    var generator = new Generator(session, lm.vocabulary(), sampling).feed(ids);
    var out = new GenerateCommand.TokenWriter(lm.vocabulary(), talk).prompt(prompt);
    for (int i = 0; i < max; i++) out.write(generator.next());
    out.end();
    sampling = sampling.withSeed(sampling.seed() + 1); // the same line twice is not answered twice alike
  }

  private void command(String[] words) {
    switch (words[0]) {
      case "/temp" -> sampling = sampling.withTemperature(number(words, "--temperature").doubleValue());
      case "/seed" -> sampling = sampling.withSeed(number(words, "--seed").longValue());
      case "/state" -> state(words);
      case "/top" -> top();
      case "/undo" -> undo();
      case "/reset" -> {
        past.push(session);
        session = lm.session("");
      }
      case "/help" -> talk.line(talk.text("repl.help"));
      default -> throw Main.usage("unknown command %s", words[0]).mend("/help");
    }
  }

  /** The one argument of a command, by the rule of a flag. */
  private static Number number(String[] words, String flag) {
    if (words.length != 2) throw Main.usage("%s needs one number", words[0]);
    return Numbers.parse(flag, words[0], words[1]);
  }

  private void undo() {
    if (past.isEmpty()) throw Main.usage("nothing to undo");
    session = past.pop();
  }

  private void state(String[] words) {
    if (words.length != 3 || !words[1].matches("save|load")) throw Main.usage("/state save NAME, or /state load NAME");
    if (words[1].equals("save")) {
      saved.put(words[2], session.fork());
      return;
    }
    var s = saved.get(words[2]);
    if (s == null) throw Main.usage("no state %s", words[2]).mend("there are: %s", String.join(" ", saved.keySet()));
    past.push(session);
    session = s.fork();
  }

  /** The most probable symbols that may come next, with their probabilities under the model itself. */
  private void top() {
    float[] z = session.scores();
    double all = Generator.logSum(z);
    IntStream.range(1, z.length).boxed().sorted(Comparator.comparing((Integer i) -> -z[i]).thenComparing(i -> i)).limit(TOP)
        .forEach(i -> talk.data(Width.pad(Visible.symbol(lm.vocabulary().symbol(i)), 12) + " "
            + Figures.real(StrictMath.exp(z[i] - all), 4)));
  }
}
