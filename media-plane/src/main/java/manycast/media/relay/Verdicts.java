package manycast.media.relay;

import java.util.Locale;
import manycast.db.failures.FailureReason;
import manycast.media.relay.RelayInput.Failed;
import manycast.media.relay.RelayInput.Verdict;
import manycast.media.rtmp.connection.ClientFailure;

/** What the end of a connection means: the table of failure answers. */
public final class Verdicts {
  private static final int EARLY_MS = 5_000;

  private Verdicts() {}

  /** What it means, as a reason that has a sentence. */
  public static FailureReason reason(ClientFailure failure) {
    return of(failure).reason();
  }

  /** The server's own words about it; empty where it said nothing. */
  public static String words(ClientFailure failure) {
    return of(failure).words();
  }

  static Failed of(ClientFailure failure) {
    return switch (failure) {
      case ClientFailure.HandshakeFailed _ ->
          new Failed(FailureReason.HANDSHAKE, Verdict.PASSING, "");
      case ClientFailure.Refused refused -> refused(refused);
      // The relay goes on by itself; a verdict is asked for only when it cannot.
      case ClientFailure.LoginAsked _ ->
          new Failed(FailureReason.REJECTED, Verdict.PASSING, failure.detail());
      case ClientFailure.LoginNeeded _ -> new Failed(FailureReason.LOGIN_NEEDED, Verdict.FINAL, "");
      case ClientFailure.LoginRefused _ ->
          new Failed(FailureReason.LOGIN_REFUSED, Verdict.FINAL, "");
      case ClientFailure.ReconnectRequested asked ->
          new Failed(
              FailureReason.RESET,
              asked.isRequest() ? Verdict.MOVED : Verdict.PASSING,
              failure.detail());
      case ClientFailure.Closed closed -> closed(closed);
      case ClientFailure.SocketFailed _ -> new Failed(FailureReason.RESET, Verdict.PASSING, "");
      case ClientFailure.TimedOut _ -> new Failed(FailureReason.TIMEOUT, Verdict.PASSING, "");
      case ClientFailure.ProtocolBroken broken ->
          new Failed(
              broken.stage() == ClientFailure.Stage.HANDSHAKE
                  ? FailureReason.HANDSHAKE
                  : FailureReason.RESET,
              Verdict.PASSING,
              "");
    };
  }

  private static Failed refused(ClientFailure.Refused refused) {
    String code = refused.code().toLowerCase(Locale.ROOT);
    if (code.endsWith("badname")) {
      return new Failed(FailureReason.BAD_KEY, Verdict.KEY_IN_DOUBT, refused.detail());
    }
    if (code.endsWith("denied") || code.endsWith("unauthorized")) {
      return new Failed(FailureReason.BAD_KEY, Verdict.FINAL, refused.detail());
    }
    boolean connectRefused = code.startsWith("netconnection.connect.");
    if (code.endsWith("rejected")
        || code.endsWith("invalidapp")
        || (connectRefused && code.endsWith("failed"))) {
      return new Failed(FailureReason.REJECTED, Verdict.FINAL, refused.detail());
    }
    return new Failed(FailureReason.REJECTED, Verdict.PASSING, refused.detail());
  }

  private static Failed closed(ClientFailure.Closed closed) {
    return switch (closed.stage()) {
      case HANDSHAKE -> new Failed(FailureReason.HANDSHAKE, Verdict.PASSING, "");
      case CONNECT, CREATE_STREAM -> new Failed(FailureReason.CLOSED_EARLY, Verdict.PASSING, "");
      case PUBLISH -> new Failed(FailureReason.CLOSED_EARLY, Verdict.CLOSED_EARLY, "");
      case PUBLISHING ->
          closed.afterPublishMs() < EARLY_MS
              ? new Failed(FailureReason.CLOSED_EARLY, Verdict.CLOSED_EARLY, "")
              : new Failed(FailureReason.RESET, Verdict.PASSING, "");
    };
  }
}
