package manycast.control.preview;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import manycast.control.settings.Settings;
import manycast.db.identity.ProcessIdentity;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Service;

/**
 * Makes the addresses that previews are watched at. All who watch a broadcast are given the same
 * token until half of its life is over, and then the next one: so a page is told of a new address
 * rarely, and always while its old one is still good.
 */
@Service
public class PreviewAddresses {
  private record Token(String text, Instant renewAt) {}

  private final Function<String, Optional<String>> previewUrls;
  private final Function<UUID, String> mint;
  private final Duration life;
  private final InstantSource clock;
  private final Map<UUID, Token> tokens = new ConcurrentHashMap<>();

  @Autowired
  PreviewAddresses(PreviewNodes nodes, ProcessIdentity identity, Settings settings) {
    this(
        nodes::previewUrl,
        broadcastId -> identity.mintViewerToken(broadcastId, settings.previewTokenLife()),
        settings.previewTokenLife(),
        InstantSource.system());
  }

  PreviewAddresses(
      Function<String, Optional<String>> previewUrls,
      Function<UUID, String> mint,
      Duration life,
      InstantSource clock) {
    this.previewUrls = previewUrls;
    this.mint = mint;
    this.life = life;
    this.clock = clock;
  }

  /**
   * Where the broadcast's preview is watched, for at least half of a token's life from now; empty
   * when its node is gone or offers none. The caller has made sure whose the broadcast is.
   */
  public Optional<PreviewAddress> of(UUID broadcastId, String nodeId) {
    return previewUrls
        .apply(nodeId)
        .map(
            url -> {
              String base = url + "/hls/" + broadcastId;
              String query = "?token=" + token(broadcastId);
              return new PreviewAddress(base + "/index.m3u8" + query, base + "/still.mp4" + query);
            });
  }

  private String token(UUID broadcastId) {
    Instant now = clock.instant();
    Token present = tokens.get(broadcastId);
    if (present != null && now.isBefore(present.renewAt())) {
      return present.text();
    }
    // Of broadcasts that nobody watches any more: whoever still had one would have renewed it.
    tokens.values().removeIf(token -> !now.isBefore(token.renewAt()));
    return tokens
        .computeIfAbsent(broadcastId, id -> new Token(mint.apply(id), now.plus(life.dividedBy(2))))
        .text();
  }
}
