package manycast.media.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class HalfOpenLimitTest {
  private final HalfOpenLimit limit = new HalfOpenLimit();

  private boolean enters(String address) {
    return limit.tryEnter(InetAddress.ofLiteral(address));
  }

  @Test
  void countsEachIpv4AddressForItself() {
    for (int i = 0; i < 20; i++) {
      assertThat(enters("203.0.113.7")).isTrue();
    }
    assertThat(enters("203.0.113.7")).isFalse();
    assertThat(enters("203.0.113.8")).isTrue();
    limit.leave(InetAddress.ofLiteral("203.0.113.7"));
    assertThat(enters("203.0.113.7")).isTrue();
  }

  @Test
  void countsIpv6AddressesOfOneNetworkTogether() {
    for (int i = 0; i < 20; i++) {
      assertThat(enters("2001:db8:0:1::" + Integer.toHexString(i))).isTrue();
    }
    assertThat(enters("2001:db8:0:1:ffff:ffff:ffff:ffff")).isFalse();
    assertThat(enters("2001:db8:0:2::1")).as("another network").isTrue();
    limit.leave(InetAddress.ofLiteral("2001:db8:0:1::5"));
    assertThat(enters("2001:db8:0:1::abcd")).isTrue();
  }

  @Test
  void hasNoBoundForLoopbackButThatOfTheNode() {
    for (int i = 0; i < 1_000; i++) {
      assertThat(enters(i % 2 == 0 ? "127.0.0.1" : "::1")).isTrue();
    }
    assertThat(enters("127.0.0.1")).isFalse();
    assertThat(enters("203.0.113.7")).isFalse();
    limit.leave(InetAddress.ofLiteral("::1"));
    assertThat(enters("203.0.113.7")).isTrue();
  }
}
