package manycast.system.bench.tools;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import manycast.system.bench.load.Load;

/**
 * A key for a sink on loopback, with a certificate that vouches for itself, for one run. Owns the
 * folder that both lie in.
 */
public final class SinkCertificate implements AutoCloseable {
  private static final String ALIAS = "sink";

  private final Path folder;

  private SinkCertificate(Path folder) {
    this.folder = folder;
  }

  /** Makes one for 127.0.0.1. */
  public static SinkCertificate make() throws IOException, InterruptedException {
    return make("ip:127.0.0.1");
  }

  /**
   * Makes one with the JDK's own tool.
   *
   * @param host as a subject's alternative name: {@code ip:127.0.0.1}, {@code dns:example.org}
   */
  public static SinkCertificate make(String host) throws IOException, InterruptedException {
    SinkCertificate made = new SinkCertificate(Files.createTempDirectory("manycast-sink"));
    made.keytool(
        List.of(
            "-genkeypair",
            "-keyalg",
            "EC",
            "-groupname",
            "secp256r1",
            "-dname",
            "CN=sink",
            "-ext",
            "san=" + host,
            "-validity",
            "2",
            "-storetype",
            "PKCS12"));
    made.keytool(List.of("-exportcert", "-rfc", "-file", made.certificate().toString()));
    return made;
  }

  private void keytool(List<String> words) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
    command.addAll(words);
    command.addAll(
        List.of(
            "-alias",
            ALIAS,
            "-keystore",
            keyStore().toString(),
            "-storepass",
            Load.KEY_STORE_PASSWORD));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("keytool: " + said);
    }
  }

  /** The PKCS #12 file with key and certificate. */
  public Path keyStore() {
    return folder.resolve("sink.p12");
  }

  /** The certificate alone, as PEM. */
  public Path certificate() {
    return folder.resolve("sink.pem");
  }

  /** The private key, as PEM. */
  public String privateKey() throws IOException {
    char[] password = Load.KEY_STORE_PASSWORD.toCharArray();
    try (InputStream in = Files.newInputStream(keyStore())) {
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(in, password);
      Key key = keys.getKey(ALIAS, password);
      return "-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n"
          .formatted(Base64.getMimeEncoder().encodeToString(key.getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new IOException("the sink's key: " + e.getMessage(), e);
    }
  }

  /** What has a media node trust the sink, on top of its other settings. */
  public Map<String, String> trusted() {
    return Map.of("MANYCAST_DESTINATION_CA", certificate().toString());
  }

  /** The sink's words to use it. */
  public List<String> words() {
    return List.of("--tls", keyStore().toString());
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(keyStore());
    Files.deleteIfExists(certificate());
    Files.deleteIfExists(folder);
  }
}
