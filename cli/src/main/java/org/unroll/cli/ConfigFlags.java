package org.unroll.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.tasks.config.Config;
import org.unroll.tasks.config.ConfigBuilder;
import org.unroll.tasks.config.Key;
import org.unroll.tasks.config.Keys;
import org.unroll.tasks.config.LmKeys;
import org.unroll.tasks.config.Preset;
import org.unroll.tasks.config.Type;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The flags by which a command takes a configuration: {@code --preset}, {@code --set key=value}, and the short flags that
 * the table of keys names. They are made from that table, so that what they say of range and default cannot drift.
 */
final class ConfigFlags {
  /** Keys that a flag of every command sets. */
  private static final Set<String> GLOBAL = Set.of("seed", "encoding");

  private final Keys keys;
  private final Talk talk;
  private final OptionSpec preset;
  private final OptionSpec set;
  private final Map<Key, OptionSpec> flags = new LinkedHashMap<>();

  private ConfigFlags(Keys keys, Talk talk) {
    this.keys = keys;
    this.talk = talk;
    this.preset = OptionSpec.builder("--preset").paramLabel(String.join("|", Preset.names())).type(String.class)
        .completionCandidates(Preset.names())
        .description(talk.text("config.preset")).build();
    this.set = OptionSpec.builder("--set").paramLabel("KEY=VALUE").type(List.class).auxiliaryTypes(String.class).arity("1")
        .description(talk.text("config.set")).build();
    for (var k : keys.all()) {
      if (!k.flag().isEmpty() && !GLOBAL.contains(k.flag())) flags.put(k, option(k, talk.language()));
    }
  }

  /** A command that takes a language model's configuration; it is made with the flags, which are read when it is called. */
  static CommandLine command(Talk talk, Function<ConfigFlags, Object> make) {
    var flags = new ConfigFlags(LmKeys.KEYS, talk);
    var line = new CommandLine(make.apply(flags));
    line.getCommandSpec().addOption(flags.preset).addOption(flags.set);
    flags.flags.values().forEach(line.getCommandSpec()::addOption);
    return line;
  }

  private static OptionSpec option(Key key, Language language) {
    var initial = key.type().show(key.initialValue());
    var text = key.name() + ": " + key.comment(language.tag()) + (initial.equals("\"\"") ? "" : " [" + initial + "]");
    var option = OptionSpec.builder("--" + key.flag()).paramLabel(label(key)).description(text.replace("%", "%%"));
    return key.type() instanceof Type.Files
        ? option.type(List.class).auxiliaryTypes(String.class).arity("1").build()
        : option.type(String.class).completionCandidates(words(key.type())).build();
  }

  /** What the shell completes a value to. */
  private static List<String> words(Type type) {
    return type instanceof Type.Choice c ? c.words() : type instanceof Type.Truth ? List.of("true", "false") : null;
  }

  /** The scripts of completion name the words of a flag after it: two long lists must not share one. */
  private static String label(Key key) {
    return switch (key.type()) {
      case Type.Whole _ -> "N";
      case Type.Real _ -> "X";
      case Type.Files _ -> "FILE";
      case Type.Stack _ -> "LAYERS";
      case Type.Size _ -> "SIZE";
      case Type.Choice c -> c.words().size() <= 3 ? String.join("|", c.words()) : key.flag().toUpperCase(Locale.ROOT);
      case Type.Text _ -> "TEXT";
      case Type.Truth _ -> "true|false";
    };
  }

  /** The first flag of a configuration that is given. */
  Optional<String> given() {
    return Stream.concat(Stream.of(preset, set), flags.values().stream()).filter(o -> o.getValue() != null).map(OptionSpec::longestName)
        .findFirst();
  }

  /** The configuration of these files, the flags, the environment and the preset together. */
  Config resolve(List<Path> files) { return builder(files).resolve(); }

  /** The same before it is resolved: a command may add to it. */
  ConfigBuilder builder(List<Path> files) {
    var config = new ConfigBuilder(keys);
    String name = preset.getValue();
    if (name != null) config.preset(name);
    files.forEach(f -> file(config, f));
    config.environment(talk.env().get(ConfigBuilder.VARIABLE));
    List<String> pairs = set.getValue();
    if (pairs != null) pairs.forEach(config::set);
    flags.forEach((key, option) -> add(config, key, option.getValue()));
    global(config, talk.flags());
    return config;
  }

  /** Adds the settings that a flag of many commands makes. */
  static void global(ConfigBuilder config, Flags flags) {
    if (flags.seed != null) config.flag("--seed " + flags.seed, "train.seed", flags.seed.toString());
    if (flags.encoding != null) config.flag("--encoding " + flags.encoding, "data.encoding", flags.encoding);
  }

  /** Whether a file is a configuration by its name: a text is never called so. */
  static boolean isConfig(String name) { return name.matches("(?i).*\\.ya?ml"); }

  /** Reads a file; C001 that says what to do with a text, for one that is called otherwise and cannot be read as YAML. */
  private static void file(ConfigBuilder config, Path file) {
    try {
      config.file(file);
    } catch (Fault f) {
      if (file.toString().matches("(?i).*\\.(ya?ml|json)") || f.code() == Code.G003) throw f;
      if (f.code() == Code.D001) throw f.mend("a text to learn from is named with --data");
      var text = Fault.of(Code.C001, "not a configuration").at("%s", f.where()).because("read as YAML it says: %s", f.what())
          .mend("if it is a text to learn from: unroll train --data %s", file).causedBy(f);
      for (var way : f.mend()) text = text.mend("%s", way);
      throw text;
    }
  }

  private static void add(ConfigBuilder config, Key key, Object value) {
    var flag = "--" + key.flag() + " ";
    switch (value) {
      case null -> { }
      case List<?> items -> {
        var names = items.stream().map(String::valueOf).toList();
        config.flag(flag + String.join(" " + flag, names), key.name(), names);
      }
      default -> config.flag(flag + value, key.name(), value.toString());
    }
  }
}
