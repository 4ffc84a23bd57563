package manycast.media.owner;

/**
 * One encoder's wait for a broadcast that another node owns, decided as that node would decide
 * about an encoder of its own: silence of three seconds lets it in, media that comes meanwhile
 * turns it away, and after three and a half seconds it waits no longer. What is already on its way
 * when the encoder asks turns nobody away. Holds no clock and no socket; for one thread.
 */
public final class Inquiry {
  static final int SILENT_MS = 3_000;
  static final int UNDER_WAY_MS = 500;
  static final int HELD_MS = UNDER_WAY_MS + SILENT_MS;
  static final int ASK_EVERY_MS = 500;
  private static final int SHORTEST_PAUSE_MS = 20;

  private final long beganMs;
  private long epoch;
  private boolean goneBefore;

  /** What is to be done next. */
  public sealed interface Step {
    /** Claim, and say this of the owner. */
    record Claim(Heard heard) implements Step {}

    /** Ask the owner to let go; {@link #refusedToRelease} where it does not. */
    record Release() implements Step {}

    /** Claim again after this pause, which tells what has changed, and ask again. */
    record Wait(long ms) implements Step {}
  }

  /** Begins when the encoder has asked. */
  public Inquiry(long nowMs) {
    this.beganMs = nowMs;
  }

  /** Takes what was answered and says what follows from it. */
  public Step on(Owner owner, OwnerAnswer answer, long nowMs) {
    if (owner.epoch() != epoch) {
      epoch = owner.epoch();
      goneBefore = false;
    }
    return switch (answer) {
      case OwnerAnswer.Gone _ -> gone(nowMs);
      case OwnerAnswer.Unreachable _ ->
          isOver(nowMs) ? new Step.Claim(Heard.PUBLISHING) : new Step.Claim(Heard.UNREACHABLE);
      case OwnerAnswer.NoWord _ -> waitOn(ASK_EVERY_MS, nowMs);
      case OwnerAnswer.Publisher(long answered, long silentMs) -> {
        goneBefore = false;
        if (answered != owner.epoch()) {
          yield waitOn(ASK_EVERY_MS, nowMs);
        }
        if (owner.resuming() || silentMs >= SILENT_MS) {
          yield new Step.Release();
        }
        boolean cameMeanwhile = silentMs < nowMs - beganMs - UNDER_WAY_MS;
        yield cameMeanwhile
            ? new Step.Claim(Heard.PUBLISHING)
            : waitOn(Math.min(ASK_EVERY_MS, SILENT_MS - silentMs), nowMs);
      }
    };
  }

  /** The owner keeps what it was asked to let go of: something came between. */
  public Step refusedToRelease(long nowMs) {
    return waitOn(ASK_EVERY_MS, nowMs);
  }

  /**
   * A claim that said this was answered with the owner's name again: it was not enough. Answers how
   * long to wait before it is asked once more, which is not at all when it was not asked yet.
   */
  public long pauseAfter(Heard heard) {
    return heard == Heard.UNREACHABLE ? ASK_EVERY_MS : 0;
  }

  /**
   * A node that has just begun owns broadcasts before it listens for questions, so one refusal may
   * be too early.
   */
  private Step gone(long nowMs) {
    if (goneBefore) {
      return new Step.Claim(Heard.GONE);
    }
    goneBefore = true;
    return waitOn(ASK_EVERY_MS, nowMs);
  }

  private Step waitOn(long ms, long nowMs) {
    return isOver(nowMs)
        ? new Step.Claim(Heard.PUBLISHING)
        : new Step.Wait(Math.max(SHORTEST_PAUSE_MS, Math.min(ms, beganMs + HELD_MS - nowMs)));
  }

  private boolean isOver(long nowMs) {
    return nowMs >= beganMs + HELD_MS;
  }
}
