package manycast.media.rtmp.connection;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * How far a publishing client has come in proving who it is, to servers that ask for it in the way
 * of Adobe or of Limelight. Both refuse {@code connect} twice, each time with what the next
 * connection has to append to app and tcUrl: first the user's name, then an answer to a challenge.
 * A refusal of that answer is final.
 *
 * @param login what to prove it with; null where nothing is known
 * @param query what app and tcUrl get appended, without a separator; sent as it is, not URL-encoded
 */
public record Authentication(@Nullable Login login, Step step, String query) {
  /** How much the server has been told. */
  public enum Step {
    UNASKED,
    NAMED,
    ANSWERED
  }

  /** What a refused {@code connect} leads to. */
  sealed interface Next {
    /** It is about something else. */
    record OtherMatter() implements Next {}

    /** Connect anew with this. */
    record Again(Authentication authentication) implements Next {}

    /** It is over. */
    record Over(ClientFailure failure) implements Next {}
  }

  private static final Next OTHER_MATTER = new Next.OtherMatter();
  private static final String PARAMETERS = "?reason=";
  private static final String NONCE_COUNT = "00000001";

  /** What servers send is a few bytes; all of it goes back to them in two strings. */
  private static final int LONGEST_VALUE = 512;

  /** Of a client that has not been asked. */
  public static Authentication with(@Nullable Login login) {
    return new Authentication(login, Step.UNASKED, "");
  }

  /** Without name and answer: this text may reach a log. */
  @Override
  public String toString() {
    return "Authentication[" + step + "]";
  }

  /**
   * What follows from a refusal.
   *
   * @param description of the refused connect
   * @param app without what this appends to it
   */
  Next next(String description, String app, RandomGenerator random) {
    Mode mode = Mode.in(description);
    if (mode == null) {
      return step == Step.UNASKED ? OTHER_MATTER : afterAsking(description);
    }
    if (login == null) {
      return new Next.Over(new ClientFailure.LoginNeeded(mode.word));
    }
    return switch (step) {
      case UNASKED ->
          new Next.Again(
              new Authentication(
                  login, Step.NAMED, "authmod=" + mode.word + "&user=" + login.user()));
      case NAMED -> answer(mode, login, description, app, random);
      case ANSWERED -> refused();
    };
  }

  private Next answer(
      Mode mode, Login login, String description, String app, RandomGenerator random) {
    Map<String, String> asked = parameters(description);
    if (!"needauth".equals(asked.get("reason"))) {
      return refused();
    }
    String own = HexFormat.of().toHexDigits(random.nextInt());
    String answer =
        switch (mode) {
          case ADOBE ->
              adobe(login, asked.get("salt"), asked.get("challenge"), asked.get("opaque"), own);
          case LLNW -> limelight(login, asked.get("nonce"), app, own);
        };
    return answer == null
        ? refused()
        : new Next.Again(new Authentication(login, Step.ANSWERED, query + answer));
  }

  /** It was asked for the name and says something else now: a refusal in its own words. */
  private static Next afterAsking(String description) {
    String reason = parameters(description).getOrDefault("reason", "");
    return reason.equals("authfailed") || reason.equals("nosuchuser") ? refused() : OTHER_MATTER;
  }

  private static Next refused() {
    return new Next.Over(new ClientFailure.LoginRefused());
  }

  private static @Nullable String adobe(
      Login login,
      @Nullable String salt,
      @Nullable String challenge,
      @Nullable String opaque,
      String own) {
    if (salt == null || (challenge == null && opaque == null)) {
      return null;
    }
    String secret = base64Md5(login.user() + salt + login.password());
    String response = base64Md5(secret + (opaque == null ? challenge : opaque) + own);
    return "&challenge="
        + own
        + "&response="
        + response
        + (opaque == null ? "" : "&opaque=" + opaque);
  }

  private static @Nullable String limelight(
      Login login, @Nullable String nonce, String app, String own) {
    if (nonce == null) {
      return null;
    }
    int query = app.indexOf('?');
    String path = query < 0 ? app : app.substring(0, query);
    String who = hexMd5(login.user() + ":live:" + login.password());
    String what = hexMd5("publish:/" + path + (path.contains("/") ? "" : "/_definst_"));
    String response = hexMd5(String.join(":", who, nonce, NONCE_COUNT, own, "auth", what));
    return "&nonce=" + nonce + "&cnonce=" + own + "&nc=" + NONCE_COUNT + "&response=" + response;
  }

  /** Values are cut at the first equals sign only: base64 ends in some. */
  private static Map<String, String> parameters(String description) {
    Map<String, String> parameters = new HashMap<>();
    int from = description.indexOf(PARAMETERS);
    if (from < 0) {
      return parameters;
    }
    String text = description.substring(from + 1).strip();
    for (String pair : text.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0 && pair.length() - equals <= LONGEST_VALUE) {
        parameters.put(pair.substring(0, equals), pair.substring(equals + 1));
      }
    }
    return parameters;
  }

  private static String base64Md5(String text) {
    return Base64.getEncoder().encodeToString(md5(text));
  }

  private static String hexMd5(String text) {
    return HexFormat.of().formatHex(md5(text));
  }

  private static byte[] md5(String text) {
    try {
      return MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has MD5", e);
    }
  }

  private enum Mode {
    ADOBE("adobe"),
    LLNW("llnw");

    private final String word;

    Mode(String word) {
      this.word = word;
    }

    static @Nullable Mode in(String description) {
      for (Mode mode : values()) {
        if (description.contains("authmod=" + mode.word)) {
          return mode;
        }
      }
      return null;
    }
  }
}
