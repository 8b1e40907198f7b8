package org.unroll.tasks.config;

import static org.unroll.fault.Code.C001;

import java.util.function.Supplier;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.parser.Parser;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;
import org.unroll.fault.Fault;

/**
 * The events of a YAML 1.2 page, one by one. Here is all that makes such a page safe to read: no object is ever built from it,
 * and what is not YAML, anchors, aliases, tags, second documents and nesting without end are refused with C001 and their place.
 */
final class YamlEvents {
  private static final int DEEPEST = 32;

  private final String file;
  private final Parser parser;
  private int documents;
  private int depth;

  /** {@code file} names the page in faults. */
  YamlEvents(String file, String yaml) {
    this.file = file;
    var settings = LoadSettings.builder().setLabel(file).setUseMarks(true).build();
    this.parser = guarded(() -> new ParserImpl(settings, new StreamReader(settings, yaml)));
  }

  boolean hasNext() { return guarded(parser::hasNext); }

  Event next() {
    var e = guarded(parser::next);
    if (e instanceof DocumentStartEvent) documents++;
    if (e instanceof CollectionStartEvent) depth++;
    if (e instanceof CollectionEndEvent) depth--;
    allow(e);
    return e;
  }

  private void allow(Event e) {
    switch (e) {
      case DocumentStartEvent _ when documents > 1 ->
          throw refused("a second document", e, "one file holds one configuration", "delete all after ---");
      case AliasEvent _ -> throw refused("an alias", e, "a value is written where it is used", "write the value out");
      case NodeEvent n when n.getAnchor().isPresent() ->
          throw refused("an anchor", e, "a value is written where it is used", "delete &%s", n.getAnchor().get());
      case ScalarEvent s when s.getTag().isPresent() -> throw tag(e);
      case CollectionStartEvent c when c.getTag().isPresent() -> throw tag(e);
      case CollectionStartEvent _ when depth > DEEPEST -> throw notYaml("nested deeper than " + DEEPEST).at("%s", at(e))
          .because("a configuration has sections, and keys in them").mend("flatten it");
      default -> { }
    }
  }

  /** Walks to the end of the collection that has just begun. */
  void skip() {
    int outside = depth - 1;
    while (depth > outside) next();
  }

  /** Where an event begins. */
  Origin at(Event e) { return e.getStartMark().map(this::at).orElse(Origin.file(file, 1, 1)); }

  private Origin at(Mark m) { return Origin.file(file, m.getLine() + 1, m.getColumn() + 1); }

  /** One step of the parser; what it throws, as a fault. */
  private <T> T guarded(Supplier<T> step) {
    try {
      return step.get();
    } catch (MarkedYamlEngineException e) {
      var where = e.getProblemMark().map(m -> at(m).toString()).orElse(file);
      throw notYaml(e.getProblem() == null ? "not YAML" : "not YAML: " + e.getProblem()).at("%s", where).causedBy(e);
    } catch (YamlEngineException e) {
      throw notYaml("not YAML: " + e.getMessage().lines().findFirst().orElse("")).at("%s", file).causedBy(e);
    }
  }

  private Fault tag(Event e) {
    return refused("a tag", e, "a value's type follows from its key, never from the file", "delete the word that begins with !");
  }

  private Fault refused(String what, Event e, String why, String mend, Object... args) {
    return notYaml(what + " is not allowed here").at("%s", at(e)).because(why).mend(mend, args);
  }

  private static Fault notYaml(String what) { return Fault.of(C001, "%s", what); }
}
