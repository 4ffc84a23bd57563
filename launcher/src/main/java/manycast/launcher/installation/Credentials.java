package manycast.launcher.installation;

import java.io.IOException;
import manycast.db.keys.SecretKey;
import manycast.launcher.home.Secrets;
import manycast.launcher.settings.Settings;
import org.jspecify.annotations.Nullable;

/**
 * Every secret of one home, from the environment or its files. Prints as dots.
 *
 * @param owner password of the database's owner
 * @param control password of the control plane's role
 * @param media password of the media nodes' role
 * @param secretKey for the control plane alone
 * @param mediaKey derived from it, for media nodes
 */
public record Credentials(
    String owner,
    String control,
    String media,
    String secretKey,
    String mediaKey,
    String adminEmail,
    String adminPassword,
    String adminToken) {
  private static final String FIRST_ADMIN = "admin@localhost";

  /** Reads them, making those that are missing. */
  static Credentials of(Settings settings, Secrets secrets) throws IOException {
    String secretKey =
        secrets.get(
            "secret-key",
            settings.given("MANYCAST_SECRET_KEY"),
            () -> SecretKey.generate().encoded());
    String mediaKey = settings.given("MANYCAST_MEDIA_KEY");
    String owner =
        settings.externalDatabase()
            ? orEmpty(settings.given("MANYCAST_DB_PASSWORD"))
            : secrets.get("database-owner-password", null, Secrets::random);
    return new Credentials(
        owner,
        secrets.get(
            "database-control-password",
            settings.given("MANYCAST_DB_CONTROL_PASSWORD"),
            Secrets::random),
        secrets.get(
            "database-media-password",
            settings.given("MANYCAST_DB_MEDIA_PASSWORD"),
            Secrets::random),
        secretKey,
        mediaKey == null ? SecretKey.parse(secretKey).mediaKeys().encoded() : mediaKey,
        secrets.get("admin-email", settings.given("MANYCAST_ADMIN_EMAIL"), () -> FIRST_ADMIN),
        secrets.get("admin-password", settings.given("MANYCAST_ADMIN_PASSWORD"), Secrets::random),
        secrets.get("admin-token", settings.given("MANYCAST_ADMIN_TOKEN"), Secrets::random));
  }

  private static String orEmpty(@Nullable String value) {
    return value == null ? "" : value;
  }

  @Override
  public String toString() {
    return "••••••••";
  }
}
