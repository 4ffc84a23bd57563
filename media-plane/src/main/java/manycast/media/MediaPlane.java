package manycast.media;

import io.netty.channel.EventLoop;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.UnaryOperator;
import manycast.db.events.Connector;
import manycast.db.identity.JdbcPublicKeys;
import manycast.db.identity.ProcessIdentity;
import manycast.media.broadcast.Broadcast;
import manycast.media.broadcast.Broadcasts;
import manycast.media.broadcast.EndReason;
import manycast.media.broadcast.MediaMemory;
import manycast.media.database.ConfigFeed;
import manycast.media.database.Database;
import manycast.media.database.NodeLease;
import manycast.media.database.PublishClaims;
import manycast.media.database.SampleWriter;
import manycast.media.database.StateWriter;
import manycast.media.database.StreamRows;
import manycast.media.hls.PreviewHandler;
import manycast.media.hls.Previews;
import manycast.media.http.ConnectionLimit;
import manycast.media.http.Health;
import manycast.media.http.HttpListener;
import manycast.media.http.InternalRoutes;
import manycast.media.ingest.IngestCounters;
import manycast.media.ingest.PublishAuthority;
import manycast.media.ingest.RtmpIngest;
import manycast.media.loops.EventLoops;
import manycast.media.loops.LoopWatchdog;
import manycast.media.owner.OtherNodes;
import manycast.media.probe.Probes;
import manycast.media.relay.Dialer;
import manycast.media.relay.Relays;
import manycast.media.settings.Settings;
import manycast.media.settings.SettingsException;
import manycast.media.settings.Store;
import manycast.media.store.S3Bucket;
import manycast.media.store.SegmentStore;
import manycast.media.store.SignatureV4;
import manycast.media.tls.ClientTls;
import manycast.media.tls.HandshakeThreads;
import manycast.media.tls.ServerTls;
import manycast.media.token.ServiceTokens;
import manycast.media.token.ViewerTokens;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sun.misc.Signal;

/**
 * A media node: reads its settings, builds its parts, runs until a signal, ends its broadcasts or
 * lets go of them, stops.
 */
public final class MediaPlane implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MediaPlane.class);
  private static final String VERSION = "0.1.0";
  private static final int BAD_CONFIGURATION = 2;
  private static final int FAILED = 1;
  private static final double USABLE_SHARE_OF_DIRECT_MEMORY = 0.8;
  private static final int WRITE_STATE_MS = 3_000;

  /** How long the parts that no encoder waits for stand back for the one that they do. */
  private static final int FIRST_ANSWER_MS = 1_000;

  /** A goodbye behind what is queued already, and a server's answer to it. */
  private static final int GOODBYE_MS = 1_500;

  private static final int COUNT_DESCRIPTORS_S = 2;

  private static final int SHORTEST_DRAIN_MS = 1_000;

  /** What a destination has not taken of the last group by then, it will hardly take. */
  private static final int DRAIN_AFTER_KEYFRAME_MS = 2_000;

  private static final int LONGEST_WAIT_FOR_KEYFRAME_MS = 10_000;

  private final ProcessIdentity identity = ProcessIdentity.generate();
  private final EventLoops loops;
  private final LoopWatchdog watchdog;
  private final ExecutorService httpThreads = Executors.newVirtualThreadPerTaskExecutor();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("timer").factory());
  private final HandshakeThreads handshakes =
      new HandshakeThreads(Runtime.getRuntime().availableProcessors());
  private final MediaMemory memory;
  private final Descriptors descriptors = Descriptors.ofProcess();
  private final Broadcasts broadcasts;
  private final Database database;
  private final OtherNodes otherNodes = new OtherNodes(identity::mint);
  private final JdbcPublicKeys keys;
  private final StateWriter writer;
  private final @Nullable SegmentStore store;
  private final Previews previews;
  private final Relays relays;
  private final Probes probes;
  private final NodeLease lease;
  private final ConfigFeed feed;
  private final SampleWriter samples;
  private final IngestCounters counters = new IngestCounters();
  private final RtmpIngest ingest;
  private final NodeMetrics metrics;
  private final Health health;
  private final ConnectionLimit publicConnections;
  private final HttpListener publicHttp;
  private final HttpListener internalHttp;
  private final ServerTls serverTls;
  private final int rtmpPort;
  private final int rtmpsPort;
  private final Duration drainTimeout;
  private volatile boolean stopping;

  /** How a node stops. */
  private enum Stop {
    /** Broadcasts end, and their destinations are told so. */
    END_THE_WORK,
    /** Broadcasts wait for their encoders, and go on wherever these come to. */
    MOVE_THE_WORK,
    REFUSED
  }

  /**
   * Runs a node until SIGINT, which ends its work, or SIGTERM, which has it go on elsewhere; exit
   * code 0, 2 for bad settings, 1 for anything else.
   */
  public static void main(String[] args) {
    System.exit(run());
  }

  private static int run() {
    Settings settings;
    try {
      settings = Settings.read(System.getenv());
    } catch (SettingsException e) {
      e.faults().forEach(System.err::println);
      return BAD_CONFIGURATION;
    }
    settings.lines().forEach(line -> LOG.info("{}", line));
    if (!settings.notUsedYet().isEmpty()) {
      LOG.info("set, and not used yet: {}", String.join(", ", settings.notUsedYet()));
    }
    CompletableFuture<Stop> stop = new CompletableFuture<>();
    Signal.handle(new Signal("INT"), _ -> stop.complete(Stop.END_THE_WORK));
    Signal.handle(new Signal("TERM"), _ -> stop.complete(Stop.MOVE_THE_WORK));
    Consumer<String> refuse =
        why -> {
          System.err.println(why);
          stop.complete(Stop.REFUSED);
        };
    int loops = Runtime.getRuntime().availableProcessors();
    try (MediaPlane node = new MediaPlane(settings, loops, UnaryOperator.identity(), refuse)) {
      LOG.info(
          "node {} on {}: RTMP {}, RTMPS {}, public HTTP {}, internal HTTP {}",
          node.nodeId(),
          node.loops.transport().word(),
          node.rtmpPort(),
          node.rtmpsPort(),
          node.publicPort(),
          node.internalPort());
      return switch (stop.join()) {
        case END_THE_WORK -> 0;
        case MOVE_THE_WORK -> {
          node.move();
          yield 0;
        }
        case REFUSED -> BAD_CONFIGURATION;
      };
    } catch (RuntimeException e) {
      LOG.error("the node cannot run: {}", e.getMessage(), e);
      return FAILED;
    }
  }

  /**
   * Builds and starts all parts.
   *
   * @param loopCount how many event loops share the connections and broadcasts
   * @param ownerLoop chooses the loop of a broadcast from the loop of its encoder's connection
   * @param refuse told, once, why this node must not go on
   */
  MediaPlane(
      Settings settings,
      int loopCount,
      UnaryOperator<EventLoop> ownerLoop,
      Consumer<String> refuse) {
    drainTimeout = settings.drainTimeout();
    loops = new EventLoops(settings.transport().orBest(), loopCount);
    watchdog = new LoopWatchdog(loops.all(), settings.flush());
    memory = new MediaMemory(boundOfMemory(settings.mediaMemory()));
    broadcasts = new Broadcasts(memory, settings.resumeGrace(), watchdog::windowMs);

    Settings.DatabaseAccess access = settings.database();
    database = new Database(access.url(), access.user(), access.password().value());
    keys = new JdbcPublicKeys(database.source());
    writer = new StateWriter(database, this::ownershipLost);
    Dialer dialer =
        new Dialer(
            loops,
            settings.destinationAddresses(),
            new ClientTls(handshakes, settings.tls().destinationAuthorities()));
    StreamRows rows = new StreamRows(database, settings.mediaKeys());
    relays = new Relays(rows, dialer, loops.writes(), writer);
    probes = new Probes(rows, dialer, relays, loops::next);
    broadcasts.listen(relays);
    broadcasts.listen(writer);
    store = settings.store() == null ? null : open(settings.store(), settings.home());
    previews = new Previews(memory, store);
    broadcasts.listen(previews);

    health = new Health(identity.id(), this::notReady);
    CountDownLatch started = new CountDownLatch(1);
    PublishAuthority authority =
        new PublishClaims(
            database,
            settings.mediaKeys(),
            identity.id(),
            writer,
            timer,
            started,
            settings.resumeGrace(),
            otherNodes);
    ingest =
        new RtmpIngest(loops, authority, broadcasts, memory, this::isFull, counters, ownerLoop);
    rtmpPort = ingest.listen(settings.ports().rtmp());

    Settings.TlsFiles files = settings.tls().files();
    serverTls = certificates(files == null ? () -> selfMade(settings) : () -> ofFiles(files));
    rtmpsPort = ingest.listen(settings.ports().rtmps(), serverTls);

    NodeLease.Entry entry =
        new NodeLease.Entry(
            identity,
            settings.addresses().nodeUrl().toString(),
            settings.addresses().rtmpUrl(rtmpPort),
            settings.addresses().previewUrl(),
            VERSION);
    lease =
        new NodeLease(
            database, entry, broadcasts, writer, new NodeLoad(memory, relays), started, refuse);
    // An encoder may be waiting for the lease, and nobody for the rest.
    await(started);
    dialer.prepare();
    publicConnections = ConnectionLimit.within(descriptors.most());
    metrics =
        new NodeMetrics(
            watchdog, memory, broadcasts, relays, previews, counters, publicConnections, serverTls);
    try {
      publicHttp = listenPublic(settings);
      internalHttp = listenInternal(settings);
    } catch (RuntimeException e) {
      lease.close();
      throw e;
    }
    feed =
        new ConfigFeed(
            Connector.to(
                access.url(),
                access.user(),
                access.password().value(),
                "manycast media-plane events"),
            relays);
    samples =
        new SampleWriter(database, broadcasts, relays::snapshot, new NodeFigures(watchdog, memory));
    timer.scheduleWithFixedDelay(
        descriptors::count, COUNT_DESCRIPTORS_S, COUNT_DESCRIPTORS_S, TimeUnit.SECONDS);
  }

  private HttpListener listenPublic(Settings settings) {
    ViewerTokens viewers = new ViewerTokens(keys, httpThreads);
    return HttpListener.listen(
        loops,
        new InetSocketAddress(settings.ports().http()),
        "MANYCAST_MEDIA_HTTP_PORT",
        publicConnections,
        settings.tls().files() == null ? null : serverTls,
        () -> new PreviewHandler(previews, viewers),
        health,
        httpThreads);
  }

  private HttpListener listenInternal(Settings settings) {
    ServiceTokens tokens = new ServiceTokens(identity.id(), keys);
    return HttpListener.listen(
        loops,
        internalAddress(settings),
        "MANYCAST_MEDIA_INTERNAL_PORT",
        new InternalRoutes(
            identity.id(), health, metrics::scrape, tokens, broadcasts, relays, probes),
        httpThreads);
  }

  /** The id that the node's row has. */
  String nodeId() {
    return identity.id();
  }

  int rtmpPort() {
    return rtmpPort;
  }

  int rtmpsPort() {
    return rtmpsPort;
  }

  /** What encoders are shown at the RTMPS port. */
  ServerTls serverTls() {
    return serverTls;
  }

  int publicPort() {
    return publicHttp.port();
  }

  int internalPort() {
    return internalHttp.port();
  }

  ProcessIdentity identity() {
    return identity;
  }

  Broadcasts broadcasts() {
    return broadcasts;
  }

  Relays relays() {
    return relays;
  }

  MediaMemory memory() {
    return memory;
  }

  SampleWriter samples() {
    return samples;
  }

  /**
   * Ends the broadcasts and says goodbye to their destinations, writes what is left to write,
   * stops.
   */
  @Override
  public void close() {
    stop(_ -> broadcast -> broadcast.end(EndReason.SHUTDOWN));
  }

  /**
   * Lets go of the broadcasts at their next keyframes, so that this node restarted, or another one,
   * goes on with them; leaves their destinations without a goodbye, writes what is left to write,
   * stops.
   */
  void move() {
    stop(
        goodbyeFromMs ->
            broadcast ->
                broadcast.handOver(
                    Math.clamp(
                        goodbyeFromMs - Broadcast.nowMs() - DRAIN_AFTER_KEYFRAME_MS,
                        0,
                        LONGEST_WAIT_FOR_KEYFRAME_MS)));
  }

  /**
   * Stops everything.
   *
   * @param leave how a broadcast is left, made from when at the latest it says goodbye
   */
  private void stop(LongFunction<Consumer<Broadcast>> leave) {
    if (stopping) {
      return;
    }
    long drainMs = Math.max(SHORTEST_DRAIN_MS, drainTimeout.toMillis());
    long until = Broadcast.nowMs() + drainMs;
    long writeFrom = until - Math.min(WRITE_STATE_MS, drainMs / 4);
    long goodbyeFrom = writeFrom - Math.min(GOODBYE_MS, drainMs / 4);
    stopping = true;
    ingest.close();
    List<Future<?>> ends = leaveBroadcasts(leave.apply(goodbyeFrom));
    feed.close();
    samples.close();
    if (!awaitEnds(ends, goodbyeFrom)) {
      relays.sayGoodbye();
      awaitEnds(ends, writeFrom);
    }
    boolean written =
        writer.flush(Math.max(0, Math.min(WRITE_STATE_MS, until - Broadcast.nowMs())));
    LOG.info(written ? "nothing is left to do" : "stopping; the last states could not be written");
    lease.close();
    writer.close();
    publicHttp.close();
    internalHttp.close();
    previews.close();
    if (store != null) {
      store.close();
    }
    watchdog.close();
    loops.close();
    httpThreads.shutdownNow();
    serverTls.close();
    timer.shutdownNow();
    handshakes.close();
    database.close();
    otherNodes.close();
    metrics.close();
  }

  /** Leaves all broadcasts; each future is done once that has been taken up on its loop. */
  private List<Future<?>> leaveBroadcasts(Consumer<Broadcast> leave) {
    List<Future<?>> ends = new ArrayList<>();
    for (Broadcast broadcast : broadcasts.live()) {
      leave.accept(broadcast);
      ends.add(broadcast.loop().submit(() -> {}));
    }
    return ends;
  }

  /** Waits until the ends are carried out and no relay is at work; answers whether it is so. */
  private boolean awaitEnds(List<Future<?>> ends, long untilMs) {
    while (!relays.isIdle()
        || (store != null && !store.isIdle())
        || !broadcasts.live().isEmpty()
        || !ends.stream().allMatch(Future::isDone)) {
      if (Broadcast.nowMs() >= untilMs) {
        return false;
      }
      pause();
    }
    return true;
  }

  private void ownershipLost(UUID broadcastId, Long epoch) {
    Broadcast broadcast = broadcasts.find(broadcastId);
    if (broadcast != null && broadcast.claim().epoch() == epoch) {
      broadcast.end(EndReason.NODE_LOST);
    }
  }

  @Nullable String notReady() {
    if (stopping) {
      return "the node is being stopped";
    }
    return isFull() ? "the node is full" : lease.notReady();
  }

  /** Whether another publisher would take from those that are live. */
  private boolean isFull() {
    return memory.isFull() || descriptors.areScarce() || watchdog.isSaturated();
  }

  private ServerTls ofFiles(Settings.TlsFiles files) throws IOException, GeneralSecurityException {
    return ServerTls.ofFiles(files.certificates(), files.key(), handshakes, timer);
  }

  /** A certificate of the home's own, or of this run's. */
  private ServerTls selfMade(Settings settings) throws IOException, GeneralSecurityException {
    Path home = settings.home();
    return ServerTls.selfMade(
        settings.addresses().publicHost(),
        home == null ? null : home.resolve("secrets").resolve("rtmps.pem"),
        handshakes);
  }

  /** Where certificates come from. */
  @FunctionalInterface
  private interface CertificateSource {
    ServerTls get() throws IOException, GeneralSecurityException;
  }

  private static ServerTls certificates(CertificateSource source) {
    try {
      return source.get();
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("no certificate for RTMPS: " + e.getMessage(), e);
    }
  }

  /** The store, with a place on the way to a bucket that outlives this run where there is one. */
  private static SegmentStore open(Store store, @Nullable Path home) {
    return switch (store) {
      case Store.Folder(Path folder) -> SegmentStore.inFolder(folder);
      case Store.Bucket bucket ->
          SegmentStore.inBucket(
              home == null
                  ? Path.of(System.getProperty("java.io.tmpdir"), "manycast-segments")
                  : home.resolve("segments"),
              new S3Bucket(
                  bucket.endpoint(),
                  bucket.bucket(),
                  bucket.prefix(),
                  new SignatureV4(
                      bucket.region(),
                      bucket.keyId(),
                      new SignatureV4.Secret(bucket.secret().value()))));
    };
  }

  private static InetSocketAddress internalAddress(Settings settings) {
    int port = settings.ports().internal();
    return settings.isInternalOnLoopback()
        ? new InetSocketAddress(InetAddress.getLoopbackAddress(), port)
        : new InetSocketAddress(port);
  }

  /** What the JVM may hold outside its heap is the harder bound. */
  private static long boundOfMemory(long wanted) {
    long direct = PlatformDependent.maxDirectMemory();
    long usable = direct <= 0 ? wanted : (long) (direct * USABLE_SHARE_OF_DIRECT_MEMORY);
    if (usable < wanted) {
      LOG.warn(
          "MANYCAST_MEDIA_MEMORY is {} MiB, but the JVM may hold {} MiB outside its heap: {} MiB are used",
          wanted >> 20,
          direct >> 20,
          usable >> 20);
    }
    return Math.min(wanted, usable);
  }

  private static void await(CountDownLatch started) {
    try {
      started.await(FIRST_ANSWER_MS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
