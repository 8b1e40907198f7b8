package org.unroll.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/** An output stream that remembers the first write that failed. */
final class Outlet extends OutputStream {
  private final OutputStream to;
  private IOException failure;

  Outlet(OutputStream to) { this.to = to; }

  /** Why what was written did not arrive. Empty for a reader that has gone away: {@code unroll … | head} is no mistake. */
  Optional<IOException> failure() {
    return Optional.ofNullable(failure).filter(e -> !String.valueOf(e.getMessage()).contains("Broken pipe"));
  }

  @Override public void write(int b) throws IOException { write(new byte[] {(byte) b}, 0, 1); }

  @Override public void write(byte[] b, int from, int count) throws IOException {
    try {
      to.write(b, from, count);
    } catch (IOException e) {
      throw first(e);
    }
  }

  @Override public void flush() throws IOException {
    try {
      to.flush();
    } catch (IOException e) {
      throw first(e);
    }
  }

  private IOException first(IOException e) {
    if (failure == null) failure = e;
    return e;
  }
}
