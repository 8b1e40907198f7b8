package org.unroll.tasks.draw;

import java.util.Locale;

/** Colours for values: viridis from low to high, and red, paper, blue around 0. Both can be told apart by colour-blind readers. */
public final class Ramp {
  private static final int[] VIRIDIS = {0x440154, 0x482878, 0x3E4A89, 0x31688E, 0x26828E, 0x1F9E89, 0x35B779, 0x6DCD59,
      0xB4DE2C, 0xFDE725};
  private static final int[] SIGNED = {0xB2182B, 0xD6604D, 0xF4A582, 0xFDDBC7, 0xFFFFFF, 0xD1E5F0, 0x92C5DE, 0x4393C3, 0x2166AC};

  private Ramp() {}

  /** 0xRRGGBB of a value. */
  public static int rgb(Figure.Scale scale, double value) {
    int[] stops = scale.signed() ? SIGNED : VIRIDIS;
    double at = scale.at(value) * (stops.length - 1);
    int i = Math.min(stops.length - 2, (int) at);
    double f = at - i;
    int rgb = 0;
    for (int shift = 16; shift >= 0; shift -= 8) {
      double a = stops[i] >> shift & 0xFF, b = stops[i + 1] >> shift & 0xFF;
      rgb |= (int) Math.round(a + f * (b - a)) << shift;
    }
    return rgb;
  }

  /** {@code #rrggbb} of a value. */
  public static String hex(Figure.Scale scale, double value) { return String.format(Locale.ROOT, "#%06x", rgb(scale, value)); }

  /** Whether black letters can be read on a colour; white ones can be on the others. */
  public static boolean light(int rgb) {
    return 0.299 * (rgb >> 16 & 0xFF) + 0.587 * (rgb >> 8 & 0xFF) + 0.114 * (rgb & 0xFF) > 140;
  }
}
