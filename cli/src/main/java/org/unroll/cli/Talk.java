package org.unroll.cli;

import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.ResourceBundle;
import org.unroll.file.Json;
import org.unroll.tasks.text.Note;

/**
 * How a command speaks. Data goes to standard output ({@link #data}, {@link #json}); everything said to a person goes to
 * standard error ({@link #say}, {@link #warn}, {@link #detail}) in the person's language. With {@code --json} each of these
 * is an object on a line of its own there: {@code level}, {@code code} (the message's name in the bundle), {@code message}.
 */
final class Talk {
  /** Colours, and ways to write, of a terminal. */
  enum Style {
    BOLD("1"), DIM("2"), RED("31"), GREEN("32"), YELLOW("33"), CYAN("36");

    private final String code;

    Style(String code) { this.code = code; }
  }

  /** How much something said matters; in lower case the {@code level} of {@code --json}. */
  enum Level { NOTE, WARNING, ERROR }

  private final Io io;
  private final Flags flags;
  private final Language language;
  private final ResourceBundle messages;
  private final Called called;

  Talk(Io io, Flags flags, Language language) {
    this.io = io;
    this.flags = flags;
    this.language = language;
    this.messages = language.messages();
    this.called = Called.of(io.env());
  }

  Flags flags() { return flags; }

  Language language() { return language; }

  ResourceBundle messages() { return messages; }

  Map<String, String> env() { return io.env(); }

  InputStream in() { return io.in(); }

  Terminal terminal() { return io.terminal(); }

  /** A message of the bundle with its arguments, in the style of {@link String#format}. */
  String text(String key, Object... args) { return String.format(Locale.ROOT, typed(messages.getString(key)), args); }

  /** The text with the commands in it as the user types them. */
  String typed(String text) { return called.in(text); }

  /** A note in the person's language, harmless for a terminal. */
  String told(Note note) {
    var typed = Deeds.typed(note.what());
    var what = language == Language.ZH ? Chinese.of(typed).or(() -> Chinese.of(note.what())).orElse(typed) : typed;
    return printable(new Note(note.where(), what).toString());
  }

  /** A line of data on standard output, as it is. */
  void data(String line) { io.out().println(line); }

  /** Data without a line end; flushed, so that a reader sees it at once. */
  void raw(String data) {
    io.out().print(data);
    io.out().flush();
  }

  /** Writes out what is still held back. */
  void flush() {
    io.out().flush();
    io.err().flush();
  }

  /** Whether nobody takes standard output any more. */
  boolean broken() { return io.out().checkError(); }

  /** An object as a line of JSON on standard output. */
  void json(Object value) { io.out().println(Json.shown(value)); }

  /** A message of the bundle on standard error, unless {@code -q}. */
  void say(String key, Object... args) {
    if (!flags.quiet) tell(Level.NOTE, "", key, args);
  }

  /** A warning of the bundle on standard error, also with {@code -q}. */
  void warn(String key, Object... args) { tell(Level.WARNING, color(Style.YELLOW, "▲ "), key, args); }

  /** A message of the bundle that only {@code -v} shows. */
  void detail(String key, Object... args) {
    if (flags.verbosity() > 0) tell(Level.NOTE, "", key, args);
  }

  private void tell(Level level, String mark, String key, Object... args) {
    if (flags.json) line(Json.shown(leveled(level, "code", key, "message", text(key, args).strip())));
    else line(mark + text(key, args));
  }

  /** An object of standard error: its level, then these keys and values in turn. */
  static Map<String, Object> leveled(Level level, Object... pairs) {
    var o = new LinkedHashMap<String, Object>();
    o.put("v", 1);
    o.put("level", level.name().toLowerCase(Locale.ROOT));
    for (int i = 0; i < pairs.length; i += 2) o.put((String) pairs[i], pairs[i + 1]);
    return o;
  }

  /** A line on standard error as it is. Not for text from outside: see {@link #printable}. */
  void line(String line) { io.err().println(line); }

  /** Text on standard error without a line end: a progress bar. */
  void draw(String text) {
    io.err().print(text);
    io.err().flush();
  }

  /** The text in a colour, if standard error takes colours. */
  String color(Style style, String text) { return colored(Terminal.ERR) ? "\033[" + style.code + "m" + text + "\033[0m" : text; }

  /** Whether to colour: {@code --color}, then NO_COLOR, CLICOLOR_FORCE, TERM=dumb, then whether it is a terminal. */
  boolean colored(int fd) {
    return switch (flags.color) {
      case always -> true;
      case never -> false;
      case auto -> {
        if (!env().getOrDefault("NO_COLOR", "").isEmpty()) yield false;
        if (!env().getOrDefault("CLICOLOR_FORCE", "0").equals("0")) yield true;
        yield !"dumb".equals(env().get("TERM")) && terminal().is(fd);
      }
    };
  }

  /** Text from outside made harmless for a terminal: control and format characters as {@code \\u{1B}}. */
  static String printable(String text) {
    var s = new StringBuilder(text.length());
    text.codePoints().forEach(c -> {
      int type = Character.getType(c);
      boolean obeyed = type == Character.CONTROL && c != '\t' || type == Character.SURROGATE || type == Character.FORMAT
          || type == Character.LINE_SEPARATOR || type == Character.PARAGRAPH_SEPARATOR;
      if (obeyed) s.append("\\u{%X}".formatted(c));
      else s.appendCodePoint(c);
    });
    return s.toString();
  }
}
