package manycast.control.nodes;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Media nodes, for the other features, pages and the API. */
@Service
public class NodeService {
  /** A node beats every 2 s. */
  private static final Duration LEASE = Duration.ofSeconds(6);

  /** A node that has been gone for longer is history. */
  private static final Duration SHOWN = Duration.ofHours(24);

  /** Where a node answers. */
  public record Address(String nodeId, String url) {}

  private final Nodes nodes;

  NodeService(Nodes nodes) {
    this.nodes = nodes;
  }

  /** At most {@code limit} nodes that come after the given one, by id; those heard within a day. */
  @Transactional(readOnly = true)
  public List<NodeView> list(@Nullable String after, int limit) {
    Instant now = nodes.now();
    List<Node> page = nodes.page(after, now.minus(SHOWN), limit);
    if (page.isEmpty()) {
      return List.of();
    }
    Map<String, Long> live = nodes.liveBroadcasts(page.stream().map(Node::id).toList());
    return page.stream().map(node -> view(node, live.getOrDefault(node.id(), 0L), now)).toList();
  }

  /** The nodes that are not gone, those too that carry nothing now. */
  @Transactional(readOnly = true)
  public List<Address> present() {
    return nodes.present().stream().map(node -> new Address(node.id(), node.url())).toList();
  }

  /** Where browsers reach the previews of those that are not gone and offer any, by node id. */
  @Transactional(readOnly = true)
  public Map<String, String> previewUrls() {
    var urls = new HashMap<String, String>();
    for (Node node : nodes.present()) {
      String url = node.previewUrl();
      if (url != null) {
        urls.put(node.id(), url);
      }
    }
    return Map.copyOf(urls);
  }

  private static NodeView view(Node node, long live, Instant now) {
    boolean silent = node.heartbeatAt().isBefore(now.minus(LEASE)) && !node.state().equals("gone");
    return new NodeView(
        node.id(),
        node.url(),
        node.rtmpUrl(),
        node.version(),
        silent ? "down" : node.state(),
        node.startedAt(),
        node.heartbeatAt(),
        node.maxBroadcasts(),
        live,
        node.cpuBusy(),
        node.mediaBytes(),
        node.mediaBytesMax(),
        node.egressBps());
  }
}
