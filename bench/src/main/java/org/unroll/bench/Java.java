package org.unroll.bench;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How this module starts JVMs. */
final class Java {
  /** What the product's launcher gives a training, but for memory. */
  static final List<String> TRAINING = List.of("-XX:+UseParallelGC", "--add-modules", "jdk.incubator.vector",
      "-XX:CompileCommand=quiet", "-XX:CompileCommand=CompileThresholdScaling,org.unroll.kernel.*::*,0.02",
      "-XX:CompileCommand=BackgroundCompilation,org.unroll.kernel.*::*,false", "-XX:Tier4BackEdgeThreshold=4000000");

  private Java() {}

  /** The command line of {@code main} in a JVM that has these options besides. */
  static List<String> command(List<String> options, Class<?> main) {
    return command(options, System.getProperty("java.class.path"), main);
  }

  /**
   * The same for the product as it was built, with its classes laid out in memory as its launcher has them, and this module's; as
   * {@link #command} where the product is not built.
   */
  static List<String> product(List<String> options, Class<?> main) {
    var classes = Path.of(URI.create(main.getProtectionDomain().getCodeSource().getLocation().toString()));
    var built = classes.resolve("../../../cli/target").normalize();
    if (!Files.exists(built.resolve("unroll.jar"))) return command(options, main);
    var more = new ArrayList<>(options);
    if (Files.exists(built.resolve("unroll.jsa"))) {
      more.addAll(List.of("-Xlog:cds=off", "-Xlog:cds+dynamic=off", "-Xlog:aot=off"));
      more.add("-XX:SharedArchiveFile=" + built.resolve("unroll.jsa"));
    }
    return command(more, built.resolve("unroll.jar") + ":" + classes, main);
  }

  private static List<String> command(List<String> options, String path, Class<?> main) {
    var command = new ArrayList<String>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.addAll(TRAINING);
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(options);
    command.addAll(List.of("-cp", path, main.getName()));
    return command;
  }
}
