package org.unroll.tasks.config;

import static org.unroll.fault.Code.C014;

import org.unroll.cell.Cells;
import org.unroll.cell.Linear;
import org.unroll.fault.Fault;

/** Whether a scan over time finds in a language model what it acts on. */
final class ScanFit {
  private ScanFit() {}

  /** C014 where it does not. */
  static void check(Config c, LmConfig.Net net) {
    if (net.scan() > 0) requireLayer(c, net);
    if (net.noise().zoneout() > 0 && net.all().stream().anyMatch(l -> net.scan(l) > 0)) {
      boolean all = net.scan() > 0;
      int scan = all ? net.scan() : net.all().stream().mapToInt(net::scan).filter(n -> n > 0).findFirst().orElseThrow();
      var where = all ? "model.scan" : "scan in model.stack";
      throw Fault.of(C014, "%s is %d and model.zoneout %s", where, scan, Type.number(net.noise().zoneout()))
          .at("%s", c.get(all ? "model.scan" : "model.stack").origin()).because("zoneout keeps more of the state than the cell says")
          .mend(all ? "model.scan: 0" : "leave scan out").mend("model.zoneout: 0");
    }
  }

  /** C014 where no layer takes its scan from {@code model.scan}. */
  private static void requireLayer(Config c, LmConfig.Net net) {
    if (net.all().stream().noneMatch(l -> scans(l.cell()))) {
      String key = net.stack().isEmpty() ? "model.cell" : "model.stack";
      throw Fault.of(C014, "model.scan has no effect with %s %s", key, c.get(key).text()).at("%s", c.get("model.scan").origin())
          .because("no layer's cell is linear in its state").mend("leave model.scan out")
          .mend("take one of the cells %s", String.join(", ", Cells.names().stream().filter(ScanFit::scans).toList()));
    }
    if (net.all().stream().allMatch(l -> !scans(l.cell()) || l.scan().isPresent())) {
      throw Fault.of(C014, "model.scan has no effect with %s %s", "model.stack", c.get("model.stack").text())
          .at("%s", c.get("model.scan").origin()).because("every layer that can be scanned has a scan of its own")
          .mend("leave model.scan out");
    }
  }

  /** Whether a layer is of a cell that can be scanned. */
  static boolean scans(String cell) { return Cells.find(cell) instanceof Linear; }
}
