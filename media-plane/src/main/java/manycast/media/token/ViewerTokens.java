package manycast.media.token;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import manycast.db.identity.InvalidTokenException;
import manycast.db.identity.PublicKeys;
import manycast.db.identity.ViewerTokenVerifier;
import manycast.db.identity.ViewerTokenVerifier.Viewing;

/**
 * Checks the tokens of viewers. A token seen before is known at once, and never asked for again; a
 * new one is verified on another thread, since its minter's key may have to be read. Safe from any
 * thread, event loops too.
 */
public final class ViewerTokens {
  /** A player asks with the same token a few times a second; so many players no node has. */
  private static final int MOST_KNOWN = 4096;

  /** Each may wait for the database: no flood of made-up tokens may start more at once. */
  private static final int MOST_AT_ONCE = 16;

  /** As the verifier has it: the minter's clock may be ahead of ours. */
  private static final Duration CLOCK_SKEW = Duration.ofSeconds(10);

  private final ViewerTokenVerifier verifier;
  private final Executor threads;
  private final Map<String, Viewing> known = new ConcurrentHashMap<>();
  private final Semaphore verifying = new Semaphore(MOST_AT_ONCE);

  /** What a token proved. */
  public enum Verdict {
    VALID,
    INVALID,
    /** Too many are being verified. */
    BUSY
  }

  /** Takes tokens whose minters are in {@code keys}; verifies on {@code threads}. */
  public ViewerTokens(PublicKeys keys, Executor threads) {
    this.verifier = new ViewerTokenVerifier(keys);
    this.threads = threads;
  }

  /** Whether this token lets somebody watch this broadcast; tells on this thread or another. */
  public void check(String token, UUID broadcast, Consumer<Verdict> then) {
    Viewing before = known.get(token);
    if (before != null) {
      then.accept(verdict(before, broadcast));
    } else if (token.isEmpty()) {
      then.accept(Verdict.INVALID);
    } else if (!verifying.tryAcquire()) {
      then.accept(Verdict.BUSY);
    } else {
      try {
        threads.execute(() -> then.accept(verify(token, broadcast)));
      } catch (RejectedExecutionException closing) {
        verifying.release();
        then.accept(Verdict.BUSY);
      }
    }
  }

  private Verdict verify(String token, UUID broadcast) {
    try {
      Viewing viewing = verifier.verify(token);
      if (known.size() >= MOST_KNOWN) {
        known.values().removeIf(ViewerTokens::isOver);
      }
      if (known.size() < MOST_KNOWN) {
        known.put(token, viewing);
      }
      return verdict(viewing, broadcast);
    } catch (InvalidTokenException e) {
      return Verdict.INVALID;
    } finally {
      verifying.release();
    }
  }

  private static Verdict verdict(Viewing viewing, UUID broadcast) {
    return viewing.broadcastId().equals(broadcast) && !isOver(viewing)
        ? Verdict.VALID
        : Verdict.INVALID;
  }

  private static boolean isOver(Viewing viewing) {
    return Instant.now().isAfter(viewing.expiresAt().plus(CLOCK_SKEW));
  }
}
