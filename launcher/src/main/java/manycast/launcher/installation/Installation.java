package manycast.launcher.installation;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import manycast.db.migrate.Migrate;
import manycast.db.postgres.EmbeddedPostgres;
import manycast.launcher.home.Home;
import manycast.launcher.process.ChildSpec;
import manycast.launcher.process.Signals;
import manycast.launcher.process.StopPlan;
import manycast.launcher.product.Plane;
import manycast.launcher.settings.Ports;
import manycast.launcher.settings.Settings;

/**
 * One home with its settings and secrets: what each of its processes is started with, and gets to
 * know.
 */
public final class Installation {
  public static final String POSTGRES = "postgres";

  private static final Duration CONTROL_PLANE_STOP = Duration.ofSeconds(5);
  private static final Duration POSTGRES_STOP = Duration.ofSeconds(4);
  private static final Duration NODE_STOP_MARGIN = Duration.ofMillis(500);

  private final Settings settings;
  private final Home home;
  private final Credentials credentials;

  private Installation(Settings settings, Home home, Credentials credentials) {
    this.settings = settings;
    this.home = home;
    this.credentials = credentials;
  }

  /** Opens the home, making it and its secrets where they are missing. */
  public static Installation open(Settings settings) throws IOException {
    Home home = Home.open(settings.home());
    return new Installation(settings, home, Credentials.of(settings, home.secrets()));
  }

  public Settings settings() {
    return settings;
  }

  public Home home() {
    return home;
  }

  public Credentials credentials() {
    return credentials;
  }

  /** Keeps what {@code up} is started with, in the place of the last one's, for other commands. */
  public void keepSettings() throws IOException {
    home.writeSettings(settings.givenInTheOpen(), settings.givenInSecret());
  }

  /** How a plane's JVM is started; production and training differ in it. */
  @FunctionalInterface
  public interface PlaneCommand {
    List<String> of(Plane plane, List<String> moreJvmFlags);
  }

  /** The embedded server; not for an external one. */
  public ChildSpec postgres() {
    int port = settings.ports().database();
    return new ChildSpec(
        POSTGRES,
        () -> EmbeddedPostgres.prepare(home.path(), port, credentials.owner()).command(),
        inherited(),
        Map.of("database", port),
        home.log(POSTGRES),
        this::databaseAnswers,
        postgresStop());
  }

  public ChildSpec controlPlane(PlaneCommand command) {
    Ports ports = settings.ports();
    SortedMap<String, String> environment = inherited();
    environment.putAll(settings.forControlPlane());
    environment.put("MANYCAST_DB_URL", databaseUrl());
    environment.put("MANYCAST_DB_USER", "manycast_control");
    environment.put("MANYCAST_DB_PASSWORD", credentials.control());
    environment.put("MANYCAST_SECRET_KEY", credentials.secretKey());
    environment.put("MANYCAST_ADMIN_EMAIL", credentials.adminEmail());
    environment.put("MANYCAST_ADMIN_PASSWORD", credentials.adminPassword());
    environment.put("MANYCAST_ADMIN_TOKEN", credentials.adminToken());
    String name = Plane.CONTROL_PLANE.label();
    return new ChildSpec(
        name,
        () -> command.of(Plane.CONTROL_PLANE, flagsOf(Plane.CONTROL_PLANE, settings)),
        environment,
        Map.of("http", ports.http(), "internal", ports.internal()),
        home.log(name),
        () -> Probe.answersOk(ports.http(), "/healthz"),
        controlPlaneStop());
  }

  /** A media node under a name of its own, on these ports. */
  public ChildSpec mediaPlane(String name, NodePorts ports, PlaneCommand command) {
    SortedMap<String, String> environment = inherited();
    environment.putAll(
        settings.forMediaPlane(ports.http(), ports.internal(), ports.rtmp(), ports.rtmps()));
    environment.put("MANYCAST_DB_URL", databaseUrl());
    environment.put("MANYCAST_DB_USER", "manycast_media");
    environment.put("MANYCAST_DB_PASSWORD", credentials.media());
    environment.put("MANYCAST_MEDIA_KEY", credentials.mediaKey());
    // The figure that the JVM's own bound is made from.
    environment.put("MANYCAST_MEDIA_MEMORY", (settings.mediaMemory(machineMemory()) >> 20) + "m");
    return new ChildSpec(
        name,
        () -> command.of(Plane.MEDIA_PLANE, flagsOf(Plane.MEDIA_PLANE, settings)),
        environment,
        Map.of(
            "rtmp", ports.rtmp(),
            "rtmps", ports.rtmps(),
            "http", ports.http(),
            "internal", ports.internal()),
        home.log(name),
        () -> Probe.answersOk(ports.internal(), "/healthz"),
        nodeStop());
  }

  /** JVM flags that depend on the settings. */
  public static List<String> flagsOf(Plane plane, Settings settings) {
    return switch (plane) {
      case CONTROL_PLANE -> List.of();
      case MEDIA_PLANE -> {
        // Media bytes are bounded by the node itself; the JVM's bound lies above, for what
        // allocators keep besides.
        long media = settings.mediaMemory(machineMemory());
        yield List.of("-XX:MaxDirectMemorySize=" + ((media + media / 2 + (64L << 20)) >> 20) + "m");
      }
    };
  }

  /** Bytes of memory of this machine or container. */
  public static long machineMemory() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getTotalMemorySize();
  }

  /** SIGINT ends a node's work, within the drain timeout. */
  public StopPlan nodeStop() {
    return new StopPlan(Signals.INT, settings.drainTimeout().plus(NODE_STOP_MARGIN));
  }

  public static StopPlan controlPlaneStop() {
    return new StopPlan(Signals.TERM, CONTROL_PLANE_STOP);
  }

  /** SIGINT is PostgreSQL's fast shutdown. */
  public static StopPlan postgresStop() {
    return new StopPlan(Signals.INT, POSTGRES_STOP);
  }

  /**
   * The little of the launcher's own environment that a child needs; nothing secret is among it.
   */
  private static SortedMap<String, String> inherited() {
    SortedMap<String, String> environment = new TreeMap<>();
    for (String name : List.of("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR")) {
      String value = System.getenv(name);
      if (value != null) {
        environment.put(name, value);
      }
    }
    return environment;
  }

  /** Where the planes find their database; never printed, it may carry a password. */
  private String databaseUrl() {
    String given = settings.given("MANYCAST_DB_URL");
    return given == null ? embeddedUrl(EmbeddedPostgres.DATABASE) : given;
  }

  private String embeddedUrl(String database) {
    return EmbeddedPostgres.jdbcUrl(settings.ports().database(), database);
  }

  private Migrate.Owner owner() {
    String user = settings.externalDatabase() ? settings.databaseUser() : EmbeddedPostgres.OWNER;
    return new Migrate.Owner(databaseUrl(), user, credentials.owner());
  }

  /**
   * Brings the database to this program's schema, making the embedded server's database when it is
   * absent.
   */
  public Migrate.Result migrate() throws SQLException {
    if (!settings.externalDatabase()) {
      try (Connection connection = connect(embeddedUrl("postgres"))) {
        EmbeddedPostgres.createDatabase(connection);
      }
    }
    return new Migrate(
            owner(), new Migrate.PlanePasswords(credentials.control(), credentials.media()))
        .run();
  }

  /** A connection as the database's owner. */
  public Connection connectAsOwner() throws SQLException {
    return connect(databaseUrl());
  }

  private Connection connect(String url) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", owner().user());
    properties.setProperty("password", owner().password());
    properties.setProperty("connectTimeout", "5");
    properties.setProperty("socketTimeout", "30");
    return DriverManager.getConnection(url, properties);
  }

  /** Whether the embedded server takes statements. */
  private boolean databaseAnswers() {
    try (Connection connection = connect(embeddedUrl("postgres"))) {
      return connection.isValid(2);
    } catch (SQLException notYet) {
      return false;
    }
  }

  /**
   * Which ports are to be free before anything starts: variable, port, whether only on loopback.
   */
  public List<WantedPort> wantedPorts() {
    Ports ports = settings.ports();
    List<WantedPort> wanted = new ArrayList<>();
    if (!settings.externalDatabase()) {
      wanted.add(new WantedPort("MANYCAST_DB_PORT", ports.database(), true));
    }
    wanted.add(new WantedPort("MANYCAST_HTTP_PORT", ports.http(), false));
    wanted.add(new WantedPort("MANYCAST_INTERNAL_PORT", ports.internal(), true));
    wanted.add(new WantedPort("MANYCAST_MEDIA_HTTP_PORT", ports.mediaHttp(), false));
    wanted.add(new WantedPort("MANYCAST_MEDIA_INTERNAL_PORT", ports.mediaInternal(), true));
    wanted.add(new WantedPort("MANYCAST_RTMP_PORT", ports.rtmp(), false));
    wanted.add(new WantedPort("MANYCAST_RTMPS_PORT", ports.rtmps(), false));
    return wanted;
  }
}
