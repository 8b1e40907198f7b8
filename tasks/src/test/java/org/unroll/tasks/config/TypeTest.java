package org.unroll.tasks.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;

class TypeTest {
  private static final Type WHOLE = new Type.Whole(1, 1024);
  private static final Type REAL = new Type.Real(0, true, 1, false);

  @Test void whole_inRange_isRead() {
    assertEquals(1L, WHOLE.parse("k", "1"));
    assertEquals(1024L, WHOLE.parse("k", "1024"));
    assertEquals(7L, WHOLE.parse("k", "+007"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1.0", "1e3", "0x10", "ten", " 1", "1_000", "٣"})
  void whole_notDigits_isMistyped(String text) {
    var f = assertThrows(Fault.class, () -> WHOLE.parse("k", text));
    assertEquals(Code.C010, f.code());
    assertEquals("k is \"" + text + "\", must be a whole number from 1 to 1024", f.what());
  }

  @Test void whole_longerThan64Digits_isMistypedAndCut() {
    var f = assertThrows(Fault.class, () -> WHOLE.parse("k", "1".repeat(65)));
    assertEquals("k is \"" + "1".repeat(60) + "…\", must be a whole number from 1 to 1024", f.what());
  }

  @ParameterizedTest
  @CsvSource({"0,1", "-5,1", "1025,1024", "99999999999999999999999999,1024"})
  void whole_outOfRange_namesTheNearest(String text, String nearest) {
    var f = assertThrows(Fault.class, () -> WHOLE.parse("k", text));
    assertEquals(Code.C011, f.code());
    assertEquals("k is " + text + ", must be a whole number from 1 to 1024", f.what());
    assertEquals(List.of("the nearest value allowed is " + nearest), f.mend());
  }

  @Test void real_everyNotation_isRead() {
    assertEquals(0.002, REAL.parse("k", "2e-3"));
    assertEquals(0.5, REAL.parse("k", ".5"));
    assertEquals(1.0, REAL.parse("k", "1."));
    assertEquals(1.0, REAL.parse("k", "+1.0E0"));
  }

  @ParameterizedTest
  @ValueSource(strings = {".nan", "NaN", "-.inf", "Infinity", "1e999", "-1e999"})
  void real_notFinite_isOutOfRange(String text) {
    var f = assertThrows(Fault.class, () -> REAL.parse("k", text));
    assertEquals(Code.C011, f.code());
    assertEquals("k is " + text + ", must be finite", f.what());
  }

  @Test void real_atTheEnds_openOrClosed() {
    assertEquals(1.0, REAL.parse("k", "1"));
    var f = assertThrows(Fault.class, () -> REAL.parse("k", "0"));
    assertEquals("k is 0, must be a number greater than 0 and at most 1", f.what());
    var below1 = new Type.Real(0, false, 1, true);
    assertEquals(0.0, below1.parse("k", "-0.0"));
    assertEquals("k is 1.0, must be a number at least 0 and less than 1",
        assertThrows(Fault.class, () -> below1.parse("k", "1.0")).what());
  }

  @Test void real_hexadecimal_isMistyped() {
    assertEquals(Code.C010, assertThrows(Fault.class, () -> REAL.parse("k", "0x1p-3")).code());
    assertEquals(Code.C010, assertThrows(Fault.class, () -> REAL.parse("k", "1d")).code());
  }

  @Test void choice_misspelt_isOutOfRangeWithTheNearest() {
    var cells = new Type.Choice(List.of("lstm", "gru"));
    assertEquals("gru", cells.parse("k", "gru"));
    var f = assertThrows(Fault.class, () -> cells.parse("k", "lsmt"));
    assertEquals(Code.C011, f.code());
    assertEquals("k is \"lsmt\", must be one of lstm, gru", f.what());
    assertEquals(List.of("did you mean lstm?"), f.mend());
  }

  @Test void truth_anythingElse_isMistyped() {
    assertEquals(true, new Type.Truth().parse("k", "true"));
    assertEquals("k is \"yes\", must be true or false",
        assertThrows(Fault.class, () -> new Type.Truth().parse("k", "yes")).what());
  }

  @ParameterizedTest
  @CsvSource({"512MB,512000000,512MB", "1GiB,1073741824,1GiB", "1024 kib,1048576,1MiB", "2000kb,2000000,2MB", "1536B,1536,1536B"})
  void size_withUnit_isBytes(String text, long bytes, String shown) {
    var size = new Type.Size(1, Long.MAX_VALUE);
    assertEquals(bytes, size.parse("k", text));
    assertEquals(shown, size.show(bytes));
  }

  @Test void size_withoutUnitOrTooSmall_isRefused() {
    var size = new Type.Size(1000, 1_000_000);
    assertEquals(Code.C010, assertThrows(Fault.class, () -> size.parse("k", "512")).code());
    var f = assertThrows(Fault.class, () -> size.parse("k", "1B"));
    assertEquals("k is 1B, must be a size from 1KB to 1MB, such as 512MB or 1GiB", f.what());
  }

  @ParameterizedTest
  @CsvSource({"0.002,2e-3", "0.05,0.05", "10,10", "1e-8,1e-8", "0.9,0.9", "1.5e-5,1.5e-5", "12345678,1.2345678e7",
      "-0.25,-0.25", "0,0"})
  void number_isWrittenShort(double value, String text) {
    assertEquals(text, Type.number(value));
    assertEquals(value, Double.parseDouble(text));
  }
}
