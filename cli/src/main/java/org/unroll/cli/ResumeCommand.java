package org.unroll.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.unroll.tasks.config.LmConfig;
import org.unroll.tasks.run.LmData;
import org.unroll.tasks.run.RunInfo;
import org.unroll.tasks.run.Trainings;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code unroll resume RUN [--set key=value]}: goes on with a run from its newest checkpoint, bit for bit. */
@Command(name = "resume")
final class ResumeCommand implements Callable<Integer> {
  private final Talk talk;
  private final ConfigFlags settings;

  @Parameters(index = "0", paramLabel = "RUN", descriptionKey = "run")
  String run;

  private ResumeCommand(Talk talk, ConfigFlags settings) {
    this.talk = talk;
    this.settings = settings;
  }

  static CommandLine of(Talk talk) { return ConfigFlags.command(talk, settings -> new ResumeCommand(talk, settings)); }

  @Override public Integer call() {
    Path folder = Places.run(run, talk);
    var config = settings.resolve(List.of(RunInfo.of(folder).config()));
    var lm = LmConfig.of(config);
    var data = LmData.read(lm.data());
    var kernels = Computing.kernels(talk);
    try (var screen = new TrainScreen(talk, folder.resolveSibling(""));
        var open = Trainings.resume(folder, config, data, kernels, System::nanoTime, screen)) {
      return new Steering(open, talk).run();
    }
  }
}
