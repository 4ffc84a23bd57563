package manycast.media.loops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressPolicyTest {
  private static final AddressPolicy STRICT = AddressPolicy.allowOnly(List.of());

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "198.18.0.1",
        "203.0.113.7",
        "::1",
        "::",
        "fe80::1",
        "fc00::1",
        "fd12::1",
        "ff02::1",
        "::ffff:10.0.0.1",
        "64:ff9b::a00:1",
        "2002:7f00:1::",
        "2001:db8::1",
        "2001::1"
      })
  void refusesWhatIsNotGloballyRoutable(String address) {
    assertThat(STRICT.allows(InetAddress.ofLiteral(address))).isFalse();
    assertThat(AddressPolicy.allowEverything().allows(InetAddress.ofLiteral(address))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "8.8.8.8",
        "172.32.0.1",
        "1.1.1.1",
        "2606:4700::1111",
        "2a00:1450::1",
        "64:ff9b::808:808"
      })
  void allowsTheInternet(String address) {
    assertThat(STRICT.allows(InetAddress.ofLiteral(address))).isTrue();
  }

  @Test
  void allowsListedPrivateBlocksAndNoOthers() {
    AddressPolicy policy =
        AddressPolicy.allowOnly(
            List.of(
                AddressPolicy.Block.parse("10.8.0.0/13"), AddressPolicy.Block.parse("fd00::/8")));
    assertThat(policy.allows(InetAddress.ofLiteral("10.15.255.1"))).isTrue();
    assertThat(policy.allows(InetAddress.ofLiteral("10.16.0.1"))).isFalse();
    assertThat(policy.allows(InetAddress.ofLiteral("fd55::1"))).isTrue();
    assertThatThrownBy(() -> AddressPolicy.Block.parse("host/8"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
