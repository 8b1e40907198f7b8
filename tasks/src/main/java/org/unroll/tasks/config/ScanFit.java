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
    if (net.scan() == 0) return;
    if (net.all().stream().noneMatch(l -> scans(l.cell()))) {
      String key = net.stack().isEmpty() ? "model.cell" : "model.stack";
      throw Fault.of(C014, "model.scan has no effect with %s %s", key, c.get(key).text()).at("%s", c.get("model.scan").origin())
          .because("no layer's cell is linear in its state").mend("leave model.scan out")
          .mend("take one of the cells %s", String.join(", ", Cells.names().stream().filter(ScanFit::scans).toList()));
    }
    if (net.noise().zoneout() > 0) {
      throw Fault.of(C014, "model.scan is %d and model.zoneout %s", net.scan(), Type.number(net.noise().zoneout()))
          .at("%s", c.get("model.scan").origin()).because("zoneout keeps more of the state than the cell says").mend("model.scan: 0")
          .mend("model.zoneout: 0");
    }
  }

  /** Whether a layer is of a cell that can be scanned. */
  static boolean scans(String cell) { return Cells.find(cell) instanceof Linear; }
}
