package manycast.media.hls;

import java.util.concurrent.atomic.LongAdder;

/** What the node's previews have given to those who watch. Safe from any thread. */
public final class PreviewCounters {
  private final LongAdder[] answers = new LongAdder[Kind.values().length];
  private final LongAdder bytes = new LongAdder();

  /** What can be asked for. */
  public enum Kind {
    PLAYLIST,
    INIT,
    SEGMENT,
    PART,
    STILL
  }

  PreviewCounters() {
    for (Kind kind : Kind.values()) {
      answers[kind.ordinal()] = new LongAdder();
    }
  }

  void answered(Kind kind, int size) {
    answers[kind.ordinal()].increment();
    bytes.add(size);
  }

  /** How many of a kind were answered with what was asked for. */
  public long answered(Kind kind) {
    return answers[kind.ordinal()].sum();
  }

  /** Bytes of all such answers' bodies. */
  public long bytes() {
    return bytes.sum();
  }
}
