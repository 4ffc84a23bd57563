package manycast.db.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import manycast.db.schema.SchemaCheck;
import manycast.db.schema.SchemaState;
import manycast.db.testing.TestDatabase;
import org.junit.jupiter.api.Test;

class MigrateIT {
  @Test
  void migratesAnEmptyDatabaseAndDoesNothingTheSecondTime() throws Exception {
    try (TestDatabase database = TestDatabase.createEmpty()) {
      assertThat(database.migrate())
          .isEqualTo(new Migrate.Result(SchemaCheck.VERSION + 1, SchemaCheck.VERSION, 0));
      assertThat(database.migrate().version()).isEqualTo(SchemaCheck.VERSION);
      try (Connection media = database.media();
          Connection control = database.control()) {
        assertThat(SchemaCheck.inspect(media))
            .isEqualTo(new SchemaState.Ready(SchemaCheck.VERSION));
        assertThat(SchemaCheck.inspect(control))
            .isEqualTo(new SchemaState.Ready(SchemaCheck.VERSION));
      }
    }
  }
}
