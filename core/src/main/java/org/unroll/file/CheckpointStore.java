package org.unroll.file;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;

/**
 * The checkpoints of a run: a folder of files {@code ckpt-000012000.safetensors}, named by step. The newest one that is
 * whole counts; no other file says which. Whoever opens a store to write holds the {@link RunLock} of the run; one thread
 * uses it at a time.
 */
public final class CheckpointStore {
  /** Newest checkpoints that are kept. */
  public static final int KEPT = 3;

  private static final Pattern NAME = Pattern.compile("ckpt-(\\d{9,18})\\.safetensors");
  private static final String CORRUPT = ".corrupt";
  private static final Set<Code> DAMAGED = EnumSet.of(Code.M002, Code.M003, Code.M004, Code.M005, Code.M008);
  private static final Set<Code> UNREADABLE = EnumSet.of(Code.M001, Code.G003);

  private final Disk disk;
  private final Path folder;
  private long saved = -1;

  private CheckpointStore(Disk disk, Path folder) {
    this.disk = disk;
    this.folder = folder;
  }

  /** Opens the folder to save into it: makes it if need be, removes what a save that was killed left there. */
  public static CheckpointStore open(Disk disk, Path folder) {
    try {
      disk.makeFolder(folder);
      AtomicSave.removeTemps(disk, folder, "ckpt-", _ -> true);
      return new CheckpointStore(disk, folder);
    } catch (IOException e) {
      throw DiskFaults.writing(disk, folder, 0, e);
    }
  }

  /**
   * Saves a checkpoint; when it is on the disk and proved, older ones are deleted as {@link #prune} does. A fault of the
   * save leaves all older ones in place.
   */
  public Path save(long step, List<Tensor> tensors, Map<String, String> metadata, OptionalLong best) {
    var file = save(step, tensors, metadata);
    prune(best);
    return file;
  }

  /**
   * Saves a checkpoint and deletes none: for a run that names its best in another file, which must be written before the
   * best of before goes.
   */
  public Path save(long step, List<Tensor> tensors, Map<String, String> metadata) {
    var file = file(step);
    SafeTensorsWriter.save(disk, file, tensors, metadata);
    saved = step;
    return file;
  }

  /** Deletes all checkpoints except the newest three, the last that was saved here and {@code best}. */
  public void prune(OptionalLong best) {
    var steps = steps();
    var kept = new HashSet<>(steps.subList(0, Math.min(KEPT, steps.size())));
    kept.add(saved);
    best.ifPresent(kept::add);
    try {
      for (long s : steps) if (!kept.contains(s)) disk.delete(file(s));
    } catch (IOException e) {
      throw DiskFaults.writing(disk, folder, 0, e);
    }
  }

  /** Steps that have a checkpoint, whole or not, the newest first. */
  public List<Long> steps() {
    try {
      return disk.list(folder).stream().flatMapToLong(name -> step(name).stream()).boxed().sorted(Comparator.reverseOrder()).toList();
    } catch (IOException e) {
      throw DiskFaults.reading(folder, e);
    }
  }

  /**
   * A checkpoint that is whole.
   *
   * @param skipped newer ones that are not, the newest first
   */
  public record Checkpoint(long step, Path file, TensorFile content, List<Skipped> skipped) {}

  /**
   * A checkpoint that could not be used.
   *
   * @param file where it is now; its name ends in {@code .corrupt} if it is damaged
   * @param reason why
   */
  public record Skipped(Path file, Fault reason) {}

  /**
   * The newest whole checkpoint. Damaged ones are kept under a name that ends in {@code .corrupt}. Faults: M001 there is
   * none, M011 none is whole, M006 the newest was written by a newer version.
   */
  public Checkpoint newest() {
    var skipped = new ArrayList<Skipped>();
    for (long step : steps()) {
      try {
        return new Checkpoint(step, file(step), read(step), List.copyOf(skipped));
      } catch (Fault f) {
        if (!DAMAGED.contains(f.code()) && !UNREADABLE.contains(f.code())) throw f;
        skipped.add(new Skipped(DAMAGED.contains(f.code()) ? setAside(step) : file(step), f));
      }
    }
    if (skipped.isEmpty()) throw Fault.of(Code.M001, "the run has no checkpoint yet").at("%s", folder)
        .because("its training ended before the first one was saved").mend("start the training anew");
    var none = Fault.of(Code.M011, "none of %d checkpoints can be read", skipped.size()).at("%s", folder)
        .because("%s", String.join("; ", skipped.stream().map(s -> s.reason().getMessage()).toList()));
    throw none.mend("restore a copy, or start the training anew; damaged files are kept as *%s", CORRUPT);
  }

  /** The checkpoint of {@code step}, for instance the best one. M001 if there is none, otherwise as the reader says. */
  public TensorFile read(long step) { return SafeTensorsReader.of(disk, file(step)).read(); }

  /** Where the checkpoint of {@code step} lies or would lie. */
  public Path file(long step) { return folder.resolve(name(step)); }

  /** The name of the file of {@code step}; the same on every machine, whatever digits its language has. */
  public static String name(long step) { return String.format(Locale.ROOT, "ckpt-%09d.safetensors", step); }

  /** Step of the checkpoint that a file of this name is; empty for another file. */
  public static OptionalLong step(String name) {
    var m = NAME.matcher(name);
    return m.matches() ? OptionalLong.of(Long.parseLong(m.group(1))) : OptionalLong.empty();
  }

  private Path setAside(long step) {
    var aside = folder.resolve(file(step).getFileName() + CORRUPT);
    try {
      disk.move(file(step), aside);
      return aside;
    } catch (IOException e) {
      return file(step); // a disk that cannot rename still reads: the caller hears of the damage all the same
    }
  }
}
