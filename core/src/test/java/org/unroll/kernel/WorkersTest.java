package org.unroll.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WorkersTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 23})
  void run_manyJobs_everyPartOnce(int threads) {
    var workers = new Workers(threads);
    for (int job = 0; job < 3_000; job++) {
      int parts = job % 27;
      var seen = new AtomicIntegerArray(27);
      workers.run(parts, i -> seen.incrementAndGet(i));
      for (int i = 0; i < 27; i++) assertEquals(i < parts ? 1 : 0, seen.get(i), "job " + job + " part " + i);
    }
  }

  @Test void run_twoParts_runAtTheSameTime() {
    var workers = new Workers(2);
    var both = new java.util.concurrent.CyclicBarrier(2);
    for (int job = 0; job < 500; job++) {
      workers.run(2, _ -> {
        try {
          both.await();
        } catch (InterruptedException | java.util.concurrent.BrokenBarrierException e) {
          throw new AssertionError(e);
        }
      });
    }
    assertEquals(0, both.getNumberWaiting());
  }

  @Test void run_partsAtTheSameTime_eachThreadBeginsWithThatOfItsNumber() {
    var workers = new Workers(3);
    var all = new java.util.concurrent.CyclicBarrier(3);
    var names = new java.util.concurrent.atomic.AtomicReferenceArray<String>(3);
    var caller = Thread.currentThread().getName();
    for (int job = 0; job < 200; job++) {
      workers.run(3, i -> {
        names.set(i, Thread.currentThread().getName());
        try {
          all.await();
        } catch (InterruptedException | java.util.concurrent.BrokenBarrierException e) {
          throw new AssertionError(e);
        }
      });
      assertEquals("[" + caller + ", unroll-worker-1, unroll-worker-2]", names.toString());
    }
  }

  @Test void run_plainWrites_areSeenByTheCaller() {
    var workers = new Workers(3);
    int[] x = new int[64];
    for (int job = 1; job <= 2_000; job++) {
      int value = job;
      workers.run(64, i -> x[i] += value);
    }
    for (int v : x) assertEquals(2_000 * 2_001 / 2, v);
  }

  @Test void run_withinAPart_runsInline() {
    var workers = new Workers(3);
    var count = new AtomicInteger();
    workers.run(5, _ -> {
      var thread = Thread.currentThread();
      workers.run(4, _ -> {
        assertSame(thread, Thread.currentThread());
        count.incrementAndGet();
      });
    });
    assertEquals(20, count.get());
  }

  @Test void run_fromTwoThreads_bothFinish() throws InterruptedException {
    var workers = new Workers(2);
    var count = new AtomicInteger();
    Runnable many = () -> {
      for (int job = 0; job < 2_000; job++) workers.run(3, _ -> count.incrementAndGet());
    };
    var other = new Thread(many);
    other.start();
    many.run();
    other.join();
    assertEquals(12_000, count.get());
  }

  @Test void run_partsThrow_lowestIsThrownAfterAllRan() {
    var workers = new Workers(3);
    for (int job = 0; job < 200; job++) {
      var count = new AtomicInteger();
      var e = assertThrows(IllegalArgumentException.class, () -> workers.run(8, i -> {
        count.incrementAndGet();
        if (i % 3 == 2) throw new IllegalArgumentException("part " + i);
      }));
      assertEquals("part 2", e.getMessage());
      assertEquals(8, count.get());
    }
    var after = new AtomicInteger();
    workers.run(8, _ -> after.incrementAndGet());
    assertEquals(8, after.get());
  }
}
