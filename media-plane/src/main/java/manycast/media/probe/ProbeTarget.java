package manycast.media.probe;

/**
 * What is tested.
 *
 * @param url the server part, a password in it included
 * @param key as it is sent; not sent at all where it may not be published with
 * @param publishes whether a publish with it is allowed, which may be seen by everybody
 */
public record ProbeTarget(String url, String key, boolean publishes) {
  /** Without the URL and the key. */
  @Override
  public String toString() {
    return "ProbeTarget[]";
  }
}
