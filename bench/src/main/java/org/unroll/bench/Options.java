package org.unroll.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.fault.Nearest;

/**
 * The command line of {@link Bench}.
 *
 * @param names of cases; empty for all
 * @param out where the table goes
 * @param doc a page that the table is put into; null for none
 */
record Options(List<String> names, boolean list, boolean help, Plan plan, Path out, boolean resume, Path doc) {
  static final String HELP = """
      Usage: unroll bench --all | CASE... | --list
      Measures Unroll beside other engines: libtorch, ONNX Runtime, DL4J, and what a Python has. Every engine is
      first checked to compute the same; each at its best of 1 to --threads threads and its best mode.
      Without these words, unroll bench measures one model of yours: unroll bench --help.

        CASE            a group, such as lstm-train, or one of its rows as --list names them, hyphens for blanks
        --all           all cases
        --list          what there is, with its targets
        --processes N   JVMs that measure each row, one after the other (5)
        --threads N     at most so many threads (2)
        --quick         one process, short turns, no large rows: to see that it works, not for publishing, as its
                        table says; alone it means --all --quick
        --peers A,B     only these: libtorch, onnxruntime, dl4j, ...
        --python PATH   an interpreter; its PyTorch, JAX and TensorFlow take part
        --out DIR       where figures.tsv, table.txt, table.json and bars.svg go (bench-results/DATE)
        --resume        go on with what --out has, nothing is measured twice
        --doc FILE      put the table into this page, between its marks; not with --quick
      All it says is in English; for programs there is table.json.
      Exit status: 0 done, 2 wrong usage, 6 an engine disagrees, 7 a file cannot be read or written, 1 a row of ours
      could not be measured.
      """;
  /** Rows with more operations are left out of {@code --quick}. */
  private static final double LARGE = 1.2e11;

  static Options parse(String... args) {
    var p = new Parser();
    for (p.args = args; p.at < args.length; p.at++) p.take(args[p.at]);
    return p.options();
  }

  private static final class Parser {
    private String[] args;
    private int at, processes, threads = Math.min(2, Runtime.getRuntime().availableProcessors());
    private final List<String> names = new ArrayList<>();
    private boolean all, list, help, quick, resume;
    private List<String> peers = List.of();
    private String python = "";
    private Path out, doc;

    void take(String word) {
      switch (word) {
        case "--all" -> all = true;
        case "--list" -> list = true;
        case "--help", "-h" -> help = true;
        case "--quick" -> quick = true;
        case "--resume" -> resume = true;
        case "--processes" -> processes = number(word);
        case "--threads" -> threads = number(word);
        case "--peers" -> peers = List.of(value(word).split(","));
        case "--python" -> python = value(word);
        case "--out" -> out = Path.of(value(word));
        case "--doc" -> doc = Path.of(value(word));
        case "--json" -> throw Fault.of(Code.U001, "unknown option --json").mend("for programs there is table.json in --out");
        case "--lang" -> throw Fault.of(Code.U001, "unknown option --lang").mend("leave it out: the comparison speaks English alone");
        default -> {
          if (word.startsWith("-")) throw Fault.of(Code.U001, "unknown option %s", word).mend("unroll bench --all --help");
          names.add(word);
        }
      }
    }

    private String value(String flag) {
      if (++at == args.length) throw Fault.of(Code.U001, "%s needs a value", flag).mend("unroll bench --all --help");
      return args[at];
    }

    private int number(String flag) {
      String v = value(flag);
      if (v.matches("[1-9]\\d{0,3}")) return Integer.parseInt(v);
      throw Fault.of(Code.U001, "%s is %s, must be a whole number from 1 on", flag, v);
    }

    Options options() {
      if (!help && !list && !all && !quick && names.isEmpty()) throw Fault.of(Code.U001, "no case is named").mend("--all").mend("--list");
      if (all && !names.isEmpty()) throw Fault.of(Code.U001, "--all beside %s", names.getFirst()).mend("one or the other");
      if (resume && out == null) throw Fault.of(Code.U001, "--resume without --out").mend("--out DIR: what to go on with");
      if (doc != null) requirePage();
      if (python.contains("/") && !Files.isExecutable(Path.of(python))) {
        throw Fault.of(Code.U001, "no such program").at(python);
      }
      var known = Peers.all(python.isEmpty() ? null : python).stream().map(Peer::name).toList();
      for (var p : peers) if (!known.contains(p)) throw Fault.of(Code.U001, "unknown peer %s", p).mend(String.join(", ", known));
      var plan = new Plan(processes > 0 ? processes : quick ? 1 : 5, threads, quick, peers, python);
      return new Options(names, list, help, plan, out != null ? out : fresh(), resume, doc);
    }

    private void requirePage() {
      if (!Files.isRegularFile(doc)) throw Fault.of(Code.U001, "no such page").at(doc.toString());
      if (quick) throw Fault.of(Code.U001, "--doc beside --quick").because(Table.QUICK).mend("one or the other");
      Page.require(doc);
    }

    private static Path fresh() {
      return Path.of("bench-results", LocalDateTime.now().format(DateTimeFormatter.ofPattern("yyyy-MM-dd-HHmmss")));
    }
  }

  /** The rows that are named; U001 for a name that means none. */
  List<Case> cases() {
    var all = Cases.all();
    var chosen = new LinkedHashSet<Case>();
    for (var name : names) {
      var rows = all.stream().filter(c -> c.is(name)).toList();
      if (rows.isEmpty()) throw unknown(name);
      if (plan.quick() && rows.stream().noneMatch(Options::small)) {
        throw Fault.of(Code.U001, "--quick leaves out all of %s", name).because("it has no large rows").mend("leave out --quick")
            .mend("--quick with another row: --list --quick has them");
      }
      chosen.addAll(rows);
    }
    var rows = names.isEmpty() ? all : all.stream().filter(chosen::contains).toList();
    return plan.quick() ? rows.stream().filter(Options::small).toList() : rows;
  }

  private static boolean small(Case row) { return row.cost().flops() <= LARGE; }

  private static Fault unknown(String name) {
    var groups = Cases.groups();
    var fault = Fault.of(Code.U001, "there is no case %s", name).because("cases are: " + String.join(", ", groups));
    return Nearest.of(name, groups).map(near -> fault.mend("did you mean %s?", near)).orElse(fault).mend("every row: unroll bench --list");
  }

  /** What is to be said before a run that goes on begins, because there is nothing to go on with; empty otherwise. */
  String news() throws IOException {
    var figures = out.resolve("figures.tsv");
    if (!resume || Files.exists(figures) && Files.size(figures) > 0) return "";
    return "there are no figures in " + out + " to go on with: the run begins anew";
  }

  /** U001 if there are figures of another run where this one's shall go, or those that it goes on with are of another plan. */
  void requireFitting() throws IOException {
    var figures = out.resolve("figures.tsv");
    if (!Files.exists(figures)) return;
    if (!resume) {
      throw Fault.of(Code.U001, "there are figures in it already").at(out.toString()).mend("--resume goes on with them")
          .mend("another --out");
    }
    var lines = Runner.read(figures);
    boolean quick = Table.quick(lines);
    if (lines.isEmpty() || quick == plan.quick()) return;
    throw Fault.of(Code.U001, quick ? "the figures in it are of --quick" : "the figures in it are not of --quick").at(out.toString())
        .because("turns of different lengths make no table").mend(quick ? "--resume with --quick" : "--resume without --quick")
        .mend("another --out");
  }
}
