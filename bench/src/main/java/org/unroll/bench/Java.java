package org.unroll.bench;

import java.util.ArrayList;
import java.util.List;

/** How this module starts JVMs. */
final class Java {
  private Java() {}

  /** The command line of {@code main} in a JVM like this one, with what the product's launcher gives a training. */
  static List<String> command(List<String> options, Class<?> main) {
    var command = new ArrayList<String>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.addAll(List.of("--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED", "-XX:+UseParallelGC"));
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    return command;
  }
}
