package manycast.control.preview;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import manycast.control.database.DatabaseWatch;
import manycast.control.nodes.NodeService;
import manycast.control.web.MediaOrigins;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * What is known of the nodes' public addresses: read from the database when somebody asks, at most
 * once a second for what is known, and kept while the database is away.
 */
@Component
class PreviewNodes implements MediaOrigins {
  private static final Logger log = LoggerFactory.getLogger(PreviewNodes.class);
  private static final Duration TRUSTED = Duration.ofSeconds(1);

  /** A node that is not known may have come just now. */
  private static final Duration TRUSTED_TO_LACK = Duration.ofMillis(50);

  private record Known(Map<String, String> urls, List<String> origins, long readNanos) {}

  private final NodeService nodes;
  private final DatabaseWatch database;
  private final ReentrantLock reading = new ReentrantLock();
  private volatile Known known =
      new Known(Map.of(), List.of(), System.nanoTime() - TRUSTED.toNanos());

  PreviewNodes(NodeService nodes, DatabaseWatch database) {
    this.nodes = nodes;
    this.database = database;
  }

  /** What the addresses of the node's previews begin with; empty when it is gone or has none. */
  Optional<String> previewUrl(String nodeId) {
    String url = fresh(TRUSTED).urls().get(nodeId);
    return Optional.ofNullable(url == null ? fresh(TRUSTED_TO_LACK).urls().get(nodeId) : url);
  }

  @Override
  public List<String> mediaOrigins() {
    return fresh(TRUSTED).origins();
  }

  /** Never throws and never waits for another's question: what is known is good enough then. */
  private Known fresh(Duration trusted) {
    if (System.nanoTime() - known.readNanos() < trusted.toNanos()
        || !database.isReady()
        || !reading.tryLock()) {
      return known;
    }
    try {
      Map<String, String> urls = nodes.previewUrls();
      List<String> origins =
          urls.values().stream()
              .map(PreviewNodes::origin)
              .flatMap(Optional::stream)
              .distinct()
              .sorted()
              .toList();
      known = new Known(urls, origins, System.nanoTime());
    } catch (RuntimeException e) {
      log.debug("The nodes' public addresses could not be read: {}", e.toString());
    } finally {
      reading.unlock();
    }
    return known;
  }

  /**
   * Scheme, host and port of an address. It goes into a header of every page, so nothing else of
   * what a node has written does.
   */
  static Optional<String> origin(String url) {
    try {
      var uri = new URI(url);
      String scheme = uri.getScheme();
      String host = uri.getHost();
      if (!isWeb(scheme) || host == null) {
        return Optional.empty();
      }
      return Optional.of(scheme + "://" + host + (uri.getPort() < 0 ? "" : ":" + uri.getPort()));
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  private static boolean isWeb(@Nullable String scheme) {
    return "http".equals(scheme) || "https".equals(scheme);
  }
}
