package org.unroll.tasks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.kernel.Kernels;
import org.unroll.kernel.Precision;
import org.unroll.model.Model;
import org.unroll.model.Session;
import org.unroll.tasks.lm.Beam;
import org.unroll.tasks.lm.Evaluator;
import org.unroll.tasks.lm.Generator;
import org.unroll.tasks.run.RunInfo;
import org.unroll.tasks.text.Sampling;
import org.unroll.tasks.text.Tokens;
import org.unroll.tasks.text.Vocabularies;
import org.unroll.tasks.text.Vocabulary;

/**
 * A recurrent language model of characters or words: immutable, to be shared by any number of threads.
 *
 * {@snippet :
 * var lm = LanguageModel.load(Path.of("runs/poems-1"));
 * lm.generate("床前", Sampling.of(7).withTemperature(0.8).withTopK(40)).limit(40).forEach(t -> IO.print(t.text()));
 * }
 */
public final class LanguageModel {
  private final Model model;
  private final Vocabulary vocabulary;

  private LanguageModel(Model model, Vocabulary vocabulary) {
    this.model = model;
    this.vocabulary = vocabulary;
  }

  /** Starts a model that {@link Trainer} then trains. */
  public static LanguageModelBuilder builder() { return new LanguageModelBuilder(); }

  /** A run folder (its best checkpoint) or a model file, on all cores. Faults of family M. */
  public static LanguageModel load(Path path) { return load(path, Kernels.best(Runtime.getRuntime().availableProcessors())); }

  /** As {@link #load(Path)}, computing with these kernels. */
  public static LanguageModel load(Path path, Kernels kernels) {
    return of(Model.load(Files.isDirectory(path) ? RunInfo.of(path).model() : path, kernels));
  }

  /** A model that carries a vocabulary; M007 for one that does not. */
  public static LanguageModel of(Model model) {
    byte[] json = model.attachment(Vocabularies.NAME);
    if (json == null) throw Fault.of(Code.M007, "the model has no vocabulary").because("a language model needs one");
    var vocabulary = Vocabularies.read(json);
    int outputs = model.spec().head().outputs();
    if (vocabulary.size() != outputs) {
      throw Fault.of(Code.M007, "the vocabulary has %d symbols, the model %d outputs", vocabulary.size(), outputs);
    }
    return new LanguageModel(model, vocabulary);
  }

  /** The network and its weights; the vocabulary is an attachment of it. */
  public Model model() { return model; }

  /** The same model whose products see its weights rounded; {@link org.unroll.tasks.lm.Rounding} measures what that costs. */
  public LanguageModel with(Precision precision) { return new LanguageModel(model.with(precision), vocabulary); }

  /** The symbols that it predicts, by id. */
  public Vocabulary vocabulary() { return vocabulary; }

  /** Writes one safetensors file, vocabulary included. */
  public void save(Path file) { model.save(file); }

  /**
   * Text that goes on from {@code prompt}, symbol after symbol, without end: {@code limit} it.
   *
   * @throws Fault D007 if the prompt has symbols that the vocabulary does not hold
   */
  public Stream<Generator.Token> generate(String prompt, Sampling sampling) {
    var g = new Generator(model.session(), vocabulary, sampling).feed(vocabulary.encodeKnown(prompt, "prompt"));
    Iterable<Generator.Token> tokens = () -> g;
    return StreamSupport.stream(tokens.spliterator(), false);
  }

  /** The {@code width} most probable continuations of {@code prompt}, the best first. */
  public List<Beam.Text> beam(String prompt, int width, int length) {
    var session = session(prompt);
    return Beam.search(session, width, length, -1);
  }

  /** A session that has read a line end and the prompt. */
  public Session session(String prompt) {
    var session = model.session();
    new Generator(session, vocabulary, Sampling.of(0)).feed(vocabulary.encodeKnown(prompt, "prompt"));
    return session;
  }

  /** Nats a symbol of a text. */
  public Evaluator.Score evaluate(String text) { return evaluate(Tokens.of(vocabulary.encode(text))); }

  /** The same for text in the symbols of {@link #vocabulary}. D005 for fewer than two of them. */
  public Evaluator.Score evaluate(Tokens text) { return Evaluator.of(model, text); }
}
