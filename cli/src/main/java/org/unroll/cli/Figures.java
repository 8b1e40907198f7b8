package org.unroll.cli;

import java.util.Locale;

/** Numbers as people read them. */
final class Figures {

  private Figures() {}

  /** {@code 3.4 M}, {@code 61.2k}, {@code 512}. */
  static String count(double n) {
    if (!Double.isFinite(n)) return "–";
    if (n >= 1e9) return String.format(Locale.ROOT, "%.1fG", n / 1e9);
    if (n >= 1e6) return String.format(Locale.ROOT, "%.1fM", n / 1e6);
    if (n >= 1e4) return String.format(Locale.ROOT, "%.1fk", n / 1e3);
    return String.format(Locale.ROOT, "%.0f", n);
  }

  /** {@code 0:44}, {@code 1:02:03}; a dash for what is not known. */
  static String time(double seconds) {
    if (!Double.isFinite(seconds) || seconds < 0) return "–";
    long s = Math.round(seconds);
    return s < 3600 ? String.format(Locale.ROOT, "%d:%02d", s / 60, s % 60)
        : String.format(Locale.ROOT, "%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60);
  }

  /** With {@code digits} behind the point, or with an exponent when it is huge; a dash for what is no number. */
  static String real(double v, int digits) {
    if (Math.abs(v) >= 1e6 && Double.isFinite(v)) return String.format(Locale.ROOT, "%.2e", v);
    return Double.isFinite(v) ? String.format(Locale.ROOT, "%." + digits + "f", v) : "–";
  }

  /** A perplexity: {@code 4.35}, {@code 113.4}, {@code 12.3k}; of a loss beyond 709 nats {@code ∞}. */
  static String perplexity(double v) {
    if (v == Double.POSITIVE_INFINITY) return "∞";
    return v < 100 ? real(v, 2) : v < 1e4 ? real(v, 1) : count(v);
  }

  /** {@code 1.2 kB}, in thousands. */
  static String bytes(long n) {
    if (n < 1000) return n + " B";
    int unit = (int) Math.min(4, Math.log10(n) / 3);
    return String.format(Locale.ROOT, "%.1f %sB", n / Math.pow(1000, unit), "kMGT".charAt(unit - 1));
  }
}
