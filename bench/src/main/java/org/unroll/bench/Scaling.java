package org.unroll.bench;

/** Which rows tell how much several threads gain. */
final class Scaling {
  /** Of two threads, from 256 units on. */
  static final double WANTED = 1.85;

  private Scaling() {}

  /** Training of one layer, measured with one thread and with several, the several faster. */
  static boolean tells(Table.Row r) {
    return r.row().group().endsWith("-train") && r.ours() != null && r.ours().threads() > 1 && !Double.isNaN(r.oneThread());
  }

  /** H of such a row. */
  static int units(Table.Row r) { return Integer.parseInt(r.row().shape().replaceAll(".* H", "")); }
}
