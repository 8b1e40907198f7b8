package org.unroll.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.file.Disk;
import org.unroll.file.SafeTensorsReader;
import org.unroll.tasks.run.CheckpointSummary;
import org.unroll.tasks.run.RunInfo;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code unroll model info | verify}. */
@Command(name = "model")
final class ModelCommand {

  private ModelCommand() {}

  static CommandLine of(Talk talk) {
    return new CommandLine(new ModelCommand()).addSubcommand(new Info(talk)).addSubcommand(new Verify(talk));
  }

  /** What a file says of itself: tensors, sizes, where it comes from. */
  @Command(name = "info")
  static final class Info implements Callable<Integer> {
    private final Talk talk;

    @Parameters(index = "0", paramLabel = "MODEL|RUN", descriptionKey = "model")
    String model;

    Info(Talk talk) { this.talk = talk; }

    @Override public Integer call() {
      var summary = CheckpointSummary.of(Places.model(model, talk));
      if (talk.flags().json) {
        talk.json(object(summary));
        return 0;
      }
      tell(summary, Places.runOf(model, talk));
      return 0;
    }

    private void tell(CheckpointSummary summary, Optional<RunInfo> run) {
      var header = summary.header();
      long weights = run.map(RunInfo::weights).filter(OptionalLong::isPresent).map(OptionalLong::getAsLong).orElseGet(summary::weights);
      talk.data(talk.text("model.file", Talk.printable(summary.file().toString()), Figures.bytes(header.fileBytes())));
      talk.data(talk.text("model.weights", weights, header.tensors().size()));
      run.ifPresent(r -> talk.data(talk.text("model.run", Talk.printable(r.name()), Talk.printable(r.network()),
          RunsCommand.state(r))));
      summary.provenance().forEach((k, v) -> talk.data("  " + Width.pad(k, 15) + Talk.printable(v)));
      boolean every = talk.flags().verbosity() > 0;
      var shown = header.tensors().stream().filter(t -> every || !CheckpointSummary.isTraining(t)).toList();
      int wide = shown.stream().mapToInt(t -> Width.of(t.name())).max().orElse(0) + 2;
      for (var t : shown) {
        talk.data("  " + Width.pad(t.name(), wide) + Width.pad(t.dtype().toString(), 5) + Width.pad(t.shape().toString(), 16)
            + " " + Figures.bytes(t.bytes()));
      }
      long others = summary.trainingBytes();
      if (others > 0 && !every) talk.data("  " + talk.text("model.slots", Figures.bytes(others)));
    }

    private static Map<String, Object> object(CheckpointSummary s) {
      var o = new LinkedHashMap<String, Object>();
      o.put("v", 1);
      o.put("file", s.file().toString());
      o.put("bytes", s.header().fileBytes());
      o.put("provenance", s.provenance());
      o.put("tensors", s.header().tensors().stream().map(t -> {
        var m = new LinkedHashMap<String, Object>();
        m.put("name", t.name());
        m.put("dtype", t.dtype().toString());
        m.put("shape", t.shape());
        return m;
      }).toList());
      return o;
    }
  }

  /** Proves every checksum of a file, or of every checkpoint of a run. */
  @Command(name = "verify")
  static final class Verify implements Callable<Integer> {
    private final Talk talk;

    @Parameters(index = "0", paramLabel = "MODEL|RUN", descriptionKey = "model")
    String model;

    Verify(Talk talk) { this.talk = talk; }

    @Override public Integer call() {
      Fault first = null;
      for (var file : files()) {
        var reader = SafeTensorsReader.of(Disk.real(), file);
        try {
          reader.verify();
          tell(file, true, talk.text(reader.summary().isOurs() ? "model.sound" : "model.foreign"));
        } catch (Fault f) {
          tell(file, false, f.code().label());
          FaultText.tell(f, talk);
          if (first == null) first = f;
        }
      }
      return first == null ? 0 : first.code().exit();
    }

    private void tell(Path file, boolean sound, String what) {
      if (!talk.flags().json) {
        talk.data((sound ? "✔ " : "✖ ") + Talk.printable(file + ": " + what));
        return;
      }
      var o = new LinkedHashMap<String, Object>();
      o.put("v", 1);
      o.put("file", file.toString());
      o.put("sound", sound);
      o.put("what", what);
      talk.json(o);
    }

    private List<Path> files() {
      var place = Places.find(model, talk);
      if (!Files.isDirectory(place)) return List.of(place);
      var files = RunInfo.of(place).checkpoints();
      if (files.isEmpty()) throw Fault.of(Code.M001, "the run has no checkpoint yet").at("%s", place);
      return files;
    }
  }
}
