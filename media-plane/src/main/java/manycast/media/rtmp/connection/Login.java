package manycast.media.rtmp.connection;

/** User name and password for a server that asks for them. */
public record Login(String user, String password) {
  /** Without either: this text may reach a log. */
  @Override
  public String toString() {
    return "Login[]";
  }
}
