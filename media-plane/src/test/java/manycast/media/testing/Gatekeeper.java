package manycast.media.testing;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The part of a server that asks who publishes, in the way of Adobe or of Limelight. */
public record Gatekeeper(String mode, String user, String password) {
  private static final String SALT = "c2FsdA==";
  private static final String CHALLENGE = "Y2hhbGxlbmdl";
  private static final String OPAQUE = "b3BhcXVl";
  private static final String NONCE = "bm9uY2U";

  /** The description with which connect to this app is refused, or null where it is let in. */
  @Nullable String refusal(String app) {
    int from = app.indexOf("?");
    Map<String, String> said = new HashMap<>();
    for (String pair : from < 0 ? new String[0] : app.substring(from + 1).split("&", -1)) {
      int equals = pair.indexOf('=');
      said.put(pair.substring(0, equals), pair.substring(equals + 1));
    }
    if (!mode.equals(said.get("authmod"))) {
      return "[ AccessManager.Reject ] : [ code=403 need auth; authmod=" + mode + " ] : ";
    }
    String about = "[ AccessManager.Reject ] : [ authmod=" + mode + " ] : ?reason=";
    if (!user.equals(said.get("user"))) {
      return about + "nosuchuser&opaque=" + OPAQUE;
    }
    if (!said.containsKey("response")) {
      return about
          + "needauth&user="
          + user
          + (mode.equals("adobe")
              ? "&salt=" + SALT + "&challenge=" + CHALLENGE + "&opaque=" + OPAQUE
              : "&nonce=" + NONCE);
    }
    boolean right = mode.equals("adobe") ? adobe(said) : limelight(said, app.substring(0, from));
    return right ? null : about + "authfailed&opaque=" + OPAQUE;
  }

  private boolean adobe(Map<String, String> said) {
    String secret = base64(md5(user + SALT + password));
    return base64(md5(secret + OPAQUE + said.get("challenge"))).equals(said.get("response"))
        && OPAQUE.equals(said.get("opaque"));
  }

  private boolean limelight(Map<String, String> said, String app) {
    String who = hex(md5(user + ":live:" + password));
    String what = hex(md5("publish:/" + app + "/_definst_"));
    String right =
        hex(
            md5(
                who
                    + ":"
                    + NONCE
                    + ":"
                    + said.get("nc")
                    + ":"
                    + said.get("cnonce")
                    + ":auth:"
                    + what));
    return right.equals(said.get("response"));
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static byte[] md5(String text) {
    try {
      return MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
