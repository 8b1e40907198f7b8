package org.unroll.tasks.run;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unroll.kernel.Kernels;
import org.unroll.model.Model;
import org.unroll.tasks.lm.Generator;
import org.unroll.tasks.text.Corpus;
import org.unroll.tasks.text.NGram;
import org.unroll.tasks.text.Sampling;
import org.unroll.tasks.text.Vocabulary;

/** Preset {@code char-zh} on quatrains: against the 5-gram on every tenth poem, and whether what it writes are quatrains. */
@Tag("slow")
class TangCampaign {
  private static final int POEMS = 1_000;
  private static final int LONGEST = 60;
  private static final double TEMPERATURE = 0.8;

  @TempDir Path dir;

  @Test void train_charZh_beatsThe5Gram_andWritesNewQuatrains() throws Exception {
    var poems = Quatrains.read(Campaigns.data("tang-poetry/tang-quatrains.json"));
    var text = Files.writeString(dir.resolve("tang-train.txt"), Quatrains.part(poems, false));
    var heldOut = Files.writeString(dir.resolve("tang-held.txt"), Quatrains.part(poems, true));
    var o = Campaigns.train(dir, Campaigns.preset("char-zh", text).set("data.test_fraction=0"));

    var held = Corpus.read(List.of(heldOut.toString()), LmData.options(o.config().data()), o.data().vocabulary());
    // the n-grams may count the dev part as well, which the network only chooses by
    var ngram = NGram.of(o.data().corpus().all(), o.data().vocabulary().size(), 5, o.config().ngram().memory());
    double network = o.best().evaluate(held.all()).perplexity(), fiveGram = ngram.perplexity(held.all());
    Campaigns.say("held-out tenth: %,d symbols of %,d kinds, %.2f %% unknown; perplexity %.2f, of the 5-gram %.2f", held.size(), o.data().vocabulary().size(),
        100.0 * held.unknown() / held.size(), network, fiveGram);

    var written = write(o.best().model(), o.data().vocabulary());
    written.subList(0, 5).forEach(System.out::print);
    long right = written.stream().filter(Quatrains::isOne).count();
    var known = new HashSet<>(Quatrains.lines(Files.readString(text)));
    var lines = written.stream().flatMap(p -> Quatrains.lines(p).stream()).toList();
    double copied = (double) lines.stream().filter(known::contains).count() / lines.size();
    Campaigns.say("temperature %s: %d of %d poems are quatrains; %.2f %% of %,d lines stand in the training text", TEMPERATURE, right, POEMS, 100 * copied,
        lines.size());

    assertTrue(network < fiveGram, network + " against " + fiveGram);
    assertTrue(right >= 0.95 * POEMS, right + " quatrains");
    assertTrue(copied < 0.05, copied + " copied");
  }

  /** Poems of the seeds 1 to 1,000, each from a fresh session, up to its first empty line. */
  private static List<String> write(Model trained, Vocabulary vocabulary) {
    var model = trained.with(Kernels.best(1));
    return IntStream.rangeClosed(1, POEMS).parallel().mapToObj(seed -> poem(model, vocabulary, seed)).toList();
  }

  private static String poem(Model model, Vocabulary vocabulary, int seed) {
    var writer = new Generator(model.session(), vocabulary, Sampling.of(seed).withTemperature(TEMPERATURE));
    var text = new StringBuilder();
    while (text.length() < LONGEST && !text.toString().endsWith("\n\n")) text.append(writer.next().text());
    return text.toString();
  }
}
