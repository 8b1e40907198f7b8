package org.unroll.tasks.tag;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.unroll.slab.Batch;
import org.unroll.slab.Philox;
import org.unroll.slab.Slab;

/**
 * Sentences dealt into batches of like length, so that few rows end early. None is empty.
 *
 * @param words of each sentence, ids
 * @param tags of each sentence, ids; null where nothing is to be learnt
 * @param size sentences of a batch; the last may have fewer
 */
public record Batches(List<int[]> words, List<int[]> tags, int size) {
  /** Batches whose sentences are sorted by length together: short ones then meet others every epoch. */
  private static final int POOL = 32;

  /**
   * @param x ids of words [T, N, 1]
   * @param y ids of tags [T, N, 1]; null without
   * @param sentences which ones: row n is the sentence of this number
   */
  public record Tagged(Batch x, Slab y, int[] sentences) {}

  /** All, longest first. */
  public List<Tagged> sorted() { return cut(byLength(IntStream.range(0, words.size()).boxed().toList())); }

  /** All in an order that depends on the seed and the epoch alone. */
  public List<Tagged> shuffled(long seed, long epoch) {
    var rng = new Philox(seed, Philox.Stream.SHUFFLE);
    var order = shuffled(IntStream.range(0, words.size()).boxed().toList(), rng, epoch, 0);
    var batches = new ArrayList<Tagged>();
    for (int from = 0; from < order.size(); from += POOL * size) {
      batches.addAll(cut(byLength(order.subList(from, Math.min(order.size(), from + POOL * size)))));
    }
    return shuffled(batches, rng, epoch, 1);
  }

  /** @param position tells uses of one epoch apart */
  private static <E> List<E> shuffled(List<E> list, Philox rng, long epoch, int position) {
    var keys = new int[list.size()];
    for (int i = 0; i < keys.length; i++) keys[i] = rng.bits(epoch, 0, i, position);
    return IntStream.range(0, keys.length).boxed().sorted(Comparator.comparingInt(i -> keys[i])).map(list::get).toList();
  }

  private List<Integer> byLength(List<Integer> sentences) {
    return sentences.stream().sorted(Comparator.comparingInt(i -> -words.get(i).length)).toList();
  }

  private List<Tagged> cut(List<Integer> sorted) {
    var batches = new ArrayList<Tagged>();
    for (int from = 0; from < sorted.size(); from += size) {
      batches.add(batch(sorted.subList(from, Math.min(sorted.size(), from + size)).stream().mapToInt(i -> i).toArray()));
    }
    return batches;
  }

  private Tagged batch(int[] sentences) {
    int T = words.get(sentences[0]).length, N = sentences.length;
    var x = Slab.zeros(T, N, 1);
    var y = tags == null ? null : Slab.zeros(T, N, 1);
    var alive = new int[T];
    for (int n = 0; n < N; n++) {
      int[] ids = words.get(sentences[n]);
      for (int t = 0; t < ids.length; t++) {
        x.set(t * N + n, 0, ids[t]);
        if (y != null) y.set(t * N + n, 0, tags.get(sentences[n])[t]);
        alive[t]++;
      }
    }
    return new Tagged(new Batch(x, alive, Arrays.stream(sentences).asLongStream().toArray()), y, sentences);
  }
}
