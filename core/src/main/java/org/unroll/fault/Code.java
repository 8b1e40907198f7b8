package org.unroll.fault;

/**
 * The codes of faults, {@code UNR-} and a letter for the family: C config, D data, M model or checkpoint, R running,
 * G device and disk, U usage. Each has an exit status, a page in {@code unroll help CODE}, and a test.
 */
public enum Code {
  /** A wrong command line. */
  U001(2),
  /** The JVM cannot hold Chinese arguments and file names: no UTF-8 locale. */
  U007(2),
  /** A config file that is not YAML, or too large or too deep. */
  C001(3),
  /** A value of the wrong type. */
  C010(3),
  /** A value out of its range. */
  C011(3),
  /** An unknown key. */
  C012(3),
  /** A key given twice. */
  C013(3),
  /** Two settings that exclude each other. */
  C014(3),
  /** A model too large for memory, said before anything is allocated. */
  C020(3),
  /** An argument of the library out of its range. */
  C030(3),
  /** A file or folder of data that does not exist. */
  D001(4),
  /** No text in the file or folder. */
  D002(3),
  /** Bytes that are not text in the encoding. */
  D003(3),
  /** Binary data: NUL bytes or control characters. */
  D004(3),
  /** Text shorter than one window. */
  D005(3),
  /** Too few distinct symbols. */
  D006(3),
  /** Symbols that the vocabulary does not hold. */
  D007(3),
  /** The data check has warnings, and {@code --strict} makes them errors. */
  D008(3),
  /** A line that the format of annotated data does not allow. */
  D009(3),
  /** A model, checkpoint or run that does not exist. */
  M001(4),
  /** Not a model file of ours. */
  M002(3),
  /** A file cut short, or with a header that contradicts itself. */
  M003(3),
  /** Bytes that do not match their checksum. */
  M004(3),
  /** A format that can run code (pickle, Java serialization, zip): never opened. */
  M005(3),
  /** Written by a newer version. */
  M006(3),
  /** Tensors that do not fit the model. */
  M007(3),
  /** A weight that is not finite. */
  M008(3),
  /** The model has not what was asked for: no cell state, no such layer, unit or gate. */
  M009(3),
  /** Resume with another corpus, vocabulary or config. */
  M010(3),
  /** No checkpoint of the run can be read. */
  M011(3),
  /** The loss or a gradient became NaN or infinite. */
  R001(5),
  /** A check failed: gradcheck, --fail-under, verify, doctor. */
  R002(6),
  /** A weight that a whole epoch gave no gradient. */
  R003(6),
  /** Memory ran out. */
  G001(7),
  /** The disk is full, or a file may not grow. */
  G002(7),
  /** A folder or file that cannot be read or written. */
  G003(7),
  /** Another process has the run. */
  R008(8);

  private final int exit;

  Code(int exit) { this.exit = exit; }

  /** Exit status of the command line. */
  public int exit() { return exit; }

  /** As users see it: {@code UNR-C012}. */
  public String label() { return "UNR-" + name(); }
}
