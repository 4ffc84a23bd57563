package manycast.media.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import manycast.db.keys.SecretKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
  private static Map<String, String> good() {
    Map<String, String> variables = new HashMap<>();
    variables.put("MANYCAST_DB_URL", "jdbc:postgresql://127.0.0.1:54320/manycast?password=hidden");
    variables.put("MANYCAST_DB_USER", "manycast_media");
    variables.put("MANYCAST_DB_PASSWORD", "database-password");
    variables.put("MANYCAST_MEDIA_KEY", SecretKey.generate().mediaKeys().encoded());
    return variables;
  }

  @Test
  void hasTheDefaultsOfTheContract() throws Exception {
    Settings settings = Settings.read(good());

    assertThat(settings.ports()).isEqualTo(new Settings.Ports(1935, 1936, 8081, 8083));
    assertThat(settings.addresses().nodeUrl()).hasToString("http://127.0.0.1:8083");
    assertThat(settings.addresses().rtmpUrl(1935)).isEqualTo("rtmp://localhost:1935/live");
    assertThat(settings.addresses().previewUrl()).isEqualTo("http://localhost:8081");
    assertThat(settings.drainTimeout()).isEqualTo(Duration.ofSeconds(20));
    assertThat(settings.isInternalOnLoopback()).isTrue();
    assertThat(settings.destinationAddresses()).hasToString("all");
    assertThat(settings.notUsedYet()).isEmpty();
  }

  @Test
  void takesTheSlashOffTheNodesUrlBecausePathsAreAppendedToIt() throws Exception {
    Map<String, String> variables = good();
    variables.put("MANYCAST_NODE_URL", "http://10.0.0.5:8083/");
    assertThat(Settings.read(variables).addresses().nodeUrl()).hasToString("http://10.0.0.5:8083");
    variables.put("MANYCAST_NODE_URL", "https://[fd00::5]");
    assertThat(Settings.read(variables).addresses().nodeUrl()).hasToString("https://[fd00::5]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://10.0.0.5:8083/node",
        "http://10.0.0.5:8083//",
        "http://10.0.0.5:8083?a=b",
        "http://10.0.0.5:8083/#top",
        "http://user@10.0.0.5:8083",
        "http:///"
      })
  void refusesANodeUrlToWhichNoPathCanBeAppended(String url) {
    Map<String, String> variables = good();
    variables.put("MANYCAST_NODE_URL", url);
    SettingsException faults =
        catchThrowableOfType(SettingsException.class, () -> Settings.read(variables));
    assertThat(faults.faults())
        .singleElement()
        .asString()
        .contains("MANYCAST_NODE_URL", url, "without a path");
  }

  @Test
  void allowsPrivateDestinationsByDefaultOnlyOnALoopbackHost() throws Exception {
    Map<String, String> variables = good();
    variables.put("MANYCAST_PUBLIC_HOST", "live.example.org");
    assertThat(Settings.read(variables).destinationAddresses()).hasToString("globally routable");
    variables.put("MANYCAST_ALLOW_PRIVATE_DESTINATIONS", "true");
    assertThat(Settings.read(variables).destinationAddresses()).hasToString("all");
  }

  @Test
  void reportsEveryFaultAtOnceWithVariableGivenAndAccepted() {
    Map<String, String> variables = good();
    variables.remove("MANYCAST_DB_USER");
    variables.put("MANYCAST_MEDIA_KEY", "not-a-key-and-not-to-be-repeated");
    variables.put("MANYCAST_RTMP_PORT", "70000");
    variables.put("MANYCAST_SRT_PORT", "x");
    variables.put("MANYCAST_DRAIN_TIMEOUT", "soon");
    variables.put("MANYCAST_MEDIA_MEMORY", "1k");
    variables.put("MANYCAST_FLUSH", "sometimes");
    variables.put("MANYCAST_TRANSPORT", "pigeon");
    variables.put("MANYCAST_TLS_CERT", "/no/such/file");
    variables.put("MANYCAST_DESTINATION_CA", "/no/such/authorities");
    variables.put("MANYCAST_NODE_URL", "ftp://host");
    variables.put("MANYCAST_ALLOW_PRIVATE_DESTINATIONS", "10.0.0.0/33");

    SettingsException faults =
        catchThrowableOfType(SettingsException.class, () -> Settings.read(variables));

    assertThat(faults.faults()).hasSize(12);
    assertThat(faults.faults())
        .anySatisfy(line -> assertThat(line).contains("MANYCAST_RTMP_PORT", "70000", "1 to 65535"));
    assertThat(faults.faults())
        .anySatisfy(
            line ->
                assertThat(line)
                    .contains("MANYCAST_FLUSH", "sometimes", "80ms, adaptive, immediate"));
    assertThat(faults.faults())
        .anySatisfy(line -> assertThat(line).contains("MANYCAST_TLS_KEY", "both or none"))
        .anySatisfy(
            line ->
                assertThat(line)
                    .contains("MANYCAST_DESTINATION_CA", "/no/such/authorities", "PEM"));
    assertThat(String.join("\n", faults.faults())).doesNotContain("not-to-be-repeated");
  }

  @Test
  void namesWhatNothingReadsYet() throws Exception {
    Map<String, String> variables = good();
    variables.put("MANYCAST_SRT_PORT", "8890");
    assertThat(Settings.read(variables).notUsedYet())
        .hasSize(1)
        .anySatisfy(name -> assertThat(name).contains("SRT"));
  }

  @Test
  void printsNoSecret() throws Exception {
    Map<String, String> variables = good();
    String printed = String.join("\n", Settings.read(variables).lines());
    assertThat(printed)
        .doesNotContain("database-password", "hidden", variables.get("MANYCAST_MEDIA_KEY"))
        .contains("MANYCAST_DB_PASSWORD=•");
  }
}
