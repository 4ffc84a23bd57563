package manycast.media.settings;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import manycast.db.keys.MediaKeys;
import manycast.media.loops.AddressPolicy;
import manycast.media.loops.FlushMode;
import manycast.media.loops.Transport;
import manycast.media.tls.KeyAndChain;
import manycast.media.tls.PemFiles;
import org.jspecify.annotations.Nullable;

/**
 * Everything a media node is told.
 *
 * @param home folder of what outlives a run, where there is one
 * @param resumeGrace how long a broadcast waits for its lost encoder, where its stream says nothing
 *     else
 * @param drainTimeout how long stopping may take
 * @param mediaMemory bound of all media bytes that the node holds
 * @param flush when what came is written to the destinations
 * @param transport what carries the sockets
 * @param store where all segments are kept; null where none are
 * @param notUsedYet variables that are set and that nothing reads yet
 */
public record Settings(
    Addresses addresses,
    Ports ports,
    @Nullable Path home,
    Tls tls,
    DatabaseAccess database,
    MediaKeys mediaKeys,
    AddressPolicy destinationAddresses,
    Duration resumeGrace,
    Duration drainTimeout,
    long mediaMemory,
    FlushMode flush,
    Transport transport,
    @Nullable Store store,
    List<String> notUsedYet) {
  private static final long SMALLEST_MEMORY = 64L << 20;
  private static final Duration LONGEST_DRAIN = Duration.ofMinutes(10);
  private static final Duration LONGEST_GRACE = Duration.ofMinutes(10);
  private static final Map<String, FlushMode> FLUSH_MODES =
      byWord(FlushMode.values(), FlushMode::word);
  private static final Map<String, Transport> TRANSPORTS =
      byWord(Transport.values(), Transport::word);
  private static final String KEY =
      "32 bytes in base64, as \"manycast\" derives them from MANYCAST_SECRET_KEY";

  /**
   * How others reach this node.
   *
   * @param publicHost host that ingest addresses are printed with
   * @param nodeUrl the internal HTTP as other processes reach it, without a path
   * @param publicHttp the public HTTP as browsers reach it
   */
  public record Addresses(String publicHost, URI nodeUrl, URI publicHttp) {
    /** What the addresses of previews begin with, without a slash at the end. */
    public String previewUrl() {
      String url = publicHttp.toString();
      return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }

    /** The RTMP server to type into an encoder. */
    public String rtmpUrl(int port) {
      return "rtmp://" + publicHost + ":" + port + "/live";
    }
  }

  /** What it listens on. */
  public record Ports(int rtmp, int rtmps, int http, int internal) {}

  /** A certificate chain and its private key, both in PEM; the two may be one file. */
  public record TlsFiles(Path certificates, Path key) {}

  /**
   * What it shows to those who connect by TLS, and whom it trusts when it does.
   *
   * @param files null for a self-made certificate
   * @param destinationAuthorities trusted beside those of the JDK
   */
  public record Tls(@Nullable TlsFiles files, List<X509Certificate> destinationAuthorities) {}

  /** How it reaches Postgres. */
  public record DatabaseAccess(String url, String user, Secret password) {}

  /**
   * Reads the environment.
   *
   * @throws SettingsException with every fault
   */
  public static Settings read(Map<String, String> variables) throws SettingsException {
    Environment environment = new Environment(variables);
    Ports ports =
        new Ports(
            environment.port("MANYCAST_RTMP_PORT", 1935),
            environment.port("MANYCAST_RTMPS_PORT", 1936),
            environment.port("MANYCAST_MEDIA_HTTP_PORT", 8081),
            environment.port("MANYCAST_MEDIA_INTERNAL_PORT", 8083));
    String publicHost = environment.text("MANYCAST_PUBLIC_HOST", "localhost");
    Tls tls = new Tls(tlsFiles(environment), destinationAuthorities(environment));
    String scheme = tls.files() == null ? "http://" : "https://";
    Addresses addresses =
        new Addresses(
            publicHost,
            environment.httpOrigin("MANYCAST_NODE_URL", "http://127.0.0.1:" + ports.internal()),
            environment.httpUrl(
                "MANYCAST_MEDIA_PUBLIC_URL", scheme + publicHost + ":" + ports.http()));
    DatabaseAccess database =
        new DatabaseAccess(
            databaseUrl(environment),
            environment.required("MANYCAST_DB_USER", "the role of media nodes, manycast_media"),
            new Secret(environment.required("MANYCAST_DB_PASSWORD", "that role's password")));
    @Nullable MediaKeys keys = environment.secret("MANYCAST_MEDIA_KEY", KEY, MediaKeys::parse);
    AddressPolicy policy = addressPolicy(environment, publicHost);
    Duration grace =
        environment.duration("MANYCAST_RESUME_GRACE", Duration.ofSeconds(45), LONGEST_GRACE);
    Duration drain =
        environment.duration("MANYCAST_DRAIN_TIMEOUT", Duration.ofSeconds(20), LONGEST_DRAIN);
    long memory =
        environment.size(
            "MANYCAST_MEDIA_MEMORY", Math.max(SMALLEST_MEMORY, quarterOfMemory()), SMALLEST_MEMORY);
    FlushMode flush =
        environment.parsed(
            "MANYCAST_FLUSH", FlushMode.ADAPTIVE, words(FLUSH_MODES), FLUSH_MODES::get);
    Transport transport =
        environment.parsed(
            "MANYCAST_TRANSPORT", Transport.best(), words(TRANSPORTS), TRANSPORTS::get);
    @Nullable Path home =
        environment.has("MANYCAST_HOME") ? Path.of(environment.text("MANYCAST_HOME", "")) : null;
    @Nullable Store store = Store.read(environment);
    List<String> notUsedYet = checkLater(environment);
    if (!environment.faults().isEmpty()) {
      throw new SettingsException(environment.faults());
    }
    return new Settings(
        addresses,
        ports,
        home,
        tls,
        database,
        Objects.requireNonNull(keys),
        policy,
        grace,
        drain,
        memory,
        flush,
        transport,
        store,
        notUsedYet);
  }

  /** The effective settings, a line each, secrets as dots. */
  public List<String> lines() {
    return List.of(
        "MANYCAST_PUBLIC_HOST=" + addresses.publicHost(),
        "MANYCAST_NODE_URL=" + addresses.nodeUrl(),
        "MANYCAST_MEDIA_PUBLIC_URL=" + addresses.previewUrl(),
        "MANYCAST_RTMP_PORT=" + ports.rtmp(),
        "MANYCAST_RTMPS_PORT=" + ports.rtmps(),
        "MANYCAST_TLS_CERT, MANYCAST_TLS_KEY: "
            + (tls.files() == null
                ? "a self-made certificate"
                : tls.files().certificates() + ", " + tls.files().key()),
        "MANYCAST_DESTINATION_CA: trusted beside those of the JDK are "
            + tls.destinationAuthorities().size(),
        "MANYCAST_MEDIA_HTTP_PORT=" + ports.http(),
        "MANYCAST_MEDIA_INTERNAL_PORT=" + ports.internal(),
        "MANYCAST_DB_URL=" + withoutQuery(database.url()),
        "MANYCAST_DB_USER=" + database.user(),
        "MANYCAST_DB_PASSWORD=" + database.password(),
        "MANYCAST_MEDIA_KEY=" + new Secret(""),
        "MANYCAST_ALLOW_PRIVATE_DESTINATIONS: destinations may lead to " + destinationAddresses,
        "MANYCAST_RESUME_GRACE=" + resumeGrace.toSeconds() + "s",
        "MANYCAST_DRAIN_TIMEOUT=" + drainTimeout.toMillis() + "ms",
        "MANYCAST_MEDIA_MEMORY=" + (mediaMemory >> 20) + "m",
        "MANYCAST_FLUSH=" + flush.word(),
        "MANYCAST_TRANSPORT=" + transport.word(),
        Store.NAME + "=" + (store == null ? "none" : store));
  }

  /** Whether only this machine reaches the internal port. */
  public boolean isInternalOnLoopback() {
    return isLoopback(addresses.nodeUrl().getHost());
  }

  private static String databaseUrl(Environment environment) {
    String accepted = "a JDBC URL such as jdbc:postgresql://127.0.0.1:54320/manycast";
    String url = environment.required("MANYCAST_DB_URL", accepted);
    if (!url.isEmpty() && !url.startsWith("jdbc:postgresql:")) {
      environment
          .faults()
          .add("MANYCAST_DB_URL is \"" + withoutQuery(url) + "\"; accepted is " + accepted);
    }
    return url;
  }

  private static AddressPolicy addressPolicy(Environment environment, String publicHost) {
    AddressPolicy byDefault =
        isLoopback(publicHost)
            ? AddressPolicy.allowEverything()
            : AddressPolicy.allowOnly(List.of());
    return environment.parsed(
        "MANYCAST_ALLOW_PRIVATE_DESTINATIONS",
        byDefault,
        "true, false or a list such as 10.0.0.0/8,fd00::/8",
        text ->
            switch (text) {
              case "true" -> AddressPolicy.allowEverything();
              case "false" -> AddressPolicy.allowOnly(List.of());
              default -> AddressPolicy.allowOnly(blocks(text));
            });
  }

  private static List<AddressPolicy.Block> blocks(String text) {
    return Arrays.stream(text.split(",", -1))
        .map(part -> AddressPolicy.Block.parse(part.strip()))
        .toList();
  }

  /** The two files, checked to belong together. */
  private static @Nullable TlsFiles tlsFiles(Environment environment) {
    String certificate = "MANYCAST_TLS_CERT";
    String key = "MANYCAST_TLS_KEY";
    if (!environment.has(certificate) && !environment.has(key)) {
      return null;
    }
    if (!environment.has(certificate) || !environment.has(key)) {
      environment.faults().add(certificate + ", " + key + ": one is set; accepted is both or none");
      return null;
    }
    TlsFiles files =
        new TlsFiles(
            Path.of(environment.text(certificate, "")), Path.of(environment.text(key, "")));
    try {
      KeyAndChain.read(files.certificates(), files.key());
    } catch (IOException | GeneralSecurityException notGood) {
      environment
          .faults()
          .add(
              "%s, %s are \"%s\", \"%s\": %s; accepted are a readable PEM file with the certificate chain, the server's own first, and one with its unencrypted key"
                  .formatted(
                      certificate, key, files.certificates(), files.key(), wordsOf(notGood)));
    }
    return files;
  }

  private static List<X509Certificate> destinationAuthorities(Environment environment) {
    String name = "MANYCAST_DESTINATION_CA";
    if (!environment.has(name)) {
      return List.of();
    }
    String file = environment.text(name, "");
    try {
      return PemFiles.certificates(Path.of(file));
    } catch (IOException | GeneralSecurityException notGood) {
      environment
          .faults()
          .add(
              "%s is \"%s\": %s; accepted is a readable PEM file with certificates"
                  .formatted(name, file, wordsOf(notGood)));
      return List.of();
    }
  }

  private static String wordsOf(Exception notGood) {
    return notGood instanceof IOException
        ? "it cannot be read"
        : String.valueOf(notGood.getMessage());
  }

  /** Checks what later parts of the node will read, and names what of it is set. */
  private static List<String> checkLater(Environment environment) {
    environment.port("MANYCAST_SRT_PORT", 8890);
    environment.port("MANYCAST_TS_PORT", 8891);
    environment.parsed(
        "MANYCAST_TRUSTED_PROXIES",
        List.of(),
        "a list such as 10.0.0.0/8,fd00::/8",
        Settings::blocks);
    List<String> set = new ArrayList<>();
    for (String name :
        List.of("MANYCAST_SRT_PORT", "MANYCAST_TS_PORT", "MANYCAST_TRUSTED_PROXIES")) {
      if (environment.has(name)) {
        set.add(name);
      }
    }
    return set;
  }

  private static <T> Map<String, T> byWord(T[] values, Function<T, String> word) {
    Map<String, T> byWord = new TreeMap<>();
    for (T value : values) {
      byWord.put(word.apply(value), value);
    }
    return byWord;
  }

  private static String words(Map<String, ?> accepted) {
    return String.join(", ", accepted.keySet());
  }

  private static boolean isLoopback(@Nullable String host) {
    if (host == null || host.isEmpty()) {
      return false;
    }
    if (host.equals("localhost")) {
      return true;
    }
    try {
      return InetAddress.ofLiteral(
              host.startsWith("[") ? host.substring(1, host.length() - 1) : host)
          .isLoopbackAddress();
    } catch (IllegalArgumentException aName) {
      return false;
    }
  }

  private static String withoutQuery(String url) {
    int question = url.indexOf('?');
    String shown = question < 0 ? url : url.substring(0, question) + "?…";
    return shown.replaceAll("//[^/@]*@", "//…@");
  }

  private static long quarterOfMemory() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize()
        / 4;
  }
}
