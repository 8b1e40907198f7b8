package org.unroll.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;

/**
 * Forks one JVM after the other: all rows once, then all rows again, so that every row is measured at several times. What each
 * tells is kept in a file as soon as it has ended, and a run that goes on repeats none of it.
 */
final class Runner {
  private static final int ATTEMPTS = 8;
  /** Names of figures that every process has: when it was started, how many seconds it took, and {@link Plan#name}. */
  static final String BEGUN = "begun", TOOK = "seconds", PLAN = "plan";
  private static final DateTimeFormatter MINUTE = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm");

  private final Plan plan;
  private final Path figures, log;
  private final Consumer<String> talk;
  private final List<Line> lines = new ArrayList<>();
  private final String version = Version.current();
  private final AtomicReference<Process> running = new AtomicReference<>();

  /** Goes on with the lines that {@code dir} has. */
  Runner(Plan plan, Path dir, Consumer<String> talk) throws IOException {
    this.plan = plan;
    this.talk = talk;
    figures = dir.resolve("figures.tsv");
    log = dir.resolve("log.txt");
    folder(dir);
    if (Files.exists(figures)) lines.addAll(read(figures));
    Runtime.getRuntime().addShutdownHook(new Thread(this::stop));
  }

  private static void folder(Path dir) {
    try {
      Files.createDirectories(dir);
      if (Files.isWritable(dir)) return;
    } catch (IOException e) {
      throw refused(dir).causedBy(e);
    }
    throw refused(dir);
  }

  private static Fault refused(Path dir) {
    return Fault.of(Code.G003, "the folder cannot be written").at(dir.toString()).mend("another --out");
  }

  /** What a file of figures tells. */
  static List<Line> read(Path figures) throws IOException {
    var lines = new ArrayList<Line>();
    for (var l : Files.readAllLines(figures)) if (Line.parse(l) instanceof Line line) lines.add(line);
    return lines;
  }

  private void stop() {
    var p = running.get();
    if (p == null) return;
    p.descendants().forEach(ProcessHandle::destroyForcibly);
    p.destroyForcibly();
  }

  List<Line> lines() { return lines; }

  /** @param after called when a row has been measured once more */
  void run(List<Case> rows, Runnable after) throws IOException, InterruptedException {
    for (int process = 1; process <= plan.processes(); process++) {
      if (!done(LimitsProbe.ID, process)) {
        tell(process, LimitsProbe.ID);
        fork(LimitsProbe.ID, process, List.of(Integer.toString(process), Integer.toString(plan.threads())), LimitsProbe.class);
      }
      for (var row : rows) {
        if (done(row.id(), process)) continue;
        tell(process, row.id());
        measure(row, process);
        after.run();
      }
    }
  }

  /** The most operations a second that all threads together were seen to make; 0 if that was not measured. */
  private double peak() {
    String name = "peak " + plan.threads();
    return lines.stream().filter(l -> l instanceof Line.Figure f && f.id().equals(LimitsProbe.ID) && f.name().equals(name))
        .mapToDouble(l -> ((Line.Figure) l).number()).max().orElse(0);
  }

  private void tell(int process, String id) { talk.accept("process %d of %d: %s".formatted(process, plan.processes(), id)); }

  private boolean done(String id, int process) { return lines.contains(new Line.Done(id, process)); }

  /** Again and again without those peers that ended the process. */
  private void measure(Case row, int process) throws IOException, InterruptedException {
    var omitted = Again.omitted(row, lines, plan);
    for (int i = 0; i < ATTEMPTS; i++) {
      var arguments = List.of(plan.child(), row.id(), Integer.toString(process), String.join("\t", omitted), Double.toString(peak()));
      String blamed = fork(row.id(), process, arguments, Measure.class);
      if (blamed == null || blamed.isEmpty()) return;
      omitted.add(blamed);
    }
  }

  /** @return null if all went well, else whom the process was busy with when it ended; empty for ourselves */
  private String fork(String id, int process, List<String> arguments, Class<?> main) throws IOException, InterruptedException {
    String begun = LocalDateTime.now().format(MINUTE);
    long from = System.nanoTime();
    var command = Java.command(List.of("-XX:MaxRAMPercentage=45"), main);
    command.addAll(arguments);
    var p = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(log.toFile())).start();
    running.set(p);
    var told = new ArrayList<Line>();
    var reader = Thread.ofPlatform().start(() -> read(p, told));
    boolean ended = p.waitFor(plan.patience(), TimeUnit.SECONDS);
    if (!ended) stop();
    p.waitFor();
    reader.join();
    running.set(null);
    if (told.contains(new Line.Done(id, process))) {
      told.addAll(0, List.of(new Line.Figure(id, process, "version " + Case.OURS, version),
          new Line.Figure(id, process, PLAN, plan.name()), new Line.Figure(id, process, BEGUN, begun),
          new Line.Figure(id, process, TOOK, Numbers.text("%.1f", (System.nanoTime() - from) / 1e9))));
      keep(told);
      return null;
    }
    String blamed = "";
    for (var line : told) if (line instanceof Line.Now n) blamed = n.engine();
    String how = ended ? "ended the process, status " + p.exitValue() : "took longer than " + plan.patience() + " s";
    told.removeIf(l -> !(l instanceof Line.Missing));
    if (told.stream().noneMatch(l -> l instanceof Line.Missing m && m.engine().equals(Case.OURS))) {
      told.add(new Line.Missing(id, process, blamed.isEmpty() ? Case.OURS : blamed, how, Line.Missing.Why.STOPPED));
    }
    keep(told);
    return blamed;
  }

  private static void read(Process p, List<Line> into) {
    try (var out = p.inputReader()) {
      for (String l = out.readLine(); l != null; l = out.readLine()) if (Line.parse(l) instanceof Line line) into.add(line);
    } catch (IOException e) {
      // it was killed: what it told stands
    }
  }

  private void keep(List<Line> told) throws IOException {
    told.removeIf(l -> l instanceof Line.Now);
    lines.addAll(told);
    Files.write(figures, told.stream().map(Line::text).toList(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }
}
