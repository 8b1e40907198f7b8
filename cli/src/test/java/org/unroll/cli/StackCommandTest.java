package org.unroll.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code model.stack} at the command line. */
class StackCommandTest {
  private static final String STACK = "lstm 9, gru 9 residual dropout 0.2, slstm 9 highway";

  @TempDir Path folder;

  /** Their memory is a matrix, or the output: no unit has a gate of its own. */
  @Test void layersWithoutUnitsOfTheirOwn_areSaidByName_andTheirConnectivityIsShown() throws IOException {
    var text = Files.writeString(folder.resolve("cats.txt"), TrainCommandTest.TEXT);
    for (var layer : new String[] {"mlstm 8 heads 2", "jordan 8"}) {
      var run = folder.resolve("runs").resolve(layer.substring(0, 6).strip()).toString();
      var trained = Terminalless.run("train", "--data", text.toString(), "--runs-dir", folder.resolve("runs").toString(), "--name",
          layer.substring(0, 6).strip(), "--threads", "1", "--embed", "6", "--batch", "4", "--bptt", "16", "--steps", "4", "--set",
          "model.stack=" + layer, "--set", "train.sample_length=0");
      assertEquals(0, trained.status(), trained.err());
      for (var what : new String[] {"gates", "memory", "gradient"}) {
        var e = Terminalless.run("explain", what, run, "--text", "the cat sat on the mat");
        assertEquals(3, e.status(), e.out());
        assertTrue(e.err().contains("error UNR-M009: no layer of the model has gates and states unit by unit\n  why    its layers are embedding, "
            + layer.split(" ")[0] + "\n  mend   unroll explain connectivity, which every model has\n"), e.err());
      }
      var c = Terminalless.run("explain", "connectivity", run, "--text", "the cat");
      assertEquals(0, c.status(), c.err());
      assertTrue(c.out().contains("‖∂z/∂x_k‖"), c.out());
    }
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
