package org.unroll.mutation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.unroll.cell.Cells;

/**
 * {@code mvn -q -pl core test -Pslow -Dtest=MutationCampaign}; with {@code -Dmutate=cell/Lstm,head} only files whose names
 * hold one of these.
 */
@Tag("slow")
class MutationCampaign {

  @Test void everyMutant_isKilled() throws Exception {
    var main = Path.of(place(Cells.class));
    var test = Path.of("target/test-classes").toAbsolutePath();
    String path = Stream.concat(Stream.of(main, test), libraries()).map(Path::toString).collect(Collectors.joining(java.io.File.pathSeparator));
    var command = new ArrayList<String>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-ea", "-Xmx1500m",
        "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "--add-modules", "jdk.incubator.vector,jdk.compiler", "-cp", path,
        "org.unroll.mutation.Campaign", main.toString(), test.toString()));
    String only = System.getProperty("mutate", "");
    if (!only.isEmpty()) command.addAll(List.of(only.split(",")));
    var campaign = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (var out = campaign.inputReader()) {
      out.lines().forEach(System.out::println);
    }
    assertEquals(0, campaign.waitFor(), "mutants survived");
  }

  /** Of the test framework: its annotations and assertions. */
  private static Stream<Path> libraries() {
    return Stream.of("org.junit.jupiter.api.Test", "org.junit.jupiter.params.ParameterizedTest", "org.opentest4j.AssertionFailedError",
        "org.junit.platform.commons.util.StringUtils", "org.apiguardian.api.API").map(MutationCampaign::type).map(c -> Path.of(place(c)));
  }

  private static Class<?> type(String name) {
    try {
      return Class.forName(name);
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  private static java.net.URI place(Class<?> type) {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    return java.net.URI.create(source.getLocation().toString());
  }
}
