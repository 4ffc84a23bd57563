package manycast.control.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the environment may say. */
class SettingsTest {
  private static final Map<String, String> LEAST =
      Map.of(
          "MANYCAST_DB_URL", "jdbc:postgresql://127.0.0.1:54320/manycast",
          "MANYCAST_DB_USER", "manycast_control",
          "MANYCAST_DB_PASSWORD", "secret-of-the-database",
          "MANYCAST_SECRET_KEY", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");

  @Test
  void hasADefaultForWhatCanHaveOne() throws Exception {
    Settings settings = Settings.read(LEAST);

    assertThat(settings.httpPort()).isEqualTo(8080);
    assertThat(settings.internalPort()).isEqualTo(8082);
    assertThat(settings.publicHost()).isEqualTo("localhost");
    assertThat(settings.publicUrl()).isEqualTo("http://localhost:8080");
    assertThat(settings.rtmpPort()).isEqualTo(1935);
    assertThat(settings.rtmpsPort()).isEqualTo(1936);
    assertThat(settings.previewTokenLife()).isEqualTo(Duration.ofMinutes(10));
    assertThat(settings.firstAdmin()).isNull();
    assertThat(settings.secureCookies()).isFalse();
  }

  @Test
  void tellsEveryFaultAtOnceWithVariableAndWhatIsAccepted() {
    List<String> faults =
        faults(
            Map.of(
                "MANYCAST_HTTP_PORT", "eighty",
                "MANYCAST_INTERNAL_PORT", "70000",
                "MANYCAST_PUBLIC_URL", "http://example.com/path",
                "MANYCAST_PUBLIC_HOST", "example.com:1935",
                "MANYCAST_SIGNUP", "maybe",
                "MANYCAST_PREVIEW_TOKEN_LIFE", "11m",
                "MANYCAST_DB_URL", "postgres://somewhere"));

    assertThat(faults).hasSize(7);
    assertThat(faults)
        .anySatisfy(
            f ->
                assertThat(f)
                    .isEqualTo("MANYCAST_HTTP_PORT=eighty must be a port from 1 to 65535"));
    assertThat(faults)
        .anySatisfy(
            f ->
                assertThat(f)
                    .isEqualTo(
                        "MANYCAST_PREVIEW_TOKEN_LIFE=11m must be a time from 20s to 10m, such as 20s"))
        .anySatisfy(f -> assertThat(f).contains("MANYCAST_SIGNUP=maybe", "closed, invite or open"));
  }

  @Test
  void namesWhatIsMissing() {
    var thrown = catchThrowableOfType(SettingsException.class, () -> Settings.read(Map.of()));

    assertThat(thrown.faults())
        .extracting(fault -> fault.split(" ")[0])
        .containsExactly(
            "MANYCAST_DB_URL", "MANYCAST_DB_USER", "MANYCAST_DB_PASSWORD", "MANYCAST_SECRET_KEY");
  }

  @Test
  void neverShowsASecret() throws Exception {
    List<String> faults =
        faults(
            Map.of(
                "MANYCAST_SECRET_KEY", "hunter2hunter2",
                "MANYCAST_ADMIN_EMAIL", "a@example.com",
                "MANYCAST_ADMIN_PASSWORD", "hunter2",
                "MANYCAST_ADMIN_TOKEN", "hunter2 hunter2 hunter2",
                "MANYCAST_SMTP_URL", "hunter2"));

    assertThat(faults).hasSize(4).noneMatch(fault -> fault.contains("hunter2"));
    assertThat(Settings.read(LEAST).toString())
        .doesNotContain("secret-of-the-database", "AAAAAAAA");
  }

  @Test
  void wantsTheFirstAdminWholeOrNotAtAll() throws Exception {
    assertThat(faults(Map.of("MANYCAST_ADMIN_EMAIL", "a@example.com")))
        .hasSize(2)
        .allMatch(
            fault ->
                fault.contains("MANYCAST_ADMIN_PASSWORD")
                    || fault.contains("MANYCAST_ADMIN_TOKEN"));
    var whole = new HashMap<>(LEAST);
    whole.put("MANYCAST_ADMIN_EMAIL", "A@Example.com");
    whole.put("MANYCAST_ADMIN_PASSWORD", "0123456789");
    whole.put("MANYCAST_ADMIN_TOKEN", "abcdefghij_klmnopqr-");

    Settings.FirstAdmin admin = Settings.read(whole).firstAdmin();

    assertThat(admin).isNotNull().extracting(Settings.FirstAdmin::email).isEqualTo("a@example.com");
  }

  @Test
  void namesWhatNothingReadsYetAndLeavesOthersVariablesAlone() throws Exception {
    var more = new HashMap<>(LEAST);
    more.put("MANYCAST_SIGNUP", "open");
    more.put("MANYCAST_OIDC_GOOGLE_ISSUER", "https://accounts.google.com");
    more.put("MANYCAST_MEDIA_MEMORY", "1G");
    more.put("MANYCAST_HTPP_PORT", "80");

    assertThat(Settings.read(more).notYetRead())
        .containsExactly(
            "MANYCAST_SIGNUP", "MANYCAST_HTPP_PORT (unknown)", "MANYCAST_OIDC_GOOGLE_ISSUER");
  }

  private static List<String> faults(Map<String, String> changes) {
    var variables = new HashMap<>(LEAST);
    variables.putAll(changes);
    return catchThrowableOfType(SettingsException.class, () -> Settings.read(variables)).faults();
  }
}
