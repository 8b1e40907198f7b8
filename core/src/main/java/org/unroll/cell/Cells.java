package org.unroll.cell;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Every cell by its name. A new cell is one file and one line here. */
public final class Cells {
  private Cells() {}

  private static final Map<String, Cell> BY_NAME = byName();

  private static Map<String, Cell> byName() {
    var m = new LinkedHashMap<String, Cell>();
    m.put("elman", new Elman(Elman.Activation.TANH));
    m.put("elman-relu", new Elman(Elman.Activation.RELU));
    m.put("elman-identity", new Elman(Elman.Activation.IDENTITY));
    m.put("lstm", new Lstm(false));
    m.put("lstm-peephole", new Lstm(true));
    m.put("lstm-coupled", new CoupledLstm(false));
    m.put("lstm-coupled-peephole", new CoupledLstm(true));
    m.put("gru", new Gru(Update.KEEP));
    m.put("gru-write", new Gru(Update.WRITE));
    m.put("gru-before", new ResetBeforeGru(Update.KEEP));
    m.put("gru-before-write", new ResetBeforeGru(Update.WRITE));
    return Collections.unmodifiableMap(m);
  }

  /** Names in the order in which they are listed to people. */
  public static Set<String> names() { return BY_NAME.keySet(); }

  /** The cell called {@code name}; null if there is none. */
  public static Cell find(String name) { return BY_NAME.get(name); }

  /** The name of a cell; null for one that is not of ours. */
  public static String nameOf(Cell cell) {
    for (var e : BY_NAME.entrySet()) if (e.getValue().equals(cell)) return e.getKey();
    return null;
  }
}
