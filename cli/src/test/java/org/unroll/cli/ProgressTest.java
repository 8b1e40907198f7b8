package org.unroll.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final AtomicLong millis = new AtomicLong();

  private Progress progress(Flags.ProgressMode mode, Map<String, String> env, Terminal terminal) {
    var flags = new Flags();
    flags.progress = mode;
    return new Progress(Terminalless.talk(err, flags, env, terminal), () -> millis.get() * 1_000_000,
        () -> Instant.parse("2026-11-21T08:15:02.5Z").plusMillis(millis.get()));
  }

  private static void at(Progress p, double share) { p.at(share, () -> "epoch 3", () -> "loss 4.11", () -> "train step=7"); }

  private String said() {
    var s = err.toString(StandardCharsets.UTF_8);
    err.reset();
    return s;
  }

  @Test void bar_isRedrawnAtMostTenTimesASecond() {
    var p = progress(Flags.ProgressMode.auto, Map.of(), Terminal.of(false, true, 80));
    at(p, 0.5);
    assertEquals("\r\033[K epoch 3  ━━━━━━━━━━──────────  50 %  loss 4.11", said());
    millis.set(99);
    at(p, 0.6);
    assertEquals("", said());
    millis.set(100);
    at(p, 0.6);
    assertEquals("\r\033[K epoch 3  ━━━━━━━━━━━━────────  60 %  loss 4.11", said());
    p.keep(() -> "  1  662", () -> "x");
    assertEquals("\r\033[K  1  662\n", said());
    at(p, 0.6);
    p.close();
    p.close();
    assertEquals("\r\033[K epoch 3  ━━━━━━━━━━━━────────  60 %  loss 4.11\r\033[K", said());
  }

  @Test void bar_onANarrowTerminal_isCut() {
    var p = progress(Flags.ProgressMode.bar, Map.of(), Terminal.of(false, true, 16));
    at(p, 0.5);
    assertEquals("\r\033[K epoch 3  ━━━━…", said());
  }

  @Test void plain_speaksEveryThirtySecondsAndPerLineKept() {
    var p = progress(Flags.ProgressMode.auto, Map.of(), Terminal.NONE);
    millis.set(29_999);
    at(p, 0.5);
    assertEquals("", said());
    millis.set(30_000);
    at(p, 0.5);
    at(p, 0.5);
    assertEquals("2026-11-21T08:15:32Z train step=7\n", said());
    millis.set(31_000);
    p.keep(() -> "person", () -> "eval dev.ppl=3");
    assertEquals("2026-11-21T08:15:33Z eval dev.ppl=3\n", said());
    millis.set(60_500);
    at(p, 0.5);
    assertEquals("", said());
  }

  @Test void auto_inCiOrDumb_isPlain() {
    at(progress(Flags.ProgressMode.auto, Map.of("CI", "true"), Terminal.of(true, true, 80)), 0.5);
    at(progress(Flags.ProgressMode.auto, Map.of("TERM", "dumb"), Terminal.of(true, true, 80)), 0.5);
    assertEquals("", said());
  }

  @Test void none_saysNothing() {
    var p = progress(Flags.ProgressMode.none, Map.of(), Terminal.of(true, true, 80));
    at(p, 0.5);
    p.keep(() -> "a", () -> "b");
    assertEquals("", said());
  }

  @Test void bar_atTheEndsAndHalves() {
    assertEquals("────────────────────", Progress.bar(0));
    assertEquals("━━━━━━━━━━━━━━━━━━━━", Progress.bar(1));
    assertEquals("━━━━━━━━━━╸─────────", Progress.bar(0.525));
    assertEquals("━━━━━━━━━━━━━━━━━━━━", Progress.bar(1.7));
  }
}
