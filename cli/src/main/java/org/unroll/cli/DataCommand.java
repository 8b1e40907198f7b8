package org.unroll.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.unroll.tasks.config.LmConfig;
import org.unroll.tasks.run.LmData;
import org.unroll.tasks.text.DataCheck;
import org.unroll.tasks.text.TextFile;
import org.unroll.tasks.text.Visible;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code unroll data check CONFIG|FILE…}. */
@Command(name = "data")
final class DataCommand {

  private DataCommand() {}

  static CommandLine of(Talk talk) {
    var check = ConfigFlags.command(talk, settings -> new Check(talk, settings));
    return new CommandLine(new DataCommand()).addSubcommand(check);
  }

  /** What there is to know about a text before training on it. */
  @Command(name = "check")
  static final class Check implements Callable<Integer> {
    private final Talk talk;
    private final ConfigFlags settings;

    @Parameters(arity = "0..*", paramLabel = "CONFIG|FILE", descriptionKey = "unroll.data.check.files")
    List<String> given = new ArrayList<>();

    @Option(names = "--strict", descriptionKey = "unroll.train.strict")
    boolean strict;

    Check(Talk talk, ConfigFlags settings) {
      this.talk = talk;
      this.settings = settings;
    }

    @Override public Integer call() {
      var configs = given.stream().filter(ConfigFlags::isConfig).map(Path::of).toList();
      var texts = given.stream().filter(g -> !ConfigFlags.isConfig(g)).toList();
      var builder = settings.builder(configs);
      if (!texts.isEmpty()) builder.flag(String.join(" ", texts), "data.train", texts);
      var config = builder.resolve();
      var lm = LmConfig.of(config);
      var data = LmData.read(lm.data());
      var check = DataCheck.of(data.corpus(), data.train(), data.dev());
      if (talk.flags().json) talk.json(object(check));
      else tell(check, config.text("data.unit").equals("word"));
      data.requireTrainable(lm);
      int warnings = check.warnings().size();
      if (!talk.flags().json) talk.data(warnings == 0 ? "✔ " + talk.text("data.well") : talk.text("data.warnings", warnings));
      if (strict && !check.warnings().isEmpty()) throw TrainCommand.strict(check.warnings());
      return 0;
    }

    private void tell(DataCheck c, boolean words) {
      for (var f : c.files()) talk.data("✔ " + talk.text("data.file", Talk.printable(f.name()), f.lines(), f.codePoints(),
          f.encoding()));
      talk.data("✔ " + talk.text(words ? "data.words" : "data.symbols", c.distinct(), c.train(), c.dev()));
      for (var n : c.notes()) talk.data("· " + talk.told(n));
      for (var w : c.warnings()) talk.data("▲ " + talk.told(w));
      if (!c.missing().isEmpty()) {
        talk.data("  " + talk.text("data.missing", c.missing().stream().map(Visible::symbol).collect(Collectors.joining(" "))));
      }
    }

    private static Map<String, Object> object(DataCheck c) {
      var o = new LinkedHashMap<String, Object>();
      o.put("v", 1);
      o.put("files", c.files().stream().map(Check::object).toList());
      o.put("bytes", c.bytes());
      o.put("code_points", c.codePoints());
      o.put("distinct", c.distinct());
      o.put("train", c.train());
      o.put("dev", c.dev());
      o.put("unknown", c.unknown());
      o.put("dev_covered", c.covered());
      o.put("missing", c.missing());
      o.put("train_lines", c.trainLines());
      o.put("repeated_lines", c.repeated());
      o.put("notes", c.notes().stream().map(Deeds::typed).toList());
      o.put("warnings", c.warnings().stream().map(Deeds::typed).toList());
      return o;
    }

    private static Map<String, Object> object(TextFile f) {
      var o = new LinkedHashMap<String, Object>();
      o.put("name", f.name());
      o.put("encoding", f.encoding());
      o.put("bytes", f.bytes());
      o.put("sha256", f.sha256());
      o.put("code_points", f.codePoints());
      o.put("lines", f.lines());
      return o;
    }
  }
}
