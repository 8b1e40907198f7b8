package org.unroll.cli;

import java.util.Objects;
import org.unroll.kernel.Kernels;

/** The kernels that a command computes with. */
final class Computing {

  private Computing() {}

  /** The best there are for {@code --device}, on {@code --threads} threads; says how to get better ones, if there are. */
  static Kernels kernels(Talk talk) {
    if (Kernels.hint().isPresent()) talk.say("kernels.scalar");
    var flags = talk.flags();
    return switch (Objects.requireNonNullElse(flags.device, Flags.Device.auto)) {
      case auto, cpu -> Kernels.best(Objects.requireNonNullElse(flags.threads, Runtime.getRuntime().availableProcessors()));
    };
  }
}
