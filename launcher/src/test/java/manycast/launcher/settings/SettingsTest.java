package manycast.launcher.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
  private static final Path ROOT = Path.of("/checkout");
  private static final String KEY = Base64.getEncoder().encodeToString(new byte[32]);

  @Test
  void needsNothingFromTheEnvironment() {
    Settings settings = Settings.of(Map.of("PATH", "/bin"), ROOT);
    assertThat(settings.home()).isEqualTo(Path.of("/checkout/.manycast"));
    assertThat(settings.ports()).isEqualTo(new Ports(8080, 8082, 8081, 8083, 1935, 1936, 54320));
    assertThat(settings.publicUrl()).isEqualTo("http://localhost:8080");
    assertThat(settings.externalDatabase()).isFalse();
    assertThat(settings.notices()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "MANYCAST_HTTP_PORT | 0",
        "MANYCAST_HTTP_PORT | 65536",
        "MANYCAST_RTMP_PORT | x",
        "MANYCAST_SRT_PORT | -1",
        "MANYCAST_PUBLIC_HOST | a b",
        "MANYCAST_PUBLIC_URL | localhost:8080",
        "MANYCAST_PUBLIC_URL | http://localhost/path",
        "MANYCAST_NODE_URL | ftp://x",
        "MANYCAST_DB_URL | postgres://x",
        "MANYCAST_SECRET_KEY | c2hvcnQ=",
        "MANYCAST_ADMIN_EMAIL | nobody",
        "MANYCAST_ADMIN_PASSWORD | short",
        "MANYCAST_ADMIN_TOKEN | too-short",
        "MANYCAST_SIGNUP | maybe",
        "MANYCAST_SMTP_URL | http://x",
        "MANYCAST_OIDC_GOOGLE_ISSUER | google",
        "MANYCAST_TRUSTED_PROXIES | 10.0.0.0",
        "MANYCAST_ALLOW_PRIVATE_DESTINATIONS | yes",
        "MANYCAST_DESTINATION_CA | /nowhere/ca.pem",
        "MANYCAST_RESUME_GRACE | 11m",
        "MANYCAST_DRAIN_TIMEOUT | 20",
        "MANYCAST_MEDIA_MEMORY | 1m",
        "MANYCAST_FLUSH | 10ms",
      })
  void namesTheVariableAndWhatItAccepts(String name, String value) {
    assertRefused(name, value);
  }

  /** What a plane ends with code 2 for, so that nothing is started before it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "MANYCAST_PUBLIC_HOST | ::1",
        "MANYCAST_PUBLIC_HOST | [1]",
        "MANYCAST_PUBLIC_HOST | [::1",
        "MANYCAST_PUBLIC_HOST | media_1",
        "MANYCAST_PUBLIC_HOST | example.org:1935",
        "MANYCAST_RTMP_PORT | 01935",
        "MANYCAST_STORE | s3://B",
        "MANYCAST_STORE | s3://bucket/a prefix",
        "MANYCAST_STORE_REGION | eu west",
        "MANYCAST_DB_MEDIA_PASSWORD | \"ends in a space \"",
        "MANYCAST_ADMIN_EMAIL | 65-2345678901234567890123456789012345678901234567890123456789012345@a",
        "MANYCAST_STRIPE_KEY | a b",
        "MANYCAST_TRUSTED_PROXIES | 10.0.0.0/33",
        "MANYCAST_TRUSTED_PROXIES | 10.0.0.0.0/8",
        "MANYCAST_ALLOW_PRIVATE_DESTINATIONS | 10.0.0.0/8,:::/8",
        "MANYCAST_PREVIEW_TOKEN_LIFE | 5s",
        "MANYCAST_PREVIEW_TOKEN_LIFE | 20000ms",
        "MANYCAST_PREVIEW_TOKEN_LIFE | 11m",
      })
  void refusesWhatAPlaneWould(String name, String value) {
    assertRefused(name, value);
  }

  private static void assertRefused(String name, String value) {
    assertThatThrownBy(() -> Settings.of(Map.of(name, value), ROOT))
        .isInstanceOf(BadSettingsException.class)
        .hasMessageStartingWith(name + ": ")
        .hasMessageContaining("; accepted: ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "MANYCAST_PUBLIC_HOST | [::1]",
        "MANYCAST_PUBLIC_HOST | media-1.example.org.",
        "MANYCAST_STORE | s3://bucket",
        "MANYCAST_STORE | file:///a folder",
        "MANYCAST_TRUSTED_PROXIES | 10.0.0.0/8, fd00::/8",
        "MANYCAST_PREVIEW_TOKEN_LIFE | 20s",
        "MANYCAST_PREVIEW_TOKEN_LIFE | 10m",
      })
  void takesWhatAPlaneWould(String name, String value) {
    Map<String, String> given =
        Map.of(name, value, "MANYCAST_STORE_KEY_ID", "id", "MANYCAST_STORE_SECRET", "secret");
    assertThat(Settings.of(given, ROOT).given(name)).isEqualTo(value);
  }

  @Test
  void takesAPasswordOfTheAdminOf10To200Characters() {
    assertThat(adminPassword(10)).isEmpty();
    assertThat(adminPassword(200)).isEmpty();
    assertThat(adminPassword(9)).singleElement().asString().contains("10 to 200 characters");
    assertThat(adminPassword(201))
        .singleElement()
        .asString()
        .isEqualTo(
            "MANYCAST_ADMIN_PASSWORD: a secret of 201 characters was given; accepted: 10 to 200"
                + " characters");
  }

  private static List<String> adminPassword(int length) {
    try {
      Settings.of(Map.of("MANYCAST_ADMIN_PASSWORD", "x".repeat(length)), ROOT);
      return List.of();
    } catch (BadSettingsException e) {
      return e.faults();
    }
  }

  @Test
  void wantsTheKeysOfABucket() {
    assertThatThrownBy(() -> Settings.of(Map.of("MANYCAST_STORE", "s3://bucket"), ROOT))
        .hasMessageContaining("MANYCAST_STORE_KEY_ID: ")
        .hasMessageContaining("MANYCAST_STORE_SECRET: ");
    assertThat(Settings.of(Map.of("MANYCAST_STORE", "file:/a"), ROOT).notices()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "localhost | true",
        "127.0.0.2 | true",
        "[::1] | true",
        "[0:0:0:0:0:0:0:1] | true",
        "127.example.org | false",
        "[2001:db8::1] | false",
      })
  void takesALoopbackAddressAndNoNameForLoopback(String host, String loopback) {
    assertThat(allowsPrivate(Map.of("MANYCAST_PUBLIC_HOST", host))).isEqualTo(loopback);
  }

  @Test
  void reportsEveryFaultAtOnce() {
    BadSettingsException fault =
        catchThrowableOfType(
            BadSettingsException.class,
            () -> Settings.of(Map.of("MANYCAST_HTTP_PORT", "x", "MANYCAST_FLUSH", "y"), ROOT));
    assertThat(fault.faults()).hasSize(2);
  }

  @Test
  void neverShowsASecretThatIsWrong() {
    assertThatThrownBy(() -> Settings.of(Map.of("MANYCAST_ADMIN_TOKEN", "hunter2"), ROOT))
        .hasMessageNotContaining("hunter2")
        .hasMessageContaining("7 characters");
  }

  @Test
  void refusesOnePortForTwo() {
    assertThatThrownBy(() -> Settings.of(Map.of("MANYCAST_HTTP_PORT", "1935"), ROOT))
        .hasMessageContaining("MANYCAST_HTTP_PORT")
        .hasMessageContaining("MANYCAST_RTMP_PORT");
  }

  @Test
  void givesEachPlaneItsOwnSecretsOnly() {
    Settings settings =
        Settings.of(
            Map.of(
                "MANYCAST_SECRET_KEY",
                KEY,
                "MANYCAST_ADMIN_TOKEN",
                "t".repeat(20),
                "MANYCAST_MEDIA_KEY",
                KEY,
                "MANYCAST_DB_CONTROL_PASSWORD",
                "c",
                "MANYCAST_DB_MEDIA_PASSWORD",
                "m"),
            ROOT);
    assertThat(settings.forMediaPlane(1, 2, 3, 4))
        .containsKey("MANYCAST_MEDIA_KEY")
        .doesNotContainKeys(
            "MANYCAST_SECRET_KEY",
            "MANYCAST_ADMIN_TOKEN",
            "MANYCAST_DB_CONTROL_PASSWORD",
            "MANYCAST_DB_MEDIA_PASSWORD");
    assertThat(settings.forControlPlane())
        .containsKeys("MANYCAST_SECRET_KEY", "MANYCAST_ADMIN_TOKEN")
        .doesNotContainKeys("MANYCAST_MEDIA_KEY", "MANYCAST_DB_MEDIA_PASSWORD");
  }

  @Test
  void allowsPrivateDestinationsOnlyWhileThePublicHostIsLoopback() {
    assertThat(allowsPrivate(Map.of())).isEqualTo("true");
    assertThat(allowsPrivate(Map.of("MANYCAST_PUBLIC_HOST", "stream.example.org")))
        .isEqualTo("false");
    assertThat(
            allowsPrivate(
                Map.of(
                    "MANYCAST_PUBLIC_HOST", "stream.example.org",
                    "MANYCAST_ALLOW_PRIVATE_DESTINATIONS", "10.0.0.0/8")))
        .isEqualTo("10.0.0.0/8");
  }

  private static String allowsPrivate(Map<String, String> environment) {
    return Settings.of(environment, ROOT)
        .forMediaPlane(1, 2, 3, 4)
        .getOrDefault("MANYCAST_ALLOW_PRIVATE_DESTINATIONS", "absent");
  }

  @Test
  void takesTheSlashFromTheEndOfTheAddressesThatPathsArePutBehind() {
    Settings settings =
        Settings.of(
            Map.of(
                "MANYCAST_PUBLIC_URL", "https://example.org/",
                "MANYCAST_NODE_URL", "http://10.0.0.5:8083/"),
            ROOT);
    assertThat(settings.publicUrl()).isEqualTo("https://example.org");
    assertThat(settings.forMediaPlane(1, 2, 3, 4))
        .containsEntry("MANYCAST_NODE_URL", "http://10.0.0.5:8083");
    assertThat(Settings.of(Map.of(), ROOT).forMediaPlane(1, 2, 3, 4))
        .containsEntry("MANYCAST_NODE_URL", "http://127.0.0.1:2");
  }

  @Test
  void namesWhatChangesNothing() {
    Settings settings =
        Settings.of(Map.of("MANYCAST_SRT_PORT", "8890", "MANYCAST_RTPM_PORT", "1"), ROOT);
    assertThat(settings.notices())
        .containsExactlyInAnyOrder(
            "MANYCAST_SRT_PORT is set, but nothing reads it yet",
            "MANYCAST_RTPM_PORT is set, but there is no such setting");
  }

  @Test
  void anotherNodeTakesNoPortOrAddressOfTheFirst() {
    Settings node =
        Settings.ofAnotherNode(
            Map.of("MANYCAST_RTMP_PORT", "2935", "MANYCAST_PUBLIC_HOST", "here"),
            Map.of("MANYCAST_RTMP_PORT", "3935", "MANYCAST_NODE_URL", "http://node:8083"),
            ROOT);
    assertThat(node.forMediaPlane(1, 2, 3, 4))
        .containsEntry("MANYCAST_RTMP_PORT", "3")
        .containsEntry("MANYCAST_NODE_URL", "http://127.0.0.1:2")
        .containsEntry("MANYCAST_PUBLIC_HOST", "here");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "MANYCAST_HTTP_PORT | 8081",
        "MANYCAST_INTERNAL_PORT | 8083",
        "MANYCAST_DB_PORT | 1935",
        "MANYCAST_RTMP_PORT | 70000",
        "MANYCAST_SRT_PORT | none",
      })
  void anotherNodeLooksAtNoPortOfTheFirst(String name, String value) {
    Map<String, String> first = Map.of(name, value, "MANYCAST_MEDIA_HTTP_PORT", "8080");
    Settings node = Settings.ofAnotherNode(Map.of("MANYCAST_DB_PORT", "1936"), first, ROOT);
    assertThat(node.ports().database()).isEqualTo(1936);
    Map<String, String> kept = Map.of("MANYCAST_HTTP_PORT", "8081", "MANYCAST_DB_PORT", "8082");
    assertThat(Settings.ofAnotherNode(kept, Map.of(), ROOT).ports().database()).isEqualTo(8082);
  }

  @Test
  void anEnvironmentGoesOnTopOfWhatIsKeptBeforeEitherIsChecked() {
    Map<String, String> kept = Map.of("MANYCAST_HTTP_PORT", "1935", "MANYCAST_RTMP_PORT", "2935");
    Settings settings =
        Settings.inHome(kept, Map.of("MANYCAST_HTTP_PORT", "1935", "MANYCAST_RTMP_PORT", ""), ROOT);
    assertThat(settings.ports().http()).isEqualTo(1935);
    assertThat(settings.ports().rtmp()).isEqualTo(2935);
  }

  @Test
  void keepsNoSecretAmongTheSettingsInTheOpen() {
    Settings settings =
        Settings.of(
            Map.of(
                "MANYCAST_HOME", "/somewhere",
                "MANYCAST_DB_URL", "jdbc:postgresql://h/d?password=x",
                "MANYCAST_DB_USER", "owner",
                "MANYCAST_ADMIN_PASSWORD", "0123456789",
                "MANYCAST_UNKNOWN", "x",
                "MANYCAST_HTTP_PORT", "81"),
            ROOT);
    assertThat(settings.givenInTheOpen()).containsOnlyKeys("MANYCAST_HTTP_PORT");
    assertThat(settings.givenInSecret())
        .containsOnlyKeys("MANYCAST_DB_URL", "MANYCAST_DB_USER", "MANYCAST_ADMIN_PASSWORD");
  }

  @Test
  void keepsTheRoleThatItConnectsAsAlsoWhereNoneWasGiven() {
    Settings up = Settings.of(Map.of("MANYCAST_DB_URL", "jdbc:postgresql://h/d"), ROOT);
    assertThat(up.givenInSecret()).containsEntry("MANYCAST_DB_USER", up.databaseUser());
    assertThat(Settings.of(Map.of(), ROOT).givenInSecret()).isEmpty();
  }

  @Test
  void reachesADatabaseByWhatIsKeptOrByWhatIsGivenButNeverByBoth() {
    Map<String, String> kept =
        Settings.of(
                Map.of(
                    "MANYCAST_DB_URL", "jdbc:postgresql://theirs/d",
                    "MANYCAST_DB_USER", "owner",
                    "MANYCAST_DB_PASSWORD", "for-theirs-only"),
                ROOT)
            .givenInSecret();
    Settings later = Settings.inHome(kept, Map.of("MANYCAST_HTTP_PORT", "81"), ROOT);
    assertThat(later.externalDatabase()).isTrue();
    assertThat(later.givenInSecret()).isEqualTo(kept);

    Settings elsewhere =
        Settings.inHome(kept, Map.of("MANYCAST_DB_URL", "jdbc:postgresql://another/d"), ROOT);
    assertThat(elsewhere.given("MANYCAST_DB_URL")).isEqualTo("jdbc:postgresql://another/d");
    assertThat(elsewhere.given("MANYCAST_DB_PASSWORD")).isNull();
    assertThatThrownBy(() -> Settings.inHome(kept, Map.of("MANYCAST_DB_PASSWORD", "another"), ROOT))
        .hasMessageStartingWith("MANYCAST_DB_PASSWORD: given without MANYCAST_DB_URL");
  }

  @Test
  void tellsWhoeverStartsWithoutTheDatabaseOfTheLastTime() {
    Map<String, String> kept = Map.of("MANYCAST_DB_URL", "jdbc:postgresql://h/d?password=secret");
    assertThat(Settings.of(Map.of(), ROOT).surprises(kept))
        .singleElement()
        .asString()
        .contains("MANYCAST_DB_URL", "embedded")
        .doesNotContain("secret");
    assertThat(Settings.of(kept, ROOT).surprises(kept)).isEmpty();
    assertThat(Settings.of(Map.of(), ROOT).surprises(Map.of())).isEmpty();
  }
}
