package org.unroll.bench;

import java.util.ArrayList;
import java.util.List;
import org.unroll.bench.dl4j.Dl4jPeer;
import org.unroll.bench.onnx.OnnxPeer;
import org.unroll.bench.python.PythonPeer;

/** The peers of a run: one line each. */
final class Peers {
  private Peers() {}

  /** All of them. @param python the interpreter to ask for PyTorch, JAX and TensorFlow; null for none */
  static List<Peer> all(String python) {
    var peers = new ArrayList<Peer>(List.of(new Libtorch(), new OnnxPeer(), new Dl4jPeer()));
    for (var library : PythonPeer.LIBRARIES) if (python != null) peers.add(new PythonPeer(python, library));
    return peers;
  }

  /** Names of all there are, whether or not there is a Python. */
  static List<String> names() { return all("python").stream().map(Peer::name).toList(); }

  /** Those that take part. */
  static List<Peer> of(Plan plan) {
    return all(plan.python().isEmpty() ? null : plan.python()).stream()
        .filter(p -> plan.peers().isEmpty() || plan.peers().contains(p.name())).toList();
  }
}
