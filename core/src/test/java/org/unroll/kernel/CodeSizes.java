package org.unroll.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How many bytes of machine code C2 makes of each tile. They are the same in every run of one JDK on one model of CPU, which the
 * first line of their file names; after a change of a tile that is meant, they are recorded anew.
 *
 * @param machine JDK and CPU: sizes of different ones are not to be compared
 * @param bytes by "class::method"
 */
record CodeSizes(String machine, Map<String, Integer> bytes) {
  static final String RENEW = "machine code has changed; if it is as fast: mvn -q -pl core test -Dtest=CompilerLogTest -Dunroll.renew=true";

  private static final Path FOLDER = Path.of("src/test/resources"), CPU = Path.of("/proc/cpuinfo");

  /** What tells one model of CPU from another, in the order of Linux' list. */
  private static final Set<String> MODEL = Set.of("cpu family", "model", "model name");

  /** Between the two offsets stand the instructions. */
  private static final Pattern CODE = Pattern.compile(
      "<nmethod .*insts_offset='(\\d+)' stub_offset='(\\d+)'.* method='org\\.unroll\\.kernel\\.(\\w+) (\\w+) .*");

  /** The last code of each of these methods in a compilation log, but for loops entered in their middle. */
  static CodeSizes of(String machine, Stream<String> log, Collection<String> methods) {
    var bytes = new TreeMap<String, Integer>();
    log.filter(line -> line.startsWith("<nmethod") && !line.contains("compile_kind='osr'")).forEach(line -> {
      var code = CODE.matcher(line);
      if (!code.matches()) return;
      String method = code.group(3) + "::" + code.group(4);
      if (methods.contains(method)) bytes.put(method, Integer.parseInt(code.group(2)) - Integer.parseInt(code.group(1)));
    });
    return new CodeSizes(machine, bytes);
  }

  /** @param lanes of a vector */
  static CodeSizes recorded(int lanes) throws IOException {
    var lines = Files.readAllLines(file(lanes));
    var sizes = lines.stream().skip(1).map(l -> l.split(" ")).collect(Collectors.toMap(l -> l[0], l -> Integer.valueOf(l[1])));
    return new CodeSizes(lines.getFirst(), sizes);
  }

  void write(int lanes) throws IOException {
    var lines = new TreeMap<>(bytes).entrySet().stream().map(e -> e.getKey() + " " + e.getValue());
    Files.write(file(lanes), Stream.concat(Stream.of(machine), lines).toList());
  }

  /** The JDK that runs this, and the CPU as far as the system tells: version of the VM, architecture, model. */
  static String here() throws IOException {
    var cpu = Files.isReadable(CPU) ? Files.readAllLines(CPU) : List.<String>of();
    return machine(System.getProperty("java.vm.version"), System.getProperty("os.arch"), cpu);
  }

  /** @param cpu Linux' list of the CPU's cores, of which the first stands for all */
  static String machine(String version, String architecture, List<String> cpu) {
    var model = cpu.stream().takeWhile(l -> !l.isBlank()).map(l -> l.split("\\s*:\\s*", 2)).filter(l -> MODEL.contains(l[0]))
        .map(l -> l[0] + " " + l[1]).collect(Collectors.joining(", "));
    return "%s, %s, %s".formatted(version, architecture, model.isEmpty() ? "unknown CPU" : model);
  }

  private static Path file(int lanes) { return FOLDER.resolve("tile-bytes-%d.txt".formatted(lanes * Float.SIZE)); }

  /** Methods whose size is another by more than a twentieth: other tiles beside it move a size by a hundredth or two. */
  List<String> differences(CodeSizes now) {
    var found = new ArrayList<String>();
    var methods = new TreeSet<>(bytes.keySet());
    methods.addAll(now.bytes.keySet());
    for (String m : methods) {
      int before = bytes.getOrDefault(m, 0), after = now.bytes.getOrDefault(m, 0);
      if (Math.abs(after - before) * 20L > before) found.add("%s: %d bytes are %d".formatted(m, before, after));
    }
    return found;
  }
}
