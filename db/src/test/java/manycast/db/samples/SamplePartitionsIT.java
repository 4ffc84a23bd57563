package manycast.db.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import manycast.db.testing.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The partitions of the table of samples come and go by one function. */
@Timeout(60)
class SamplePartitionsIT {
  private static final String KEEP = "select keep_sample_partitions()";
  private static final String PARTITIONS =
      "select inhrelid::regclass::text from pg_inherits where inhparent = 'sample'::regclass order by 1";
  private static final String SAMPLE =
      "insert into sample (taken_at, broadcast_id, node_id, state, bitrate_bps, frames, frames_missing)"
          + " values (%s, '01900000-0000-7000-8000-000000000000', 'n', 'live', 1, 1, 0)";

  private final TestDatabase database = TestDatabase.create();

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void eitherPlaneMakesTodaysAndTomorrowsOnce() throws SQLException {
    try (Connection media = database.media();
        Connection control = database.control()) {
      assertThat(texts(media, KEEP)).containsExactly("2");
      assertThat(texts(control, KEEP)).containsExactly("0");
      assertThat(texts(media, PARTITIONS))
          .isEqualTo(
              texts(
                  media,
                  "select 'sample_' || to_char((now() at time zone 'UTC')::date + n, 'YYYYMMDD') from generate_series(0, 1) n"));
      execute(media, SAMPLE.formatted("now()"));
      execute(media, SAMPLE.formatted("now() + interval '1 day'"));
      assertThatThrownBy(() -> execute(media, SAMPLE.formatted("now() + interval '3 days'")))
          .hasMessageContaining("no partition");
      assertThat(texts(control, "select count(*) from sample")).containsExactly("2");
    }
  }

  @Test
  void whatIsOlderThanThirtyDaysGoesAndNothingYounger() throws SQLException {
    try (Connection owner = database.owner();
        Connection control = database.control()) {
      for (int days : List.of(32, 31, 30, 29)) {
        partition(owner, days);
        execute(
            owner,
            SAMPLE.formatted(
                "date_trunc('day', now() at time zone 'UTC') at time zone 'UTC' - interval '%d days'"
                    .formatted(days)));
      }
      assertThat(texts(control, KEEP)).containsExactly("4");
      assertThat(texts(control, "select taken_at from sample")).hasSize(2);
      assertThat(texts(control, PARTITIONS)).hasSize(4);
    }
  }

  @Test
  void aReaderIsNotWaitedForLong() throws SQLException {
    try (Connection owner = database.owner();
        Connection reader = database.control();
        Connection media = database.media()) {
      partition(owner, 40);
      reader.setAutoCommit(false);
      texts(reader, "select count(*) from sample");

      assertThat(texts(media, KEEP))
          .as("today's and tomorrow's are made all the same")
          .isNotEmpty();
      assertThat(texts(owner, PARTITIONS)).hasSize(3);

      reader.rollback();
      assertThat(texts(media, KEEP)).containsExactly("1");
    }
  }

  @Test
  void aSampleThatIsWrittenAgainIsThereOnce() throws SQLException {
    try (Connection media = database.media();
        Connection control = database.control()) {
      execute(media, KEEP);
      for (int i = 0; i < 2; i++) {
        execute(media, SAMPLE.formatted("date_trunc('day', now())") + " on conflict do nothing");
      }
      assertThat(texts(control, "select count(*) from sample")).containsExactly("1");
    }
  }

  /** Somebody ran on that day. */
  private static void partition(Connection owner, int daysAgo) throws SQLException {
    execute(
        owner,
        """
        do $$ declare d date := (now() at time zone 'UTC')::date - %d; begin
          execute format('create table %%I partition of sample for values from (%%L) to (%%L)',
            'sample_' || to_char(d, 'YYYYMMDD'), d::timestamp at time zone 'UTC', (d + 1)::timestamp at time zone 'UTC');
        end $$
        """
            .formatted(daysAgo));
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static List<String> texts(Connection connection, String sql) throws SQLException {
    List<String> texts = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      while (row.next()) {
        texts.add(row.getString(1));
      }
    }
    return texts;
  }
}
