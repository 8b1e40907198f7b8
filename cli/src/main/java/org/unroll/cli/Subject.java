package org.unroll.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.unroll.look.Reading;
import org.unroll.look.Walk;
import org.unroll.tasks.LanguageModel;
import org.unroll.tasks.config.LmConfig;
import org.unroll.tasks.run.LmData;
import org.unroll.tasks.run.RunInfo;
import org.unroll.tasks.text.TextOptions;
import org.unroll.tasks.text.Unit;
import org.unroll.tasks.text.Visible;
import org.unroll.tasks.text.Vocabulary;

/**
 * A model and the text that it is explained by.
 *
 * @param ids of the text
 * @param before ids of what is read before it and not shown
 */
record Subject(LanguageModel lm, int[] ids, int[] before) {

  /** @param most symbols of a text: more of {@code --text} is refused, of a file the first are taken */
  static Subject of(ExplainFlags flags, int most, Talk talk) {
    if (flags.text != null && flags.file != null) throw Main.usage("--text and %s exclude each other", flags.file)
        .mend("leave one of them out");
    var lm = LanguageModel.load(Places.model(flags.model, talk), Computing.kernels(talk));
    var v = lm.vocabulary();
    int end = v.lineEnd();
    int[] before = flags.context != null ? v.encodeKnown(flags.context, "--context") : end > 0 ? new int[] {end} : new int[0];
    if (flags.text == null && flags.file == null) {
      throw Main.usage("--text is missing").because("there is nothing to look at").mend("--text '…', or a FILE");
    }
    int[] ids = flags.text != null ? v.encodeKnown(flags.text, "--text") : cut(read(flags.file, v, talk), most, talk);
    if (ids.length == 0) throw Main.usage("--text is empty").because("there is nothing to look at");
    if (ids.length > most) {
      throw Main.usage("--text has %,d symbols, must have at most %,d", ids.length, most).mend("a shorter text");
    }
    return new Subject(lm, ids, before);
  }

  /** The text of {@code --text} or FILE; for a run also its own, the part kept apart first. Nothing stands before it. */
  static Subject orOwn(ExplainFlags flags, int most, Talk talk) {
    var run = flags.text != null || flags.file != null ? Optional.<RunInfo>empty() : Places.runOf(flags.model, talk);
    if (run.isEmpty()) return of(flags, most, talk);
    var lm = LanguageModel.load(Places.model(flags.model, talk), Computing.kernels(talk));
    return new Subject(lm, own(run.get(), most), new int[0]);
  }

  /** The text of a run, the part kept apart first; its first symbols. */
  static int[] own(RunInfo run, int most) {
    var data = LmData.read(LmConfig.of(run.settings()).data());
    var part = data.heldOut().size() > 1 ? data.heldOut() : data.train();
    return Arrays.copyOf(part.toArray(), Math.min(most, part.size()));
  }

  /** A text file in the model's symbols. */
  static int[] read(String file, Vocabulary v, Talk talk) {
    var options = (v.unit() == Unit.CHAR ? TextOptions.chars() : TextOptions.words()).withLowerCase(v.lowerCase());
    var encoding = talk.flags().encoding;
    var given = GivenText.read(List.of(file), options.withEncoding(encoding == null ? "auto" : encoding), v);
    if (given.unknown() > 0) {
      talk.warn("evaluate.unknown", given.unknown(), given.tokens().size(), 100.0 * given.unknown() / given.tokens().size(),
          String.join(" ", given.shown()));
    }
    return given.tokens().toArray();
  }

  static int[] cut(int[] ids, int most, Talk talk) {
    if (ids.length <= most) return ids;
    talk.say("explain.cut", most, ids.length);
    return Arrays.copyOf(ids, most);
  }

  Reading reading() { return Reading.after(lm.model(), before, ids); }

  /** Names of the symbols, one for each step: visible, and short. */
  List<String> labels() {
    var labels = new ArrayList<String>();
    for (int id : ids) labels.add(label(id));
    return labels;
  }

  String label(int id) {
    var s = lm.vocabulary().symbol(id);
    return s.equals("\n") ? "⏎" : s.equals(" ") ? "␣" : Visible.symbol(s);
  }

  /** The symbols as they read one after the other. */
  List<String> running() {
    boolean word = lm.vocabulary().unit() == Unit.WORD;
    return labels().stream().map(l -> l.equals("␣") ? " " : word ? l + " " : l).toList();
  }

  /** Lines that say which model read what. */
  List<String> about(Walk w, Talk talk) {
    return List.of(model(talk), talk.text("explain.read", ids.length, before.length),
        talk.text("explain.walk", w.name(), w.cell(), w.units(), String.join(" ", w.gates()), String.join(" ", w.slots())));
  }

  /** The same where all layers are meant. */
  List<String> about(Talk talk) { return List.of(model(talk), talk.text("explain.read", ids.length, before.length)); }

  private String model(Talk talk) { return talk.text("explain.model", lm.model().id().substring(0, 12)); }

  /** What every JSON begins with. */
  Map<String, Object> json(String what) {
    var o = new LinkedHashMap<String, Object>();
    o.put("v", 1);
    o.put("explain", what);
    o.put("model", "sha256:" + lm.model().id());
    o.put("symbols", Arrays.stream(ids).mapToObj(lm.vocabulary()::symbol).toList());
    o.put("context", Arrays.stream(before).mapToObj(lm.vocabulary()::symbol).toList());
    return o;
  }
}
