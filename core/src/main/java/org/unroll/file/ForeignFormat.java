package org.unroll.file;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;

/** Formats of models that are known by their first bytes and never opened, because reading them can run code. */
enum ForeignFormat {
  ZIP("504b0304", "a zip archive, as PyTorch (.pt, .bin) and Keras (.keras) write", ForeignFormat.TORCH),
  PICKLE2("8002", "a Python pickle", ForeignFormat.TORCH),
  PICKLE3("8003", "a Python pickle", ForeignFormat.TORCH),
  PICKLE4("8004", "a Python pickle", ForeignFormat.TORCH),
  PICKLE5("8005", "a Python pickle", ForeignFormat.TORCH),
  HDF5("894844460d0a1a0a", "an HDF5 file, as Keras (.h5) writes", ForeignFormat.KERAS),
  JAVA("aced0005", "Java serialization", "save it again from the program that wrote it, as safetensors");

  private static final String TORCH = "where you trust the file: python -c \"import torch, safetensors.torch as s; "
      + "s.save_file(torch.load('%1$s', weights_only=True), '%1$s.safetensors')\"";
  private static final String KERAS = "where you trust the file: python -c \"import keras, safetensors.numpy as s; "
      + "s.save_file({w.path: w.numpy() for w in keras.saving.load_model('%1$s').weights}, '%1$s.safetensors')\"";

  private final byte[] magic;
  private final String what;
  private final String remedy;

  ForeignFormat(String magic, String what, String remedy) {
    this.magic = HexFormat.of().parseHex(magic);
    this.what = what;
    this.remedy = remedy;
  }

  /** Throws M005 if a file that begins with {@code start} is of one of these formats. */
  static void refuse(Path file, byte[] start) {
    for (var f : values()) {
      if (start.length < f.magic.length || !Arrays.equals(f.magic, 0, f.magic.length, start, 0, f.magic.length)) continue;
      var called = String.valueOf(file.getFileName());
      throw Fault.of(Code.M005, "%s", f.what).at("%s", file).because("reading it can run code, so it is never opened")
          .mend(f.remedy, called.matches("[\\w.-]+") ? called : "FILE");
    }
  }
}
