package org.unroll.cli;

import picocli.CommandLine.Option;

/** What a model is to read to be looked into, and which of its layers is meant: of {@code explain} and {@code lesson}. */
final class LookFlags {
  @Option(names = "--text", paramLabel = "TEXT", descriptionKey = "explain.text")
  String text;

  @Option(names = "--context", paramLabel = "TEXT", descriptionKey = "explain.context")
  String context;

  @Option(names = "--layer", paramLabel = "N", descriptionKey = "explain.layer")
  Integer layer;

  /** These flags and further ones in pairs with their values, null where they are not given: for {@link Reach#first}. */
  Object[] and(Object... more) {
    var all = new Object[6 + more.length];
    System.arraycopy(new Object[] {"--text", text, "--context", context, "--layer", layer}, 0, all, 0, 6);
    System.arraycopy(more, 0, all, 6, more.length);
    return all;
  }
}
