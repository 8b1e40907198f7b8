package org.unroll.tasks.text;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.file.Json;

/** A vocabulary as JSON: what a model file carries. */
public final class Vocabularies {
  /** What it is called inside a model file. */
  public static final String NAME = "vocabulary";

  private static final Json.Rules RULES = new Json.Rules(Code.M003, Code.M003, 4, 1 << 28, 1 << 16, 64, 0);

  private Vocabularies() {}

  /** UTF-8. */
  public static byte[] write(Vocabulary v) {
    var m = new LinkedHashMap<String, Object>();
    m.put("unit", v.unit().name().toLowerCase(Locale.ROOT));
    m.put("lowercase", v.lowerCase());
    m.put("symbols", v.symbols());
    return Json.write(m).getBytes(StandardCharsets.UTF_8);
  }

  /** What {@link #write} wrote; M003 for anything else. */
  public static Vocabulary read(byte[] json) {
    var where = NAME;
    if (Json.read(json, where, RULES) instanceof Map<?, ?> m && m.get("unit") instanceof String unit
        && m.get("lowercase") instanceof Boolean lower
        && m.get("symbols") instanceof List<?> symbols && symbols.stream().allMatch(String.class::isInstance)) {
      return Vocabulary.of(unit.equals("word") ? Unit.WORD : Unit.CHAR, lower, symbols.stream().map(String.class::cast).toList());
    }
    throw Fault.of(Code.M003, "the vocabulary is damaged").at(where);
  }
}
