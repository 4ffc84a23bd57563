package manycast.system;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import manycast.db.keys.SecretKey;
import manycast.db.postgres.EmbeddedPostgres;
import org.junit.jupiter.api.Test;

/** Keys, tokens and passwords stand in clear in {@code secrets/} and nowhere else. */
class SecretsIT {
  /** Files in {@code secrets/} that anybody may read. */
  private static final List<String> NOT_SECRET = List.of("admin-email", "first-admin-told");

  private static final String NAME_IN_CLEAR = "name-that-is-no-secret";
  private static final String LOGIN_PASSWORD = "password-of-a-destinations-login";
  private static final String WRONG_KEY = "wrong-key-of-the-refused-destination";

  private final Product product = Product.shared();

  @Test
  void noProcessShowsThemOnItsCommandLineOrGetsMoreThanItNeeds() throws Exception {
    for (String name : List.of("postgres", "control-plane", "media-plane")) {
      Path process = Path.of("/proc", Long.toString(product.process(name).pid()));
      assertThat(Files.readString(process.resolve("cmdline"), ISO_8859_1))
          .as(name)
          .doesNotContain(kept().values());
      if (!name.equals("control-plane")) {
        assertThat(Files.readString(process.resolve("environ"), ISO_8859_1))
            .as(name)
            .doesNotContain(Product.TOKEN, Product.PASSWORD, "MANYCAST_SECRET_KEY");
      }
    }
  }

  @Test
  void theHomeHoldsNoneOfThemAfterABroadcastWithRefusals() throws Exception {
    Map<String, String> secrets = kept();
    try (LiveStream stream = new LiveStream(product, "Searched for")) {
      String destination = stream.addSink(NAME_IN_CLEAR);
      String refused = stream.addDestination("refused", stream.sink(destination).url(), WRONG_KEY);
      String loggedIn =
          stream.addDestination(
              "with a login",
              stream.sink(destination).url().replace("://", "://somebody:" + LOGIN_PASSWORD + "@"),
              WRONG_KEY);
      try (Ffmpeg encoder = stream.publish()) {
        stream.awaitMoreFrames(100);
        Until.isTrue(
            "the other destination is refused",
            Duration.ofSeconds(15),
            () ->
                Stream.of(refused, loggedIn)
                    .noneMatch(
                        id -> stream.destination(id).path("lastErrorCode").asString("").isEmpty()));
        assertThat(encoder.isRunning()).isTrue();
        encoder.interrupt();
      }
      stream.awaitState("idle");
      stream.api().post("/streams/" + stream.id() + "/key/rotate").expect(200);
      try (Ffmpeg encoder = stream.publish()) {
        Until.isTrue("the encoder is refused", Duration.ofSeconds(15), () -> !encoder.isRunning());
      }
      secrets.put("a retired stream key", stream.key());
      secrets.put("a stream key", stream.presentKey());
      secrets.put("a destination's key", stream.sink(destination).streamKey());
      secrets.put("a refused destination's key", WRONG_KEY);
      secrets.put("a destination's password", LOGIN_PASSWORD);
      checkpoint();

      List<String> found = found(Map.of("a name", NAME_IN_CLEAR));
      assertThat(found)
          .as("what is no secret is found in the tables, so the search would find more")
          .anyMatch(where -> where.startsWith("a name in postgres/data/base/"));
      assertThat(found(secrets)).isEmpty();
    }
  }

  /** What {@code secrets/} holds, and what was made of it for a process, by what it is. */
  private Map<String, String> kept() throws IOException {
    Map<String, String> secrets = new TreeMap<>();
    try (Stream<Path> files = Files.list(product.home().resolve("secrets"))) {
      for (Path file : files.toList()) {
        if (!NOT_SECRET.contains(file.getFileName().toString())) {
          secrets.put(file.getFileName().toString(), Files.readString(file).strip());
        }
      }
    }
    assertThat(secrets)
        .containsEntry("admin-token", Product.TOKEN)
        .containsEntry("admin-password", Product.PASSWORD)
        .containsKeys("secret-key", "database-owner-password", "database-media-password");
    secrets.put(
        "the media key",
        SecretKey.parse(Objects.requireNonNull(secrets.get("secret-key"))).mediaKeys().encoded());
    String link = product.signInLink();
    secrets.put("the sign-in link's token", link.substring(link.indexOf('=') + 1));
    return secrets;
  }

  /** Brings what the server holds in memory into its files. */
  private void checkpoint() throws Exception {
    String password =
        Files.readString(product.home().resolve("secrets").resolve("database-owner-password"));
    try (Connection connection =
            DriverManager.getConnection(
                EmbeddedPostgres.jdbcUrl(
                    product.port("MANYCAST_DB_PORT"), EmbeddedPostgres.DATABASE),
                EmbeddedPostgres.OWNER,
                password.strip());
        Statement statement = connection.createStatement()) {
      statement.execute("checkpoint");
    }
  }

  /** Every file of the home but those in {@code secrets/} that holds one of these values. */
  private List<String> found(Map<String, String> values) throws IOException {
    Path home = product.home();
    List<String> found = new ArrayList<>();
    Files.walkFileTree(
        home,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return folder.equals(home.resolve("secrets"))
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (attributes.isRegularFile()) {
              String content = contentOf(file);
              values.forEach(
                  (what, value) -> {
                    if (content.contains(value)) {
                      found.add(what + " in " + home.relativize(file));
                    }
                  });
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw e;
          }
        });
    return found;
  }

  /** Empty when the server has just removed it. */
  private static String contentOf(Path file) throws IOException {
    try {
      return Files.readString(file, ISO_8859_1);
    } catch (NoSuchFileException removed) {
      return "";
    }
  }
}
