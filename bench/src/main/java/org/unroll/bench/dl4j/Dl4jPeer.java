package org.unroll.bench.dl4j;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Properties;
import org.bytedeco.openblas.global.openblas;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.deeplearning4j.nn.api.Layer;
import org.nd4j.linalg.factory.Nd4j;
import org.unroll.bench.Absent;
import org.unroll.bench.Contestant;
import org.unroll.bench.Job;
import org.unroll.bench.Kind;
import org.unroll.bench.Peer;

/**
 * Deeplearning4j on ND4J's CPU backend: its LSTM and SimpleRnn layers, called as its networks call them. {@code workspaces}: what
 * a unit needs lies in a workspace that is kept, as in its training loop; {@code heap}: without. It has no GRU.
 */
public final class Dl4jPeer implements Peer {

  @Override public String name() { return "dl4j"; }

  @Override public String version() throws Absent {
    start();
    return "Deeplearning4j " + release() + " with AVX2," + openblas_nolapack.OPENBLAS_VERSION.stripTrailing();
  }

  private static String release() {
    var p = new Properties();
    try (var in = Layer.class.getResourceAsStream("/META-INF/maven/org.deeplearning4j/deeplearning4j-nn/pom.properties")) {
      p.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return p.getProperty("version");
  }

  @Override public List<String> modes(Job job) { return why(job) == null ? List.of("workspaces", "heap") : List.of(); }

  @Override public String why(Job job) {
    if (job.kind() != Kind.TRAIN && job.kind() != Kind.INFER) return Peer.UNWRITTEN;
    return List.of("lstm", "elman").contains(job.cell()) ? null : "Deeplearning4j has no such layer";
  }

  @Override public Contestant enter(Job job, String mode, int threads) throws Absent {
    start();
    threads(threads);
    return new Dl4jLayer(job, mode.equals("workspaces"), threads);
  }

  /** Threads of ND4J's own loops and of the BLAS; both are one for the process. */
  static void threads(int n) {
    Nd4j.getEnvironment().setMaxMasterThreads(n);
    Nd4j.getEnvironment().setMaxThreads(n);
    openblas.blas_set_num_threads(n);
  }

  private static void start() throws Absent {
    try {
      Nd4j.getBackend();
    } catch (LinkageError | RuntimeException e) {
      throw new Absent("ND4J does not start: " + e, e);
    }
  }
}
