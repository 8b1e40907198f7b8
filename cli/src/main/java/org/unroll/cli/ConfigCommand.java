package org.unroll.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.unroll.tasks.config.ConfigSchema;
import org.unroll.tasks.config.Key;
import org.unroll.tasks.config.LmConfig;
import org.unroll.tasks.config.LmKeys;
import org.unroll.tasks.config.Setting;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code unroll config keys | show | schema}. */
@Command(name = "config")
final class ConfigCommand {

  private ConfigCommand() {}

  static CommandLine of(Talk talk) {
    var show = ConfigFlags.command(talk, settings -> new Show(talk, settings));
    return new CommandLine(new ConfigCommand()).addSubcommand(new Keys(talk)).addSubcommand(show).addSubcommand(new Schema(talk));
  }

  /** Every key with range, default and comment. */
  @Command(name = "keys")
  static final class Keys implements Callable<Integer> {
    private final Talk talk;

    @Parameters(index = "0", arity = "0..1", paramLabel = "PREFIX", descriptionKey = "prefix")
    String prefix = "";

    Keys(Talk talk) { this.talk = talk; }

    @Override public Integer call() {
      var keys = LmKeys.KEYS.all().stream().filter(k -> k.name().startsWith(prefix)).toList();
      if (keys.isEmpty()) throw LmKeys.KEYS.unknown(prefix);
      for (var k : keys) {
        if (talk.flags().json) talk.json(object(k));
        else text(k);
      }
      return 0;
    }

    private void text(Key k) {
      var initial = k.type().show(k.initialValue());
      var flag = k.flag().isEmpty() ? "" : "  (--" + k.flag() + ")";
      talk.data(Width.pad(k.name(), 22) + Width.pad(initial, 10) + " " + k.comment(talk.language().tag()) + flag);
      var unit = k.unit().isEmpty() ? "" : " " + k.unit();
      var when = k.when();
      var values = prefix.equals(k.name()) ? String.join(", ", when.values()) : when.spoken(talk.language().tag());
      var only = when.key().isEmpty() ? "" : "; " + talk.text("config.only", when.key(), values);
      talk.data(" ".repeat(33) + k.type().range() + unit + only);
      if (prefix.equals("model.stack")) talk.text("config.stack").lines().forEach(talk::data);
    }

    private Map<String, Object> object(Key k) {
      var o = new LinkedHashMap<String, Object>();
      o.put("v", 1);
      o.put("key", k.name());
      o.put("default", k.initialValue());
      o.put("range", k.type().range());
      o.put("unit", k.unit());
      o.put("flag", k.flag().isEmpty() ? null : "--" + k.flag());
      o.put("comment", k.comment(talk.language().tag()));
      return o;
    }
  }

  /** The configuration as a command would see it, on request with the place that each value comes from. */
  @Command(name = "show")
  static final class Show implements Callable<Integer> {
    private final Talk talk;
    private final ConfigFlags settings;

    @Parameters(arity = "0..*", paramLabel = "CONFIG", descriptionKey = "configs")
    List<Path> files = new ArrayList<>();

    @Option(names = "--origin", descriptionKey = "origin")
    boolean origin;

    Show(Talk talk, ConfigFlags settings) {
      this.talk = talk;
      this.settings = settings;
    }

    @Override public Integer call() {
      var config = settings.resolve(files);
      LmConfig.of(config);
      for (var s : config.settings()) {
        if (talk.flags().json) talk.json(object(s));
        else talk.data(origin ? line(s) : s.key().name() + " = " + s.text());
      }
      return 0;
    }

    private static String line(Setting s) {
      return Width.pad(s.key().name() + " = " + s.text(), 44) + " # " + Talk.printable(s.origin().toString());
    }

    private static Map<String, Object> object(Setting s) {
      var o = new LinkedHashMap<String, Object>();
      o.put("v", 1);
      o.put("key", s.key().name());
      o.put("value", s.value());
      o.put("origin", s.origin().toString());
      return o;
    }
  }

  /** The JSON Schema of configurations, for editors. */
  @Command(name = "schema")
  static final class Schema implements Callable<Integer> {
    private final Talk talk;

    Schema(Talk talk) { this.talk = talk; }

    @Override public Integer call() {
      talk.json(ConfigSchema.of(LmKeys.KEYS, talk.language().tag()));
      return 0;
    }
  }
}
