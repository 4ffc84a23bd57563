package manycast.db.failures;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Why sending to a destination failed: the one place with the word for it, the plain sentence, and
 * what its user can do. Whether a relay tries again is decided by its machine from more than this.
 */
public enum FailureReason {
  DNS("The server's name could not be found.", "Check the server URL."),
  REFUSED(
      "The server refused the connection.",
      "Check host and port, and that the service is running."),
  UNREACHABLE("There is no way to the server from here.", ""),
  TIMEOUT("The server did not answer in time.", ""),
  TLS_UNTRUSTED(
      "The server's certificate is not trusted here: no known authority vouches for it, or it has"
          + " expired.",
      ""),
  TLS_HOST(
      "The server's certificate is for another host name.", "Check the host in the server URL."),
  HANDSHAKE(
      "Something answered that is not an RTMP server.",
      "Check the port, and whether the URL should begin with rtmps://."),
  BAD_KEY("The server did not accept the stream key, or it is already in use there.", ""),
  LOGIN_NEEDED(
      "The server asks for a user name and password:",
      "put them into the server URL, as in rtmp://user:password@host/app."),
  LOGIN_REFUSED("The server did not accept the user name or the password.", ""),
  REJECTED("The server refused the stream.", ""),
  CLOSED_EARLY(
      "The server closed the connection soon after the start:",
      "the stream key may be wrong, or the stream is not expected there now."),
  STALLED("The server stopped taking data.", ""),
  RESET("The connection to the server was lost.", ""),
  INCOMPATIBLE_CODEC("The server cannot take the codec that the encoder sends.", ""),
  ADDRESS_FORBIDDEN("The server's name leads to a private address, which is not allowed here.", ""),
  INTERNAL("Something went wrong on our side.", "");

  private static final String ITS_WORDS = " It said: ";

  private final String happened;
  private final String hint;

  FailureReason(String happened, String hint) {
    this.happened = happened;
    this.hint = hint;
  }

  /** The reason with this word; null for none, and for one of a newer version. */
  public static @Nullable FailureReason of(@Nullable String code) {
    for (FailureReason reason : values()) {
      if (reason.code().equals(code)) {
        return reason;
      }
    }
    return null;
  }

  /** The word in the database and between us. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The word that the API and events have for this {@link #code}: they know no logins, which are
   * refusals there. What is no word of ours stays as it is.
   */
  public static @Nullable String outward(@Nullable String code) {
    FailureReason reason = of(code);
    return reason == LOGIN_NEEDED || reason == LOGIN_REFUSED ? REJECTED.code() : code;
  }

  /** The plain sentence, with what can be done where that is known. */
  public String sentence() {
    return hint.isEmpty() ? happened : happened + " " + hint;
  }

  /**
   * The sentence with the destination's own words behind it, as the API tells it.
   *
   * @param words empty where there are none
   */
  public String sentence(String words) {
    if (words.isEmpty()) {
      return sentence();
    }
    return this == INTERNAL ? sentence() + " (" + words + ")" : sentence() + ITS_WORDS + words;
  }

  /** The destination's own words out of what {@link #sentence(String)} has made; null for none. */
  public static @Nullable String words(@Nullable String sentence) {
    int at = sentence == null ? -1 : sentence.indexOf(ITS_WORDS);
    return sentence == null || at < 0 ? null : sentence.substring(at + ITS_WORDS.length());
  }

  /** What {@link #sentence(String)} has made without the destination's own words. */
  public static String withoutWords(String sentence) {
    int at = sentence.indexOf(ITS_WORDS);
    return at < 0 ? sentence : sentence.substring(0, at);
  }

  /** Whether trying again with the same settings is no use, for what it says of the server. */
  public boolean isPermanent() {
    return this == TLS_UNTRUSTED || this == TLS_HOST;
  }
}
