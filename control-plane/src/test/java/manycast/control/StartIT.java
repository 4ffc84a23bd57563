package manycast.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import manycast.control.database.DatabaseWatch;
import manycast.control.testing.ApiClient;
import manycast.control.testing.ApiClient.Answer;
import manycast.control.testing.EventReaderClient;
import manycast.control.testing.Eventually;
import manycast.control.testing.TestControlPlane;
import manycast.db.testing.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starting, with and without a database, and stopping. */
class StartIT {
  @TempDir private Path folder;
  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void leaveNoneBehind() {
    started.forEach(Process::destroyForcibly);
  }

  @Test
  void startsOnAnEmptyDatabaseAndGoesOnByItselfWhenItIsMigrated() throws Exception {
    try (TestDatabase database = TestDatabase.createEmpty();
        TestControlPlane plane = TestControlPlane.start(database)) {
      awaitReason(plane, "the database is empty: run ./manycast migrate");
      assertThat(ApiClient.open(plane.url() + "/healthz").status()).isEqualTo(200);
      Answer refused = plane.admin().get("/streams").expect(503);
      assertThat(refused.header("Content-Type")).isEqualTo("application/problem+json");
      assertThat(refused.text("detail")).contains("migrate");

      database.migrate();

      plane.awaitReady();
      plane.admin().get("/streams").expect(200);
    }
  }

  @Test
  void waitsForAnOlderDatabaseToBeMigratedAndGoesOnWithANewerOne() {
    try (TestDatabase database = TestDatabase.create()) {
      database.execute(
          "create table kept as select * from flyway_schema_history where version is not null");
      database.execute(
          "delete from flyway_schema_history where version is not null and version::int = (select max(version::int) from flyway_schema_history)");
      try (TestControlPlane plane = TestControlPlane.start(database)) {
        Eventually.holds(
            "the schema is called too old",
            () -> ready(plane).http().body().contains("this program needs"));
        database.execute(
            "insert into flyway_schema_history select installed_rank, '0999', 'later', type, script, checksum, installed_by, installed_on, execution_time, success from kept where version is not null order by version desc limit 1");

        plane.awaitReady();
        plane.admin().get("/streams").expect(200);
      }
    }
  }

  @Test
  void answersWithoutADatabaseAndPicksUpAndResumesWhenItComesBack() {
    try (TestDatabase database = TestDatabase.createAlone()) {
      database.stop();
      try (TestControlPlane plane = TestControlPlane.start(database)) {
        awaitReason(plane, "the database does not answer");
        plane.admin().get("/streams").expect(503);
        database.start();
        plane.awaitReady();
        plane.admin().get("/streams").expect(200);

        try (var events = new EventReaderClient(plane.admin(), null)) {
          plane.admin().post("/streams", "{\"name\": \"before\"}").expect(201);
          events.await(1);
          database.kill();
          Eventually.holds("the outage is seen", () -> !plane.part(DatabaseWatch.class).isReady());
          long began = System.nanoTime();
          plane.admin().get("/streams").expect(503);
          assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(3));
          assertThat(ApiClient.open(plane.url() + "/healthz").status()).isEqualTo(200);
          database.start();
          plane.awaitReady();
          Eventually.holds(
              "writes are taken again",
              () -> plane.admin().post("/streams", "{\"name\": \"after\"}").status() == 201);

          events.await(2);
          assertThat(events.types()).containsOnly("stream.updated");
        }
      }
    }
  }

  @Test
  void saysThatTheServerRefusesItsRole() {
    try (TestDatabase database = TestDatabase.create();
        TestControlPlane plane =
            TestControlPlane.start(
                database,
                TestControlPlane.settings(
                    database.url(), TestDatabase.CONTROL, "not the password"))) {
      awaitReason(plane, "the database refuses the role manycast_control or its password");
    }
  }

  @Test
  void makesTheFirstAdminOnceWhenTwoStartTogether() throws Exception {
    try (TestDatabase database = TestDatabase.create();
        var threads = Executors.newFixedThreadPool(2)) {
      var starting =
          List.of(
              threads.submit(() -> TestControlPlane.startReady(database)),
              threads.submit(() -> TestControlPlane.startReady(database)));
      try (TestControlPlane one = starting.get(0).get(60, TimeUnit.SECONDS);
          TestControlPlane two = starting.get(1).get(60, TimeUnit.SECONDS)) {
        assertThat(one.rows("app_user")).isEqualTo(1);
        assertThat(one.rows("account")).isEqualTo(1);
        assertThat(one.rows("api_token")).isEqualTo(1);
        assertThat(one.rows("stream")).isEqualTo(1);
        assertThat(two.admin().get("/streams").expect(200).json())
            .isEqualTo(one.admin().get("/streams").json());
        assertThat(one.rows("process_key where kind = 'control-plane'")).isEqualTo(2);
      }
    }
  }

  @Test
  void refusesARoleThatMayChangeTheSchema() throws Exception {
    try (TestDatabase database = TestDatabase.create()) {
      Process process =
          run(
              Map.of(
                  "MANYCAST_DB_URL", database.url(),
                  "MANYCAST_DB_USER", TestDatabase.OWNER,
                  "MANYCAST_DB_PASSWORD", database.ownerPassword()));

      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(2);
      assertThat(output())
          .contains("MANYCAST_DB_USER", "may change the schema")
          .doesNotContain(database.ownerPassword());
    }
  }

  @Test
  void refusesABadConfigurationWithALineForEachFault() throws Exception {
    Process process = run(Map.of("MANYCAST_HTTP_PORT", "0", "MANYCAST_DB_URL", "mysql:x"));

    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(2);
    assertThat(output().lines()).hasSize(2);
    assertThat(output()).contains("MANYCAST_HTTP_PORT=0", "MANYCAST_DB_URL=mysql:x");
  }

  @Test
  void endsWithCodeZeroOnEitherSignalWhileSomebodyWatchesEvents() throws Exception {
    try (TestDatabase database = TestDatabase.create()) {
      int portOfOne = freePort();
      int portOfOther = freePort();
      Process one = run(onDatabase(database, portOfOne));
      Process other = run(onDatabase(database, portOfOther));
      endsWithCodeZero(one, "TERM", portOfOne);
      endsWithCodeZero(other, "INT", portOfOther);
    }
  }

  private static void endsWithCodeZero(Process process, String signal, int port) throws Exception {
    String url = "http://localhost:" + port;
    Eventually.within(Duration.ofSeconds(90), "it is ready", () -> isReady(url));
    try (var events =
        new EventReaderClient(TestControlPlane.client(url, TestControlPlane.ADMIN_TOKEN), null)) {
      assertThat(events.status()).isEqualTo(200);

      new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid())).start().waitFor();

      assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isZero();
    }
  }

  private static Map<String, String> onDatabase(TestDatabase database, int port) {
    return Map.of(
        "MANYCAST_HTTP_PORT",
        String.valueOf(port),
        "MANYCAST_DB_URL",
        database.url(),
        "MANYCAST_DB_USER",
        TestDatabase.CONTROL,
        "MANYCAST_DB_PASSWORD",
        database.controlPassword());
  }

  private static void awaitReason(TestControlPlane plane, String reason) {
    Eventually.holds(
        "the reason is told",
        () -> ready(plane).status() == 503 && ready(plane).text("reason").equals(reason));
  }

  private static Answer ready(TestControlPlane plane) {
    return ApiClient.open(plane.internalUrl() + "/readyz");
  }

  private static boolean isReady(String url) {
    try {
      return ApiClient.open(url + "/readyz").status() == 200;
    } catch (AssertionError e) {
      return false;
    }
  }

  /** The process itself, as the launcher starts it. */
  private Process run(Map<String, String> variables) throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", classPath()));
    command.add("manycast.control.ControlPlane");
    var builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.startsWith("MANYCAST_"));
    builder
        .environment()
        .putAll(
            Map.of(
                "MANYCAST_HTTP_PORT",
                String.valueOf(freePort()),
                "MANYCAST_INTERNAL_PORT",
                String.valueOf(freePort()),
                "MANYCAST_DB_USER",
                TestDatabase.CONTROL,
                "MANYCAST_DB_PASSWORD",
                "unknown",
                "MANYCAST_SECRET_KEY",
                TestControlPlane.SECRET_KEY.encoded(),
                "MANYCAST_ADMIN_EMAIL",
                TestControlPlane.ADMIN_EMAIL,
                "MANYCAST_ADMIN_PASSWORD",
                TestControlPlane.ADMIN_PASSWORD,
                "MANYCAST_ADMIN_TOKEN",
                TestControlPlane.ADMIN_TOKEN));
    builder.environment().putAll(variables);
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
    Process process = builder.start();
    started.add(process);
    return process;
  }

  /** Surefire may hide it in a manifest. */
  private static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }

  private Path log() {
    return folder.resolve("log");
  }

  private String output() throws IOException {
    return Files.readString(log());
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
