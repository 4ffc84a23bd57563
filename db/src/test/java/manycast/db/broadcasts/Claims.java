package manycast.db.broadcasts;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The claim functions as a media node calls them. */
final class Claims {
  private static final int GRACE_SECONDS = 45;

  record Claim(
      String outcome,
      @Nullable UUID broadcastId,
      long epoch,
      @Nullable UUID streamId,
      boolean resumed,
      @Nullable String owner) {}

  private Claims() {}

  static Claim claim(Connection media, String hmac, String nodeId) throws SQLException {
    return claim(media, hmac, nodeId, "203.0.113.7");
  }

  static Claim claim(Connection media, String hmac, String nodeId, String address)
      throws SQLException {
    return claim(media, hmac, nodeId, address, GRACE_SECONDS);
  }

  /** Of a node of a version that names no grace. */
  static Claim claimAsAnOlderNode(Connection media, String hmac, String nodeId)
      throws SQLException {
    return claim(media, hmac, nodeId, "203.0.113.7", null);
  }

  private static Claim claim(
      Connection media, String hmac, String nodeId, String address, @Nullable Integer grace)
      throws SQLException {
    return claim(media, hmac, nodeId, address, grace, null, null);
  }

  /** Of a node that has asked the owner of this epoch. */
  static Claim claimHaving(Connection media, String hmac, String nodeId, String heard, long ofEpoch)
      throws SQLException {
    return claim(media, hmac, nodeId, "203.0.113.7", GRACE_SECONDS, heard, ofEpoch);
  }

  private static Claim claim(
      Connection media,
      String hmac,
      String nodeId,
      String address,
      @Nullable Integer grace,
      @Nullable String heard,
      @Nullable Long heardEpoch)
      throws SQLException {
    try (PreparedStatement statement =
        media.prepareStatement(
            "select * from claim_broadcast(?, ?, ?, 'rtmp', ?::inet, 'a test', ?, ?, ?)")) {
      statement.setBytes(1, hmac.getBytes(UTF_8));
      statement.setObject(2, UUID.randomUUID());
      statement.setString(3, nodeId);
      statement.setString(4, address);
      statement.setObject(5, grace, Types.INTEGER);
      statement.setString(6, heard);
      statement.setObject(7, heardEpoch, Types.BIGINT);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return new Claim(
            row.getString("outcome"),
            row.getObject("broadcast_id", UUID.class),
            row.getLong("epoch"),
            row.getObject("stream_id", UUID.class),
            row.getBoolean("resumed"),
            row.getString("owner_id"));
      }
    }
  }

  static boolean end(Connection media, UUID broadcastId, long epoch, String reason)
      throws SQLException {
    try (PreparedStatement statement = media.prepareStatement("select end_broadcast(?, ?, ?)")) {
      statement.setObject(1, broadcastId);
      statement.setLong(2, epoch);
      statement.setString(3, reason);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getBoolean(1);
      }
    }
  }

  /** The one value that a query answers, as text. */
  static String query(Connection connection, String sql, @Nullable Object... parameters)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return String.valueOf(row.getString(1));
      }
    }
  }
}
