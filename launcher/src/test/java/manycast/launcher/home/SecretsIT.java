package manycast.launcher.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsIT {
  @TempDir private Path folder;

  @Test
  void makesASecretOnceAndKeepsItForItsOwnerAlone() throws Exception {
    Secrets secrets = Home.open(folder).secrets();
    String made = secrets.get("admin-token", null, Secrets::random);
    assertThat(secrets.get("admin-token", null, Secrets::random)).isEqualTo(made).hasSize(24);
    Path file = folder.resolve("secrets/admin-token");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("secrets"))))
        .isEqualTo("rwx------");
  }

  @Test
  void neverOverwritesWhatItKeeps() throws Exception {
    Secrets secrets = Home.open(folder).secrets();
    String made = secrets.get("secret-key", null, Secrets::random);
    assertThat(secrets.get("secret-key", "another", Secrets::random)).isEqualTo("another");
    assertThat(secrets.get("secret-key", null, Secrets::random)).isEqualTo(made);
  }

  @Test
  void keepsWhatTheLastRunWasGivenAndOfItsSecretsNothingOutsideTheirFolder() throws Exception {
    Home home = Home.open(folder);
    home.writeSettings(
        new TreeMap<>(Map.of("MANYCAST_HTTP_PORT", "81")),
        new TreeMap<>(Map.of("MANYCAST_DB_PASSWORD", "p:=\\ä ", "MANYCAST_DB_URL", "jdbc:x")));
    assertThat(home.readSettings())
        .containsOnly(
            entry("MANYCAST_HTTP_PORT", "81"),
            entry("MANYCAST_DB_PASSWORD", "p:=\\ä "),
            entry("MANYCAST_DB_URL", "jdbc:x"));
    assertThat(folder.resolve("run/settings")).content().doesNotContain("MANYCAST_DB");
    Path file = folder.resolve("secrets/settings");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");

    home.writeSettings(new TreeMap<>(), new TreeMap<>());
    assertThat(home.readSettings()).isEmpty();
  }

  @Test
  void onlyOneTakesTheHomeAtATime() throws Exception {
    Home home = Home.open(folder);
    try (var first = home.lock().orElseThrow()) {
      assertThat(first.isValid()).isTrue();
      assertThat(home.lock()).isEmpty();
    }
    try (var again = home.lock().orElseThrow()) {
      assertThat(again.isValid()).isTrue();
    }
  }
}
