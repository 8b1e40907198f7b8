package org.unroll.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code model.stack} at the command line. */
class StackCommandTest {
  private static final String STACK = "lstm 9, gru 9 residual dropout 0.2, slstm 9 highway";

  @TempDir Path folder;

  private String trained(String layer) throws IOException {
    var text = Files.writeString(folder.resolve("cats.txt"), TrainCommandTest.TEXT);
    var name = layer.substring(0, 6).strip();
    var trained = Terminalless.run("train", "--data", text.toString(), "--runs-dir", folder.resolve("runs").toString(), "--name",
        name, "--threads",
        "1", "--embed", "6", "--batch", "4", "--bptt", "16", "--steps", "4", "--set", "model.stack=" + layer, "--set",
            "train.sample_length=0");
    assertEquals(0, trained.status(), trained.err());
    return folder.resolve("runs").resolve(name).toString();
  }

  private static String explained(String... args) {
    var command = new java.util.ArrayList<>(java.util.List.of("explain"));
    command.addAll(java.util.List.of(args));
    var r = Terminalless.run(command.toArray(String[]::new));
    assertEquals(0, r.status(), r.err());
    return r.out();
  }

  /**
   * i, f and κ have a number a head; what is read is a sum over v, checked against the pass; C is what the gradient flows
   * through.
   */
  @Test void mlstm_isExplained_headByHead() throws IOException {
    var run = trained("mlstm 8 heads 2");
    var gates = explained("gates", run, "--text", "the cat", "--units", "5");
    assertTrue(gates.contains("layer rnn0: mlstm, 8 units, gates i f κ o q k v, state C n m\n")
        && gates.contains("\n  unit 5, head 1 "), gates);
    var lines = gates.lines().toList();
    for (var gate : new String[] {"gate i", "gate f", "gate κ", "state m"}) {
      int at = lines.indexOf(gate);
      assertTrue(lines.get(at + 3).startsWith("  head 0 ") && lines.get(at + 4).startsWith("  head 1 "), gates);
    }
    assertTrue(lines.get(lines.indexOf("gate o") + 3).startsWith("  unit 5 "), gates);
    var csv = explained("gates", run, "--text", "the cat", "--format", "csv", "--units", "5").lines().toList();
    assertEquals(1 + 7 * (2 + 2 + 2 + 4 + 1 + 1 + 2), csv.size());
    assertTrue(csv.get(1).startsWith("rnn0,i,head 0,1,t,"), csv.get(1));

    var memory = explained("memory", run, "--text", "the cat", "--neuron", "5");
    assertTrue(memory.contains("\nC = κ C' + i kᵀ v,   h̃ = q C / e,   h = o ⊙ h̃\n"), memory);
    assertTrue(memory.contains("✔ the sum meets the state of the pass at all 56 steps and units: |Σ − h̃_t| ≤ "), memory);
    assertTrue(memory.contains("\nreadings r_i^t of head 1, ") && memory.contains("\nwhat unit 5 reads: r_i^t times v\n"),
        memory);
    for (var row : memory.lines().dropWhile(l -> !l.startsWith("sum and state")).skip(2).toList()) {
      var cells = row.strip().split(" +");
      assertEquals(Double.parseDouble(cells[2]), Double.parseDouble(cells[3]), 2e-6 * Math.max(1,
          Math.abs(Double.parseDouble(cells[2]))), row);
    }
    var json = explained("memory", run, "--text", "the cat", "--neuron", "5", "--json");
    assertTrue(json.contains("\"head\":1,\"weights\":[[") && json.contains("\"readings\":[["), json);

    var flow = explained("gradient", run);
    for (var slot : new String[] {"C", "n", "m"}) assertTrue(flow.contains("\n  measured: rnn0 " + slot + "\n"), flow);
    assertTrue(flow.contains("an mLSTM multiplies") && !flow.contains("‖R_"), flow);
    var has = Terminalless.run("explain", "gates", run, "--text", "the", "--gate", "z");
    assertTrue(has.err().contains("error UNR-M009: mlstm has no gate z\n") && has.err().contains("i f κ of each of its 2 heads"),
        has.err());
    assertTrue(explained("connectivity", run, "--text", "the cat").contains("‖∂z/∂x_k‖"));
  }

  /** No gates, no memory that gates carry on; the gradient goes through the output that comes back. */
  @Test void jordan_hasNoGates_andAGradientThroughItsFeedback() throws IOException {
    var run = trained("jordan 8");
    for (var what : new String[] {"gates", "memory"}) {
      var e = Terminalless.run("explain", what, run, "--text", "the cat");
      assertEquals(3, e.status(), e.out());
      assertTrue(e.err().contains("jordan has no " + (what.equals("gates") ? "gates\n" : "gated memory\n")), e.err());
      assertTrue(e.err().contains("jordan has the hidden units h and the state p, the model's output that comes back at the next step\n"
          + "  mend   unroll explain gradient, or connectivity, for how far back it reaches\n"), e.err());
    }
    assertTrue(Terminalless.run("explain", "gates", run, "--text", "the", "--lang", "zh").err()
        .contains("jordan 有隐藏单元 h 和状态 p，即下一步回到网络的模型输出"));
    var flow = explained("gradient", run);
    assertTrue(flow.contains("layer rnn0: jordan, 8 units, no gates, state p\n") && flow.contains("\n  measured: rnn0 p\n"),
        flow);
    assertTrue(flow.contains("\n  rnn0  ‖U‖₂ ") && flow.contains("\n  rnn0  ‖V‖₂ ")
        && flow.contains("what comes back is the output p,"), flow);
    assertTrue(explained("connectivity", run, "--text", "the cat").contains("‖∂z/∂x_k‖"));
  }

  @Test void keys_ofTheStack_haveEveryFormOfALayer() {
    var en = Terminalless.run("config", "keys", "model.stack").out();
    for (var word : List.of("residual", "highway", "dropout X", "projection N", "heads N", "scan N", "forward")) {
      assertTrue(en.lines().anyMatch(l -> l.startsWith("    " + word + " ")), word + en);
    }
    assertTrue(en.contains("\n    UNITS           1 to 65536\n"), en);
    var zh = Terminalless.run("config", "keys", "model.stack", "--lang", "zh").out();
    assertTrue(zh.contains("\n    scan N          仅限 mingru 和 minlstm："), zh);
    assertEquals(2, Terminalless.run("config", "keys", "model.scan").out().lines().count());
    var line = en.lines().filter(l -> l.startsWith("  for example: --set ")).findFirst().orElseThrow().replace("  for example: --set ", "");
    assertEquals(0, Terminalless.run("config", "show", "--set", line.replace("\"", "")).status());
    assertEquals(0, Terminalless.run("config", "show", "--set", "model.stack=mingru 8 scan 4 forward, lstm 8").status());
  }

  @Test void stack_isTrained_shown_resumed_andWrites() throws IOException {
    var text = Files.writeString(folder.resolve("cats.txt"), TrainCommandTest.TEXT).toString();
    String runs = folder.resolve("runs").toString(), run = folder.resolve("runs").resolve("cats").toString();
    var r = Terminalless.run("train", "--data", text, "--runs-dir", runs, "--threads", "1", "--embed", "6", "--batch", "4", "--bptt", "16",
        "--epochs", "1", "--set", "model.stack=" + STACK, "--set", "train.sample_length=5");
    assertEquals(0, r.status(), r.err());
    assertTrue(r.err().contains("embedding 6 · lstm 9 · residual(gru 9 · dropout 0.2) · highway(slstm 9) · softmax 16 · "), r.err());
    assertTrue(Files.readString(Path.of(run, "config.yaml")).contains("\n  stack: " + STACK + "\n"));

    var shown = Terminalless.run("config", "show", run + "/config.yaml");
    assertTrue(shown.out().contains("model.stack = " + STACK + "\n") && !shown.out().contains("model.hidden"), shown.out());
    var json = Terminalless.run("config", "show", run + "/config.yaml", "--json");
    assertTrue(json.out().contains("{\"v\":1,\"key\":\"model.stack\",\"value\":[\"lstm 9\",\"gru 9 residual dropout 0.2\",\"slstm 9 highway\"]"),
        json.out());
    assertTrue(Terminalless.run("runs", "show", run).out().contains("residual(gru 9 · dropout 0.2)"));

    assertEquals(0, Terminalless.run("resume", run, "--threads", "1", "--epochs", "2").status());
    assertEquals(0, Terminalless.run("generate", run, "--threads", "1", "--max", "8").status());
    assertEquals(0, Terminalless.run("evaluate", run, "--threads", "1").status());
    for (var what : new String[] {"gates", "memory", "gradient", "connectivity"}) {
      var explained = Terminalless.run("explain", what, run, "--text", "the cat sat on the mat. the dog sat on the log.");
      assertEquals(0, explained.status(), what + explained.err());
    }
    var checked = Terminalless.run("gradcheck", run, "--threads", "1");
    assertEquals(0, checked.status(), checked.err());
    assertTrue(checked.out().startsWith("✔ embedding 6 · lstm 9 · residual(gru 9 · dropout 0.2) · highway(slstm 9) · softmax 16 "), checked.out());
  }

  @Test void faults_ofAStack_areToldInChinese() throws IOException {
    var yaml = Files.writeString(folder.resolve("a.yaml"), "model:\n  embed: 8\n  stack:\n    - lstm 8\n    - {cell: gru, units: 9, connect: residual}\n");
    var misfit = Terminalless.run("config", "show", yaml.toString(), "--lang", "zh");
    assertEquals(3, misfit.status());
    for (var part : new String[] {yaml + ":5:7", "model.stack 的第 2 层（gru 9 residual）输入 8 个值，输出 9 个", "residual 把两者相加，个数必须相等",
        "把第 2 层的宽度改为 8", "去掉 residual"}) {
      assertTrue(misfit.err().contains(part), misfit.err());
    }
    var word = Terminalless.run("config", "show", "--set", "model.stack=lstm 8, gru 8 both", "--lang", "zh");
    assertTrue(word.err().contains("model.stack 的第 2 层：direction 为 both，应为 forward"), word.err());
    assertTrue(word.err().contains("语言模型预测下一个符号，而反向的层已经看过它"), word.err());
    var cell = Terminalless.run("config", "show", "--set", "model.stack=lsmt 8", "--lang", "zh");
    assertTrue(cell.err().contains("model.stack 的第 1 层：cell 为 \"lsmt\"，应为 ") && cell.err().contains("您是否想写 lstm？"), cell.err());
    var both = Terminalless.run("config", "show", "--hidden", "9", "--set", "model.stack=lstm 8", "--lang", "zh");
    assertTrue(both.err().contains("model.stack 与 model.hidden 不能同时使用"), both.err());
    assertTrue(both.err().contains("去掉 model.hidden"), both.err());
  }
}
