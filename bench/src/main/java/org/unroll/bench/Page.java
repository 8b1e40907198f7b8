package org.unroll.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;

/** A page that has the table in it, between two marks. */
final class Page {
  static final String BEGIN = "<!-- table: written by unroll bench --doc -->", END = "<!-- end of the table -->";

  private Page() {}

  /** The page with {@code table} in the place of what stood between the marks. */
  static String with(String page, String table) {
    int from = page.indexOf(BEGIN), to = page.indexOf(END);
    if (from < 0 || to < from) {
      throw Fault.of(Code.U001, "the page has no place for the table").mend("put two lines into it: %s and %s", BEGIN, END);
    }
    return page.substring(0, from + BEGIN.length()) + "\n```text\n" + table + "```\n" + page.substring(to);
  }

  /** U001 if the page has no place for a table, G003 if it cannot be read or written. */
  static void require(Path file) {
    try {
      with(Files.readString(file), "");
    } catch (Fault f) {
      throw f.at(file.toString());
    } catch (IOException e) {
      throw Fault.of(Code.G003, "the page cannot be read").at(file.toString()).causedBy(e);
    }
    if (!Files.isWritable(file)) throw Fault.of(Code.G003, "the page cannot be written").at(file.toString());
  }

  /** @return what is to be said of it: how many rows the page has lost; empty for none */
  static String put(Path file, String table) throws IOException {
    String page = Files.readString(file);
    long before = rows(page), now = rows(table);
    Files.writeString(file, with(page, table));
    return now >= before ? "" : file + " had " + before + " rows and has " + now + " now; with --out and --resume a table keeps earlier ones";
  }

  /** Each row has a line of ours. */
  private static long rows(String table) { return table.lines().filter(l -> l.startsWith("  unroll ")).count(); }
}
