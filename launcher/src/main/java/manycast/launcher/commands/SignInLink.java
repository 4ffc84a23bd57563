package manycast.launcher.commands;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import manycast.launcher.installation.Installation;
import org.jspecify.annotations.Nullable;

/**
 * One-time sign-in links: made through the database by whoever holds its owner's password, on this
 * machine.
 */
final class SignInLink {
  private static final Duration ADMIN_IS_MADE = Duration.ofSeconds(15);
  private static final int TOKEN_BYTES = 32;

  /**
   * Makes a link of ten minutes.
   *
   * @param path the page that it opens
   * @param email whose; null for the first admin, who is waited for, since the control plane makes
   *     him when it starts
   */
  static URI make(Installation installation, String path, @Nullable String email)
      throws InterruptedException, CommandFailedException {
    byte[] random = new byte[TOKEN_BYTES];
    new SecureRandom().nextBytes(random);
    String token = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    long end = System.nanoTime() + ADMIN_IS_MADE.toNanos();
    while (true) {
      try (Connection connection = installation.connectAsOwner()) {
        Optional<UUID> user = find(connection, email);
        if (user.isPresent()) {
          insert(connection, user.get(), path, token);
          return URI.create(installation.settings().publicUrl() + "/sign-in/link?token=" + token);
        }
      } catch (SQLException e) {
        throw new CommandFailedException("the database made no sign-in link: " + e.getMessage());
      }
      if (email != null) {
        throw new CommandFailedException("nobody here has the e-mail address " + email);
      }
      if (System.nanoTime() > end) {
        throw new CommandFailedException(
            "there is no admin yet: the control plane makes one when it starts");
      }
      Thread.sleep(100);
    }
  }

  private static Optional<UUID> find(Connection connection, @Nullable String email)
      throws SQLException {
    String sql =
        email == null
            ? "select id from app_user where platform_admin order by created_at, id limit 1"
            : "select id from app_user where lower(email) = lower(?)";
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      if (email != null) {
        select.setString(1, email);
      }
      try (ResultSet rows = select.executeQuery()) {
        return rows.next() ? Optional.of(rows.getObject(1, UUID.class)) : Optional.empty();
      }
    }
  }

  private static void insert(Connection connection, UUID user, String path, String token)
      throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "insert into sign_in_link (token_hash, user_id, path, expires_at)"
                + " values (?, ?, ?, now() + interval '10 minutes')")) {
      insert.setBytes(1, sha256(token));
      insert.setObject(2, user);
      insert.setString(3, path);
      insert.executeUpdate();
    }
  }

  private static byte[] sha256(String token) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(token.getBytes(UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private SignInLink() {}
}
