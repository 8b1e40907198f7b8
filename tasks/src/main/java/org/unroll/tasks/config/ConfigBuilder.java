package org.unroll.tasks.config;

import static org.unroll.fault.Code.C001;
import static org.unroll.fault.Code.C010;
import static org.unroll.fault.Code.C012;
import static org.unroll.fault.Code.C014;
import static org.unroll.fault.Code.D001;
import static org.unroll.fault.Code.G003;
import static org.unroll.fault.Code.U001;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.unroll.fault.Fault;
import org.unroll.fault.Nearest;

/**
 * Puts a configuration together from its sources: each call adds to this builder and answers it. A flag wins over the
 * environment, that over files, those over the preset, that over the defaults; within one kind the later wins. The order of
 * the calls does not matter between kinds.
 *
 * <p>Every fault names the place of the value: {@code file:line:col}, {@code UNROLL_SET}, or the flag as typed.
 */
public final class ConfigBuilder {
  /** The variable that holds settings: {@code train.lr=1e-3; train.epochs=5}. */
  public static final String VARIABLE = "UNROLL_SET";
  /** Longest configuration file, in bytes. */
  public static final int LONGEST = 1 << 20;

  private final Keys keys;
  private final Map<Origin.Kind, List<Setting>> given = new EnumMap<>(Origin.Kind.class);

  public ConfigBuilder(Keys keys) { this.keys = keys; }

  /** A builder with the same settings, to go on with apart. */
  public ConfigBuilder copy() {
    var c = new ConfigBuilder(keys);
    given.forEach((kind, settings) -> c.given.put(kind, new ArrayList<>(settings)));
    return c;
  }

  /** A preset by its name; U001 when there is none. */
  public ConfigBuilder preset(String name) {
    var preset = Preset.LM.stream().filter(p -> p.name().equals(name)).findFirst();
    if (preset.isEmpty()) {
      var fault = Fault.of(U001, "unknown preset %s", name).because("the presets are %s", String.join(", ", Preset.names()));
      var near = Nearest.of(name, Preset.names());
      throw near.isPresent() ? fault.mend("did you mean %s?", near.get()) : fault.mend("choose one of these");
    }
    preset.get().values().forEach((key, text) -> add(ConfigNode.word(key, text, Origin.preset(name))));
    return this;
  }

  /** A YAML file: D001 when there is none, C001 when it is too long, not UTF-8 or not YAML. */
  public ConfigBuilder file(Path file) { return yaml(file.toString(), text(file)); }

  /** YAML that has been read already; {@code name} stands in messages. */
  public ConfigBuilder yaml(String name, String text) {
    new YamlReader(keys, new YamlEvents(name, text)).read().forEach(this::add);
    return this;
  }

  /** {@code key=value} pairs divided by semicolons; null and blank are nothing. */
  public ConfigBuilder environment(String pairs) {
    if (pairs == null) return this;
    for (var pair : pairs.split(";")) {
      if (!pair.isBlank()) pair(pair.strip(), Origin.environment(VARIABLE));
    }
    return this;
  }

  /** {@code --set key=value}. */
  public ConfigBuilder set(String pair) { return pair(pair, Origin.flag("--set " + pair)); }

  /** A flag of its own: {@code flag("--lr 2e-3", "train.lr", "2e-3")}. */
  public ConfigBuilder flag(String typed, String key, String text) {
    add(ConfigNode.word(key, text, Origin.flag(typed)));
    return this;
  }

  /** The same for a key that takes several: {@code --data a.txt --data b.txt}. */
  public ConfigBuilder flag(String typed, String key, List<String> items) {
    var at = Origin.flag(typed);
    add(new ConfigNode(key, List.copyOf(items), ConfigNode.Form.LIST, at, at));
    return this;
  }

  /**
   * Every key's value. A budget that a user gives, greater than 0, lifts those that come from the defaults or a preset; their
   * origin is then its own. A key that stands for several ({@code model.stack}) takes their place. C014 when a changed value would
   * have no effect, or where both are given.
   */
  public Config resolve() {
    var settings = new LinkedHashMap<String, Setting>();
    for (var k : keys.all()) settings.put(k.name(), new Setting(k, k.initialValue(), Origin.DEFAULT));
    given.values().forEach(kind -> kind.forEach(s -> settings.put(s.key().name(), s)));
    liftBudgets(settings);
    var replaced = replace(settings);
    return new Config(keys, settings, replaced).withoutIdleKeys();
  }

  /** A key that says more takes the place of others, which go back to their defaults. C014 where a user gave both. */
  private Set<String> replace(Map<String, Setting> settings) {
    var replaced = new LinkedHashSet<String>();
    keys.insteadOf().forEach((name, others) -> {
      var instead = settings.get(name);
      if (!instead.changed()) return;
      var both = others.stream().map(settings::get).filter(s -> s.isAskedFor() && s.changed()).toList();
      if (!both.isEmpty()) throw exclude(instead, both);
      for (var other : others) {
        var key = settings.get(other).key();
        settings.put(other, new Setting(key, key.initialValue(), instead.origin()));
        replaced.add(other);
      }
    });
    return replaced;
  }

  private static Fault exclude(Setting instead, List<Setting> others) {
    var names = String.join(", ", others.stream().map(s -> s.key().name()).toList());
    var places = String.join(", ", others.stream().map(s -> s.origin().toString()).toList());
    return Fault.of(C014, "%s and %s exclude each other", instead.key().name(), names).at("%s", instead.origin())
        .because("%s says of each layer what %s (%s) says of all", instead.key().name(), names, places)
        .mend("leave %s out", names).mend("leave %s out", instead.key().name());
  }

  private void liftBudgets(Map<String, Setting> settings) {
    var given = keys.budgets().stream().map(settings::get)
        .filter(s -> s.isAskedFor() && ((Number) s.value()).doubleValue() > 0).findFirst();
    if (given.isEmpty()) return;
    for (var name : keys.budgets()) {
      var s = settings.get(name);
      if (!s.isAskedFor()) settings.put(name, new Setting(s.key(), s.key().type().parse(name, "0"), given.get().origin()));
    }
  }

  private ConfigBuilder pair(String pair, Origin origin) {
    int eq = pair.indexOf('=');
    if (eq <= 0) {
      throw Fault.of(U001, "%s is not key=value", Type.quote(pair)).at("%s", origin.name())
          .mend("for example --set train.lr=1e-3");
    }
    add(ConfigNode.word(pair.substring(0, eq).strip(), pair.substring(eq + 1), origin));
    return this;
  }

  private void add(ConfigNode node) {
    var key = keys.find(node.key()).orElseThrow(() -> keys.isSection(node.key())
        ? Fault.of(C012, "%s is a section, not a key", node.key()).at("%s", node.origin())
            .mend("its keys: unroll config keys %s", node.key())
        : keys.unknown(node.key()).at("%s", node.origin()));
    var setting = new Setting(key, value(key, node), node.origin(), node.places());
    given.computeIfAbsent(node.origin().kind(), _ -> new ArrayList<>()).add(setting);
  }

  private static Object value(Key key, ConfigNode node) {
    boolean words = key.type() instanceof Type.Files || key.type() instanceof Type.Text || key.type() instanceof Type.Stack;
    var fault = switch (node.form()) {
      case LIST -> {
        if (key.type() instanceof Type.Files || key.type() instanceof Type.Stack) yield null;
        yield Fault.of(C010, "%s is a list, must be %s", key.name(), key.type().rule()).mend("give one value");
      }
      case NOTHING -> Fault.of(C010, "%s has no value, must be %s", key.name(), key.type().rule());
      case QUOTED -> {
        if (words || key.type() instanceof Type.Choice) yield null;
        yield Fault.of(C010, "%s is text (%s), must be %s", key.name(), Type.quote(node.text()), key.type().rule())
            .mend("remove the quotes");
      }
      case PLAIN -> null;
    };
    if (fault != null) throw mendable(fault, key).at("%s", node.origin());
    if (node.form() == ConfigNode.Form.LIST) return key.type() instanceof Type.Stack stack ? layers(key, stack, node) : node.items();
    try {
      return key.type().parse(key.name(), node.text());
    } catch (Fault f) {
      throw mendable(f, key).at("%s", node.origin());
    }
  }

  /** ConfigBuilder of a list; a fault has the place of its item. */
  private static List<String> layers(Key key, Type.Stack type, ConfigNode node) {
    var layers = new ArrayList<String>();
    for (int i = 0; i < node.items().size(); i++) {
      try {
        type.requireFew(key.name(), i + 1);
        layers.add(StackLayer.parse(Type.Stack.who(key.name(), i), node.items().get(i)).text());
      } catch (Fault f) {
        throw mendable(f, key).at("%s", node.place(i));
      }
    }
    return List.copyOf(layers);
  }

  /** For a fault without a remedy: what the key holds when nobody sets it, and where its range and meaning stand. */
  private static Fault mendable(Fault fault, Key key) {
    if (!fault.mend().isEmpty()) return fault;
    var initial = key.type().show(key.initialValue());
    return (initial.equals("\"\"") ? fault : fault.mend("leave it out to have the default, %s", initial))
        .mend("its range and meaning: unroll config keys %s", key.name());
  }

  static String text(Path file) {
    if (!Files.exists(file)) {
      throw Fault.of(D001, "no config file %s", file).because("looked at %s", file.toAbsolutePath())
          .mend("make one: unroll init > %s", file.getFileName());
    }
    if (Files.isDirectory(file)) throw Fault.of(C001, "a folder, not a config file").at("%s", file);
    byte[] bytes;
    try (var in = Files.newInputStream(file)) {
      bytes = in.readNBytes(LONGEST + 1);
    } catch (IOException e) {
      throw Fault.of(G003, "cannot read the config file").at("%s", file).because("%s", e).causedBy(e);
    }
    if (bytes.length > LONGEST) {
      throw Fault.of(C001, "longer than %d bytes", LONGEST).at("%s", file).because("a configuration is a page of text")
          .mend("is this the right file?");
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw Fault.of(C001, "not UTF-8").at("%s", file).mend("save it as UTF-8").causedBy(e);
    }
  }
}
