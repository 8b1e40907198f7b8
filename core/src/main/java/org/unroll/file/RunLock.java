package org.unroll.file;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;

/**
 * The right to write into a run folder: a lock of the system on {@code run.lock}, gone when the process is, however it
 * ends. The file says who holds it and stays when nobody does: a lock file that is deleted can be locked twice.
 */
public final class RunLock implements AutoCloseable {
  /** Beyond the text, so that others can read it where locks are mandatory. */
  private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

  /**
   * Who in this process holds which folder. The system's lock belongs to the process and is lost as soon as the process
   * closes the file a second time, so a folder that is held here must be known before the file is opened.
   */
  private static final ConcurrentMap<Path, String> HELD_HERE = new ConcurrentHashMap<>();

  private final Path folder;
  private final FileChannel channel;

  private RunLock(Path folder, FileChannel channel) {
    this.folder = folder;
    this.channel = channel;
  }

  /** Takes the run. Fault R008 names the process that has it; G002 and G003 if the file cannot be written. */
  public static RunLock take(Path runFolder) {
    var file = runFolder.resolve("run.lock");
    try {
      var folder = runFolder.toRealPath();
      var now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
      var me = "pid " + ProcessHandle.current().pid() + " on " + host() + " since " + now;
      var other = HELD_HERE.putIfAbsent(folder, me);
      if (other != null) throw busy(runFolder, other);
      boolean taken = false;
      try {
        var lock = new RunLock(folder, lock(file, runFolder, me));
        taken = true;
        return lock;
      } finally {
        if (!taken) HELD_HERE.remove(folder);
      }
    } catch (NoSuchFileException e) {
      throw DiskFaults.reading(runFolder, e);
    } catch (IOException e) {
      throw DiskFaults.writing(Disk.real(), file, 0, e);
    }
  }

  /** Whether some process has the run. */
  public static boolean held(Path runFolder) {
    try {
      if (HELD_HERE.containsKey(runFolder.toRealPath())) return true;
      try (var channel = FileChannel.open(runFolder.resolve("run.lock"), StandardOpenOption.READ);
          var lock = channel.tryLock(LOCKED_BYTE, 1, true)) {
        return lock == null;
      }
    } catch (IOException e) {
      return false; // there is no lock file, or it cannot be read: nobody is known to have the run
    }
  }

  private static FileChannel lock(Path file, Path runFolder, String me) throws IOException {
    var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    boolean taken = false;
    try {
      if (channel.tryLock(LOCKED_BYTE, 1, false) == null) throw busy(runFolder, holder(channel));
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(me.getBytes(StandardCharsets.UTF_8)), 0);
      taken = true;
      return channel;
    } finally {
      if (!taken) closeQuietly(channel);
    }
  }

  private static Fault busy(Path runFolder, String holder) {
    return Fault.of(Code.R008, "another trainer has the run: %s", holder).at("%s", runFolder)
        .mend("wait until it ends, or stop it").mend("give this one a folder of its own");
  }

  private static String holder(FileChannel channel) throws IOException {
    var text = ByteBuffer.allocate(1024);
    channel.read(text, 0);
    var holder = new String(text.array(), 0, text.position(), StandardCharsets.UTF_8);
    return holder.isBlank() ? "a process that has just started" : holder;
  }

  /** The name of this machine, or container. */
  static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "this machine";
    }
  }

  /** Gives the run back. */
  @Override public void close() {
    if (!channel.isOpen()) return; // a second close must not release what somebody else has taken since
    try {
      channel.truncate(0);
    } catch (IOException e) {
      // the text is stale then; only the lock counts, and closing gives it back
    }
    closeQuietly(channel);
    HELD_HERE.remove(folder);
  }

  private static void closeQuietly(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // nothing was written that matters
    }
  }
}
