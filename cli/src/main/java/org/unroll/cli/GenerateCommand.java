package org.unroll.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.unroll.tasks.LanguageModel;
import org.unroll.tasks.lm.Generator;
import org.unroll.tasks.text.Inputs;
import org.unroll.tasks.text.Note;
import org.unroll.tasks.text.Sampling;
import org.unroll.tasks.text.Unit;
import org.unroll.tasks.text.Visible;
import org.unroll.tasks.text.Vocabulary;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code unroll generate MODEL|RUN}: text that a model writes, as it is written. */
@Command(name = "generate")
final class GenerateCommand implements Callable<Integer> {
  /** Bytes of a text to go on from. */
  private static final int LONGEST = 1 << 24;

  private final Talk talk;

  @Parameters(index = "0", paramLabel = "MODEL|RUN", descriptionKey = "model")
  String model;

  @Parameters(index = "1", arity = "0..1", paramLabel = "INPUT", descriptionKey = "unroll.generate.stdin")
  String input;

  @Option(names = "--text", paramLabel = "TEXT")
  String text;

  @Option(names = "--max", paramLabel = "N")
  int max = 200;

  @Option(names = "--temperature", paramLabel = "X")
  Double temperature;

  @Option(names = "--top-k", paramLabel = "N")
  Integer topK;

  @Option(names = "--top-p", paramLabel = "X")
  Double topP;

  @Option(names = "--greedy")
  boolean greedy;

  @Option(names = "--beam", paramLabel = "N")
  Integer beam;

  @Option(names = "--interactive")
  boolean interactive;

  @Mixin
  WeightsFlag weights;

  GenerateCommand(Talk talk) { this.talk = talk; }

  @Override public Integer call() {
    check();
    var sampling = sampling();
    var lm = LanguageModel.load(Places.model(model, talk), Computing.kernels(talk)).with(weights.precision());
    if (interactive) return new Repl(lm, sampling, max, talk).run();
    var prompt = prompt();
    if (beam != null) beams(lm, prompt);
    else if (talk.flags().json) talk.json(object(lm, prompt, sampling));
    else stream(lm, prompt, sampling);
    return 0;
  }

  private void check() {
    if (greedy && beam != null) throw Main.usage("--greedy and --beam exclude each other").mend("--beam 1 is greedy search");
    if (greedy || beam != null) {
      var idle = Reach.first("--temperature", temperature, "--top-k", topK, "--top-p", topP, "--seed", talk.flags().seed);
      if (idle.isPresent()) throw Main.usage("%s has no effect with %s", idle.get(), greedy ? "--greedy" : "--beam")
          .because("nothing is drawn there").mend("leave one of them out");
    }
    if (input != null && !input.equals("-")) throw Main.usage("one argument too many: %s", input)
        .mend("text to go on from: --text '%s'", input);
    if (input != null && text != null) throw Main.usage("--text and - exclude each other").mend("leave one of them out");
    if (interactive) {
      var idle = Reach.first("--text", text, "-", input, "--beam", beam, "--json", talk.flags().json ? true : null, "--no-input",
          talk.flags().noInput ? true : null);
      if (idle.isPresent()) throw Main.usage("%s and --interactive exclude each other", idle.get()).mend("leave one of them out");
    }
    Reach.requireText(input != null, "-", talk);
  }

  private Sampling sampling() {
    if (greedy) return Sampling.most();
    var s = Sampling.of(talk.flags().seed == null ? 7 : talk.flags().seed);
    if (temperature != null) s = s.withTemperature(temperature);
    if (topK != null) s = s.withTopK(topK);
    return topP == null ? s : s.withTopP(topP);
  }

  private String prompt() {
    if (input == null) return text == null ? "" : text;
    try {
      var notes = new ArrayList<Note>();
      var encoding = Optional.ofNullable(talk.flags().encoding).orElse("auto");
      var bytes = talk.in().readNBytes(LONGEST + 1);
      if (bytes.length > LONGEST) {
        throw Main.usage("the text on standard input is longer than %,d bytes", LONGEST)
            .because("it is read symbol by symbol before the first is written")
            .mend("its end will do: tail -c 1M FILE | unroll generate %s -", model);
      }
      var typed = Inputs.decode(input, bytes, encoding, notes);
      notes.forEach(n -> talk.say("data.note", talk.told(n)));
      return typed.endsWith("\n") ? typed.substring(0, typed.length() - 1) : typed;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void stream(LanguageModel lm, String prompt, Sampling sampling) {
    try (var tokens = lm.generate(prompt, sampling)) {
      var out = new TokenWriter(lm.vocabulary(), talk).prompt(prompt);
      var each = tokens.limit(max).iterator();
      while (each.hasNext() && !talk.broken()) out.write(each.next());
      out.end();
    }
  }

  private void beams(LanguageModel lm, String prompt) {
    for (var found : lm.beam(prompt, beam, max)) {
      var written = lm.vocabulary().decode(found.ids());
      if (talk.flags().json) {
        var o = new LinkedHashMap<String, Object>();
        o.put("v", 1);
        o.put("prompt", prompt);
        o.put("text", written);
        o.put("logp", found.logp());
        talk.json(o);
      } else {
        talk.data(talk.terminal().is(Terminal.OUT) ? Visible.text(prompt + written) : prompt + written);
        talk.say("generate.logp", Figures.real(found.logp(), 3));
      }
    }
  }

  private Object object(LanguageModel lm, String prompt, Sampling sampling) {
    List<Generator.Token> tokens = new ArrayList<>(lm.generate(prompt, sampling).limit(max).toList());
    var o = new LinkedHashMap<String, Object>();
    o.put("v", 1);
    o.put("model", "sha256:" + lm.model().id());
    o.put("prompt", prompt);
    o.put("text", lm.vocabulary().decode(tokens.stream().mapToInt(Generator.Token::id).toArray()));
    o.put("seed", sampling.seed());
    o.put("logp", tokens.stream().mapToDouble(Generator.Token::logp).sum());
    return o;
  }

  /** Symbols on standard output as they come: characters side by side, words with a space between. */
  static final class TokenWriter {
    private final Vocabulary vocabulary;
    private final Talk talk;
    private final boolean shown;
    private boolean lineStart = true;

    TokenWriter(Vocabulary vocabulary, Talk talk) {
      this.vocabulary = vocabulary;
      this.talk = talk;
      this.shown = talk.terminal().is(Terminal.OUT);
    }

    TokenWriter prompt(String prompt) {
      put(prompt);
      return this;
    }

    void write(Generator.Token token) {
      boolean word = vocabulary.unit() == Unit.WORD;
      if (word && token.text().equals(Vocabulary.EOS)) put("\n");
      else put(word && !lineStart ? " " + token.text() : token.text());
    }

    private void put(String s) {
      if (s.isEmpty()) return;
      talk.raw(shown ? Visible.text(s) : s);
      lineStart = s.endsWith("\n");
    }

    /** A line end, unless one was just written. */
    void end() {
      if (!lineStart) talk.raw("\n");
    }
  }
}
