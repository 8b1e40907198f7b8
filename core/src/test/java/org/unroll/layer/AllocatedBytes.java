package org.unroll.layer;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.stream.LongStream;

/** Bytes that all threads together allocate while something runs. */
public final class AllocatedBytes {
  private static final int ROUNDS = 700;
  private static final MethodHandle ALLOCATED = allocatedBytes();

  private AllocatedBytes() {}

  /** Bytes of one call once they are below the limit; of the last of many calls where they never are. Below 0 a thread has ended meanwhile. */
  public static long steady(Runnable step, long limit) throws Throwable {
    long bytes = limit;
    for (int i = 0; i < ROUNDS && (bytes >= limit || bytes < 0); i++) bytes = of(step);
    return bytes;
  }

  /** Bytes of one call. */
  public static long of(Runnable step) throws Throwable {
    long[] ids = LongStream.concat(LongStream.of(Thread.currentThread().threadId()), workers()).toArray();
    long[] before = bytes(ids), again = bytes(ids);
    step.run();
    long[] after = bytes(ids);
    long sum = 0;
    for (int i = 0; i < ids.length; i++) sum += after[i] - again[i] - (i == 0 ? again[i] - before[i] : 0);
    return sum;
  }

  /** Threads that are not this one and not the JVM's own. */
  private static LongStream workers() {
    return Thread.getAllStackTraces().keySet().stream().filter(t -> t != Thread.currentThread())
        .filter(t -> t.getThreadGroup() != null && t.getThreadGroup() == Thread.currentThread().getThreadGroup())
        .mapToLong(Thread::threadId);
  }

  private static long[] bytes(long[] ids) throws Throwable { return (long[]) ALLOCATED.invokeExact(ids); }

  /** The bean's module is not one that core reads. */
  private static MethodHandle allocatedBytes() {
    try {
      var bean = Class.forName("java.lang.management.ManagementFactory").getMethod("getThreadMXBean").invoke(null);
      var type = Class.forName("com.sun.management.ThreadMXBean");
      return MethodHandles.publicLookup().unreflect(type.getMethod("getThreadAllocatedBytes", long[].class)).bindTo(bean);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("no thread bean", e);
    }
  }
}
