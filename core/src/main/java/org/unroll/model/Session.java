package org.unroll.model;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.layer.State;
import org.unroll.layer.Stepper;

/**
 * One stream of input to a {@link Model}: its state and how far it has come. A step costs one step, however long the past;
 * it allocates nothing. Many sessions go faster together: {@link SessionGroup}. Not for use by several threads at once.
 */
public final class Session implements AutoCloseable {
  private static final int MAGIC = 0x554e5331; // "UNS1"

  private final Model model;
  private final Opened opened;
  private final Stepper body;
  private final float[] scores;
  private long position;
  private boolean closed;

  Session(Model model) {
    this.model = model;
    this.opened = Opened.of(model, model.weights().ofSingleRows(), 1, "");
    this.body = opened.body();
    this.scores = new float[model.network().head().outputs()];
  }

  /** The model whose weights it reads. */
  public Model model() { return model; }

  /** Steps taken so far. */
  public long position() { return position; }

  /**
   * Takes a symbol in.
   *
   * @return the head's scores [outputs] for what comes next (logits, for a softmax head; emissions, for a CRF): the session's own
   *     array, written over by the next step
   */
  public float[] step(int id) {
    opened.take(0, id);
    return step();
  }

  /** Takes a vector in; see {@link #step(int)}. */
  public float[] step(float... x) {
    opened.take(0, x);
    return step();
  }

  private float[] step() {
    requireOpen();
    opened.step(1);
    position++;
    opened.scores(0, scores);
    return scores;
  }

  /** The scores after the last step. */
  public float[] scores() { return scores; }

  /** What the session remembers, copied into buffers that the next call of this method writes over. */
  public State state() { return body.state(); }

  /** Another session that goes on from here. */
  public Session fork() {
    requireOpen();
    var s = new Session(model);
    s.go(body.state(), position, scores);
    return s;
  }

  /** Back to zeros. */
  public void reset() {
    requireOpen();
    body.set(State.ZERO);
    position = 0;
    Arrays.fill(scores, 0f);
  }

  /** A step was taken elsewhere: its state stands in the buffers of {@link #state}, its scores in {@link #scores}. */
  void moved() {
    body.resume(1);
    position++;
  }

  private void requireOpen() {
    if (closed) throw closed();
  }

  /** As {@link #requireOpen()}, for session n of a list. */
  void requireOpen(int n) {
    if (closed) throw closed().at("session %d", n);
  }

  private static Fault closed() {
    return Fault.of(Code.C030, "the session is closed").mend("open another one with Model.session(), or close it later");
  }

  private void go(State state, long position, float[] scores) {
    body.set(state);
    this.position = position;
    System.arraycopy(scores, 0, this.scores, 0, scores.length);
  }

  /** The session as bytes: for this model, on any machine. */
  public byte[] snapshot() {
    int floats = scores.length;
    var state = body.state();
    for (var p : state.parts()) floats += p.height() * p.cols();
    var b = ByteBuffer.allocate(4 + 32 + 8 + 4 * floats).order(ByteOrder.LITTLE_ENDIAN);
    b.putInt(MAGIC).put(HexFormat.of().parseHex(model.id())).putLong(position);
    for (float s : scores) b.putFloat(s);
    for (var p : state.parts()) for (float v : p.flat()) b.putFloat(v);
    return b.array();
  }

  /**
   * Goes on from a {@link #snapshot} of a session of the same model.
   *
   * @throws Fault M002 for other bytes, M003 for damaged ones, M007 for those of another model; the session is then as before
   */
  public void restore(byte[] snapshot) {
    requireOpen();
    var b = ByteBuffer.wrap(snapshot).order(ByteOrder.LITTLE_ENDIAN);
    try {
      if (b.getInt() != MAGIC) {
        throw Fault.of(Code.M002, "these bytes are no snapshot of a session").mend("give what snapshot() has made");
      }
      byte[] id = new byte[32];
      b.get(id);
      if (!HexFormat.of().formatHex(id).equals(model.id())) {
        throw Fault.of(Code.M007, "the snapshot is of another model").because("states of one model mean nothing to another");
      }
      long at = b.getLong();
      var state = body.state().copy();
      float[] last = floats(b, scores.length);
      for (var p : state.parts()) p.fill(floats(b, p.height() * p.cols()), 0);
      if (b.hasRemaining()) throw Fault.of(Code.M003, "the snapshot is %d bytes too long", b.remaining());
      go(state, at, last);
    } catch (BufferUnderflowException e) {
      throw Fault.of(Code.M003, "the snapshot is cut short at byte %d", snapshot.length);
    }
  }

  private static float[] floats(ByteBuffer from, int count) {
    var all = new float[count];
    for (int i = 0; i < count; i++) all[i] = from.getFloat();
    return all;
  }

  /**
   * Ends the stream: what was read last may still be read, a step is refused. A session holds memory alone, which goes with the last
   * reference to it, so one may be left unclosed.
   */
  @Override public void close() { closed = true; }
}
