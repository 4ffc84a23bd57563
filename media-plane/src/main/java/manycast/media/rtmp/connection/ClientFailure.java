package manycast.media.rtmp.connection;

/** Why a publishing client connection ended without being asked to. */
public sealed interface ClientFailure {
  /** How far the connection had come. */
  enum Stage {
    HANDSHAKE,
    CONNECT,
    CREATE_STREAM,
    PUBLISH,
    PUBLISHING
  }

  /** What happened, in words for a log and a page; holds no key. */
  String detail();

  /** The peer's handshake was not RTMP's. */
  record HandshakeFailed(String detail) implements ClientFailure {}

  /**
   * The peer said no.
   *
   * @param code such as {@code NetStream.Publish.BadName}; empty when the peer named none
   * @param description the peer's own words, may be empty
   */
  record Refused(Stage stage, String code, String description) implements ClientFailure {
    @Override
    public String detail() {
      return description.isEmpty() ? code : code + ": " + description;
    }
  }

  /**
   * The peer refused us for want of a proof who we are: it is to be connected to once more, at
   * once, with this.
   */
  record LoginAsked(ClientTarget next) implements ClientFailure {
    @Override
    public String detail() {
      return "the server asks who we are";
    }
  }

  /** The peer asks who we are and there is nothing to tell it. */
  record LoginNeeded(String mode) implements ClientFailure {
    @Override
    public String detail() {
      return "the server asks for a user name and password (authmod=" + mode + ")";
    }
  }

  /** The peer does not take our user name or password. */
  record LoginRefused() implements ClientFailure {
    @Override
    public String detail() {
      return "the server did not take the user name or the password";
    }
  }

  /** The peer asks us to come back, perhaps elsewhere: maintenance or a reconnect request. */
  record ReconnectRequested(String code, String tcUrl, String description)
      implements ClientFailure {
    /** Whether it wants us back at once, as Enhanced RTMP has it, and is not just going away. */
    public boolean isRequest() {
      return code.endsWith(".ReconnectRequest");
    }

    @Override
    public String detail() {
      return description.isEmpty() ? code : code + ": " + description;
    }
  }

  /**
   * The peer closed the connection; {@code afterPublishMs} is -1 before it had accepted publish.
   */
  record Closed(Stage stage, long afterPublishMs) implements ClientFailure {
    @Override
    public String detail() {
      return "the connection was closed by the other side (" + stage + ")";
    }
  }

  /** The path failed: timed out, unreachable. */
  record SocketFailed(Stage stage, String detail) implements ClientFailure {}

  /** No answer in time. */
  record TimedOut(Stage stage, long afterMs) implements ClientFailure {
    @Override
    public String detail() {
      return "no answer within " + afterMs + " ms (" + stage + ")";
    }
  }

  /** The peer broke the protocol. */
  record ProtocolBroken(Stage stage, String detail) implements ClientFailure {}
}
