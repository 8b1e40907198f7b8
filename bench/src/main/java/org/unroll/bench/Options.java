package org.unroll.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;

/**
 * The command line of {@link Bench}.
 *
 * @param processes 0: measure in this one
 * @param most threads
 * @param cpu count a thread's processor time
 * @param task null: all
 * @param shape null: all
 * @param json null: none
 */
record Options(int processes, int rounds, int most, boolean quick, boolean cpu, String task, Shape shape, String json) {

  static Options parse(String[] args) {
    var o = new Options(5, 7, 2, false, false, null, null, null);
    for (int i = 0; i < args.length; i++) {
      switch (args[i]) {
        case "--quick" -> o = new Options(2, 3, o.most, true, o.cpu, o.task, o.shape, o.json);
        case "--cpu" -> o = new Options(o.processes, o.rounds, 1, o.quick, true, o.task, o.shape, o.json);
        default -> {
          if (i + 1 == args.length) throw Fault.of(Code.U001, "%s needs a value, or is unknown", args[i]);
          o = o.with(args[i], args[++i]);
        }
      }
    }
    return o;
  }

  private Options with(String name, String value) {
    return switch (name) {
      case "--processes" -> new Options(Integer.parseInt(value), rounds, most, quick, cpu, task, shape, json);
      case "--rounds" -> new Options(processes, Integer.parseInt(value), most, quick, cpu, task, shape, json);
      case "--threads" -> new Options(processes, rounds, Integer.parseInt(value), quick, cpu, task, shape, json);
      case "--task" -> new Options(processes, rounds, most, quick, cpu, value, shape, json);
      case "--shape" -> new Options(processes, rounds, most, quick, cpu, task, shape(value), json);
      case "--json" -> new Options(processes, rounds, most, quick, cpu, task, shape, value);
      default -> throw Fault.of(Code.U001, "%s is unknown", name);
    };
  }

  private static Shape shape(String value) {
    int[] n = Arrays.stream(value.split(",")).mapToInt(Integer::parseInt).toArray();
    return new Shape(n[0], n[1], n[2], n[3]);
  }

  Race race() { return quick ? new Race(rounds, 1, 0.1, cpu) : new Race(rounds, 3, 0.5, cpu); }

  List<Shape> shapes(String wanted, List<Shape> all) {
    if (task != null && !task.equals(wanted)) return List.of();
    return shape == null ? all : List.of(shape);
  }

  /** What a measuring process is told. */
  List<String> child() {
    var a = new ArrayList<String>();
    if (quick) a.add("--quick");
    if (cpu) a.add("--cpu");
    a.addAll(List.of("--processes", "0", "--rounds", Integer.toString(rounds), "--threads", Integer.toString(most)));
    if (task != null) a.addAll(List.of("--task", task));
    if (shape != null) a.addAll(List.of("--shape", "%d,%d,%d,%d".formatted(shape.steps(), shape.rows(), shape.inputs(), shape.units())));
    return a;
  }
}
