package org.unroll.cli;

import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The program itself, and the flags of many commands: {@link Reach} says of which. Texts stand in {@code messages-*.properties}. */
@Command(name = "unroll", sortOptions = false, usageHelpAutoWidth = false)
final class Flags {
  enum Color { auto, always, never }

  enum ProgressMode { auto, bar, plain, none }

  enum Device { auto, cpu }

  /** Names of {@link org.unroll.kernel.Kernels#of}. */
  enum KernelNames { fast, plain, scalar }

  @Option(names = "--json", scope = ScopeType.INHERIT)
  boolean json;

  @Option(names = {"-q", "--quiet"}, scope = ScopeType.INHERIT)
  boolean quiet;

  @Option(names = "-v", scope = ScopeType.INHERIT)
  boolean[] verbose = {};

  @Option(names = "--color", paramLabel = "auto|always|never", scope = ScopeType.INHERIT)
  Color color = Color.auto;

  @Option(names = "--progress", paramLabel = "auto|bar|plain|none", scope = ScopeType.INHERIT)
  ProgressMode progress = ProgressMode.auto;

  @Option(names = "--lang", paramLabel = "en|zh", scope = ScopeType.INHERIT)
  Lang lang;

  @Option(names = "--threads", paramLabel = "N", scope = ScopeType.INHERIT)
  Integer threads;

  @Option(names = "--seed", paramLabel = "N", scope = ScopeType.INHERIT)
  Long seed;

  @Option(names = "--runs-dir", paramLabel = "DIR", scope = ScopeType.INHERIT)
  String runsDir;

  @Option(names = "--encoding", paramLabel = "NAME", scope = ScopeType.INHERIT)
  String encoding;

  @Option(names = "--no-input", scope = ScopeType.INHERIT)
  boolean noInput;

  @Option(names = "--device", paramLabel = "auto|cpu", scope = ScopeType.INHERIT)
  Device device;

  @Option(names = "--kernels", paramLabel = "fast|plain|scalar", scope = ScopeType.INHERIT)
  KernelNames kernels;

  @Option(names = {"-h", "--help"}, usageHelp = true, scope = ScopeType.INHERIT)
  boolean help;

  @Option(names = {"-V", "--version"})
  boolean version;

  enum Lang { en, zh }

  /** The folder of all runs. */
  Path runs() { return Path.of(runsDir()); }

  /** The same as it was typed. */
  String runsDir() { return runsDir == null ? "runs" : runsDir; }

  /** 0, 1 with {@code -v}, 2 with {@code -vv}. */
  int verbosity() { return verbose.length; }
}
