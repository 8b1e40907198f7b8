package org.unroll.tasks.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.unroll.model.Spec;
import org.unroll.model.Start;
import org.unroll.tasks.config.Layers;
import org.unroll.tasks.config.LmConfig;
import org.unroll.tasks.config.LmKeys;
import org.unroll.tasks.config.Type;

class ArchitectureTest {
  private static Spec.Recurrent recurrent(String init) {
    var net = LmConfig.of(new Layers(LmKeys.KEYS).set("model.init=" + init).resolve()).model();
    return assertInstanceOf(Spec.Recurrent.class, Architecture.of(net, 10).layers().get(1));
  }

  @Test void of_everyInitialiserOfTheTable_isKnown() {
    var names = ((Type.Choice) LmKeys.KEYS.get("model.init").type()).words();
    assertEquals(List.of("uniform", "gaussian", "glorot", "he", "orthogonal", "constant"), names);
    names.forEach(ArchitectureTest::recurrent);
    assertEquals(new Start(Start.Kind.CONSTANT, 0.01), recurrent("constant").inputStart());
  }
}
