package org.unroll.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.unroll.fault.Fault;

/**
 * Stops a save at each of its operations in turn, before it, within it and after it, lets the machine crash in every way
 * that {@link MemoryDisk#crashes} knows, and looks at what a restart finds. It must be the newest checkpoint that was
 * acknowledged, or the one that was being saved; whole, with nothing beside it that is not a checkpoint.
 */
final class CrashHarness {
  static final Path FOLDER = Path.of("run", "checkpoints");
  /** The last step that is on the disk when the save under test begins. */
  static final long BEFORE = 5;

  /** Saves a checkpoint of {@code step} as {@link #tensors} gives it. */
  interface Saver {
    void save(Disk disk, long step) throws IOException;
  }

  /** Operations of the save, different states that a restart was shown, what went wrong. */
  record Report(int operations, int states, List<String> failures) {}

  /** What a restart was shown. */
  private record Seen(Map<String, ByteBuffer> disk, long atLeast) {}

  private int operations;
  private final Set<Seen> seen = new HashSet<>();
  private final List<String> failures = new ArrayList<>();

  private CrashHarness() {}

  static List<Tensor> tensors(long step) {
    var w = new float[40];
    for (int i = 0; i < w.length; i++) w[i] = step + i / 64f;
    return List.of(Tensor.of("w", w), Tensor.of("step", new long[] {step}));
  }

  static boolean isOf(long step, TensorFile file) {
    return file.tensor("step").longs()[0] == step && java.util.Arrays.equals(file.tensor("w").floats(),
        tensors(step).getFirst().floats());
  }

  static void saveWell(Disk disk, long step) {
    CheckpointStore.open(disk, FOLDER).save(step, tensors(step), Map.of("step", "" + step), OptionalLong.empty());
  }

  /** A disk after {@link #BEFORE} saves, the last deletion not yet forced. */
  static MemoryDisk prepared() {
    var disk = new MemoryDisk();
    for (long step = 1; step <= BEFORE; step++) saveWell(disk, step);
    return disk;
  }

  private final MemoryDisk prepared = prepared();

  static Report run(Saver saver) {
    var h = new CrashHarness();
    for (var trouble : List.of(FaultyDisk.Trouble.HALT_BEFORE, FaultyDisk.Trouble.HALT_WITHIN, FaultyDisk.Trouble.HALT_AFTER)) {
      for (int n = 1; h.stop(saver, trouble, n); n++) h.operations = Math.max(h.operations, n);
    }
    return new Report(h.operations, h.seen.size(), h.failures);
  }

  /** Whether the save got as far as its n-th operation. */
  private boolean stop(Saver saver, FaultyDisk.Trouble trouble, int n) {
    var disk = prepared.copy();
    var faulty = new FaultyDisk(disk, trouble, n, false);
    boolean saved = false;
    try {
      saver.save(faulty, BEFORE + 1);
      saved = true;
    } catch (FaultyDisk.Halt halt) {
      // as meant
    } catch (IOException | Fault e) {
      failures.add(trouble + " " + n + ": the save says " + e);
    }
    for (var state : disk.crashes()) {
      long atLeast = saved ? BEFORE + 1 : BEFORE;
      var how = trouble + " at operation " + n + ", left " + state.names() + ": ";
      if (seen.add(new Seen(state.content(), atLeast))) restart(state, atLeast, how);
    }
    return faulty.struck();
  }

  private void restart(MemoryDisk disk, long atLeast, String how) {
    try {
      var store = CheckpointStore.open(disk, FOLDER);
      var found = store.newest();
      if (found.step() < atLeast) failures.add(how + "step " + found.step() + " after step " + atLeast + " was saved");
      if (!isOf(found.step(), found.content())) failures.add(how + "step " + found.step() + " has other content");
      if (!found.skipped().isEmpty()) failures.add(how + "damaged: " + found.skipped());
      for (var name : disk.names()) if (!name.matches("ckpt-\\d{9}\\.safetensors")) failures.add(how + "left behind: " + name);
      saveWell(disk, BEFORE + 2);
      if (store.newest().step() != BEFORE + 2) failures.add(how + "the next save is lost");
      if (disk.names().size() != CheckpointStore.KEPT) failures.add(how + "the next save leaves " + disk.names());
    } catch (Fault f) {
      failures.add(how + f);
    }
  }
}
