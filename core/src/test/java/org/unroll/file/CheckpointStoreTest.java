package org.unroll.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;

class CheckpointStoreTest {
  private static void save(CheckpointStore store, long step, OptionalLong best) {
    store.save(step, CrashHarness.tensors(step), Map.of(), best);
  }

  private static void flip(Path file) throws IOException {
    var bytes = Files.readAllBytes(file);
    bytes[bytes.length - 1] ^= 1;
    Files.write(file, bytes);
  }

  @Test void newestThree_andTheBest_areKept(@TempDir Path folder) {
    var store = CheckpointStore.open(Disk.real(), folder.resolve("run/checkpoints"));
    for (long step = 1; step <= 3; step++) save(store, step * 100, OptionalLong.empty());
    assertEquals(List.of(300L, 200L, 100L), store.steps());
    for (long step = 4; step <= 7; step++) save(store, step * 100, OptionalLong.of(200));
    assertEquals(List.of(700L, 600L, 500L, 200L), store.steps());
    save(store, 800, OptionalLong.of(800));
    assertEquals(List.of(800L, 700L, 600L), store.steps());
    assertEquals("ckpt-000000800.safetensors", store.file(800).getFileName().toString());
    assertTrue(CrashHarness.isOf(700, store.read(700)));
    assertEquals(Code.M001, assertThrows(Fault.class, () -> store.read(200)).code());
  }

  @Test void stepSavedAgain_belowOthers_isKept_untilTheNextSave() {
    var store = CheckpointStore.open(new MemoryDisk(), Path.of("c"));
    for (long step : new long[] {7, 8, 9, 2}) save(store, step, OptionalLong.empty());
    assertEquals(List.of(9L, 8L, 7L, 2L), store.steps());
    save(store, 1_234_567_890L, OptionalLong.empty());
    assertEquals(List.of(1_234_567_890L, 9L, 8L), store.steps());
    save(store, 9, OptionalLong.empty());
    assertEquals(1_234_567_890L, store.newest().step());
  }

  @Test void name_isTheSame_whateverTheLocale() {
    var before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      assertEquals("ckpt-000012000.safetensors", CheckpointStore.name(12_000));
      var store = CheckpointStore.open(new MemoryDisk(), Path.of("c"));
      save(store, 12_000, OptionalLong.empty());
      assertEquals(List.of(12_000L), store.steps());
      assertEquals("c/ckpt-000012000.safetensors", store.file(12_000).toString().replace('\\', '/'));
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test void save_withoutPruning_deletesNothing() {
    var store = CheckpointStore.open(new MemoryDisk(), Path.of("c"));
    for (long step : new long[] {7, 8, 9, 10, 2}) store.save(step, CrashHarness.tensors(step), Map.of());
    assertEquals(List.of(10L, 9L, 8L, 7L, 2L), store.steps());
    store.prune(OptionalLong.of(7));
    assertEquals(List.of(10L, 9L, 8L, 7L, 2L), store.steps()); // the last that was saved stays, though it is the oldest
    store.save(11, CrashHarness.tensors(11), Map.of());
    store.prune(OptionalLong.of(7));
    assertEquals(List.of(11L, 10L, 9L, 7L), store.steps());
  }

  @Test void prune_onADiskThatFails_isAFault() {
    var disk = CrashHarness.prepared();
    CheckpointStore.open(disk, CrashHarness.FOLDER).save(6, CrashHarness.tensors(6), Map.of());
    var failing = CheckpointStore.open(new FaultyDisk(disk, FaultyDisk.Trouble.EIO, 4, false), CrashHarness.FOLDER); // makeFolder, list, list, delete
    assertEquals(Code.G003, assertThrows(Fault.class, () -> failing.prune(OptionalLong.empty())).code());
  }

  @Test void damagedCheckpoints_areSetAside_andReported(@TempDir Path folder) throws IOException {
    var store = CheckpointStore.open(Disk.real(), folder);
    for (long step = 1; step <= 3; step++) save(store, step, OptionalLong.empty());
    flip(store.file(3));
    Files.write(store.file(2), new byte[5]);
    var found = store.newest();
    assertEquals(1, found.step());
    assertEquals(store.file(1), found.file());
    assertTrue(CrashHarness.isOf(1, found.content()));
    assertEquals(List.of(Code.M004, Code.M003), found.skipped().stream().map(s -> s.reason().code()).toList());
    assertEquals(folder.resolve("ckpt-000000003.safetensors.corrupt"), found.skipped().getFirst().file());
    assertEquals(List.of("ckpt-000000001.safetensors", "ckpt-000000002.safetensors.corrupt",
        "ckpt-000000003.safetensors.corrupt"), Disk.real().list(folder));
    assertEquals(List.of(), store.newest().skipped());
  }

  @Test void noCheckpoint_andNoneThatIsWhole_areFaults(@TempDir Path folder) throws IOException {
    var store = CheckpointStore.open(Disk.real(), folder);
    var f = assertThrows(Fault.class, store::newest);
    assertEquals(folder + ": the run has no checkpoint yet; its training ended before the first one was saved; start the training anew", f.getMessage());
    assertEquals(Code.M001, f.code());
    save(store, 1, OptionalLong.empty());
    save(store, 2, OptionalLong.empty());
    flip(store.file(1));
    Files.write(store.file(2), new byte[5]);
    f = assertThrows(Fault.class, store::newest);
    assertEquals(Code.M011, f.code());
    assertEquals(3, f.code().exit());
    assertEquals("none of 2 checkpoints can be read", f.what());
    assertTrue(f.why().startsWith(store.file(2) + ": 5 bytes; "), f.why());
    assertTrue(f.why().contains("; " + store.file(1) + ": w: CRC32C is "), f.why());
    assertEquals(List.of("restore a copy, or start the training anew; damaged files are kept as *.corrupt"), f.mend());
  }

  @Test void checkpointOfANewerVersion_stopsTheSearch() {
    var disk = new MemoryDisk();
    var store = CheckpointStore.open(disk, Path.of("c"));
    save(store, 1, OptionalLong.empty());
    disk.put("ckpt-000000002.safetensors", BadFiles.file("{\"__metadata__\":{\"unroll.version\":\"2.0\"}}"));
    assertEquals(Code.M006, assertThrows(Fault.class, store::newest).code());
    assertEquals(List.of("ckpt-000000001.safetensors", "ckpt-000000002.safetensors"), disk.names());
  }

  @Test void checkpointThatTheDiskCannotRead_isSkipped_butNotSetAside() {
    var disk = CrashHarness.prepared();
    var failing = new FaultyDisk(disk, FaultyDisk.Trouble.EIO, 4, false); // makeFolder, list, list, open
    var found = CheckpointStore.open(failing, CrashHarness.FOLDER).newest();
    assertEquals(4, found.step());
    assertEquals("cannot be read: Input/output error", found.skipped().getFirst().reason().what());
    assertEquals(CrashHarness.FOLDER.resolve("ckpt-000000005.safetensors"), found.skipped().getFirst().file());
    assertEquals(3, disk.names().size());
  }

  @Test void open_removesWhatAKilledSaveLeft_andNothingElse(@TempDir Path folder) throws IOException {
    for (var name : List.of("ckpt-000000009.safetensors.1-00c0ffee-0.tmp", "ckpt-000000009.safetensors.99999999-00c0ffee-12.tmp", "notes.tmp",
        "ckpt-000000009.safetensors.tmp", "ckpt-000000001.safetensors.corrupt")) {
      Files.writeString(folder.resolve(name), "x");
    }
    var store = CheckpointStore.open(Disk.real(), folder);
    assertEquals(List.of("ckpt-000000001.safetensors.corrupt", "ckpt-000000009.safetensors.tmp", "notes.tmp"),
        Disk.real().list(folder));
    assertEquals(List.of(), store.steps());
  }

  @Test void nonFiniteWeights_areNeverSaved() {
    var disk = CrashHarness.prepared();
    var store = CheckpointStore.open(disk, CrashHarness.FOLDER);
    var bad = List.of(Tensor.of("w", new double[] {Double.NEGATIVE_INFINITY}));
    assertEquals(Code.M008, assertThrows(Fault.class, () -> store.save(6, bad, Map.of(), OptionalLong.empty())).code());
    assertEquals(List.of(5L, 4L, 3L), store.steps());
  }
}
