package org.unroll.bench;

/** {@link Limits} in a process of its own: for one thread, and for all. */
final class LimitsProbe {
  static final String ID = "limits";

  private LimitsProbe() {}

  /** Arguments: the number of the process, and of threads. */
  public static void main(String[] args) {
    int process = Integer.parseInt(args[0]), most = Integer.parseInt(args[1]);
    for (int threads = 1; threads <= most; threads++) {
      tell(process, "peak " + threads, Limits.peak(threads));
      for (int level = 0; level < Machine.LEVELS.size(); level++) {
        tell(process, Machine.LEVELS.get(level) + " " + threads, Limits.bandwidth(threads, Machine.fits(level, threads)));
      }
    }
    System.out.println(new Line.Done(ID, process).text());
  }

  private static void tell(int process, String name, double value) {
    System.out.println(new Line.Figure(ID, process, name, Double.toString(value)).text());
  }
}
