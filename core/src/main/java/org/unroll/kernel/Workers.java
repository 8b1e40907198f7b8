package org.unroll.kernel;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/**
 * A fixed number of threads that run the parts of one job at a time; the caller is one of them. Thread i begins with part i, whose
 * operands may still be in its cache from the job before, if it comes in time; the other parts go to whoever is free. So which thread
 * runs which part is left to chance, and parts must not share what they write.
 *
 * <p>What a job costs beside its work: about half a microsecond where the threads are awake (docs/performance.md, streams), the
 * time in which a core makes 30,000 multiply-adds or reads 15,000 floats from its second cache; more where one must be woken. The
 * thresholds below which a job stays with its caller are round numbers above it.
 *
 * <p>A thread without work spins for a moment, then parks, and ends after some idle seconds; the next job starts it anew.
 * So there is nothing to close: an unused {@code Workers} is garbage. A call from within a part, or while another thread's
 * job is running, runs its parts in the calling thread. In the steady state nothing is allocated.
 */
final class Workers {
  /** A parked thread costs its stack alone, so it is kept through the pauses of a stream. */
  private static final long IDLE_NANOS = 10_000_000_000L;

  /** Looks for work before a thread parks: with fewer it sleeps between the steps of a stream, with more a core is kept from others. */
  private static final int SPINS = 4_000;
  private static final int AWAKE = 0, PARKED = 1, GONE = 2;

  /** Places in {@link #shared}, and the bits of a ticket. */
  private static final int TICKET = 16, UNFINISHED = 32, BITS = 22, MOST_PARTS = (1 << BITS) - 1, KEPT = 64 - 2 * BITS;

  private final Helper[] helpers;
  private final int spins;
  private final AtomicInteger busy = new AtomicInteger();

  /**
   * Two numbers that all threads look at, in cache lines of their own. {@link #TICKET}: what is left to be taken, so taking it is a
   * single compare-and-set: a bit for each part that is kept for the thread of its number; the next of the others; how many parts there
   * are. {@link #UNFINISHED}: parts that are not done.
   */
  private final AtomicLongArray shared = new AtomicLongArray(48);
  private volatile Thread waiting;
  private IntConsumer body;
  private Throwable failure;
  private int failed;

  /** @param threads at least 1, the caller included; more than the machine has is allowed */
  Workers(int threads) {
    assert threads >= 1 : threads + " threads";
    helpers = new Helper[threads - 1];
    for (int i = 0; i < helpers.length; i++) helpers[i] = new Helper(i + 1);
    spins = threads > Runtime.getRuntime().availableProcessors() ? 0 : SPINS;
  }

  int threads() { return helpers.length + 1; }

  /**
   * Runs {@code job} for 0 … parts − 1 and returns when all are done. Where several threads take part, all parts run even if one
   * throws; then the exception of the lowest part is thrown on. Alone, the caller stops at the first.
   */
  void run(int parts, IntConsumer job) {
    if (parts <= 1 || helpers.length == 0 || parts > MOST_PARTS || !busy.compareAndSet(0, 1)) {
      for (int i = 0; i < parts; i++) job.accept(i);
      return;
    }
    int kept = Math.min(Math.min(threads(), parts), KEPT);
    body = job;
    shared.set(UNFINISHED, parts);
    shared.set(TICKET, (1L << kept) - 1 << 2 * BITS | (long) kept << BITS | parts);
    for (int i = 0; i < Math.min(helpers.length, parts - 1); i++) helpers[i].wake();
    while (takeOne(0)) { }
    await();
    var thrown = failure;
    failure = null;
    body = null;
    busy.set(0);
    if (thrown != null) Workers.<RuntimeException>rethrow(thrown);
  }

  /**
   * Runs one part of the job if one is left: for this thread, for all, or for another thread that has not come. Once taken, a part keeps
   * its job alive, so {@link #body} is the right one.
   */
  private boolean takeOne(int thread) {
    long t = shared.get(TICKET), kept = t >>> 2 * BITS;
    int next = (int) (t >>> BITS) & MOST_PARTS, part;
    if (kept == 0 && next >= ((int) t & MOST_PARTS)) return false;
    if (thread < KEPT && (kept >>> thread & 1) != 0) part = thread;
    else if (next < ((int) t & MOST_PARTS)) part = next;
    else part = Long.numberOfTrailingZeros(kept);
    if (!shared.compareAndSet(TICKET, t, part == next ? t + (1L << BITS) : t ^ 1L << 2 * BITS + part)) return true;
    try {
      body.accept(part);
    } catch (Throwable e) {
      fail(part, e);
    }
    if (shared.decrementAndGet(UNFINISHED) == 0) LockSupport.unpark(waiting);
    return true;
  }

  private synchronized void fail(int part, Throwable e) {
    if (failure != null && failed < part) return;
    failure = e;
    failed = part;
  }

  private void await() {
    for (int i = 0; !done() && i < spins; i++) Thread.onSpinWait();
    if (done()) return;
    waiting = Thread.currentThread();
    while (!done()) LockSupport.park(this);
    waiting = null;
  }

  private boolean done() { return shared.get(UNFINISHED) == 0; }

  private boolean hasWork() {
    long t = shared.get(TICKET);
    return t >>> 2 * BITS != 0 || ((int) (t >>> BITS) & MOST_PARTS) < ((int) t & MOST_PARTS);
  }

  /** Throws a checked exception where none is declared: a part's exception reaches the caller as it was. */
  @SuppressWarnings("unchecked")
  private static <E extends Throwable> void rethrow(Throwable e) throws E { throw (E) e; }

  /** One thread, or its empty place. */
  private final class Helper implements Runnable {
    private final int number;
    private final AtomicInteger state = new AtomicInteger(GONE);
    private volatile Thread thread;

    Helper(int number) { this.number = number; }

    /** Called after the ticket is set; a helper looks at the ticket after it says it is parked: one of them sees the other. */
    void wake() {
      if (state.get() == AWAKE) return;
      if (state.compareAndSet(PARKED, AWAKE)) {
        LockSupport.unpark(thread);
      } else if (state.compareAndSet(GONE, AWAKE)) {
        var t = new Thread(this, "unroll-worker-" + number);
        t.setDaemon(true);
        thread = t;
        try {
          t.start();
        } catch (OutOfMemoryError noMoreThreads) {
          state.set(GONE);                        // the caller takes this helper's parts
        }
      }
    }

    @Override public void run() {
      do {
        for (int i = 0; i <= spins; i++) {
          if (takeOne(number)) i = 0;
          else Thread.onSpinWait();
        }
      } while (sleep());
    }

    /** Returns when there is work, or false when this thread is to end. */
    private boolean sleep() {
      state.set(PARKED);
      long end = System.nanoTime() + IDLE_NANOS;
      while (state.get() == PARKED) {
        if (hasWork()) {
          state.compareAndSet(PARKED, AWAKE);
        } else {
          long left = end - System.nanoTime();
          if (left <= 0 && state.compareAndSet(PARKED, GONE)) return false;
          LockSupport.parkNanos(Workers.this, left);
        }
      }
      return true;
    }
  }
}
