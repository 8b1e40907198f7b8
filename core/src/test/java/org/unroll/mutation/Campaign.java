package org.unroll.mutation;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.unroll.house.Source;

/**
 * Changes the sources of cells, layers, heads and scalar kernels in every small way and asks whether the proofs notice.
 * Started by {@link MutationCampaign} in a JVM of its own.
 */
public final class Campaign {
  /** How many times longer than without a change the proofs of a mutant may take; then they count as without end. */
  private static final int LONGER = 20;
  private static final long LEAST_SECONDS = 60;
  private static final int WORKERS = Math.min(2, Runtime.getRuntime().availableProcessors());

  private static final String ENDLESS = "no end";

  private enum Fate { KILLED, SURVIVED, EQUIVALENT, STILLBORN }

  private record Outcome(Mutant mutant, Fate fate, String by) {}

  private final Workshop shop;
  private final Map<String, List<Outcome>> outcomes = new TreeMap<>();

  private final Map<String, Long> seconds = new HashMap<>();

  private Campaign(Workshop shop) { this.shop = shop; }

  /** @param args folders of classes and test classes; then parts of file names, all if none */
  public static void main(String[] args) throws Exception {
    var filter = List.of(args).subList(2, args.length);
    var campaign = new Campaign(new Workshop(Path.of(args[0]), Path.of(args[1])));
    var sources = Source.all().stream().filter(Campaign::counts)
        .filter(s -> filter.isEmpty() || filter.stream().anyMatch(s.name()::contains)).toList();
    for (var s : sources) {
      long start = System.nanoTime();
      String found = campaign.judge(null, s.name());
      campaign.seconds.put(s.name(), Math.max(LEAST_SECONDS, LONGER * (System.nanoTime() - start) / 1_000_000_000L));
      if (found != null) throw new AssertionError("the control, without any change, fails for " + s.name() + ": " + found);
    }
    System.out.println("control: no proof fails without a change");
    campaign.run(sources);
    System.exit(campaign.report() ? 0 : 1);
  }

  /** Whether the file is one that is changed. */
  static boolean counts(Source s) {
    return s.name().matches("core/org/unroll/((cell|layer|head|hopfield)/[A-Z]\\w+|kernel/(Scalar(Kernels|ChainSums|Math)|Blend))\\.java");
  }

  private void run(List<Source> sources) throws InterruptedException {
    var mutants = new ArrayList<Mutant>();
    for (var parsed : Source.parse(sources)) mutants.addAll(Mutator.mutants(parsed));
    System.out.println(mutants.size() + " mutants of " + sources.size() + " files");
    try (var pool = Executors.newFixedThreadPool(WORKERS)) {
      for (var s : sources) {
        var tasks = mutants.stream().filter(m -> m.source().name().equals(s.name()))
            .map(m -> (Callable<Void>) () -> keep(judged(m))).toList();
        pool.invokeAll(tasks);
        if (outcomes.containsKey(s.name())) row(s.name().replace("core/org/unroll/", ""), counts(outcomes.get(s.name())));
      }
    }
  }

  private Outcome judged(Mutant m) {
    try {
      return outcome(m);
    } catch (RuntimeException | Error e) {
      return new Outcome(m, Fate.SURVIVED, "the campaign itself threw " + e);
    }
  }

  private synchronized Void keep(Outcome o) {
    outcomes.computeIfAbsent(o.mutant.source().name(), _ -> new ArrayList<>()).add(o);
    if (o.fate == Fate.SURVIVED) System.out.println("SURVIVED " + o.mutant + (o.by == null ? "" : " (" + o.by + ")"));
    boolean doubtful = o.fate == Fate.KILLED && (o.by.startsWith(ENDLESS) || o.by.contains("OutOfMemory"));
    if (doubtful) System.out.println("KILLED " + o.mutant + " (" + o.by + ")");
    return null;
  }

  private Outcome outcome(Mutant m) {
    var loader = shop.with(m.source().name(), m.source());
    if (loader == null) return new Outcome(m, Fate.STILLBORN, "does not compile");
    String by = timed(() -> judge(loader, m.source().name()), seconds.get(m.source().name()));
    if (by != null) return new Outcome(m, Fate.KILLED, by);
    String reason = Equivalents.reason(m);
    return reason == null ? new Outcome(m, Fate.SURVIVED, null) : new Outcome(m, Fate.EQUIVALENT, reason);
  }

  private String judge(ClassLoader loader, String file) throws ReflectiveOperationException {
    var own = loader == null ? shop.with(file, null) : loader;
    return (String) own.loadClass(Killers.class.getName()).getMethod("run", String.class).invoke(null, file);
  }

  /**
   * A mutant that never ends counts as killed; its thread is left behind. Looked at second by second: a process that was stopped
   * for a while has not used its time.
   */
  private static String timed(Callable<String> work, long seconds) {
    var task = new FutureTask<>(work);
    Thread.ofPlatform().daemon().start(task);
    try {
      for (long s = 0; s < seconds; s++) {
        try {
          return task.get(1, TimeUnit.SECONDS);
        } catch (TimeoutException _) {
          // once more
        }
      }
      return ENDLESS + " after " + seconds + " s";
    } catch (ExecutionException e) {
      return "threw " + e.getCause();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private boolean report() {
    System.out.printf("%n| file | mutants | killed | equivalent | survived |%n|---|---|---|---|---|%n");
    long[] all = new long[4];
    outcomes.forEach((file, list) -> {
      long[] n = counts(list);
      row(file.replace("core/org/unroll/", ""), n);
      for (int i = 0; i < 3; i++) all[i] += n[i];
    });
    row("all", all);
    long stillborn = outcomes.values().stream().mapToLong(list -> count(list, Fate.STILLBORN)).sum();
    System.out.println("\n" + stillborn + " more do not compile and are not counted");
    System.out.println("\nequivalent:");
    outcomes.values().stream().flatMap(List::stream).filter(o -> o.fate == Fate.EQUIVALENT)
        .forEach(o -> System.out.println("  " + o.mutant + " (" + o.by + ")"));
    return all[2] == 0;
  }

  /** Killed, equivalent, survived. */
  private static long[] counts(List<Outcome> list) {
    return new long[] {count(list, Fate.KILLED), count(list, Fate.EQUIVALENT), count(list, Fate.SURVIVED)};
  }

  private static void row(String name, long[] n) {
    System.out.printf("| %s | %d | %d | %d | %d |%n", name, n[0] + n[1] + n[2], n[0], n[1], n[2]);
  }

  private static long count(List<Outcome> list, Fate fate) { return list.stream().filter(o -> o.fate == fate).count(); }
}
