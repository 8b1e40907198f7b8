package org.unroll.slab;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.unroll.slab.Philox.Stream;

class PhiloxTest {
  private final Philox rng = new Philox(7, Stream.DROPOUT);

  @Test void cipher_publishedVectors_knownAnswers() {
    assertCipher("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8");
    assertCipher("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd");
    assertCipher("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1");
  }

  private static void assertCipher(String counter, String key, String expected) {
    int[] c = words(counter);
    int[] k = words(key);
    long a = two(c[0], c[1]);
    long b = two(c[2], c[3]);
    long lower = Philox.cipher(a, b, two(k[0], k[1]), true);
    long upper = Philox.cipher(a, b, two(k[0], k[1]), false);
    assertArrayEquals(words(expected), new int[] {(int) (lower >>> 32), (int) lower, (int) (upper >>> 32), (int) upper});
  }

  private static int[] words(String hex) {
    return Arrays.stream(hex.split(" ")).mapToInt(w -> Integer.parseUnsignedInt(w, 16)).toArray();
  }

  private static long two(int high, int low) { return (long) high << 32 | low & 0xFFFFFFFFL; }

  /** The two-stage counter written out word by word. */
  @Test void bits_anyCoordinates_areTheDocumentedBlock() {
    long seed = 0x0123456789ABCDEFL;
    long step = 0x1122334455667788L;
    long id = 0x99AABBCCDDEEFF00L;
    var r = new Philox(seed, Stream.SAMPLE);
    long key = two(0x89ABCDEF, 0x01234567);
    long one = Philox.cipher(two(0x55667788, 0x11223344), two(-5, Stream.SAMPLE.ordinal()), key, true);
    long two = Philox.cipher(two(0x55667788, 0x11223344), two(-5, Stream.SAMPLE.ordinal()), key, false);
    long lower = Philox.cipher(two(3, 0xDDEEFF00), two(0x99AABBCC, (int) (two >>> 32)), one, true);
    long upper = Philox.cipher(two(3, 0xDDEEFF00), two(0x99AABBCC, (int) (two >>> 32)), one, false);
    int[] expected = {(int) (lower >>> 32), (int) lower, (int) (upper >>> 32), (int) upper};
    assertArrayEquals(expected, IntStream.range(12, 16).map(p -> r.bits(step, -5, id, p)).toArray());
  }

  @Test void bits_eachCoordinateMoved_differ() {
    var seen = new HashSet<Integer>();
    long[] values = {0, 1, 2, 1L << 31, 1L << 32, 1L << 63, -1};
    for (long v : values) {
      if (v != 0) {
        seen.add(rng.bits(v, 0, 0, 0));
        seen.add(rng.bits(0, 0, v, 0));
        seen.add(new Philox(7 + v, Stream.DROPOUT).bits(0, 0, 0, 0));
      }
    }
    for (int v : new int[] {1, 2, 1 << 16, 1 << 31, -1}) {
      seen.add(rng.bits(0, v, 0, 0));
      seen.add(rng.bits(0, 0, 0, v));
    }
    for (var s : Stream.values()) seen.add(rng.stream(s).bits(0, 0, 0, 0));
    assertEquals(3 * 6 + 2 * 5 + Stream.values().length, seen.size());
  }

  @Test void uniform_manyNumbers_fillTheUnitInterval() {
    int n = 200_000;
    int[] bins = new int[10];
    double sum = 0;
    for (int p = 0; p < n; p++) {
      float u = rng.uniform(3, 1, 42, p);
      assertTrue(u >= 0 && u < 1);
      sum += u;
      bins[(int) (u * 10)]++;
    }
    assertEquals(0.5, sum / n, 0.003);
    for (int b : bins) assertEquals(n / 10.0, b, 600);
  }

  @Test void gaussian_manyNumbers_haveTheMomentsOfTheNormal() {
    int n = 200_000;
    double[] m = new double[5];
    int beyondTwo = 0;
    double neighbours = 0;
    double last = 0;
    for (int p = 0; p < n; p++) {
      double g = rng.gaussian(0, 0, 0, p);
      for (int k = 1; k <= 4; k++) m[k] += StrictMath.pow(g, k) / n;
      if (Math.abs(g) > 2) beyondTwo++;
      neighbours += g * last / n;
      last = g;
    }
    assertEquals(0, m[1], 0.01);
    assertEquals(1, m[2], 0.015);
    assertEquals(0, m[3], 0.04);
    assertEquals(3, m[4], 0.12);
    assertEquals(0.0455, beyondTwo / (double) n, 0.002);
    assertEquals(0, neighbours, 0.01);
  }

  /** From a second program, written in Python from the class's description. */
  @Test void numbers_fixedSeed_haveGoldenBits() {
    assertArrayEquals(new int[] {0xa92df07a, 0x35de2704, 0x11e307fe, 0x44644dfc, 0x00000bf7, 0x4192da7f},
        IntStream.range(0, 6).map(p -> rng.bits(1, 2, 3, p)).toArray());
    assertEquals(-0x1.fcf06ap-2f, rng.gaussian(1, 2, 3, 4));
    assertEquals("[9, 2, 6, 7, 5, 0, 4, 3, 1, 8]", Arrays.toString(rng.stream(Stream.SHUFFLE).permutation(2, 10)));
  }

  @Test void mask_anyStartAndLength_equalsUniformNumberByNumber() {
    for (int position : new int[] {0, 1, 2, 3, 4, 1001, Integer.MAX_VALUE - 40}) {
      for (int count = 0; count < 20; count++) {
        for (float keep : new float[] {0.1f, 0.5f, 0.7f, 1f}) {
          float[] row = new float[count + 2];
          Arrays.fill(row, -1);
          rng.mask(9, 2, 11, position, keep, row, 1, count);
          assertEquals(-1, row[0]);
          assertEquals(-1, row[count + 1]);
          for (int k = 0; k < count; k++) {
            assertEquals(rng.uniform(9, 2, 11, position + k) < keep ? 1 / keep : 0f, row[1 + k]);
          }
        }
      }
    }
  }

  @Test void mask_keepAHalf_dropsHalf() {
    float[] row = new float[100_000];
    rng.mask(0, 0, 5, 0, 0.5f, row, 0, row.length);
    double sum = 0;
    for (float x : row) {
      assertTrue(x == 0 || x == 2);
      sum += x;
    }
    assertEquals(1, sum / row.length, 0.01);
  }

  @Test void permutation_anySize_holdsEachNumberOnce() {
    for (int n : new int[] {0, 1, 2, 3, 1000}) {
      int[] p = rng.permutation(0, n);
      assertArrayEquals(IntStream.range(0, n).toArray(), Arrays.stream(p).sorted().toArray());
    }
  }

  @Test void permutation_otherEpochOrSeed_isAnotherOrder() {
    int[] p = rng.permutation(0, 100);
    assertArrayEquals(p, rng.permutation(0, 100));
    assertFalse(Arrays.equals(p, rng.permutation(1, 100)));
    assertNotEquals(Arrays.toString(p), Arrays.toString(new Philox(8, Stream.DROPOUT).permutation(0, 100)));
  }

  @Test void permutation_ofThree_allSixOrdersAreEquallyLikely() {
    var counts = new java.util.HashMap<String, Integer>();
    for (int epoch = 0; epoch < 12_000; epoch++) counts.merge(Arrays.toString(rng.permutation(epoch, 3)), 1, Integer::sum);
    assertEquals(6, counts.size());
    for (int c : counts.values()) assertEquals(2000, c, 150);
  }
}
