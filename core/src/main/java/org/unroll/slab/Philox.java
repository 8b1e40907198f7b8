package org.unroll.slab;

/**
 * Random numbers without state: Philox 4×32-10 (Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3",
 * SC 2011). A number is a function of the seed, the stream and four coordinates, so nothing has to be saved and a row's
 * numbers do not depend on the batch it sits in.
 *
 * <p>The coordinates have more bits than one counter, so the cipher runs twice. The first block has the seed as key and
 * (step, layer, stream) as counter; 96 of its bits are the key and the last counter word of the second, whose other
 * counter words are (position / 4, id). Word {@code position mod 4} of the second block is the number. All values of all
 * coordinates may be used.
 *
 * @param seed of the run
 * @param stream what the numbers are for
 */
public record Philox(long seed, Stream stream) {

  /** Uses that must not share numbers. New ones are appended: the ordinal is part of the counter. */
  public enum Stream { INIT, SHUFFLE, DROPOUT, SAMPLE, DATA, STATE_DROPOUT, RECURRENT_DROPOUT, ZONEOUT, DROP_CONNECT }

  private static final int ROUNDS = 10;
  private static final long M0 = 0xD2511F53L;
  private static final long M1 = 0xCD9E8D57L;
  private static final int W0 = 0x9E3779B9;
  private static final int W1 = 0xBB67AE85;
  private static final long LOW = 0xFFFFFFFFL;

  /** The same seed, other numbers. */
  public Philox stream(Stream other) { return new Philox(seed, other); }

  /** 32 random bits. */
  public int bits(long step, int layer, long id, int position) {
    long pair = pair(step, layer, id, position >>> 2, (position & 2) == 0);
    return (int) ((position & 1) == 0 ? pair >>> 32 : pair);
  }

  /** A number in [0, 1) with 24 random bits. */
  public float uniform(long step, int layer, long id, int position) {
    return (bits(step, layer, id, position) >>> 8) * 0x1p-24f;
  }

  /**
   * A number of the standard normal distribution, by Box and Muller's transform in double with StrictMath. Made of the bits
   * at the positions 2·{@code position} and 2·{@code position} + 1: at one step, layer and id either this or the other methods are used.
   */
  public float gaussian(long step, int layer, long id, int position) {
    long pair = pair(step, layer, id, position >>> 1, (position & 1) == 0);
    double u = ((pair >>> 32) + 0.5) * 0x1p-32;
    double v = (pair & LOW) * 0x1p-32;
    return (float) (StrictMath.sqrt(-2 * StrictMath.log(u)) * StrictMath.cos(2 * StrictMath.PI * v));
  }

  /**
   * A row of a dropout mask: {@code into[from + k]} becomes 1/{@code keep} where {@code uniform(…, position + k) < keep}
   * and 0 elsewhere, for k from 0 to {@code count} − 1. Allocates nothing.
   */
  public void mask(long step, int layer, long id, int position, float keep, float[] into, int from, int count) {
    draw(step, layer, id, position, keep, 1 / keep, into, from, count);
  }

  private void draw(long step, int layer, long id, int position, float share, float value, float[] into, int from, int count) {
    long first = first(step, layer, true);
    long last = first(step, layer, false) >>> 32;
    int limit = (int) StrictMath.ceil(share * 0x1p24); // uniform < share as a comparison of whole numbers
    int k = -(position & 3);
    for (int block = position >>> 2; k < count; block++, k += 4) {
      long a = (long) block << 32 | id & LOW;
      long b = id & ~LOW | last;
      int k0 = (int) (first >>> 32);
      int k1 = (int) first;
      for (int i = 0; i < ROUNDS; i++, k0 += W0, k1 += W1) {
        long next = M1 * (b >>> 32) ^ (a ^ k0) << 32;
        b = M0 * (a >>> 32) ^ (b ^ k1) << 32;
        a = next;
      }
      if (k >= 0) into[from + k] = (int) (a >>> 40) < limit ? value : 0f;
      if (k >= -1 && k + 1 < count) into[from + k + 1] = ((int) a >>> 8) < limit ? value : 0f;
      if (k >= -2 && k + 2 < count) into[from + k + 2] = (int) (b >>> 40) < limit ? value : 0f;
      if (k + 3 < count) into[from + k + 3] = ((int) b >>> 8) < limit ? value : 0f;
    }
  }

  /** {@link #mask(long, int, long, int, float, float[], int, int)} into row r of a slab. */
  public void mask(long step, int layer, long id, int position, float keep, Slab into, int r) {
    mask(step, layer, id, position, keep, into.data(), into.row(r), into.cols());
  }

  /** Row r of a slab: 1 where {@code uniform(…, position + k) < share}, 0 elsewhere. */
  public void choice(long step, int layer, long id, int position, float share, Slab into, int r) {
    draw(step, layer, id, position, share, 1f, into.data(), into.row(r), into.cols());
  }

  /** The numbers 0 … n − 1 in random order (Fisher and Yates), keyed by {@code epoch}. */
  public int[] permutation(long epoch, int n) {
    int[] order = new int[n];
    for (int i = 0; i < n; i++) order[i] = i;
    for (int i = n - 1; i > 0; i--) {
      int j = (int) Math.unsignedMultiplyHigh(pair(epoch, 0, 0, i, true), i + 1L);
      int swap = order[i];
      order[i] = order[j];
      order[j] = swap;
    }
    return order;
  }

  /** Two words of one block, the lower index in the upper half. */
  private long pair(long step, int layer, long id, int block, boolean lower) {
    long key = first(step, layer, true);
    long last = first(step, layer, false) >>> 32;
    return cipher((long) block << 32 | id & LOW, id & ~LOW | last, key, lower);
  }

  private long first(long step, int layer, boolean lower) {
    long b = (long) layer << 32 | stream.ordinal();
    return cipher(step << 32 | step >>> 32, b, seed << 32 | seed >>> 32, lower);
  }

  /**
   * One block, its counter words (0, 1) in {@code a} and (2, 3) in {@code b}, its key words in {@code key}, the lower index
   * in the upper half. In this form a round is two products and two shifts.
   *
   * @return the words (0, 1) if {@code lower}, else (2, 3)
   */
  static long cipher(long a, long b, long key, boolean lower) {
    int k0 = (int) (key >>> 32);
    int k1 = (int) key;
    for (int i = 0; i < ROUNDS; i++, k0 += W0, k1 += W1) {
      long next = M1 * (b >>> 32) ^ (a ^ k0) << 32;
      b = M0 * (a >>> 32) ^ (b ^ k1) << 32;
      a = next;
    }
    return lower ? a : b;
  }
}
