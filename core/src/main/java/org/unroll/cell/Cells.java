package org.unroll.cell;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.unroll.kernel.Activation;

/**
 * Every cell by its name. A new cell is one file and one line here.
 *
 * <p>Behind the name of a cell of {@link #NORMALISABLE} may stand {@code -ln}, layer normalisation as in Ba, Kiros and Hinton
 * 2016; then, in this order, {@code -sum} for {@link Norm.Of#SUM}, {@code -unbiased} for 1/(m − 1) and {@code -scalar} for one
 * γ and β each: {@code gru-ln-sum-unbiased}.
 */
public final class Cells {
  private Cells() {}

  /** Cells that can have layer normalisation inside. */
  public static final List<String> NORMALISABLE = List.of("elman", "elman-relu", "elman-identity", "lstm", "gru", "gru-write");

  private static final Pattern NORMALISED = Pattern.compile("(.+)-ln(-sum)?(-unbiased)?(-scalar)?");

  private static final Map<String, Cell> BY_NAME = byName();

  private static Map<String, Cell> byName() {
    var m = new LinkedHashMap<String, Cell>();
    m.put("elman", new Elman(Activation.TANH));
    m.put("elman-relu", new Elman(Activation.RELU));
    m.put("elman-identity", new Elman(Activation.IDENTITY));
    m.put("indrnn", new IndRnn(Activation.RELU));
    m.put("indrnn-tanh", new IndRnn(Activation.TANH));
    m.put("lstm", new Lstm(false));
    m.put("lstm-peephole", new Lstm(true));
    m.put("lstm-coupled", new CoupledLstm(false));
    m.put("lstm-coupled-peephole", new CoupledLstm(true));
    m.put("lstm-1997", new Lstm1997());
    m.put("gru", new Gru(Update.KEEP));
    m.put("gru-write", new Gru(Update.WRITE));
    m.put("gru-before", new ResetBeforeGru(Update.KEEP));
    m.put("gru-before-write", new ResetBeforeGru(Update.WRITE));
    m.put("mgu", new Mgu());
    m.put("mingru", new MinGru());
    m.put("minlstm", new MinLstm());
    m.put("slstm", new Slstm());
    for (String cell : List.of("elman", "lstm", "gru")) {
      m.put(cell + "-ln", normalised(m.get(cell), Norm.of(Norm.Of.HALVES)));
      m.put(cell + "-ln-sum", normalised(m.get(cell), Norm.of(Norm.Of.SUM)));
    }
    return Collections.unmodifiableMap(m);
  }

  /** Names in the order in which they are listed to people; of cells with layer normalisation the plainest. */
  public static Set<String> names() { return BY_NAME.keySet(); }

  /** Names that {@link #find} knows besides: the other choices of layer normalisation. */
  public static List<String> more() {
    var all = new ArrayList<String>();
    for (String cell : NORMALISABLE) {
      for (String of : List.of("", "-sum")) {
        for (String options : List.of("", "-unbiased", "-scalar", "-unbiased-scalar")) all.add(cell + "-ln" + of + options);
      }
    }
    all.removeAll(names());
    return all;
  }

  /** The cell called {@code name}; null if there is none. */
  public static Cell find(String name) {
    var cell = BY_NAME.get(name);
    var m = NORMALISED.matcher(name);
    if (cell != null || !m.matches() || !NORMALISABLE.contains(m.group(1))) return cell;
    return normalised(BY_NAME.get(m.group(1)), new Norm(m.group(2) == null ? Norm.Of.HALVES : Norm.Of.SUM,
        m.group(3) == null ? Norm.Divisor.M : Norm.Divisor.M_MINUS_1,
        m.group(4) == null ? Norm.Scale.VECTOR : Norm.Scale.SCALAR, Norm.EPSILON));
  }

  /** The cell with layer normalisation; of an LSTM's cell state too where the source has it. */
  private static Cell normalised(Cell cell, Norm norm) {
    boolean state = norm.of() == Norm.Of.HALVES && cell instanceof Lstm;
    return LayerNormed.of(state ? new NormedStateLstm(norm) : cell, norm);
  }

  /** The name of a cell; null for one that is not of ours. */
  public static String nameOf(Cell cell) {
    for (var e : BY_NAME.entrySet()) if (e.getValue().equals(cell)) return e.getKey();
    if (!(cell instanceof LayerNormed n)) return null;
    String inside = n.cell() instanceof NormedStateLstm ? "lstm" : nameOf(n.cell());
    String name = inside + "-ln" + (n.norm().of() == Norm.Of.SUM ? "-sum" : "")
        + (n.norm().divisor() == Norm.Divisor.M_MINUS_1 ? "-unbiased" : "") + (n.norm().scale() == Norm.Scale.SCALAR ? "-scalar" : "");
    return cell.equals(find(name)) ? name : null;
  }
}
