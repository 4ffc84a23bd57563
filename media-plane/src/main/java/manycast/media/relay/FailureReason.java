package manycast.media.relay;

import java.util.Locale;

/** Why sending to a destination failed, with a sentence that its user understands. */
public enum FailureReason {
  DNS("The server's name could not be found. Check the server URL."),
  REFUSED(
      "The server refused the connection. Check host and port, and that the service is running."),
  UNREACHABLE("There is no way to the server from here."),
  TIMEOUT("The server did not answer in time."),
  TLS_UNTRUSTED(
      "The server's certificate is not trusted here: no known authority vouches for it, or it has expired."),
  TLS_HOST("The server's certificate is for another host name. Check the host in the server URL."),
  HANDSHAKE(
      "Something answered that is not an RTMP server. Check the port, and whether the URL should begin with rtmps://."),
  BAD_KEY("The server did not accept the stream key, or it is already in use there."),
  LOGIN_NEEDED(
      "The server asks for a user name and password: put them into the server URL, as in rtmp://user:password@host/app."),
  LOGIN_REFUSED("The server did not accept the user name or the password."),
  REJECTED("The server refused the stream."),
  CLOSED_EARLY(
      "The server closed the connection soon after the start: the stream key may be wrong, or the stream is not expected there now."),
  STALLED("The server stopped taking data."),
  RESET("The connection to the server was lost."),
  INCOMPATIBLE_CODEC("The server cannot take the codec that the encoder sends."),
  ADDRESS_FORBIDDEN("The server's name leads to a private address, which is not allowed here."),
  INTERNAL("Something went wrong on our side.");

  private final String sentence;

  FailureReason(String sentence) {
    this.sentence = sentence;
  }

  /** The plain sentence. */
  public String sentence() {
    return sentence;
  }

  /** Whether trying again with the same settings is no use, for what it says of the server. */
  boolean isPermanent() {
    return this == TLS_UNTRUSTED || this == TLS_HOST;
  }

  /** The word in database and API. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }
}
