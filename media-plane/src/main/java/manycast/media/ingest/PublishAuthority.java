package manycast.media.ingest;

import java.net.InetAddress;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import manycast.media.broadcast.BroadcastClaim;
import org.jspecify.annotations.Nullable;

/** Who may publish. Safe from any thread; never blocks. */
public interface PublishAuthority {
  /**
   * Claims a broadcast for this key and gives one answer, on any thread: within five seconds, or
   * within ten where another node has it and has to be asked.
   *
   * @param waits whether the encoder is still there: for one that has left nobody is disconnected
   */
  void claim(Request request, BooleanSupplier waits, Consumer<Answer> then);

  /** A claim that was given and will not be used. */
  void abandon(Answer.Claimed claimed);

  /** What stands for a key where broadcasts are looked up by it; the key cannot be had from it. */
  String digest(String key);

  /**
   * What a publisher says of itself.
   *
   * @param encoder how it names itself; may be empty
   */
  record Request(String key, String protocol, InetAddress remoteAddress, String encoder) {
    /** Without the key. */
    @Override
    public String toString() {
      return "Request[" + protocol + " from " + remoteAddress.getHostAddress() + "]";
    }
  }

  /** The answer to a request. */
  sealed interface Answer {
    /**
     * This node owns a broadcast.
     *
     * @param resumed whether it is one that another process had, and not a new one
     */
    record Claimed(BroadcastClaim claim, boolean resumed) implements Answer {}

    /**
     * It may not publish.
     *
     * @param keyFingerprint the key as it may be logged
     * @param streamId the stream that the key is of, where that is known
     */
    record Refused(Reason reason, String keyFingerprint, @Nullable UUID streamId)
        implements Answer {}
  }

  /** Why a publish is refused, with words for the encoder's log. */
  enum Reason {
    UNKNOWN_KEY("This stream key is not known here. Check the stream key."),
    RETIRED_KEY(
        "This stream key has been replaced by a new one. Copy the new one from the dashboard."),
    DISABLED("This stream is disabled. Enable it in the dashboard."),
    STOPPED(
        "This broadcast was ended in the dashboard. Press \"allow again\" there to publish from here again."),
    IN_USE("Another encoder is publishing with this stream key."),
    NOT_READY("This node is not ready yet. Try again in a moment."),
    DATABASE_AWAY(
        "The stream key cannot be checked now, because the database is not reachable. Try again in a moment."),
    NODE_FULL("This node is full. Try again later."),
    SHUTTING_DOWN("This node is being stopped.");

    private final String words;

    Reason(String words) {
      this.words = words;
    }

    /** One plain sentence. */
    public String words() {
      return words;
    }
  }
}
