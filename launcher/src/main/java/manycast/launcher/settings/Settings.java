package manycast.launcher.settings;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The environment, checked: what the launcher itself reads of it, and what it hands to each
 * process.
 */
public final class Settings {
  /** How the database is reached; each says nothing without the others. */
  static final List<String> DATABASE =
      List.of("MANYCAST_DB_URL", "MANYCAST_DB_USER", "MANYCAST_DB_PASSWORD");

  private final SortedMap<String, String> given;
  private final Path home;
  private final Ports ports;

  private Settings(SortedMap<String, String> given, Path home, Ports ports) {
    this.given = given;
    this.home = home;
    this.ports = ports;
  }

  /**
   * Reads and checks every {@code MANYCAST_} variable of the environment. An empty value counts as
   * not given.
   *
   * @param root the folder that holds {@code .manycast} when no home is given
   * @throws BadSettingsException with every fault
   */
  public static Settings of(Map<String, String> environment, Path root) {
    SortedMap<String, String> given = given(environment);
    return of(given, new Faults().check(given).checkPorts(given), root);
  }

  /**
   * The same for a command in a home where {@code up} was started.
   *
   * @param kept what it was started with; what the environment says goes before it
   * @throws BadSettingsException with every fault
   */
  public static Settings inHome(
      Map<String, String> kept, Map<String, String> environment, Path root) {
    return of(onTopOf(kept, environment), root);
  }

  /**
   * The same for one more node, whose ports are free ones: of those in the variables only that of
   * {@code up}'s database counts.
   *
   * @throws BadSettingsException with every fault
   */
  public static Settings ofAnotherNode(
      Map<String, String> kept, Map<String, String> environment, Path root) {
    SortedMap<String, String> given = onTopOf(kept, environment);
    given.keySet().removeIf(name -> name.matches("MANYCAST_(\\w+_PORT|(NODE|MEDIA_PUBLIC)_URL)"));
    String database = kept.get("MANYCAST_DB_PORT");
    if (database != null) {
      given.put("MANYCAST_DB_PORT", database);
    }
    return of(given, new Faults().check(given), root);
  }

  private static SortedMap<String, String> onTopOf(
      Map<String, String> kept, Map<String, String> environment) {
    SortedMap<String, String> given = given(environment);
    SortedMap<String, String> all = new TreeMap<>(kept);
    if (DATABASE.stream().anyMatch(given::containsKey)) {
      // Or the password of one server would be shown to another.
      DATABASE.forEach(all::remove);
    }
    all.putAll(given);
    return all;
  }

  /** The home that the environment names, for reading what is kept there. */
  public static Path home(Map<String, String> environment, Path root) {
    String home = environment.getOrDefault("MANYCAST_HOME", "");
    return home.isEmpty() ? root.resolve(".manycast") : Path.of(home).toAbsolutePath().normalize();
  }

  private static SortedMap<String, String> given(Map<String, String> environment) {
    SortedMap<String, String> given = new TreeMap<>(environment);
    given.entrySet().removeIf(v -> !v.getKey().startsWith("MANYCAST_") || v.getValue().isEmpty());
    return given;
  }

  private static Settings of(SortedMap<String, String> given, Faults faults, Path root) {
    faults.throwIfAny();
    return new Settings(given, home(given, root), Ports.of(given));
  }

  /**
   * One line each: variables that are set but change nothing, because nothing reads them yet or
   * ever.
   */
  public List<String> notices() {
    List<String> notices = new ArrayList<>();
    for (String name : given.keySet()) {
      Optional<Variable> variable = Variables.find(name);
      if (variable.isEmpty()) {
        notices.add(name + " is set, but there is no such setting");
      } else if (!variable.get().read()) {
        notices.add(name + " is set, but nothing reads it yet");
      }
    }
    return notices;
  }

  /** The folder of everything that outlives a run. */
  public Path home() {
    return home;
  }

  /** Where a node keeps the certificate that it makes when none is given; its key is there too. */
  public Path selfMadeCertificate() {
    return home.resolve("secrets").resolve("rtmps.pem");
  }

  public Ports ports() {
    return ports;
  }

  /** The value as given; for variables that the launcher only passes on, and for secrets. */
  public @Nullable String given(String name) {
    return given.get(name);
  }

  /**
   * What was given and is no secret: what another command in the same home may build upon. Not the
   * home itself, which that command has found, and nothing of how a database is reached, which is
   * kept together.
   */
  public SortedMap<String, String> givenInTheOpen() {
    SortedMap<String, String> open = new TreeMap<>(given);
    open.keySet().removeIf(name -> Variables.find(name).map(Variable::secret).orElse(true));
    open.remove("MANYCAST_HOME");
    DATABASE.forEach(open::remove);
    return open;
  }

  /**
   * The same for a file that only its owner can read: the secrets, and all of how somebody else's
   * database is reached.
   */
  public SortedMap<String, String> givenInSecret() {
    SortedMap<String, String> secret = new TreeMap<>(given);
    secret.keySet().removeIf(name -> Variables.find(name).map(v -> !v.secret()).orElse(true));
    if (externalDatabase()) {
      secret.put("MANYCAST_DB_USER", databaseUser());
    }
    return secret;
  }

  /** What is different from the last {@code up} in this home although nobody may have meant it. */
  public List<String> surprises(Map<String, String> kept) {
    return kept.containsKey("MANYCAST_DB_URL") && !externalDatabase()
        ? List.of(
            "the last up in this home was on the database of MANYCAST_DB_URL, which is not given now:"
                + " this one is on the embedded server")
        : List.of();
  }

  public String publicHost() {
    return given.getOrDefault("MANYCAST_PUBLIC_HOST", "localhost");
  }

  /** The dashboard as browsers reach it, without a slash at the end. */
  public String publicUrl() {
    return withoutSlash(
        given.getOrDefault(
            "MANYCAST_PUBLIC_URL", "http://%s:%d".formatted(publicHost(), ports.http())));
  }

  private static String withoutSlash(String url) {
    return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
  }

  /** Whether the database is one that somebody else runs. */
  public boolean externalDatabase() {
    return given.containsKey("MANYCAST_DB_URL");
  }

  /** The role of whoever runs this, on a database that somebody else runs. */
  public String databaseUser() {
    return given.getOrDefault("MANYCAST_DB_USER", System.getProperty("user.name", "postgres"));
  }

  public Duration drainTimeout() {
    return Values.parseDuration(given.getOrDefault("MANYCAST_DRAIN_TIMEOUT", "20s"));
  }

  /** Bound of a node's media bytes: as given, else a quarter of the machine's memory. */
  public long mediaMemory(long machineMemory) {
    String value = given.get("MANYCAST_MEDIA_MEMORY");
    return value == null ? machineMemory / 4 : Values.parseMemory(value);
  }

  /** What the control plane gets: its own variables as given, and what follows from the others. */
  public SortedMap<String, String> forControlPlane() {
    SortedMap<String, String> variables = only(Variable.Audience.CONTROL_PLANE);
    putCommon(variables);
    variables.put("MANYCAST_PUBLIC_URL", publicUrl());
    variables.put("MANYCAST_HTTP_PORT", Integer.toString(ports.http()));
    variables.put("MANYCAST_INTERNAL_PORT", Integer.toString(ports.internal()));
    return variables;
  }

  /** What a media node on these ports gets. */
  public SortedMap<String, String> forMediaPlane(int http, int internal, int rtmp, int rtmps) {
    SortedMap<String, String> variables = only(Variable.Audience.MEDIA_PLANE);
    putCommon(variables);
    variables.put("MANYCAST_MEDIA_HTTP_PORT", Integer.toString(http));
    variables.put("MANYCAST_MEDIA_INTERNAL_PORT", Integer.toString(internal));
    variables.put("MANYCAST_RTMP_PORT", Integer.toString(rtmp));
    variables.put("MANYCAST_RTMPS_PORT", Integer.toString(rtmps));
    // Everybody who asks the node puts a path behind it.
    variables.put(
        "MANYCAST_NODE_URL",
        withoutSlash(given.getOrDefault("MANYCAST_NODE_URL", "http://127.0.0.1:" + internal)));
    return variables;
  }

  private void putCommon(SortedMap<String, String> variables) {
    variables.put("MANYCAST_HOME", home.toString());
    variables.put("MANYCAST_PUBLIC_HOST", publicHost());
    variables.put("MANYCAST_RTMP_PORT", Integer.toString(ports.rtmp()));
    variables.put("MANYCAST_RTMPS_PORT", Integer.toString(ports.rtmps()));
    variables.putIfAbsent(
        "MANYCAST_ALLOW_PRIVATE_DESTINATIONS", Boolean.toString(Values.loopback(publicHost())));
  }

  private SortedMap<String, String> only(Variable.Audience audience) {
    SortedMap<String, String> variables = new TreeMap<>(given);
    variables
        .keySet()
        .removeIf(
            name -> Variables.find(name).map(v -> !v.audience().contains(audience)).orElse(true));
    return variables;
  }

  /** The dashboard's address as a URI, for requests from this machine. */
  public URI localApi() {
    return URI.create("http://127.0.0.1:" + ports.http());
  }
}
