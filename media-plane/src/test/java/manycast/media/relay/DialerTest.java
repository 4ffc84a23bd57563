package manycast.media.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DialerTest {
  private static List<InetAddress> addresses(String... literals) {
    return Stream.of(literals).map(InetAddress::ofLiteral).toList();
  }

  @Test
  void takesBothFamiliesInTurnAndEachInItsOwnOrder() {
    assertThat(
            Dialer.inTurn(
                addresses("192.0.2.1", "192.0.2.2", "192.0.2.3", "2001:db8::1", "2001:db8::2")))
        .isEqualTo(addresses("2001:db8::1", "192.0.2.1", "2001:db8::2", "192.0.2.2", "192.0.2.3"));
    assertThat(Dialer.inTurn(addresses("192.0.2.2", "192.0.2.1")))
        .isEqualTo(addresses("192.0.2.2", "192.0.2.1"));
  }
}
