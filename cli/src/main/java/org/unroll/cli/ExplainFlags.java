package org.unroll.cli;

import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.look.Reading;
import org.unroll.look.Walk;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** What every {@code explain} command is told, and how it answers. */
final class ExplainFlags {
  @Parameters(index = "0", paramLabel = "MODEL|RUN", descriptionKey = "model")
  String model;

  @Parameters(index = "1", arity = "0..1", paramLabel = "FILE", descriptionKey = "explain.file")
  String file;

  @Mixin
  LookFlags look = new LookFlags();

  @Mixin
  OutputFlags answer = new OutputFlags();

  /** Refuses {@code --encoding} where nothing is read from a file. */
  void check(Talk talk) { Reach.requireText(file != null, "FILE", talk); }

  /** The model and the text; more than {@code most} symbols of {@code --text} are refused, of a file the first are taken. */
  Subject subject(int most, Talk talk) { return SubjectReader.of(model, talk).given(file, look, most); }

  /** Number of the layer from 0: the top one unless {@code --layer}, which counts from 1, says another. M009 if there is none. */
  int layer(Reading r) {
    int count = r.walks().size();
    if (count == 0 || look.layer == null || look.layer <= count) return (look.layer == null ? count : look.layer) - 1;
    throw Fault.of(Code.M009, "there is no layer %d", look.layer)
        .because("the model has %d that walk over time: %s", count, String.join(", ", r.walks().stream().map(Walk::name).toList()))
        .mend("--layer from 1, the lowest, to %d", count);
  }

  /** Whether pictures are to be made: they have room for more than a terminal. */
  boolean drawn(Talk talk) { return answer.drawn(talk); }

  /** Whether programs read it: they want everything. */
  boolean whole(Talk talk) { return answer.whole(talk); }

  Integer write(Explained e, Talk talk) { return answer.write(e, talk); }
}
