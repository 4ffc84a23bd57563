package manycast.media.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.interfaces.RSAPrivateCrtKey;
import java.time.Duration;
import manycast.media.testing.Authority;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificatesTest {
  @TempDir Path folder;

  @Test
  void readsKeysInEveryFormThatToolsWrite() throws Exception {
    Authority authority = new Authority();
    Path certificate = folder.resolve("cert.pem");
    Path key = folder.resolve("key.pem");
    for (String algorithm : new String[] {"EC", "RSA"}) {
      Authority.Host host =
          authority.vouchFor(
              algorithm, algorithm.equals("EC") ? 256 : 2048, Duration.ofDays(1), "host");
      host.write(certificate, key);
      assertThat(KeyAndChain.read(certificate, key).key()).isEqualTo(host.key());

      // BEGIN EC PRIVATE KEY, BEGIN RSA PRIVATE KEY.
      Files.writeString(key, Authority.pem(host.key()));
      assertThat(Files.readString(key)).contains("BEGIN " + algorithm + " PRIVATE KEY");
      assertThat(KeyAndChain.read(certificate, key).chain()).containsExactly(host.certificate());
    }
  }

  @Test
  void refusesInWordsWhatDoesNotFitAndTellsNothingOfAKey() throws Exception {
    Authority authority = new Authority();
    Authority.Host host = authority.vouchFor("RSA", 2048, Duration.ofDays(1), "host");
    Path certificate = folder.resolve("cert.pem");
    Path key = folder.resolve("key.pem");
    host.write(certificate, key);
    Path other = folder.resolve("other.pem");
    authority
        .vouchFor("RSA", 2048, Duration.ofDays(1), "host")
        .write(folder.resolve("unused.pem"), other);

    assertThatThrownBy(() -> KeyAndChain.read(certificate, other))
        .isInstanceOf(GeneralSecurityException.class)
        .hasMessage("the key is not that of the first certificate");
    assertThatThrownBy(() -> KeyAndChain.read(key, key))
        .hasMessage("it holds no certificate in PEM");
    assertThatThrownBy(() -> KeyAndChain.read(certificate, certificate))
        .hasMessageContaining("no private key");
    Files.writeString(
        key, Files.readString(key).substring(0, 200) + "\n-----END PRIVATE KEY-----\n");
    assertThatThrownBy(() -> KeyAndChain.read(certificate, key))
        .isInstanceOf(GeneralSecurityException.class)
        .hasMessageNotContaining(
            ((RSAPrivateCrtKey) host.key()).getModulus().toString().substring(0, 12));
  }

  @Test
  void keepsASelfMadeOneForItsHostAndMakesAnotherForAnother() throws Exception {
    Path file = folder.resolve("secrets").resolve("rtmps.pem");
    KeyAndChain made = SelfMade.forHost("live.example.org", file);

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(made.chain().getFirst().getSubjectAlternativeNames().toString())
        .contains("live.example.org", "localhost", "127.0.0.1");
    assertThat(SelfMade.forHost("live.example.org", file)).isEqualTo(made);
    assertThat(SelfMade.forHost("192.0.2.7", file)).isNotEqualTo(made);
    assertThat(SelfMade.forHost("192.0.2.7", file)).isEqualTo(SelfMade.forHost("192.0.2.7", file));
    assertThat(SelfMade.forHost("[2001:db8::7]", file))
        .isEqualTo(SelfMade.forHost("[2001:db8::7]", file));
  }

  @Test
  void makesOneAnewWhereTheFileIsBroken() throws Exception {
    Path file = folder.resolve("rtmps.pem");
    Files.writeString(file, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");

    KeyAndChain made = SelfMade.forHost("localhost", file);

    assertThat(KeyAndChain.read(file, file)).isEqualTo(made);
  }
}
