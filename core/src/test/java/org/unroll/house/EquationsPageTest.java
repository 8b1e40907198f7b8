package org.unroll.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class EquationsPageTest {
  private static final String RENEW = "mvn -q -pl core test -Dtest=EquationsPageTest -Dunroll.renew=true";

  @Test void page_isThatOfTheJavadocs() throws IOException {
    var file = Source.root().resolve("docs/equations.md");
    var page = EquationsPage.of(Source.all());
    if (Boolean.getBoolean("unroll.renew")) Files.writeString(file, page);
    var found = Files.exists(file) ? Files.readString(file) : "";
    assertTrue(found.equals(page), () -> "docs/equations.md is stale " + firstDifference(found, page) + "; renew it: " + RENEW);
  }

  private static String firstDifference(String found, String page) {
    List<String> a = found.lines().toList(), b = page.lines().toList();
    int i = 0;
    while (i < Math.min(a.size(), b.size()) && a.get(i).equals(b.get(i))) i++;
    return "at line " + (i + 1) + " (" + (i < b.size() ? b.get(i) : "") + ")";
  }

  @Test void everyNumber_hasALineOfCode() { assertEquals(List.of(), EquationsPage.withoutCode(Source.all())); }

  /** From the documents to any equation in three steps: README, the page's list, the entry with its lines. */
  @Test void page_isLinkedFromTheReadmes_andListsEveryOptimizer() throws IOException {
    for (var readme : List.of("README.md", "README.zh-CN.md")) {
      assertTrue(Files.readString(Source.root().resolve(readme)).contains("(docs/equations.md)"), readme);
    }
    var page = Files.readString(Source.root().resolve("docs/equations.md"));
    for (var name : List.of("AdaDelta", "AdaGrad", "Adam", "AdamW", "Momentum", "Nesterov", "Penalty", "RmsProp", "Sgd")) {
      var entry = page.substring(page.indexOf("<a id=\"optim-" + name.toLowerCase(Locale.ROOT) + "\">"));
      assertTrue(entry.substring(0, entry.indexOf("<a id", 1)).contains("\n| (1) | `"), name);
    }
  }

  @Test void page_ofASource_hasSourceEquationsAndLines() {
    var doc = """
        package org.unroll.cell;

        /**
         * A cell (Author 1999), see {@link Lstm}; {@code a} is its block.
         * <pre>
         *   (1) h = tanh a       (B1) δa = δh ⊙ (1 − h²)
         * </pre>
         *
         * @param x nothing
         */
        record Toy(int x) {
          void forward() {
            h = a || b;                                     // (1)
          }

          void backward() {
            d = e;                                          // (B1)
          }
        }
        """;
    var sources = new ArrayList<Source>();
    sources.add(new Source("core/org/unroll/cell/Toy.java", doc));
    for (var p : List.of("layer", "head", "hopfield", "optim", "look", "reference")) {
      sources.add(new Source("core/org/unroll/" + p + "/P.java", "package org.unroll." + p + ";\n/** (1) Σ. */\nclass P {}\n"));
    }
    sources.add(new Source("tasks/org/unroll/tasks/lm/Evaluator.java", "package org.unroll.tasks.lm;\n/** (1) Σ. */\nclass Evaluator {}\n"));
    var page = EquationsPage.of(sources);
    assertTrue(page.contains("- Cells: [Toy](#cell-toy)\n"), page);
    assertTrue(page.contains("""

        <a id="cell-toy"></a>
        ### Toy

        [Toy.java](../core/src/main/java/org/unroll/cell/Toy.java): A cell (Author 1999), see Lstm; `a` is its block.

        ```
          (1) h = tanh a       (B1) δa = δh ⊙ (1 − h²)
        ```

        | | line of code |
        |---|---|
        | (1) | `h = a \\|\\| b;` |
        | (B1) | `d = e;` |
        """), page);
    assertEquals(1, page.split("### Toy", -1).length - 1);
  }
}
