package manycast.media.rtmp.connection;

/** What a peer says of itself or of us, made fit for logs, pages and a database. */
public final class PeerWords {
  private static final int LONGEST = 300;

  private PeerWords() {}

  /**
   * The words with a space for each control character (Postgres takes no NUL, and a line break
   * forges a line of a log), and at most 300 characters of them.
   */
  public static String of(String text) {
    StringBuilder words = new StringBuilder(Math.min(text.length(), LONGEST));
    text.codePoints()
        .limit(LONGEST)
        .map(point -> Character.isISOControl(point) ? ' ' : point)
        .forEach(words::appendCodePoint);
    return words.toString();
  }
}
