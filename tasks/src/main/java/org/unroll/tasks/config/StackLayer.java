package org.unroll.tasks.config;

import static org.unroll.fault.Code.C010;
import static org.unroll.fault.Code.C012;
import static org.unroll.fault.Code.C013;
import static org.unroll.fault.Code.C014;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.unroll.cell.Cells;
import org.unroll.fault.Fault;
import org.unroll.fault.Nearest;
import org.unroll.layer.Noise;
import org.unroll.model.Spec;
import org.unroll.model.Start;

/**
 * One layer of {@code model.stack}: {@code gru 256 residual dropout 0.2}, or the same as a map of {@link #FIELDS}.
 *
 * @param cell one of {@link Cells#names}, or {@value #MLSTM} or {@value #JORDAN}, which are layers and no cells
 * @param units H
 * @param projection width of the output, below units; 0 for units
 * @param connect how its output meets its input
 * @param dropout share of its output that is dropped; empty: {@code model.dropout}
 * @param heads of an mLSTM; 0 for others
 * @param scan steps of a chunk of a scan over time, 0 for none; empty: {@code model.scan}
 */
public record StackLayer(String cell, int units, int projection, Connect connect, OptionalDouble dropout, int heads,
    OptionalInt scan) {
  /** The layer whose heads remember a matrix each. */
  public static final String MLSTM = "mlstm";

  /** The layer that hears what the model says: the last. */
  public static final String JORDAN = "jordan";

  private static final String HEADS = "4";

  /** A line that has the field. */
  private static final Map<String, String> EXAMPLES = Map.of("projection", "lstm 512 projection 128", "connect", "lstm 256 residual",
      "dropout", "lstm 256 dropout 0.2", "heads", "mlstm 256 heads 4", "scan", "mingru 256 scan 64",
      "direction", "lstm 256, which walks forward");

  StackLayer(String cell, int units, int projection, Connect connect, OptionalDouble dropout) {
    this(cell, units, projection, connect, dropout, 0, OptionalInt.empty());
  }

  /** A way around the layer: none, added, or mixed in by a gate. */
  public enum Connect { NONE, RESIDUAL, HIGHWAY }

  /** Words of a line that have another behind them. */
  private static final List<String> PAIRS = List.of("dropout", "projection", "heads", "scan");

  /** What a layer says of itself when it is written as a map. */
  static final List<String> FIELDS = List.of("cell", "units", "heads", "projection", "connect", "dropout", "scan", "direction");

  /** What {@link Cells#more} are. */
  static final String NORMALISED = "and the -unbiased and -scalar forms of -ln";

  static final Type CELL =
      new Type.Choice(Stream.concat(Cells.names().stream(), Stream.of(MLSTM, JORDAN)).toList(), Cells.more(), NORMALISED, Map.of());
  static final Type UNITS = new Type.Whole(1, 65_536), HEAD_COUNT = new Type.Whole(1, 1024), PROJECTION = new Type.Whole(0, 65_535);
  static final Type SCAN = new Type.Whole(0, 65_536);
  static final Type CONNECT = new Type.Choice(List.of("none", "residual", "highway"));
  static final Type DROPOUT = new Type.Real(0, false, 1, true);
  static final Type DIRECTION = new Type.Choice(List.of("forward", "backward", "both"));

  /** Whether it is a cell run over time, and no layer of its own kind. */
  public boolean isCell() { return Cells.find(cell) != null; }

  /** Columns of what it puts out. */
  public int width() { return projection > 0 ? projection : units; }

  /** As it is written in one line. */
  public String text() {
    return cell + " " + units + (heads > 0 ? " heads " + heads : "") + (projection > 0 ? " projection " + projection : "")
        + (connect == Connect.NONE ? "" : " " + connect.name().toLowerCase(Locale.ROOT))
        + (dropout.isPresent() ? " dropout " + Type.number(dropout.getAsDouble()) : "")
        + (scan.isPresent() ? " scan " + scan.getAsInt() : "");
  }

  // ---- from text

  /** @param who the layer, for messages: "layer 2 of model.stack" */
  static StackLayer parse(String who, String text) { return of(who, fields(who, text)); }

  /** What {@link #text} wrote. */
  static StackLayer parse(String text) { return parse("the layer", text); }

  private static Map<String, String> fields(String who, String text) {
    String[] words = text.strip().split("\\s+");
    if (words.length < 2) throw missing(who, words[0].isEmpty() ? "cell" : "units");
    var fields = new LinkedHashMap<>(Map.of("cell", words[0], "units", words[1]));
    for (int i = 2; i < words.length; i++) {
      boolean pair = PAIRS.contains(words[i]);
      if (pair && i + 1 == words.length) throw Fault.of(C010, "%s: %s has no value", who, words[i]);
      String field = pair ? words[i] : field(who, words[i]);
      if (fields.put(field, pair ? words[++i] : words[i]) != null) throw Fault.of(C013, "%s: %s is given twice", who, field);
    }
    return fields;
  }

  /** Which field a word that stands alone is of. */
  private static String field(String who, String word) {
    if (((Type.Choice) CONNECT).words().contains(word)) return "connect";
    if (((Type.Choice) DIRECTION).words().contains(word)) return "direction";
    var known = Stream.concat(Stream.of("residual", "highway"), PAIRS.stream()).toList();
    var fault = Fault.of(C010, "%s: %s is not a word of a layer", who, Type.quote(word))
        .because("a layer is a cell and its units, then any of %s", "residual, highway, dropout X, projection N, heads N, scan N");
    var near = Nearest.of(word, known);
    throw near.isPresent() ? fault.mend("did you mean %s?", near.get()) : fault.mend("for example: lstm 256 residual dropout 0.2");
  }

  // ---- from fields

  /** A layer of its fields. The place of a fault is the name of the field that it is about, or nothing. */
  static StackLayer of(String who, Map<String, String> fields) {
    for (var field : fields.keySet()) if (!FIELDS.contains(field)) throw unknown(who, field);
    for (var field : List.of("cell", "units")) if (!fields.containsKey(field)) throw missing(who, field);
    requireForward(who, fields.get("direction"));
    String cell = (String) value(who, CELL, fields, "cell", null);
    int units = Math.toIntExact((Long) value(who, UNITS, fields, "units", null));
    int projection = Math.toIntExact((Long) value(who, PROJECTION, fields, "projection", "0"));
    String connect = (String) value(who, CONNECT, fields, "connect", "none");
    int heads = heads(who, fields, cell);
    requireAble(who, fields, cell);
    var scan = !fields.containsKey("scan") ? OptionalInt.empty()
        : OptionalInt.of(Math.toIntExact((Long) value(who, SCAN, fields, "scan", null)));
    requireLayer(who, cell, units, projection, heads, scan.orElse(0));
    var dropout = !fields.containsKey("dropout") ? OptionalDouble.empty()
        : OptionalDouble.of((Double) value(who, DROPOUT, fields, "dropout", null));
    return new StackLayer(cell, units, projection, Connect.valueOf(connect.toUpperCase(Locale.ROOT)), dropout, heads, scan);
  }

  /** 0 for a cell, which has none. */
  private static int heads(String who, Map<String, String> fields, String cell) {
    if (cell.equals(MLSTM)) return Math.toIntExact((Long) value(who, HEAD_COUNT, fields, "heads", HEADS));
    if (!fields.containsKey("heads")) return 0;
    throw Fault.of(C014, "%s: heads is %s and the cell %s", who, fields.get("heads"), cell).at("heads").because("only mlstm has heads")
        .mend("leave heads out");
  }

  private static Object value(String who, Type type, Map<String, String> fields, String field, String initial) {
    try {
      return type.parse(who + ": " + field, fields.getOrDefault(field, initial));
    } catch (Fault f) {
      throw (f.mend().isEmpty() ? f.mend("for example: %s", EXAMPLES.getOrDefault(field, "lstm 256")) : f).at(field);
    }
  }

  private static void requireForward(String who, String direction) {
    if (direction == null || direction.equals("forward")) return;
    value(who, DIRECTION, Map.of("direction", direction), "direction", null);
    throw Fault.of(C014, "%s: direction is %s, must be forward", who, direction).at("direction")
        .because("a language model predicts the next symbol, which a layer that walks backward has seen already")
        .mend("leave the direction out");
  }

  /** Layers that are no cells cannot do all that cells can. */
  private static void requireAble(String who, Map<String, String> fields, String cell) {
    var never = switch (cell) {
      case MLSTM -> List.of("projection", "scan");
      case JORDAN -> List.of("projection", "connect", "dropout", "scan");
      default -> List.<String>of();
    };
    for (var field : never) {
      var value = fields.getOrDefault(field, "0");
      if (value.equals("0") || value.equals("none")) continue;
      throw Fault.of(C014, "%s: %s is %s and the cell %s", who, field, value, cell).at(field)
          .because(field.equals("scan") ? "a scan joins steps that are linear in the state, unit by unit"
              : cell.equals(MLSTM) ? "an mlstm puts out what its heads read, with no projection"
              : "what a jordan layer puts out is what the output layer is given, and nothing between").mend("leave %s out", field);
    }
  }

  /** The rules that a layer of a model has for its sizes. */
  private static void requireLayer(String who, String cell, int units, int projection, int heads, int scan) {
    try {
      var start = Start.of(Start.Kind.GLOROT);
      if (cell.equals(MLSTM)) new Spec.Mlstm(units, heads, Spec.Direction.FORWARD, 1, start);
      else if (!cell.equals(JORDAN)) new Spec.Recurrent(cell, units, Spec.Direction.FORWARD, 1, start, start, projection, Noise.NONE, scan);
    } catch (Fault f) {
      var own = Fault.of(f.code(), "%s: %s", who, f.what().replace("recurrent.", "")).at(f.where().substring(f.where().indexOf('.') + 1));
      if (!f.why().isEmpty()) own = own.because("%s", f.why());
      for (var way : f.mend()) own = own.mend("%s", way);
      throw own;
    }
  }

  private static Fault missing(String who, String field) {
    return Fault.of(C010, "%s: %s is missing", who, field).because("a layer is a cell and its units").mend("for example: lstm 256");
  }

  private static Fault unknown(String who, String field) {
    var fault = Fault.of(C012, "%s: unknown key %s", who, Type.quote(field)).at(field);
    var near = Nearest.of(field, FIELDS);
    if (near.isPresent()) fault = fault.mend("did you mean %s?", near.get());
    return fault.mend("a layer has the keys %s", String.join(", ", FIELDS));
  }
}
