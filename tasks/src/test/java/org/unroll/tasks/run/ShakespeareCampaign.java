package org.unroll.tasks.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Preset {@code char-en} on tiny Shakespeare: first 90 % to learn from, next 5 % to choose by, last 5 % for the figure. */
@Tag("slow")
class ShakespeareCampaign {
  @TempDir Path runs;

  @Test void train_charEn15Minutes_reachesItsFigures() {
    var text = Campaigns.data("tinyshakespeare/input.txt");
    var o = Campaigns.train(runs, Campaigns.preset("char-en", text));
    assertEquals(List.of(1_003_854, 55_770, 55_770), List.of(o.data().train().size(), o.data().dev().size(), o.data().test().size()));
    double dev = o.best().evaluate(o.data().dev()).mean(), test = o.best().evaluate(o.data().test()).mean();
    Campaigns.say("dev %.4f nats a character, last 5 %% %.4f; %,d steps, %.0f s", dev, test, o.end().step(), o.end().seconds());
    assertTrue(dev <= 1.38, "dev " + dev);
    assertTrue(test <= 1.51, "last 5 % " + test);
  }
}
