package org.unroll.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How many bytes of machine code C2 makes of each tile. They are the same in every run; with another JDK, or after a change of a tile
 * that is meant, they are recorded anew.
 *
 * @param bytes by "class::method"
 */
record CodeSizes(Map<String, Integer> bytes) {
  static final String RENEW = "machine code has changed; if it is as fast: mvn -q -pl core test -Dtest=CompilerLogTest -Dunroll.renew=true";

  private static final Path FOLDER = Path.of("src/test/resources");

  /** Between the two offsets stand the instructions. */
  private static final Pattern CODE = Pattern.compile(
      "<nmethod .*insts_offset='(\\d+)' stub_offset='(\\d+)'.* method='org\\.unroll\\.kernel\\.(\\w+) (\\w+) .*");

  /** The last code of each of these methods in a compilation log, but for loops entered in their middle. */
  static CodeSizes of(Stream<String> log, Collection<String> methods) {
    var bytes = new TreeMap<String, Integer>();
    log.filter(line -> line.startsWith("<nmethod") && !line.contains("compile_kind='osr'")).forEach(line -> {
      var code = CODE.matcher(line);
      if (!code.matches()) return;
      String method = code.group(3) + "::" + code.group(4);
      if (methods.contains(method)) bytes.put(method, Integer.parseInt(code.group(2)) - Integer.parseInt(code.group(1)));
    });
    return new CodeSizes(bytes);
  }

  /** @param lanes of a vector */
  static CodeSizes recorded(int lanes) throws IOException {
    var lines = Files.readAllLines(file(lanes));
    return new CodeSizes(lines.stream().map(l -> l.split(" ")).collect(Collectors.toMap(l -> l[0], l -> Integer.valueOf(l[1]))));
  }

  void write(int lanes) throws IOException {
    var lines = new TreeMap<>(bytes).entrySet().stream().map(e -> e.getKey() + " " + e.getValue()).toList();
    Files.write(file(lanes), lines);
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
