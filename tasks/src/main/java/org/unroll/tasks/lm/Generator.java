package org.unroll.tasks.lm;

import java.util.Iterator;
import org.unroll.model.Session;
import org.unroll.slab.Philox;
import org.unroll.tasks.text.Sampling;
import org.unroll.tasks.text.Vocabulary;

/**
 * Text that a session writes, symbol after symbol, without end. Each symbol is drawn from the scores after the one before it;
 * the n-th draw uses the n-th random number of the seed, so what was asked for twice comes twice.
 */
public final class Generator implements Iterator<Generator.Token> {
  private final Session session;
  private final Vocabulary vocabulary;
  private final Sampling sampling;
  private final Sampling.Scratch scratch;
  private final Philox rng;
  private final float[] scores;
  private long draws;

  /** @param text of the symbol; {@code logp} its log-probability under the model itself, in nats */
  public record Token(int id, String text, double logp) {}

  /**
   * @param session to be continued; at its start (position 0) it is first shown a line end
   */
  public Generator(Session session, Vocabulary vocabulary, Sampling sampling) {
    this.session = session;
    this.vocabulary = vocabulary;
    this.sampling = sampling;
    this.scratch = new Sampling.Scratch(vocabulary.size());
    this.rng = sampling.rng();
    this.scores = new float[vocabulary.size()];
    if (session.position() == 0) session.step(Math.max(0, vocabulary.lineEnd()));
  }

  /** Shows the session a text as if it had written it. */
  public Generator feed(int... ids) {
    for (int id : ids) session.step(id);
    return this;
  }

  @Override public boolean hasNext() { return true; }

  @Override public Token next() {
    System.arraycopy(session.scores(), 0, scores, 0, scores.length);
    double logp0 = logSum(scores);
    scores[0] = Float.NEGATIVE_INFINITY; // <unk> is never written
    int id = sampling.pick(scores, scores.length, rng.uniform(draws >>> 20, 0, 0, (int) (draws & 0xFFFFF)), scratch);
    draws++;
    double logp = session.scores()[id] - logp0;
    session.step(id);
    return new Token(id, vocabulary.symbol(id), logp);
  }

  /** log Σ exp z, in double and in order. */
  public static double logSum(float[] z) {
    double max = Double.NEGATIVE_INFINITY, sum = 0;
    for (float v : z) max = Math.max(max, v);
    for (float v : z) sum += StrictMath.exp(v - max);
    return max + StrictMath.log(sum);
  }
}
