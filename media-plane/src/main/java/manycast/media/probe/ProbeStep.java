package manycast.media.probe;

import java.util.Locale;

/** The steps of a connection test, in their order, each with what its success means. */
public enum ProbeStep {
  DNS("The server's name was found."),
  TCP("The server takes connections."),
  TLS("The connection is encrypted, and the certificate is right."),
  HANDSHAKE("It is an RTMP server."),
  CONNECT("The server knows this address."),
  PUBLISH("The server accepts the stream key."),
  MEDIA("The server has taken two seconds of picture and sound.");

  private final String success;

  ProbeStep(String success) {
    this.success = success;
  }

  /** One plain sentence for a step that went well. */
  public String success() {
    return success;
  }

  /** The word in answers. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
