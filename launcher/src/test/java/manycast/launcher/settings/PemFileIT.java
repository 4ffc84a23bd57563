package manycast.launcher.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PemFileIT {
  private static final String CERTIFICATE =
      """
      -----BEGIN CERTIFICATE-----
      MIIBbzCCARWgAwIBAgIUJZAeVoXSY5IIB0IRxq1Y2dfmtlcwCgYIKoZIzj0EAwIw
      DDEKMAgGA1UEAwwBYTAgFw0yNjExMjYxMzI0MDlaGA8yMTI2MTEwMjEzMjQwOVow
      DDEKMAgGA1UEAwwBYTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABHUb8qaJg2sL
      Q8oYkG/NniAgyVqPaSWTFb2pagLdXwuxrueJCLwboGz7j4ySJQNWjdUE7Hmi4TjK
      3TyKu25cBlWjUzBRMB0GA1UdDgQWBBRx609tIH32iQ1ii9AsSBpdClKSODAfBgNV
      HSMEGDAWgBRx609tIH32iQ1ii9AsSBpdClKSODAPBgNVHRMBAf8EBTADAQH/MAoG
      CCqGSM49BAMCA0gAMEUCIBi5javiwlr6QDP7LhOKUU9mu9tLpPwzkgdqT82FbLLC
      AiEA/d5RuELSAwJYeMSb4aVIUMJ1FSwijSqxh708NGbfxfI=
      -----END CERTIFICATE-----
      """;

  private static final String KEY =
      """
      -----BEGIN PRIVATE KEY-----
      MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgbbono6ES9V+e0IxK
      Xlwfwth/XuTAV5lUhnNoMlwv0ImhRANCAAR1G/KmiYNrC0PKGJBvzZ4gIMlaj2kl
      kxW9qWoC3V8Lsa7niQi8G6Bs+4+MkiUDVo3VBOx5ouE4yt08irtuXAZV
      -----END PRIVATE KEY-----
      """;

  @TempDir private Path folder;

  @Test
  void holdsCertificatesWhateverElseStandsInIt() throws Exception {
    assertThat(PemFile.holdsCertificates(file(CERTIFICATE))).isTrue();
    assertThat(PemFile.holdsCertificates(file("who: me\n" + KEY + CERTIFICATE.repeat(2)))).isTrue();
    assertThat(PemFile.holdsCertificates(file(KEY))).isFalse();
    assertThat(PemFile.holdsCertificates(file(CERTIFICATE + CERTIFICATE.replace("MII", "NII"))))
        .isFalse();
    assertThat(PemFile.holdsCertificates(folder.resolve("absent").toString())).isFalse();
    assertThat(PemFile.holdsCertificates(folder.toString())).isFalse();
  }

  @Test
  void holdsAKeyThatNeedsNoPassword() throws Exception {
    assertThat(PemFile.holdsKey(file(CERTIFICATE + KEY))).isTrue();
    assertThat(PemFile.holdsKey(file("-----BEGIN EC PRIVATE KEY-----\nMHc"))).isTrue();
    assertThat(PemFile.holdsKey(file(CERTIFICATE))).isFalse();
    assertThat(PemFile.holdsKey(file("-----BEGIN ENCRYPTED PRIVATE KEY-----\nMII"))).isFalse();
    assertThat(
            PemFile.holdsKey(
                file("-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: x\n")))
        .isFalse();
  }

  @Test
  void isLookedAtBeforeAnythingIsStarted() throws Exception {
    String words = file("no PEM");
    assertThatThrownBy(
            () ->
                Settings.of(
                    Map.of(
                        "MANYCAST_TLS_CERT", words,
                        "MANYCAST_TLS_KEY", words,
                        "MANYCAST_DESTINATION_CA", words),
                    folder))
        .hasMessageContainingAll(
            "MANYCAST_TLS_CERT: ", "MANYCAST_TLS_KEY: ", "MANYCAST_DESTINATION_CA: ");
  }

  private String file(String text) throws Exception {
    return Files.writeString(folder.resolve("file.pem"), text).toString();
  }
}
