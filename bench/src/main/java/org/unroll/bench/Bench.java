package org.unroll.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;

/** The command that measures Unroll beside other engines: {@code unroll bench --all}, {@code unroll bench lstm-train}. */
public final class Bench {
  /** Nothing failed, a usage error, a check that failed, a row that could not be measured. */
  private static final int DONE = 0, BUG = 1, FAILED = 6;

  private Bench() {}

  public static void main(String[] args) throws Exception {
    int status;
    try {
      status = run(args);
    } catch (Fault f) {
      System.err.print(text(f));
      status = f.code().exit();
    } catch (IOException e) {
      System.err.print(text(Fault.of(Code.G003, e.toString())));
      status = Code.G003.exit();
    }
    System.exit(status);
  }

  /** In its parts, as the other commands print it. */
  static String text(Fault f) {
    var s = new StringBuilder("error " + f.code().label() + ": " + f.what() + "\n");
    if (!f.where().isEmpty()) s.append("  where  ").append(f.where()).append('\n');
    if (!f.why().isEmpty()) s.append("  why    ").append(f.why()).append('\n');
    for (int i = 0; i < f.mend().size(); i++) s.append(i == 0 ? "  mend   " : "         ").append(f.mend().get(i)).append('\n');
    return s.toString();
  }

  static int run(String[] args) throws IOException, InterruptedException {
    var o = Options.parse(args);
    if (o.help()) {
      System.out.print(Options.HELP);
      return DONE;
    }
    var cases = o.cases();
    if (o.list()) {
      System.out.print(list(cases));
      return DONE;
    }
    o.requireFitting();
    if (!o.news().isEmpty()) System.err.println(o.news());
    var runner = new Runner(o.plan(), o.out(), System.err::println);
    runner.run(cases, () -> write(o.out(), Table.of(Cases.all(), runner.lines())));
    var table = Table.of(Cases.all(), runner.lines());
    write(o.out(), table);
    String text = TextReport.of(table);
    System.out.print(text);
    System.err.println("written to " + o.out() + ": table.txt, table.json, bars.svg");
    String lost = o.doc() == null ? "" : Page.put(o.doc(), text);
    if (!lost.isEmpty()) System.err.println(lost);
    return status(table);
  }

  static int status(Table table) {
    if (!TextReport.failed(table).isEmpty()) return BUG;
    return table.rows().stream().anyMatch(Table.Row::disagrees) ? FAILED : DONE;
  }

  /** Of each its group, shape and target, a line each. */
  static String list(List<Case> cases) {
    var s = new StringBuilder();
    String group = "";
    for (var c : cases) {
      String first = c.group().equals(group) ? "" : c.group();
      s.append(Numbers.text("%-16s%-28s%s", first, c.shape(), c.target()).stripTrailing()).append('\n');
      group = c.group();
    }
    return s.toString();
  }

  private static void write(Path dir, Table table) {
    try {
      Files.writeString(dir.resolve("table.txt"), TextReport.of(table));
      Files.writeString(dir.resolve("table.json"), JsonReport.of(table));
      Files.writeString(dir.resolve("bars.svg"), BarsReport.of(table));
    } catch (IOException e) {
      throw Fault.of(Code.G003, "the table cannot be written").at(dir.toString()).causedBy(e);
    }
  }
}
