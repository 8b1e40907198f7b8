package org.unroll.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Speed beside libtorch in the same process, as docs/quality.md tells how to run it.
 *
 * <pre>
 *   --processes N  how many JVMs measure, one after the other (5)
 *   --rounds N     turns of each engine in a process (7)
 *   --threads N    each engine is measured with 1 to N threads and keeps its best (2)
 *   --cpu          processor time of one thread instead of the clock: for a busy machine, not for publishing
 *   --quick        2 processes, short turns: to see that it works
 *   --task NAME    train or stream; both if not given
 *   --shape T,B,I,H  only this one
 *   --json FILE    the figures of the table, and every round, for programs
 * </pre>
 */
public final class Bench {
  private static final List<Shape> TRAIN = List.of(new Shape(64, 32, 128, 256), new Shape(64, 32, 512, 512), new Shape(64, 64, 256, 512));
  private static final List<Shape> STREAM = List.of(new Shape(64, 1, 256, 256), new Shape(64, 1, 128, 256));

  private Bench() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    var o = Options.parse(args);
    if (o.processes() == 0) {
      measure(o);
      return;
    }
    var samples = new ArrayList<List<Sample>>();
    for (int i = 0; i < o.processes(); i++) {
      System.err.println("process " + (i + 1) + " of " + o.processes());
      samples.add(fork(o));
    }
    var report = Report.of(samples);
    System.out.print(report.table(Libtorch.describe()));
    if (o.json() != null) Files.writeString(Path.of(o.json()), report.json(Libtorch.describe()));
  }

  private static void measure(Options o) {
    for (var shape : o.shapes("train", TRAIN)) print(train(shape, o));
    for (var shape : o.shapes("stream", STREAM)) print(stream(shape, o));
  }

  private static void print(List<Sample> samples) {
    for (var s : samples) System.out.println(s.line());
  }

  private static List<Sample> train(Shape shape, Options o) {
    var p = Problem.random("lstm", shape, 1);
    for (int threads = 1; threads <= o.most(); threads++) Agreement.check(p, threads);
    var entries = new ArrayList<Race.Entry>();
    for (int threads = 1; threads <= o.most(); threads++) {
      entries.add(new Race.Entry("unroll", threads, new OurLayer(p, threads), 1));
      entries.add(new Race.Entry("nn::LSTM", threads, new TorchLayer(p), 1));
    }
    return o.race().run("train", shape, entries);
  }

  private static List<Sample> stream(Shape shape, Options o) {
    var p = Problem.random("lstm", shape, 1);
    var entries = new ArrayList<Race.Entry>();
    for (int threads = 1; threads <= o.most(); threads++) {
      var streams = List.of(new Streams.Ours(p, threads), new Streams.Lstm(p), new Streams.LstmCell(p));
      Streams.check(p, streams);
      var names = List.of("unroll", "nn::LSTM", "nn::LSTMCell");
      for (int i = 0; i < 3; i++) entries.add(new Race.Entry(names.get(i), threads, streams.get(i), shape.steps()));
    }
    return o.race().run("stream", shape, entries);
  }

  /** One measuring JVM, started as this one was. */
  private static List<Sample> fork(Options o) throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.addAll(List.of("--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED", "-Xmx2g"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Bench.class.getName()));
    command.addAll(o.child());
    var process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (var lines = process.inputReader()) {
      var samples = lines.lines().filter(Sample::isLine).map(Sample::parse).toList();
      if (process.waitFor() != 0) throw new IOException("a measuring process ended with status " + process.exitValue());
      return samples;
    }
  }
}
