package org.unroll.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.file.Disk;
import org.unroll.file.DiskFaults;
import org.unroll.file.Json;
import org.unroll.file.SafeTensorsReader;
import org.unroll.file.SafeTensorsReader.Summary;
import org.unroll.tasks.run.Training;
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
      var file = Places.model(model, talk);
      var summary = SafeTensorsReader.of(Disk.real(), file).summary();
      if (talk.flags().json) {
        talk.json(object(file, summary));
        return 0;
      }
      var run = Places.runOf(model, talk);
      long weights = run.map(r -> r.about().get("weights")).filter(Number.class::isInstance).map(n -> ((Number) n).longValue())
          .orElseGet(() -> summary.tensors().stream().filter(Info::isWeight).mapToLong(Info::elements).sum());
      talk.data(talk.text("model.file", Talk.printable(file.toString()), Figures.bytes(summary.fileBytes())));
      talk.data(talk.text("model.weights", weights, summary.tensors().size()));
      run.ifPresent(r -> talk.data(talk.text("model.run", Talk.printable(r.name()), Talk.printable(r.network()),
          RunsCommand.state(r))));
      provenance(file, summary).forEach((k, v) -> talk.data("  " + Width.pad(k, 15) + Talk.printable(v)));
      boolean every = talk.flags().verbosity() > 0;
      var shown = summary.tensors().stream().filter(t -> every || !isSlot(t)).toList();
      int wide = shown.stream().mapToInt(t -> Width.of(t.name())).max().orElse(0) + 2;
      for (var t : shown) {
        talk.data("  " + Width.pad(t.name(), wide) + Width.pad(t.dtype().toString(), 5) + Width.pad(t.shape().toString(), 16)
            + " " + Figures.bytes(elements(t) * t.dtype().bytes()));
      }
      long slots = summary.tensors().stream().filter(Info::isSlot).mapToLong(t -> elements(t) * t.dtype().bytes()).sum();
      if (slots > 0 && !every) talk.data("  " + talk.text("model.slots", Figures.bytes(slots)));
      return 0;
    }

    private static boolean isSlot(Summary.Shape t) { return t.name().matches("(optim|state)/.*"); }

    private static boolean isWeight(Summary.Shape t) { return !t.name().matches("(app\\.|optim/|state/).*"); }

    private static long elements(Summary.Shape t) { return t.shape().stream().reduce(1L, (a, b) -> a * b); }

    /** Step, corpus and vocabulary of a checkpoint; what others wrote into the file as it is. */
    private static Map<String, String> provenance(Path file, Summary s) {
      var shown = new LinkedHashMap<String, String>();
      s.metadata().forEach((k, v) -> {
        if (!k.equals("unroll.training") && !k.equals("unroll.crc32c")) shown.put(k, v.length() > 200 ? v.substring(0, 200) + "…"
            : v);
      });
      var training = s.metadata().get("unroll.training");
      if (training != null && Json.read(training, "unroll.training", Json.Rules.CONFIG) instanceof Map<?, ?> m) {
        if (m.get("cursor") instanceof Map<?, ?> c) shown.put("step", String.valueOf(c.get("step")));
        shown.put("state", state(file));
        shown.put("corpus", "sha256 " + m.get("corpus"));
        shown.put("vocabulary", "sha256 " + m.get("vocabulary"));
      }
      return shown;
    }

    /** SHA-256 of the training's state, as {@code runs show} has it for the end; why not, for a damaged file. */
    private static String state(Path file) {
      try {
        return "sha256 " + Training.stateHash(SafeTensorsReader.of(Disk.real(), file).read(), file.toString());
      } catch (Fault f) {
        return f.code().label() + " " + f.what();
      }
    }

    private static Map<String, Object> object(Path file, Summary s) {
      var o = new LinkedHashMap<String, Object>();
      o.put("v", 1);
      o.put("file", file.toString());
      o.put("bytes", s.fileBytes());
      o.put("provenance", provenance(file, s));
      o.put("tensors", s.tensors().stream().map(t -> {
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
          boolean ours = reader.summary().metadata().keySet().stream().anyMatch(k -> k.startsWith("unroll."));
          tell(file, true, talk.text(ours ? "model.sound" : "model.foreign"));
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
      var folder = Places.run(model, talk).resolve("checkpoints");
      if (!Files.isDirectory(folder)) throw Fault.of(Code.M001, "the run has no checkpoint yet").at(folder.toString());
      try (var names = Files.list(folder)) {
        var files = names.filter(f -> f.getFileName().toString().matches("ckpt-\\d+\\.safetensors")).sorted().toList();
        if (files.isEmpty()) throw Fault.of(Code.M001, "the run has no checkpoint yet").at(folder.toString());
        return files;
      } catch (IOException e) {
        throw DiskFaults.reading(folder, e);
      }
    }
  }
}
