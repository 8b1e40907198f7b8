package org.unroll.slab;

/**
 * Random numbers without state: Philox 4×32-10 (Salmon et al. 2011). A number is a function of the seed, the stream and
 * four coordinates, so nothing has to be saved and a row's numbers do not depend on the batch it sits in.
 *
 * @param seed of the run
 * @param stream what the numbers are for
 */
public record Philox(long seed, Stream stream) {

  /** Uses that must not share numbers. */
  public enum Stream { INIT, SHUFFLE, DROPOUT, SAMPLE, DATA }

  public Philox stream(Stream other) { return new Philox(seed, other); }

  /** A number in [0, 1) with 24 random bits. */
  public float uniform(long step, int layer, long id, int position) {
    return (bits(step, layer, id, position) >>> 8) * 0x1p-24f;
  }

  /** 32 random bits. */
  public int bits(long step, int layer, long id, int position) {
    throw new UnsupportedOperationException("to come");
  }
}
