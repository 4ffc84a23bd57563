package manycast.media.probe;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where destinations are looked up to be tested; may block. */
public interface ProbeTargets {
  /**
   * The destination as it is configured, or null where there is none.
   *
   * @param publishes whether a publish there is allowed
   * @param keySuffix what is added to the key, so that its publish is seen by nobody
   * @throws UnavailableException when the database cannot be asked
   */
  @Nullable ProbeTarget find(UUID destinationId, boolean publishes, String keySuffix)
      throws UnavailableException;

  /** It cannot be known now. */
  final class UnavailableException extends Exception {
    private static final long serialVersionUID = 1L;

    /** With words for whoever asked. */
    public UnavailableException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
