package org.unroll.cli;

/** What is at the other end of the streams. */
interface Terminal {
  int IN = 0;
  int OUT = 1;
  int ERR = 2;

  /** Whether a file descriptor is a terminal. */
  boolean is(int fd);

  /** Columns of the terminal; 80 where there is none. */
  int width();

  /** Files and pipes only. */
  Terminal NONE = of(false, false, 80);

  static Terminal of(boolean out, boolean err, int width) {
    return new Terminal() {
      @Override public boolean is(int fd) { return fd == OUT ? out : err; }

      @Override public int width() { return width; }
    };
  }
}
