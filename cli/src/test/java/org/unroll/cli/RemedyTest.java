package org.unroll.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That what a message advises helps with what it is about, in both languages. */
class RemedyTest {
  @TempDir static Path folder;

  @BeforeAll static void train() throws IOException {
    var cats = Files.writeString(folder.resolve("cats.txt"), TrainCommandTest.TEXT);
    for (var name : List.of("gru", "jordan")) {
      var model = name.equals("gru") ? "model.stack=gru 6" : "model.stack=lstm 6, jordan 6";
      var r = Terminalless.run("train", "--data", cats.toString(), "--runs-dir", runs(), "--name", name, "--set", model, "--threads", "1",
          "--embed", "4", "--batch", "4", "--bptt", "16", "--set", "train.steps=2");
      assertEquals(0, r.status(), r.err());
    }
  }

  private static String runs() { return folder.resolve("runs").toString(); }

  private static void told(String want, String... args) {
    var all = new ArrayList<>(List.of(args));
    if (List.of("lesson", "explain").contains(args[0]) && !want.contains("unknown command") && !want.contains("未知的命令")) {
      all.addAll(List.of("--runs-dir", runs()));
    }
    assertEquals(want, Terminalless.run(all.toArray(String[]::new)).err());
  }

  @Test void at_beyondTheText_isToldItsRange() {
    told("""
        error UNR-U001: --at is 9, must be from 1 to 7
          why    the text has 7 symbols
          mend   --at from 1 to 7; without --at it is the last
        """, "explain", "connectivity", "gru", "--text", "the cat", "--at", "9");
    told("""
        错误 UNR-U001: 命令行用法错误
          说明   --at 为 9，应为 1 到 7
          原因   文本有 7 个符号
          修正   --at 可取 1 到 7；不写 --at 即最后一个
        """, "explain", "connectivity", "gru", "--text", "the cat", "--at", "9", "--lang", "zh");
  }

  @Test void lesson_thatTakesNoModel_namesOneThatDoes() {
    told("""
        error UNR-U001: the lesson bptt takes no model
          why    those that take one: elman, vanish, lstm, memory, gru
          mend   unroll lesson bptt without a model
                 unroll lesson gru takes this model
        """, "lesson", "bptt", "gru", "--text", "the cat");
    told("""
        错误 UNR-U001: 命令行用法错误
          说明   课程 bptt 不接受模型
          原因   可以带模型的：elman, vanish, lstm, memory, gru
          修正   不带模型：unroll lesson bptt
                 此模型可用于：unroll lesson gru
        """, "lesson", "bptt", "gru", "--text", "the cat", "--lang", "zh");
  }

  @Test void lesson_onALayerOfAnotherKind_namesLayersThatWouldDo() {
    told("""
        error UNR-M009: jordan is no recurrent cell of units
          where  rnn1
          why    jordan has the hidden units h and the state p, the model's output that comes back at the next step
          mend   --layer 1, which is of the cell lstm
                 the lesson without a model
                 unroll explain gradient, or connectivity, for how far back it reaches
        """, "lesson", "lstm", "jordan", "--text", "the cat");
    told("""
        错误 UNR-M009: 模型没有所要的东西
          说明   jordan 不是由单元组成的循环细胞
          位置   rnn1
          原因   jordan 有隐藏单元 h 和状态 p，即下一步回到网络的模型输出
          修正   --layer 1，那一层的循环单元是 lstm
                 不带模型看这一课
                 要看它能回溯多远：unroll explain gradient 或 connectivity
        """, "lesson", "lstm", "jordan", "--text", "the cat", "--lang", "zh");
    assertEquals(0, Terminalless.run("lesson", "lstm", "jordan", "--text", "the cat", "--layer", "1", "--runs-dir", runs()).status());
  }

  @Test void verb_misspeltBeforeItsFlags_isToldFirst() {
    told("error UNR-U001: unknown command gate\n  mend   did you mean gates?\n         see unroll help explain\n",
        "explain", "gate", "lstm", "--text", "hi");
    told("error UNR-U001: unknown command gate\n  mend   did you mean gates?\n         see unroll help explain\n",
        "explain", "--text", "hi", "gate", "lstm");
    told("错误 UNR-U001: 命令行用法错误\n  说明   未知的命令 gate\n  修正   您是否想写 gates？\n         见 unroll help explain\n",
        "explain", "gate", "lstm", "--text", "hi", "--lang", "zh");
    told("error UNR-U001: unknown command tran\n  mend   did you mean train?\n         see unroll help\n", "tran", "--data", "x.txt");
    told("error UNR-U001: unknown flag --colour\n  mend   did you mean --color?\n         see unroll help\n", "--colour", "always", "zzzz");
  }

  @Test void cell_thatNeedsMoreUnits_isToldByTheKeysOfTheConfiguration() {
    told("""
        error UNR-C011: model.hidden is 1 and model.cell elman-ln-unbiased
          where  --hidden 1
          why    must be at least 2 with elman-ln-unbiased: one unit has no variance over m − 1
          mend   set model.hidden to 2
                 model.cell: elman-ln, which divides by m
        """, "gradcheck", "--cell", "elman-ln-unbiased", "--hidden", "1");
    told("""
        错误 UNR-C011: 值超出范围
          说明   model.hidden 为 1，而 model.cell 为 elman-ln-unbiased
          位置   --hidden 1
          原因   elman-ln-unbiased 至少应为 2：单个单元没有除以 m − 1 的方差
          修正   把 model.hidden 设为 2
                 model.cell: elman-ln（除以 m）
        """, "gradcheck", "--cell", "elman-ln-unbiased", "--hidden", "1", "--lang", "zh");
  }

  private static void spec(String layer, String en, String zh) throws IOException {
    var file = Files.writeString(folder.resolve("s.yaml"), "input: {symbols: 9}\nlayers:\n  - " + layer + "\nhead: {kind: softmax, classes: 9}\n");
    var told = Terminalless.run("gradcheck", file.toString()).err();
    assertTrue(told.contains(en), told);
    var chinese = Terminalless.run("gradcheck", file.toString(), "--lang", "zh").err();
    assertTrue(chinese.contains(zh), chinese);
  }

  @Test void sizes_outOfRange_areToldTheirRange() throws IOException {
    spec("{kind: recurrent, cell: lstm, units: 0}", "  why    must be at least 1\n  mend   units: 1 or more\n",
        "  原因   应不小于 1\n  修正   units: 不小于 1\n");
    spec("{kind: recurrent, cell: lstm, units: 99999999999}",
        "  why    must be a whole number of at most 2147483647\n  mend   units: 2147483647 or less\n",
        "  原因   应为不大于 2147483647 的整数\n  修正   units: 不大于 2147483647\n");
    spec("{kind: recurrent, cell: lstm, units: 3.5}", "  why    must be a whole number\n  mend   write units as a whole number\n",
        "  说明   'units' 为 3.5\n");
    spec("{kind: recurrent, cell: lstm, units: 3.5}", "error UNR-C010: 'units' is 3.5\n", "  原因   应为整数\n  修正   把 units 写成整数\n");
    spec("{kind: dropout, rate: 1.5}", "  mend   rate: from 0 (none) to below 1\n",
        "  修正   rate: 从 0（不用）到小于 1\n");
    spec("{kind: recurrent, cell: lstm, units: 8, noise: {zoneout: 2}}", "  mend   zoneout: from 0 (none) to below 1\n",
        "  说明   zoneout 为 2.0，应为 不小于 0 且小于 1 的数\n");
    spec("{kind: mlstm, units: 9, heads: 4}", "  mend   units: 8\n", "  修正   units: 8\n");
    spec("{kind: mlstm, units: 9, heads: 0}", "  mend   heads: 1 or more\n", "  修正   heads: 不小于 1\n");
    spec("{kind: recurrent, cell: mingru, units: 8, scan: -1}", "  mend   scan: 0 (none), or the steps of a chunk, such as 64\n",
        "  修正   scan: 0（不用），或一块的步数，如 64\n");
  }

  @Test void whatIsMissing_isShown_inBothLanguages() throws IOException {
    spec("{kind: recurrent, cell: lstm}", "  mend   add units: and its value\n", "  修正   加上 units: 及其值\n");
    var file = Files.writeString(folder.resolve("n.yaml"), "layers: []\nhead: {kind: softmax, classes: 9}\n").toString();
    assertTrue(Terminalless.run("gradcheck", file, "--lang", "zh").err()
        .contains("  修正   加上 input: {symbols: N}（编号），或 {vectors: N}（逐行的数）\n"));
    var yaml = Files.writeString(folder.resolve("d.yaml"), "model:\n  stack:\n    - {cell: lstm, units: 8, direction: up}\n").toString();
    var told = Terminalless.run("config", "show", yaml, "--lang", "zh").err();
    assertTrue(told.contains("例如：lstm 256（向前走）"), told);
  }
}
