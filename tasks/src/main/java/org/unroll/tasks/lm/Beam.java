package org.unroll.tasks.lm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.model.Session;

/**
 * Beam search: keeps the {@code width} most probable texts of each length. Width 1 is greedy search.
 */
public final class Beam {
  private Beam() {}

  /** @param ids symbols written; logp their log-probability together, in nats */
  public record Text(int[] ids, double logp) {}

  private record Open(Session session, int[] ids, double logp) {}

  private record Step(Open from, int id, double logp) {}

  /**
   * The most probable continuations, the best first.
   *
   * @param start after the prompt; left as it is
   * @param end symbol that ends a text (it is part of it), or −1 for none
   */
  public static List<Text> search(Session start, int width, int length, int end) {
    if (width < 1) throw Fault.of(Code.C030, "a beam of width %d, must be at least 1", width);
    var open = List.of(new Open(start.fork(), new int[0], 0));
    var done = new ArrayList<Text>();
    for (int i = 0; i < length && !open.isEmpty(); i++) {
      var steps = new ArrayList<Step>();
      for (var o : open) steps.addAll(best(o, width));
      steps.sort(Comparator.comparingDouble((Step s) -> -s.logp));
      var next = new ArrayList<Open>();
      for (var s : steps.subList(0, Math.min(width, steps.size()))) {
        int[] ids = Arrays.copyOf(s.from.ids, i + 1);
        ids[i] = s.id;
        if (s.id == end) {
          done.add(new Text(ids, s.logp));
          continue;
        }
        var session = s.from.session.fork();
        session.step(s.id);
        next.add(new Open(session, ids, s.logp));
      }
      open = next;
    }
    for (var o : open) done.add(new Text(o.ids, o.logp));
    done.sort(Comparator.comparingDouble((Text t) -> -t.logp));
    return List.copyOf(done.subList(0, Math.min(width, done.size())));
  }

  /** The {@code width} best symbols after one text; &lt;unk&gt; is never written. */
  private static List<Step> best(Open o, int width) {
    float[] z = o.session.scores();
    double sum = Generator.logSum(z);
    var steps = new ArrayList<Step>();
    for (int id = 1; id < z.length; id++) steps.add(new Step(o, id, o.logp + z[id] - sum));
    steps.sort(Comparator.comparingDouble((Step s) -> -s.logp));
    return steps.subList(0, Math.min(width, steps.size()));
  }
}
