package org.unroll.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** A fresh JVM, up to the end of its first training step: a unit is one JVM, from the moment it is asked for until it says so. */
final class OurStart implements Contestant.Local {
  static final String READY = "#first step done";

  private final List<String> command = new ArrayList<>();

  OurStart(Job job, int threads) {
    command.addAll(Java.product(List.of("-XX:MaxRAMPercentage=60"), StartProbe.class));
    command.add(Integer.toString(threads));
    for (var size : List.of("T", "B", "I", "H", "V")) command.add(Integer.toString(job.size(size)));
  }

  @Override public void step() throws Exception { start(); }

  /** Nanoseconds until the step was done. The JVM has ended when this returns, so that the next one has the machine to itself. */
  private double start() throws IOException, InterruptedException {
    long begun = System.nanoTime();
    var p = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    try (var lines = p.inputReader()) {
      if (!READY.equals(lines.readLine())) throw new IOException("the JVM ended before its first step, status " + p.waitFor());
      double time = System.nanoTime() - begun;
      p.destroy();
      p.waitFor();
      return time;
    }
  }

  @Override public double[] turn(double seconds, int fewest, int most) {
    try {
      return new double[] {start()};
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Override public Outcome outcome() {
    var o = new Outcome();
    o.outputs().put("h", new float[0]);
    return o;
  }
}
