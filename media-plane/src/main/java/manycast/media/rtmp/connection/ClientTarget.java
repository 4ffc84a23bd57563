package manycast.media.rtmp.connection;

/**
 * Where and as what to publish: sent byte for byte.
 *
 * @param app everything behind {@code host[:port]/}, query included
 * @param tcUrl the whole server URL
 * @param key the publish name, never decoded or encoded
 * @param flashVer how we name ourselves
 */
public record ClientTarget(String app, String tcUrl, String key, String flashVer) {
  /** What OBS says; some servers look for FMLE in it. */
  public static final String DEFAULT_FLASH_VER = "FMLE/3.0 (compatible; FMSc/1.0)";

  /** Without key and URL, which may carry secrets in its query. */
  @Override
  public String toString() {
    return "ClientTarget[]";
  }
}
