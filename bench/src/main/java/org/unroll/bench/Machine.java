package org.unroll.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the figures were measured on. */
final class Machine {
  /** Where data can stand, from the fastest on. */
  static final List<String> LEVELS = List.of("L1", "L2", "L3", "memory");

  private Machine() {}

  /** The processor's model, as the system tells it. */
  static String cpu() {
    try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines.filter(l -> l.startsWith("model name")).findFirst().map(l -> l.replaceAll(".*:\\s*", "")).orElse(arch());
    } catch (IOException e) {
      return arch();
    }
  }

  private static String arch() { return System.getProperty("os.arch"); }

  static String jvm() {
    return System.getProperty("java.vendor.version", System.getProperty("java.vm.name")) + " (JDK " + Runtime.version() + ")";
  }

  static String system() { return System.getProperty("os.name") + " " + System.getProperty("os.version"); }

  /** Bytes of a cache of one core, or shared (L3); what is usual where the system does not tell. */
  static long cache(int level) {
    for (int i = 0; i < 8; i++) {
      var dir = Path.of("/sys/devices/system/cpu/cpu0/cache/index" + i);
      try {
        boolean data = !Files.readString(dir.resolve("type")).strip().equals("Instruction");
        if (!data || Integer.parseInt(Files.readString(dir.resolve("level")).strip()) != level) continue;
        var size = Files.readString(dir.resolve("size")).strip();
        return Long.parseLong(size.replaceAll("\\D", "")) << (size.endsWith("M") ? 20 : 10);
      } catch (IOException | NumberFormatException e) {
        break;
      }
    }
    return level == 1 ? 32 << 10 : level == 2 ? 1 << 20 : 16 << 20;
  }

  /**
   * Bytes for each of {@code threads} threads to read, for a level of {@link #LEVELS}: half of a core's own cache, of L3 half together,
   * eight times the largest for the memory.
   */
  static long fits(int level, int threads) {
    if (level == 3) return 8 * cache(3);
    return cache(level + 1) / (level == 2 ? 2 * threads : 2) & -4096;
  }

  /** The level that {@code bytes} of weights stand in, read by {@code threads} threads, each its part. */
  static int levelOf(double bytes, int threads) {
    for (int level = 0; level < 2; level++) if (bytes / threads <= cache(level + 1)) return level;
    return bytes <= cache(3) ? 2 : 3;
  }
}
