package manycast.db.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import manycast.db.testing.TestDatabase;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

class JdbcPublicKeysIT {
  @Test
  void aRegisteredProcessIsKnownToTheOtherPlane() throws Exception {
    try (TestDatabase database = TestDatabase.create();
        Connection control = database.control()) {
      ProcessIdentity asking = ProcessIdentity.generate();
      asking.register(control);
      asking.register(control);
      JdbcPublicKeys keys = new JdbcPublicKeys(database.dataSource(TestDatabase.MEDIA));
      assertThat(keys.find(asking.id())).isEqualTo(asking.publicKey("control-plane"));
      String token = asking.mint("0123456789abcdef0123456789abcdef");
      assertThat(new ServiceTokenVerifier("0123456789abcdef0123456789abcdef", keys).verify(token))
          .isEqualTo(asking.id());
    }
  }

  @Test
  void knowsNobodyWhoDidNotRegister() {
    try (TestDatabase database = TestDatabase.create()) {
      JdbcPublicKeys keys = new JdbcPublicKeys(database.dataSource(TestDatabase.CONTROL));
      assertThat(keys.find(ProcessIdentity.generate().id())).isNull();
      assertThat(keys.find("' or true --")).isNull();
    }
  }

  @Test
  void believesNoRowWhoseIdIsNotTheHashOfItsKey() throws SQLException {
    try (TestDatabase database = TestDatabase.create();
        Connection control = database.control()) {
      ProcessIdentity identity = ProcessIdentity.generate();
      identity.register(control);
      String forged = "0".repeat(32);
      database.execute("update process_key set id = '" + forged + "'");
      assertThat(new JdbcPublicKeys(database.dataSource(TestDatabase.MEDIA)).find(forged)).isNull();
    }
  }

  @Test
  void recognisesAKnownProcessWhileTheDatabaseIsAway() throws SQLException {
    try (TestDatabase database = TestDatabase.create();
        Connection control = database.control()) {
      ProcessIdentity identity = ProcessIdentity.generate();
      identity.register(control);
      PGSimpleDataSource source = database.dataSource(TestDatabase.MEDIA);
      JdbcPublicKeys keys = new JdbcPublicKeys(source);
      assertThat(keys.find(identity.id())).isNotNull();
      source.setPassword("wrong");
      assertThat(keys.find(identity.id())).isNotNull();
      assertThatThrownBy(() -> keys.find(ProcessIdentity.generate().id()))
          .isInstanceOf(KeysUnavailableException.class);
    }
  }
}
