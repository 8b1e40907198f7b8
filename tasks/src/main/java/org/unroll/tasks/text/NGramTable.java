package org.unroll.tasks.text;

import java.util.Arrays;

/**
 * The n-grams of one order: an open-addressed hash table from (the n-gram without its last symbol, the last symbol) to
 * a number that never changes. Exact: no fingerprints, no collisions. 28 to 56 bytes an n-gram,
 * 20 to 40 in the highest order.
 */
final class NGramTable {
  private static final int NONE = -1;

  private final boolean context;
  private int[] slots = new int[16];
  private int[] parent = {};
  private int[] symbol = {};
  /** Occurrences in the highest order, distinct left neighbours below it. */
  int[] count = {};
  /** Sum of the counts of the n-grams that lengthen this one by a symbol on the right. */
  int[] total = {};
  /** How many of those have a count above 0. */
  int[] types = {};
  private int size;

  /** @param context whether n-grams of this order are contexts of a higher one */
  NGramTable(boolean context) {
    this.context = context;
    Arrays.fill(slots, NONE);
    resize(8);
  }

  int size() { return size; }

  long bytes() { return 4L * slots.length + (context ? 20L : 12L) * parent.length; }

  /** What one more n-gram may cost: the new arrays, while the old ones are still there. */
  long bytesToGrow() {
    if (size < parent.length) return 0;
    return bytes() + 4L * slots.length;
  }

  int find(int parentId, int last) {
    for (int i = slot(parentId, last);; i = i + 1 & slots.length - 1) {
      int id = slots[i];
      if (id == NONE || parent[id] == parentId && symbol[id] == last) return id;
    }
  }

  /** Adds an n-gram that is not there, and gives its number. */
  int add(int parentId, int last) {
    if (size == parent.length) grow();
    int id = size++;
    parent[id] = parentId;
    symbol[id] = last;
    place(id);
    return id;
  }

  /** How many n-grams have exactly this count. */
  long withCount(int c) {
    long n = 0;
    for (int i = 0; i < size; i++) if (count[i] == c) n++;
    return n;
  }

  private void grow() {
    resize(parent.length * 2);
    slots = new int[slots.length * 2];
    Arrays.fill(slots, NONE);
    for (int id = 0; id < size; id++) place(id);
  }

  private void resize(int capacity) {
    parent = Arrays.copyOf(parent, capacity);
    symbol = Arrays.copyOf(symbol, capacity);
    count = Arrays.copyOf(count, capacity);
    if (context) {
      total = Arrays.copyOf(total, capacity);
      types = Arrays.copyOf(types, capacity);
    }
  }

  private void place(int id) {
    int i = slot(parent[id], symbol[id]);
    while (slots[i] != NONE) i = i + 1 & slots.length - 1;
    slots[i] = id;
  }

  private int slot(int parentId, int last) {
    long h = (((long) parentId << 32) ^ last) * 0x9E3779B97F4A7C15L;
    h ^= h >>> 29;
    h *= 0xBF58476D1CE4E5B9L;
    return (int) (h >>> 32) & slots.length - 1;
  }
}
