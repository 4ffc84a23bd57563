package manycast.launcher.commands;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.contentOf;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import manycast.db.testing.TestDatabase;
import manycast.launcher.installation.Installation;
import manycast.launcher.process.PidFile;
import manycast.launcher.process.ProcessId;
import manycast.launcher.settings.Settings;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands of a home whose {@code up}, in another shell, was given somebody else's database.
 */
@Timeout(120)
class ExternalDatabaseIT {
  @TempDir private static Path folder;
  private static final TestDatabase DATABASE = TestDatabase.createBare();

  @BeforeAll
  static void asUpLeavesIt() throws Exception {
    Map<String, String> given =
        Map.of(
            "MANYCAST_HOME", folder.toString(),
            "MANYCAST_DB_URL", DATABASE.url(),
            "MANYCAST_DB_USER", TestDatabase.OWNER,
            "MANYCAST_DB_PASSWORD", DATABASE.ownerPassword(),
            "MANYCAST_PUBLIC_URL", "https://example.org");
    Installation up = Installation.open(Settings.of(given, folder));
    up.keepSettings();
    up.migrate();
    try (var connection = up.connectAsOwner();
        var statement = connection.createStatement()) {
      statement.execute(
          "insert into app_user (id, email, password_hash, platform_admin)"
              + " values (gen_random_uuid(), 'a@example.org', 'none', true)");
    }
    for (String name : List.of("up", "control-plane", "media-plane")) {
      new PidFile(ProcessId.ofThisProcess(), Map.of()).write(up.home().run(), name);
    }
  }

  @AfterAll
  static void endTheDatabase() {
    DATABASE.close();
  }

  @Test
  void needNotBeGivenItAgain() throws Exception {
    assertThat(run("status")).startsWith("0\n").doesNotContain("postgres");
    assertThat(run("sign-in")).startsWith("0\nhttps://example.org/sign-in/link?token=");
    assertThat(run("migrate")).startsWith("0\n").contains("the schema is at version");
    assertThat(run("doctor")).containsPattern("ok +database +PostgreSQL");
  }

  @Test
  void findItsPasswordWhereOnlyItsOwnerDoes() throws Exception {
    try (Stream<Path> files = Files.walk(folder)) {
      assertThat(files.filter(Files::isRegularFile))
          .filteredOn(
              file -> contentOf(file.toFile(), ISO_8859_1).contains(DATABASE.ownerPassword()))
          .containsExactly(folder.resolve("secrets/settings"));
    }
  }

  /** The exit code and everything that was printed. */
  private static String run(String command) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Map<String, String> shell = Map.of("MANYCAST_HOME", folder.toString());
    int code =
        new Commands(shell, folder, new Console(new PrintStream(out, true, UTF_8), false))
            .run(List.of(command));
    return code + "\n" + out.toString(UTF_8);
  }
}
