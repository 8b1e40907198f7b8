package org.unroll.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.fault.Nearest;
import org.unroll.tasks.run.RunInfo;

/** What a user means by {@code poems-1}: a run in the runs folder, a folder of a run, or a model file. */
final class Places {

  private Places() {}

  /** The folder of a run: a name in the runs folder wins over a path. M001, with the nearest name, if there is none. */
  static Path run(String given, Talk talk) {
    var place = find(given, talk);
    if (!Files.isDirectory(place)) throw Fault.of(Code.M001, "a file, not a run").at(given).because("a run is a folder")
        .mend("unroll runs list");
    return RunInfo.of(place).path();
  }

  /** The model file of a run (its best checkpoint), or the file itself. */
  static Path model(String given, Talk talk) {
    var place = find(given, talk);
    return Files.isDirectory(place) ? RunInfo.of(place).model() : place;
  }

  /** The run that is named, or that a checkpoint file lies in; empty for a model file somewhere else. */
  static Optional<RunInfo> runOf(String given, Talk talk) {
    var place = find(given, talk);
    if (Files.isDirectory(place)) return Optional.of(RunInfo.of(place));
    var folder = Optional.ofNullable(place.toAbsolutePath().getParent()).map(Path::getParent);
    return folder.filter(RunInfo::isRun).map(RunInfo::of);
  }

  /** How a command line names a run: by its name alone where it lies in the usual runs folder. */
  static String spoken(Path run) {
    return Path.of("runs").equals(run.getParent()) ? run.getFileName().toString() : run.toString();
  }

  /** A run folder or a file. */
  static Path find(String given, Talk talk) {
    var runs = talk.flags().runs();
    if (!given.isEmpty() && RunInfo.isRun(runs.resolve(given))) return runs.resolve(given);
    var path = Path.of(given);
    if (!given.isEmpty() && Files.exists(path)) return path;
    var fault = Fault.of(Code.M001, "no run and no model %s", given).because("looked for %s and %s", runs.resolve(given),
        path.toAbsolutePath());
    var near = Nearest.of(given, names(runs));
    fault = near.isPresent() ? fault.mend("did you mean %s?", near.get())
        : fault.mend("a run that has just been started with --minutes is there when its steps are planned, after some seconds");
    throw fault.mend("unroll runs list");
  }

  private static List<String> names(Path runs) {
    if (!Files.isDirectory(runs)) return List.of();
    try (var names = Files.list(runs)) {
      return names.map(p -> p.getFileName().toString()).toList();
    } catch (IOException e) {
      return List.of();
    }
  }
}
