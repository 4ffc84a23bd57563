package manycast.media.rtmp.connection;

/** What a publishing client's connection is for. */
public enum ClientGoal {
  /** Media is to be sent. */
  PUBLISH,
  /** The same, and whoever tests wants to hear what the server says. */
  TEST,
  /** Only what comes before a publish is tested: it ends once connect is answered. */
  TEST_WITHOUT_PUBLISH;

  boolean tells() {
    return this != PUBLISH;
  }
}
