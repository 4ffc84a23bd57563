package manycast.db.identity;

import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The keys in {@code process_key}. A key once found is remembered for an hour (it cannot change,
 * its id is its hash), so that known processes are recognised while the database is away; an id not
 * found is asked for again after a second. Remembers at most 1000 ids. Safe for use by many
 * threads.
 */
public final class JdbcPublicKeys implements PublicKeys {
  private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");
  private static final long FOUND_NANOS = Duration.ofHours(1).toNanos();
  private static final long ABSENT_NANOS = Duration.ofSeconds(1).toNanos();
  private static final int MOST = 1000;

  private record Answer(@Nullable RegisteredKey key, long atNanos) {
    boolean fresh(long now) {
      return now - atNanos < (key == null ? ABSENT_NANOS : FOUND_NANOS);
    }
  }

  private final DataSource database;
  private final Map<String, Answer> known = new LinkedHashMap<>();

  public JdbcPublicKeys(DataSource database) {
    this.database = database;
  }

  @Override
  public @Nullable RegisteredKey find(String id) {
    if (!ID.matcher(id).matches()) {
      return null;
    }
    synchronized (known) {
      Answer answer = known.get(id);
      if (answer != null && answer.fresh(System.nanoTime())) {
        return answer.key();
      }
    }
    RegisteredKey key = read(id);
    synchronized (known) {
      if (known.size() >= MOST) {
        known.remove(known.keySet().iterator().next());
      }
      known.put(id, new Answer(key, System.nanoTime()));
    }
    return key;
  }

  private @Nullable RegisteredKey read(String id) {
    try (Connection connection = database.getConnection();
        PreparedStatement statement =
            connection.prepareStatement("select kind, public_key from process_key where id = ?")) {
      statement.setString(1, id);
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          return null;
        }
        byte[] x509 = row.getBytes("public_key");
        // Whoever could write the row still could not speak for another id.
        return KeyIds.idOf(x509).equals(id)
            ? new RegisteredKey(id, row.getString("kind"), KeyIds.read(x509))
            : null;
      }
    } catch (SQLException e) {
      throw new KeysUnavailableException("the keys of other processes cannot be read", e);
    } catch (GeneralSecurityException e) {
      return null;
    }
  }
}
