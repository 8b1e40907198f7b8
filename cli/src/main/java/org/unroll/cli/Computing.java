package org.unroll.cli;

import java.util.Objects;
import org.unroll.kernel.Kernels;

/** The kernels that a command computes with. */
final class Computing {

  private Computing() {}

  /** Those of {@code --kernels} for {@code --device}, on {@code --threads} threads; says how to get them, if they are not there. */
  static Kernels kernels(Talk talk) {
    var flags = talk.flags();
    var name = Objects.requireNonNullElse(flags.kernels, Flags.KernelNames.fast);
    if (Kernels.hint().isPresent() && name != Flags.KernelNames.scalar) talk.say("kernels.scalar");
    int threads = Objects.requireNonNullElse(flags.threads, Runtime.getRuntime().availableProcessors());
    return switch (Objects.requireNonNullElse(flags.device, Flags.Device.auto)) {
      case auto, cpu -> Kernels.of(name.name(), threads);
    };
  }
}
