package org.unroll.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import org.unroll.fault.Nearest;
import org.unroll.tasks.errata.Errata;
import org.unroll.tasks.errata.ErrataPage;
import org.unroll.tasks.errata.Erratum;
import org.unroll.tasks.errata.Row;
import org.unroll.tasks.errata.Trial;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code unroll errata [ID…]}: the mistakes of the source documents, both forms in numbers. */
@Command(name = "errata")
final class ErrataCommand implements Callable<Integer> {
  private final Talk talk;

  @Parameters(arity = "0..*", paramLabel = "ID", descriptionKey = "unroll.errata.ids")
  List<String> ids = new ArrayList<>();

  @Option(names = "--markdown")
  boolean markdown;

  ErrataCommand(Talk talk) { this.talk = talk; }

  @Override public Integer call() {
    var language = talk.language().tag();
    if (markdown) {
      if (!ids.isEmpty()) throw Main.usage("--markdown and %s exclude each other", ids.getFirst()).mend("leave one of them out");
      if (talk.flags().json) throw Main.usage("--markdown and --json exclude each other").mend("leave one of them out");
      talk.raw(ErrataPage.markdown(language));
      return 0;
    }
    var known = ids.stream().map(ErrataCommand::known).distinct().toList();
    if (known.isEmpty()) list(Errata.all(language));
    else for (var id : known) show(Errata.of(id, language).orElseThrow());
    return 0;
  }

  private static String known(String typed) {
    var id = typed.toUpperCase(Locale.ROOT);
    if (Errata.ids().contains(id)) return id;
    var fault = Main.usage("no erratum is called %s", typed)
        .because("ids go from %s to %s", Errata.ids().getFirst(), Errata.ids().getLast());
    var near = Nearest.all(typed, Errata.ids());               // of three numbers with a 9 none is meant more than another
    if (near.size() == 1) fault = fault.mend("did you mean %s?", near.getFirst());
    throw fault.mend("all errata: unroll errata");
  }

  private void list(List<Erratum> all) {
    if (talk.flags().json) {
      all.forEach(e -> talk.json(object(e)));
      return;
    }
    int wide = all.stream().mapToInt(e -> Width.of(e.document())).max().orElse(0);
    for (var e : all) {
      talk.data(e.id() + "  " + left(error(e.error()), 9) + "  " + Width.pad(e.document(), wide) + "  " + e.title());
    }
    talk.say("errata.head");
    talk.say("errata.one");
  }

  private void show(Erratum e) {
    if (talk.flags().json) {
      var o = object(e);
      o.put("printed", e.printed());
      o.put("right", e.right());
      o.put("why", e.why());
      o.put("trials", e.trials().stream().map(ErrataCommand::object).toList());
      talk.json(o);
      return;
    }
    talk.data(e.id() + "  " + e.title());
    talk.data("     " + e.document());
    told("errata.printed", e.printed());
    told("errata.right", e.right());
    told("errata.why", e.why());
    e.trials().forEach(this::show);
    talk.data("");
  }

  private void told(String key, String text) {
    var head = "  " + Width.pad(talk.text(key), 9);
    for (var line : Width.folded(text, 100)) {
      talk.data(head + line);
      head = " ".repeat(11);
    }
  }

  private void show(Trial t) {
    talk.data("");
    Width.folded(t.caption(), 109).forEach(line -> talk.data("  " + line));
    if (!t.rows().isEmpty()) {
      int wide = t.rows().stream().mapToInt(r -> Width.of(r.name())).max().orElse(0);
      wide = Math.max(wide, Width.of(talk.text("errata.array")));
      row(wide, talk.text("errata.array"), talk.text("errata.entry"), talk.text("errata.wanted"), talk.text("errata.printed"),
          talk.text("errata.error"), talk.text("errata.right"), talk.text("errata.error"));
      for (var r : t.rows()) {
        row(wide, r.name(), "[" + r.entry() + "]", ErrataPage.value(r.wanted()), ErrataPage.value(r.printed()),
            ErrataPage.error(r.printedError()), ErrataPage.value(r.right()), ErrataPage.error(r.rightError()));
      }
    }
    int facts = t.facts().stream().mapToInt(f -> Width.of(f.name())).max().orElse(0);
    for (var f : t.facts()) talk.data("  " + Width.pad(f.name(), facts) + "  " + ErrataPage.value(f.value()));
  }

  /** @param cells name, element, what is wanted; then the printed form's value and error, and the right one's */
  private void row(int wide, String... cells) {
    talk.data("  " + Width.pad(cells[0], wide) + left(cells[1], 8) + left(cells[2], 13) + "  │" + left(cells[3], 13)
        + left(cells[4], 9) + "  │" + left(cells[5], 13) + left(cells[6], 9));
  }

  private static String left(String text, int columns) { return " ".repeat(Math.max(0, columns - Width.of(text))) + text; }

  private static String error(OptionalDouble e) { return e.isPresent() ? ErrataPage.error(e.getAsDouble()) : "–"; }

  private static Map<String, Object> object(Erratum e) {
    var o = new LinkedHashMap<String, Object>();
    o.put("v", 1);
    o.put("id", e.id());
    o.put("document", e.document());
    o.put("title", e.title());
    if (e.error().isPresent()) o.put("error", e.error().getAsDouble());
    if (e.rightError().isPresent()) o.put("right_error", e.rightError().getAsDouble());
    return o;
  }

  private static Map<String, Object> object(Trial t) {
    var o = new LinkedHashMap<String, Object>();
    o.put("caption", t.caption());
    o.put("rows", t.rows().stream().map(ErrataCommand::object).toList());
    o.put("facts", t.facts().stream().map(f -> {
      var fact = new LinkedHashMap<String, Object>();
      fact.put("name", f.name());
      fact.put("value", f.value());
      return fact;
    }).toList());
    return o;
  }

  private static Map<String, Object> object(Row r) {
    var o = new LinkedHashMap<String, Object>();
    o.put("array", r.name());
    o.put("entry", r.entry());
    o.put("wanted", r.wanted());
    o.put("printed", r.printed());
    o.put("printed_error", r.printedError());
    o.put("right", r.right());
    o.put("right_error", r.rightError());
    return o;
  }
}
