package manycast.media.rtmp.connection;

import java.util.List;
import manycast.media.flv.FourCc;

/**
 * Where and as what to publish: sent byte for byte.
 *
 * @param app everything behind {@code host[:port]/}, query included
 * @param tcUrl the whole server URL, without user and password
 * @param key the publish name, never decoded or encoded
 * @param flashVer how we name ourselves
 * @param authentication how we prove who we are, should the server ask
 * @param enhanced the codecs that will be sent in Enhanced RTMP: they are named in connect, which
 *     old servers do not like, so nothing is where the list is empty
 */
public record ClientTarget(
    String app,
    String tcUrl,
    String key,
    String flashVer,
    Authentication authentication,
    List<FourCc> enhanced) {
  /** What OBS says; some servers look for FMLE in it. */
  public static final String DEFAULT_FLASH_VER = "FMLE/3.0 (compatible; FMSc/1.0)";

  /** Keeps a copy of the list. */
  public ClientTarget {
    enhanced = List.copyOf(enhanced);
  }

  /** A target for legacy media whose server may ask for nothing. */
  public ClientTarget(String app, String tcUrl, String key, String flashVer) {
    this(app, tcUrl, key, flashVer, Authentication.with(null), List.of());
  }

  /** The same with these codecs named. */
  public ClientTarget naming(List<FourCc> codecs) {
    return new ClientTarget(app, tcUrl, key, flashVer, authentication, codecs);
  }

  ClientTarget with(Authentication next) {
    return new ClientTarget(app, tcUrl, key, flashVer, next, enhanced);
  }

  String appAsked() {
    return asked(app);
  }

  String tcUrlAsked() {
    return asked(tcUrl);
  }

  private String asked(String text) {
    String query = authentication.query();
    return query.isEmpty() ? text : text + (text.contains("?") ? "&" : "?") + query;
  }

  /** Without key and URL, which may carry secrets in its query. */
  @Override
  public String toString() {
    return "ClientTarget[]";
  }
}
