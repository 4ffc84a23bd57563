package manycast.db.keys;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Base64;
import java.util.HexFormat;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class KeysTest {
  private static final String ZEROS = Base64.getEncoder().encodeToString(new byte[32]);
  private static final UUID ROW = UUID.fromString("0198c0de-0000-7000-8000-000000000001");
  private static final UUID OTHER_ROW = UUID.fromString("0198c0de-0000-7000-8000-000000000002");

  /**
   * RFC 5869, A.3: SHA-256, no salt; its 42 bytes of output begin with these 32 (info is empty
   * there).
   */
  @Test
  void derivesAsRfc5869Says() {
    byte[] inputKey = HexFormat.of().parseHex("0b".repeat(22));
    assertThat(HexFormat.of().formatHex(Key32.derive(inputKey, new byte[0])))
        .isEqualTo("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d");
  }

  /**
   * Computed with Python's hmac, hashlib and cryptography: what is stored today must be found and
   * opened in years.
   */
  @Test
  void derivesTheSameKeysForEver() {
    SecretKey secret = SecretKey.parse(ZEROS);
    assertThat(HexFormat.of().formatHex(secret.derive("media")))
        .isEqualTo("78f8f89ed939cfc697f0ac8ad97941db3a8bf6deb7cd26bb0a586fda355478e6");
    assertThat(secret.mediaKeys().encoded())
        .isEqualTo(Base64.getEncoder().encodeToString(secret.derive("media")));
    assertThat(HexFormat.of().formatHex(secret.mediaKeys().streamKeyHmac("live_1234")))
        .isEqualTo("b5851bb69c0694d242bc04468d479ea29eb0f80fcb48d545eaf24977d98735a1");
    assertThat(secret.mediaKeys().fingerprint("live_1234")).isEqualTo("ecaa0777");
    byte[] sealed =
        HexFormat.of()
            .parseHex(
                "482f37c1000102030405060708090a0b31d2bf65946e0b106022f4dac3755f81b5972e1531ba31f422");
    assertThat(secret.mediaKeys().openStreamKey(ROW, sealed)).isEqualTo("live_1234");
  }

  @Test
  void givesEachPurposeAKeyOfItsOwn() {
    SecretKey secret = SecretKey.generate();
    assertThat(secret.derive("sessions")).hasSize(32).isNotEqualTo(secret.derive("media"));
    assertThat(SecretKey.generate().derive("media")).isNotEqualTo(secret.derive("media"));
    assertThat(SecretKey.parse(secret.encoded()).derive("media")).isEqualTo(secret.derive("media"));
  }

  @Test
  void aNodeWithTheDerivedKeyOpensWhatTheControlPlaneSealed() {
    MediaKeys control = SecretKey.generate().mediaKeys();
    MediaKeys node = MediaKeys.parse(control.encoded());
    String key = "live_?a=1&b=ключ";
    assertThat(node.openStreamKey(ROW, control.sealStreamKey(ROW, key))).isEqualTo(key);
    assertThat(node.openDestinationKey(ROW, control.sealDestinationKey(ROW, key))).isEqualTo(key);
    assertThat(node.streamKeyHmac(key)).isEqualTo(control.streamKeyHmac(key)).hasSize(32);
    assertThat(node.fingerprint(key)).isEqualTo(control.fingerprint(key)).matches("[0-9a-f]{8}");
  }

  @Test
  void opensInNoOtherRowAndForNoOtherPurpose() {
    MediaKeys keys = SecretKey.generate().mediaKeys();
    byte[] sealed = keys.sealDestinationKey(ROW, "secret");
    assertThatThrownBy(() -> keys.openDestinationKey(OTHER_ROW, sealed))
        .isInstanceOf(CannotOpenException.class);
    assertThatThrownBy(() -> keys.openStreamKey(ROW, sealed))
        .isInstanceOf(CannotOpenException.class);
  }

  @Test
  void opensNothingThatWasAltered() {
    Sealer sealer = new Sealer(new byte[32]);
    byte[] sealed = sealer.seal("secret".getBytes(UTF_8), "row".getBytes(UTF_8));
    for (int i = 0; i < sealed.length; i++) {
      byte[] altered = sealed.clone();
      altered[i] ^= 1;
      assertThatThrownBy(() -> sealer.open(altered, "row".getBytes(UTF_8)))
          .isInstanceOf(CannotOpenException.class);
    }
    assertThatThrownBy(() -> sealer.open(new byte[31], new byte[0]))
        .isInstanceOf(CannotOpenException.class)
        .hasMessageContaining("31 bytes, at least 32");
  }

  @Test
  void saysThatAnotherKeySealed() {
    byte[] sealed = new Sealer(new byte[32]).seal(new byte[1], new byte[0]);
    byte[] otherKey = new byte[32];
    otherKey[0] = 1;
    assertThatThrownBy(() -> new Sealer(otherKey).open(sealed, new byte[0]))
        .isInstanceOf(CannotOpenException.class)
        .hasMessageContaining("sealed with key");
  }

  @Test
  void sealsTheSameSecretDifferentlyEachTime() {
    MediaKeys keys = SecretKey.generate().mediaKeys();
    assertThat(keys.sealStreamKey(ROW, "secret")).isNotEqualTo(keys.sealStreamKey(ROW, "secret"));
  }

  @Test
  void refusesOtherLengthsAndSaysNothingOfTheSecret() {
    String short31 = Base64.getEncoder().encodeToString(new byte[31]);
    assertThatThrownBy(() -> SecretKey.parse(short31))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("holds 31 bytes; expected 32 bytes in base64");
    assertThatThrownBy(() -> MediaKeys.parse("hunter2!"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("not base64; expected 32 bytes in base64");
  }

  @Test
  void printsAsDots() {
    assertThat(SecretKey.parse(ZEROS)).hasToString("••••••••");
    assertThat(SecretKey.parse(ZEROS).mediaKeys()).hasToString("••••••••");
    assertThat(new Sealer(new byte[32])).hasToString("••••••••");
  }
}
