package org.unroll.cli;

import static org.unroll.fault.Code.D001;
import static org.unroll.fault.Code.G001;
import static org.unroll.fault.Code.G002;
import static org.unroll.fault.Code.G003;
import static org.unroll.fault.Code.M001;
import static org.unroll.fault.Code.U001;
import static org.unroll.fault.Code.U007;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.fault.Nearest;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.UnmatchedArgumentException;

/** What was thrown, as a fault that the user can mend, if it is one. */
final class Failure {
  private static final Set<Code> NOT_FOUND = Set.of(D001, M001);

  /** Flags that go by another name here. */
  private static final Map<String, String> SAME = Map.of("--unit", "--neuron", "--units", "--hidden");

  private Failure() {}

  /** Empty for a bug of ours. */
  static Optional<Fault> of(Throwable t) {
    return Optional.ofNullable(switch (t) {
      case Fault f when NOT_FOUND.contains(f.code()) && isLost() -> locale().causedBy(f);
      case Fault f -> f;
      case OutOfMemoryError e -> memory(e);
      case NoSuchFileException e when isLost() -> locale().causedBy(e);
      case UncheckedIOException e -> of(e.getCause()).orElseThrow();
      case IOException e -> file(e);
      case InvalidPathException e -> path(e);
      default -> null;
    });
  }

  private static Fault memory(OutOfMemoryError e) {
    long mebibytes = Runtime.getRuntime().maxMemory() >> 20;
    return Fault.of(G001, "memory ran out").because("the heap holds %d MiB (%s)", mebibytes, e.getMessage())
        .mend("a smaller model, batch or window: --hidden, --batch, --bptt")
        .mend("more memory: UNROLL_JAVA_OPTS=-Xmx8g").causedBy(e);
  }

  private static Fault file(IOException e) {
    var text = String.valueOf(e.getMessage());
    var path = e instanceof FileSystemException f && f.getFile() != null ? f.getFile() : "";
    var fault = switch (e) {
      case NoSuchFileException _ -> Fault.of(D001, "no such file or folder").mend("check the name");
      case AccessDeniedException _ -> Fault.of(G003, "not allowed to read or write")
          .mend("check the rights of the file and its folder");
      case FileSystemException _ when text.contains("Read-only") -> Fault.of(G003, "the folder is read-only")
          .mend("choose another with --runs-dir");
      default -> {
        boolean full = text.contains("No space left") || text.contains("File too large") || text.contains("quota");
        yield full ? Fault.of(G002, "the disk is full, or a file may not grow").because("%s", text).mend("free some space")
            : Fault.of(G003, "cannot read or write").because("%s", text);
      }
    };
    return (path.isEmpty() ? fault : fault.at("%s", path)).causedBy(e);
  }

  private static Fault path(InvalidPathException e) {
    if (utf8()) return Fault.of(U001, "not a file name: %s", e.getInput()).because("%s", e.getReason()).causedBy(e);
    return locale().causedBy(e);
  }

  /** Whether the JVM takes arguments and file names as UTF-8. */
  static boolean utf8() {
    return System.getProperty("sun.jnu.encoding", "").toUpperCase(Locale.ROOT).replace("-", "").equals("UTF8");
  }

  /** Whether the JVM has lost letters of the working directory: no file is found by a relative name there. */
  private static boolean isLost() { return !utf8() && !Files.isDirectory(Path.of("").toAbsolutePath()); }

  /** U007: the JVM has lost the letters of an argument or a file name. */
  static Fault locale() {
    return Fault.of(U007, "arguments or file names were lost")
        .because("the locale's encoding is %s, and the JVM reads them with it", System.getProperty("sun.jnu.encoding"))
        .mend("export LC_ALL=C.UTF-8").mend("or start through ./unroll, which does so");
  }

  /** A wrong command line. */
  static Fault usage(CommandLine.ParameterException e, String[] args) {
    var spec = e.getCommandLine().getCommandSpec();
    var help = help(spec);
    var verb = verb(e, spec);
    if (verb.isPresent()) return unmatched(verb.get(), spec, help);
    boolean stray = e.getArgSpec() == null || e.getArgSpec().isPositional(); // it may be the value of a misspelt flag
    var flag = Arrays.stream(args).takeWhile(a -> !a.equals("--"))
        .filter(a -> a.startsWith("--") && !spec.optionsMap().containsKey(a.replaceFirst("=.*", ""))).findFirst();
    if (stray && flag.isPresent()) return unmatched(flag.get(), spec, help);
    if (e instanceof UnmatchedArgumentException u && !u.getUnmatched().isEmpty()) {
      return unmatched(u.getUnmatched().getFirst(), spec, help);
    }
    if (e.getArgSpec() != null && e.getValue() != null) return value(e.getArgSpec(), e.getValue(), help);
    if (e instanceof CommandLine.MissingParameterException m && !m.getMissing().isEmpty()) {
      var names = m.getMissing().stream().map(a -> (a.isOption() ? "the value of " : "") + name(a)).toList();
      return Fault.of(U001, "%s is missing", String.join(", ", names)).mend("see %s", help);
    }
    return Fault.of(U001, "%s", e.getMessage().lines().findFirst().orElse("wrong usage")).mend("see %s", help);
  }

  /** The word that stands where a verb should: one that is near to a verb, or the first of all that was not understood. */
  private static Optional<String> verb(CommandLine.ParameterException e, CommandSpec spec) {
    if (spec.subcommands().isEmpty() || !(e instanceof UnmatchedArgumentException u)) return Optional.empty();
    var words = u.getUnmatched().stream().filter(w -> !w.startsWith("-")).toList();
    var near = words.stream().filter(w -> Nearest.of(w, spec.subcommands().keySet()).isPresent()).findFirst();
    return near.or(() -> words.stream().findFirst().filter(w -> w.equals(u.getUnmatched().getFirst())));
  }

  /** The command that helps with a command. */
  static String help(CommandSpec spec) {
    return spec.qualifiedName().equals("unroll") ? "unroll help" : "unroll help " + spec.qualifiedName().substring(7);
  }

  private static Fault value(ArgSpec arg, String typed, String help) {
    var number = Numbers.wrong(name(arg), typed);
    if (number.isPresent()) return number.get().mend("see %s", help);
    var words = Stream.ofNullable(arg.type().getEnumConstants()).flatMap(Stream::of).map(String::valueOf).toList();
    var fault = Fault.of(U001, "%s is %s, must be one of %s", name(arg), typed, String.join(", ", words));
    if (name(arg).equals("--device")) fault = fault.because("networks are computed on the processor alone");
    var near = Nearest.of(typed, words);
    if (near.isPresent()) fault = fault.mend("did you mean %s?", near.get());
    return fault.mend("see %s", help);
  }

  private static String name(ArgSpec arg) { return arg instanceof OptionSpec o ? o.longestName() : arg.paramLabel(); }

  private static Fault unmatched(String typed, CommandSpec spec, String help) {
    boolean flag = typed.startsWith("-") && typed.length() > 1;
    boolean verb = !flag && !spec.subcommands().isEmpty();
    var fault = Fault.of(U001, (flag ? "unknown flag " : verb ? "unknown command " : "one argument too many: ") + "%s", typed);
    var name = typed.contains("=") ? typed.substring(0, typed.indexOf('=')) : typed;
    var words = flag ? spec.optionsMap().keySet().stream() : verb ? spec.subcommands().keySet().stream() : Stream.<String>of();
    var near = flag && spec.optionsMap().containsKey(SAME.get(name)) ? Optional.of(SAME.get(name)) : Nearest.of(name, words.toList());
    if (near.isPresent()) fault = fault.mend("did you mean %s?", near.get());
    return fault.mend("see %s", help);
  }
}
