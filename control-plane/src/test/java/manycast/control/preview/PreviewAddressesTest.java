package manycast.control.preview;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** When an address stays and when it changes. */
class PreviewAddressesTest {
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
  private final AtomicInteger minted = new AtomicInteger();
  private final Map<String, String> nodes =
      Map.of("one", "https://one.example.com", "two", "http://two.example.com:8081");
  private final PreviewAddresses addresses =
      new PreviewAddresses(
          id -> Optional.ofNullable(nodes.get(id)),
          _ -> "minted-" + minted.incrementAndGet(),
          Duration.ofMinutes(10),
          now::get);
  private final UUID broadcast = UUID.randomUUID();

  @Test
  void isAbsoluteAndHasItsTokenInside() {
    PreviewAddress address = addresses.of(broadcast, "one").orElseThrow();

    assertThat(address.hlsUrl())
        .startsWith("https://one.example.com/hls/" + broadcast + "/index.m3u8?token=");
    assertThat(address.stillUrl())
        .startsWith("https://one.example.com/hls/" + broadcast + "/still.mp4?token=");
    assertThat(address.toString()).doesNotContain("minted");
  }

  @Test
  void isTheSameForAllWhoWatchUntilHalfOfItsTokensLifeIsOver() {
    PreviewAddress first = addresses.of(broadcast, "one").orElseThrow();
    pass(Duration.ofSeconds(299));
    assertThat(addresses.of(broadcast, "one")).contains(first);

    pass(Duration.ofSeconds(1));
    PreviewAddress second = addresses.of(broadcast, "one").orElseThrow();
    assertThat(second).isNotEqualTo(first);
    assertThat(addresses.of(broadcast, "one")).contains(second);
  }

  @Test
  void keepsItsTokenWhenAnotherNodeCarriesTheBroadcast() {
    String first = addresses.of(broadcast, "one").orElseThrow().hlsUrl();
    String second = addresses.of(broadcast, "two").orElseThrow().hlsUrl();

    assertThat(second).startsWith("http://two.example.com:8081/hls/" + broadcast);
    assertThat(tokenOf(second)).isEqualTo(tokenOf(first));
    assertThat(tokenOf(addresses.of(UUID.randomUUID(), "two").orElseThrow().hlsUrl()))
        .isNotEqualTo(tokenOf(first));
  }

  @Test
  void isNoneWhereTheNodeIsGoneOrHasNone() {
    assertThat(addresses.of(broadcast, "three")).isEmpty();
  }

  private void pass(Duration time) {
    now.updateAndGet(instant -> instant.plus(time));
  }

  private static String tokenOf(String url) {
    return url.substring(url.indexOf("token="));
  }
}
