package org.unroll.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.unroll.slab.Slab;

/**
 * Characters as ids, cut into B streams that run side by side, T characters a chunk. A stream that ends begins again.
 *
 * @param ids in the order of the text; equal characters have equal ids
 * @param symbols how many different characters
 */
record CharText(int[] ids, int symbols) {

  /** Tiny Shakespeare where it is to be had, else this project's licence. */
  static CharText load() throws IOException {
    var root = Path.of("").toAbsolutePath().getParent();
    var data = System.getenv("UNROLL_DATA") == null ? root.resolveSibling("shared/data") : Path.of(System.getenv("UNROLL_DATA"));
    var file = Stream.of(data.resolve("tinyshakespeare/input.txt"), root.resolve("LICENSE")).filter(Files::exists).findFirst();
    return of(Files.readString(file.orElseThrow()));
  }

  static CharText of(String text) {
    int[] symbols = text.chars().distinct().sorted().toArray();
    return new CharText(text.chars().map(c -> java.util.Arrays.binarySearch(symbols, c)).toArray(), symbols.length);
  }

  /** Ids [T, B, 1] of one chunk. @param shift 0 for inputs, 1 for targets */
  Slab chunk(int index, int steps, int rows, int shift) {
    var s = Slab.zeros(steps, rows, 1);
    int length = ids.length / rows;
    for (int t = 0; t < steps; t++) {
      for (int n = 0; n < rows; n++) s.set(t * rows + n, 0, ids[n * length + (index * steps + t + shift) % length]);
    }
    return s;
  }
}
