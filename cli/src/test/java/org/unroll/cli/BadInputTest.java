package org.unroll.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unroll.file.RunLock;
import org.unroll.tasks.config.LmKeys;
import org.unroll.tasks.config.Type;

/** Everything that a user can give wrongly: the message, the place and the exit status. */
class BadInputTest {
  @TempDir Path folder;
  private Path good;

  @BeforeEach void write() throws IOException { good = Files.writeString(folder.resolve("good.txt"), TrainCommandTest.TEXT); }

  private String runs() { return folder.resolve("runs").toString(); }

  private Terminalless train(Path data, String... more) {
    var args = new ArrayList<>(List.of("train", "--data", data.toString(), "--threads", "1", "--set", "model.hidden=8", "--set",
        "model.embed=4", "--set", "train.batch=4", "--set", "train.bptt=16", "--set", "train.epochs=1"));
    if (!List.of(more).contains("--runs-dir")) args.addAll(List.of("--runs-dir", runs()));
    args.addAll(List.of(more));
    return Terminalless.run(args.toArray(String[]::new));
  }

  private static void refused(Terminalless r, int status, String... parts) {
    assertEquals(status, r.status(), r.err());
    for (var p : parts) assertTrue(r.err().contains(p), "wanted " + p + "\n" + r.err());
    assertFalse(r.err().contains("\tat "), r.err());
    assertEquals("", r.out());
  }

  private void text(byte[] bytes, int status, String... parts) throws IOException {
    refused(train(Files.write(folder.resolve("bad.txt"), bytes)), status, parts);
    assertFalse(Files.exists(Path.of(runs())), "no run is left behind");
  }

  private void text(String text, int status, String... parts) throws IOException { text(text.getBytes(StandardCharsets.UTF_8),
      status, parts); }

  // ---- texts

  @Test void text_empty() throws IOException { text("", 3, "error UNR-D002: no text in 0 bytes\n  where  "
      + folder.resolve("bad.txt") + "\n"); }

  @Test void text_missing_saysTheNearest() {
    refused(train(folder.resolve("god.txt")), 4, "error UNR-D001: no such file or folder\n", "mend   did you mean " + good
        + "?\n");
  }

  @Test void text_missing_alwaysHasAWay() {
    refused(train(folder.resolve("nothing-like-that")), 4, "error UNR-D001: no such file or folder\n  where  " + folder.resolve("nothing-like-that")
        + "\n  why    a relative name begins in the working directory, " + Path.of("").toAbsolutePath() + "\n"
        + "  mend   nothing there is called like that: ls " + folder + "\n");
    refused(train(folder.resolve("no/x.txt"), "--lang", "zh"), 4, "  原因   相对名称从工作目录 " + Path.of("").toAbsolutePath() + " 算起\n"
        + "  修正   文件夹 " + folder.resolve("no") + " 也不存在；存在的是 " + folder + "\n");
  }

  @Test void text_tooShortForQuickstart_hasWaysThatQuickstartHas() throws IOException {
    var file = Files.writeString(folder.resolve("tiny.txt"), "the cat sat on the mat\n".repeat(9));
    var way = "unroll train --data " + file + " --batch 2 --bptt 16 --hidden 64";
    var r = Terminalless.run("quickstart", "--data", file.toString(), "--runs-dir", runs());
    assertTrue(r.err().contains("error UNR-D005: ") && r.err().endsWith("  mend   give more text\n         a short text with a small network: " + way
        + "\n"), r.err());
    var zh = Terminalless.run("quickstart", "--data", file.toString(), "--runs-dir", runs(), "--lang", "zh").err();
    assertTrue(zh.endsWith("  修正   请增加文本\n         短文本用小网络：" + way + "\n"), zh);
    assertEquals(0, Terminalless.run((way.substring(7) + " --epochs 1 --runs-dir " + runs()).split(" ")).status());
  }

  @Test void text_byteThatUtf8Lacks_isSaid() throws IOException {
    var bytes = TrainCommandTest.TEXT.getBytes(StandardCharsets.UTF_8);
    bytes[100] = (byte) 0xFF;
    text(bytes, 3, "error UNR-D003: the byte 0xFF is not UTF-8, which has none above 0xF4\n  where  " + folder.resolve("bad.txt") + ":3:5 (byte 100)\n",
        "  why    the text must be UTF-8 throughout\n  mend   convert the file to UTF-8 (iconv)\n");
    var zh = train(folder.resolve("bad.txt"), "--lang", "zh").err();
    assertTrue(zh.contains("  说明   字节 0xFF 不是 UTF-8：UTF-8 中没有大于 0xF4 的字节\n") && zh.contains("  原因   文本必须全部是 UTF-8\n"), zh);
  }

  @Test void text_givenAsAModel_isSaidToBeOne() {
    refused(Terminalless.run("generate", good.toString()), 3, "error UNR-M002: a text, not a model\n  where  " + good + "\n",
        "         to learn from the text: unroll train --data " + good + "\n");
    refused(Terminalless.run("generate", good.toString(), "--lang", "zh"), 3, "  说明   这是文本，不是模型\n", "要从该文本学习：unroll train --data " + good);
  }

  @Test void prompt_withoutEnd_isRefused() {
    train(good, "--name", "a");
    var endless = new java.io.InputStream() {
      @Override public int read() { return 'a'; }
    };
    var err = new ByteArrayOutputStream();
    assertEquals(2, Main.run(new String[] {"generate", Path.of(runs(), "a").toString(), "-"},
        Io.of(java.io.OutputStream.nullOutputStream(), err).with(endless)));
    assertTrue(err.toString(StandardCharsets.UTF_8).contains("error UNR-U001: the text on standard input is longer than 16,777,216 bytes\n"), err.toString(StandardCharsets.UTF_8));
  }

  @Test void text_noneNamed() {
    refused(Terminalless.run("train", "--runs-dir", runs()), 4, "error UNR-D001: no text is named\n",
        "mend   --data FILE, a folder, or -");
  }

  @Test void text_folderWithoutAny() throws IOException {
    var empty = Files.createDirectories(folder.resolve("empty"));
    refused(train(empty), 3, "error UNR-D002: no text in this folder\n  where  " + empty + "\n");
  }

  @Test void text_invalidUtf8_hasByteOffsetAndLine() throws IOException {
    var bytes = TrainCommandTest.TEXT.getBytes(StandardCharsets.UTF_8);
    bytes[100] = (byte) 0xE5;
    text(bytes, 3, "error UNR-D003: ", "byte 100", folder.resolve("bad.txt") + ":3:5");
  }

  @Test void text_nulBytes() throws IOException {
    var bytes = TrainCommandTest.TEXT.getBytes(StandardCharsets.UTF_8);
    bytes[200] = 0;
    text(bytes, 3, "error UNR-D004: ", "byte 200");
  }

  @Test void text_shorterThanAWindow() throws IOException { text("abc", 3, "error UNR-D005: 3 symbols, need 65\n"); }

  @Test void text_thatTrainRefuses_dataCheckRefusesToo() throws IOException {
    var settings = List.of("--batch", "4", "--bptt", "16", "--set", "data.test_fraction=0");
    for (var bad : List.of("the cat\n".repeat(8), "the cat ".repeat(9) + "12345678\n")) {
      var file = Files.writeString(folder.resolve("short.txt"), bad);
      for (var fraction : List.of("0", "0.01", "0.9")) {
        var args = new ArrayList<>(List.of("data", "check", file.toString(), "--set", "data.dev_fraction=" + fraction));
        args.addAll(settings);
        var check = Terminalless.run(args.toArray(String[]::new));
        args.subList(0, 3).clear();
        var train = train(file, args.toArray(String[]::new));
        assertEquals(train.status(), check.status(), check.err());
        if (train.status() != 0) assertEquals(error(train), error(check));
      }
    }
  }

  private static String error(Terminalless r) {
    assertTrue(r.err().contains("error UNR-D005: "), r.err());
    return r.err().substring(r.err().indexOf("error "));
  }

  @Test void text_oneSymbol() throws IOException { text("a".repeat(500), 3, "error UNR-D006: 1 distinct symbol\n"); }

  // ---- configuration

  @Test void config_everyBadKeyOrValue() throws IOException {
    refused(train(good, "--set", "train.epoch=3"), 3,
        "error UNR-C012: unknown key train.epoch\n  where  --set train.epoch=3\n  mend   did you mean train.epochs?\n");
    refused(train(good, "--set", "train.batch=many"), 3, "error UNR-C010: ");
    refused(train(good, "--dropout", "1.0"), 3, "error UNR-C011: ");
    refused(train(good, "--hidden", "0"), 3, "error UNR-C011: ");
    refused(train(good, "--minutes", "1e22"), 3, "error UNR-C011: train.minutes is 1e22, must be a number at least 0 and at most 525600\n",
        "  mend   the nearest value allowed is 525600\n");
    var twice = Files.writeString(folder.resolve("a.yaml"), "train:\n  lr: 1\n  lr: 2\n");
    refused(Terminalless.run("train", twice.toString()), 3, "error UNR-C013: train.lr is given twice\n  where  " + twice
        + ":3:3\n");
  }

  @Test void config_everyKeyGivenWrongly_hasAWayInBothLanguages() {
    for (var key : LmKeys.KEYS.all()) {
      if (key.type() instanceof Type.Text || key.type() instanceof Type.Files || key.type() instanceof Type.Stack) continue;
      for (var bad : List.of("§", "-1e300")) {
        var en = Terminalless.run("config", "show", "--set", key.name() + "=" + bad).err();
        assertTrue(en.matches("(?s)error UNR-C01[01]: " + key.name() + " is .*\n  mend   .+\n.*"), en);
        var zh = Terminalless.run("config", "show", "--lang", "zh", "--set", key.name() + "=" + bad).err();
        assertTrue(zh.matches("(?s).*\n  修正   [^\n]*\\p{IsHan}.*"), zh);
      }
    }
    refused(train(good, "--set", "train.batch=many"), 3, "  mend   leave it out to have the default, 32\n"
        + "         its range and meaning: unroll config keys train.batch\n");
  }

  @Test void config_tooLargeForMemory_isSaidBeforeAllocating() {
    refused(train(good, "--hidden", "65536", "--layers", "8"), 3,
        "error UNR-C020: training needs an array of more than 2,147,483,631 numbers, the most that Java has\n", "  where  model.hidden\n",
        "mend   model.hidden: ");
    var r = train(good, "--hidden", "8192");
    refused(r, 3, "error UNR-C020: training needs about ");
    assertTrue(r.err().matches("(?s).*about [\\d,]+ MiB, Java may use [\\d,]+ MiB\n.*"), r.err());
    assertFalse(Files.exists(Path.of(runs())));
  }

  // ---- runs

  @Test void run_heldByAnother_isBusy() throws IOException {
    train(good, "--name", "a");
    try (var lock = RunLock.take(Path.of(runs(), "a"))) {
      var r = Terminalless.run("resume", Path.of(runs(), "a").toString());
      refused(r, 8, "error UNR-R008: another trainer has the run: pid " + ProcessHandle.current().pid() + " on ");
    }
  }

  @Test void run_allCheckpointsDamaged() throws IOException {
    train(good, "--name", "a");
    try (var files = Files.list(Path.of(runs(), "a", "checkpoints"))) {
      for (var f : files.toList()) Files.write(f, new byte[] {1, 2, 3});
    }
    assertTrue(Terminalless.run("runs", "list", "--runs-dir", runs()).out().contains(" done "));
    refused(Terminalless.run("resume", Path.of(runs(), "a").toString()), 3, "error UNR-M011: ");
    assertTrue(Terminalless.run("runs", "list", "--runs-dir", runs()).out().contains(" damaged "));
    refused(Terminalless.run("generate", Path.of(runs(), "a").toString()), 3, "error UNR-M011: the run has no checkpoint that can be read\n");
  }

  @Test void runsFolder_thatIsAFile_isSaid() {
    refused(train(good, "--runs-dir", good.toString()), 7, "error UNR-G003: ", good.toString());
  }

  /** A file system that nobody can write to, not even root. */
  @Test void runsFolder_whereNothingCanBeMade_isSaid() {
    assumeTrue(Files.isDirectory(Path.of("/proc/self")), "there is no /proc");
    refused(train(good, "--runs-dir", "/proc/runs"), 7, "error UNR-G003: ", "/proc/runs");
  }

  @Test void loss_thatBecomesNaN_namesTensorStepAndCheckpoint() throws IOException {
    var r = train(good, "--lr", "1e30", "--set", "train.clip=0", "--cell", "elman-relu", "--name", "a");
    assertEquals(5, r.status(), r.err());
    assertTrue(r.err().contains("error UNR-R001: the training diverged at step "), r.err());
    assertTrue(r.err().contains("\n  why    the last good checkpoint is that of step 0: " + Path.of(runs(), "a") + "\n"),
        r.err());
    assertTrue(r.err().contains("\n  where  "), r.err());
    assertTrue(Files.readString(Path.of(runs(), "a", "run.json")).contains("\"failed\""));
  }

  @Test void run_killedBeforeItsFirstCheckpoint_cannotBeResumed() throws IOException {
    train(good, "--name", "a");
    try (var files = Files.list(Path.of(runs(), "a", "checkpoints"))) {
      for (var f : files.toList()) Files.delete(f);
    }
    refused(Terminalless.run("resume", Path.of(runs(), "a").toString()), 4, "error UNR-M001: the run has no checkpoint yet\n",
        "  why    its training ended before the first one was saved\n");
  }

  // ---- outputs

  @Test void standardOutput_thatIsFull_isStatus7() throws IOException {
    assumeTrue(Files.exists(Path.of("/dev/full")), "needs /dev/full");
    var err = new ByteArrayOutputStream();
    try (var full = new FileOutputStream("/dev/full")) {
      assertEquals(7, Main.run(new String[] {"config", "keys"}, full, err));
    }
    assertTrue(err.toString(StandardCharsets.UTF_8).startsWith("error UNR-G002: "), err.toString(StandardCharsets.UTF_8));
  }

  @Test void standardOutput_closedByItsReader_isNoMistake() {
    var err = new ByteArrayOutputStream();
    var gone = new java.io.OutputStream() {
      @Override public void write(int b) throws IOException { throw new IOException("Broken pipe"); }
    };
    assertEquals(0, Main.run(new String[] {"config", "keys"}, gone, err));
    assertEquals("", err.toString(StandardCharsets.UTF_8));
  }

  @Test void dataCheck_ofATextTooShort_doesNotSayThatAllIsWell() throws IOException {
    var file = Files.writeString(folder.resolve("short.txt"), "ab\n");
    for (var zh : new boolean[] {false, true}) {
      var r = Terminalless.run("--lang", zh ? "zh" : "en", "data", "check", file.toString());
      assertTrue(r.out().contains(zh ? "✔ 3 个不同的字符；" : "✔ 3 distinct characters; "), r.out());
      for (var well : List.of("nothing to mend", "没有需要修正的", "--strict")) assertFalse(r.out().contains(well), r.out());
      assertTrue(r.err().startsWith(zh ? "错误 UNR-D005: " : "error UNR-D005: "), r.err());
      assertEquals(3, r.status());
    }
  }
}
