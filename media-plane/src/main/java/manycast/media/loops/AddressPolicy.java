package manycast.media.loops;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/**
 * Which addresses destinations may lead to: everything globally routable, and private ones as far
 * as they are allowed.
 */
public final class AddressPolicy {
  private static final List<Block> NOT_GLOBAL =
      List.of(
          Block.parse("0.0.0.0/8"),
          Block.parse("10.0.0.0/8"),
          Block.parse("100.64.0.0/10"),
          Block.parse("127.0.0.0/8"),
          Block.parse("169.254.0.0/16"),
          Block.parse("172.16.0.0/12"),
          Block.parse("192.0.0.0/24"),
          Block.parse("192.0.2.0/24"),
          Block.parse("192.88.99.0/24"),
          Block.parse("192.168.0.0/16"),
          Block.parse("198.18.0.0/15"),
          Block.parse("198.51.100.0/24"),
          Block.parse("203.0.113.0/24"),
          Block.parse("224.0.0.0/3"));

  private static final List<Block> NOT_GLOBAL_V6 =
      List.of(Block.parse("2001::/23"), Block.parse("2001:db8::/32"), Block.parse("3fff::/20"));

  private static final Block GLOBAL_V6 = Block.parse("2000::/3");
  private static final Block SIX_TO_FOUR = Block.parse("2002::/16");
  private static final Block TRANSLATED = Block.parse("64:ff9b::/96");

  private final boolean everything;
  private final List<Block> allowed;

  private AddressPolicy(boolean everything, List<Block> allowed) {
    this.everything = everything;
    this.allowed = allowed;
  }

  /**
   * A run of addresses, as {@code 10.0.0.0/8} names it.
   *
   * @param prefix how many leading bits count
   */
  public record Block(InetAddress base, int prefix) {
    /**
     * Reads the notation; never asks a name server.
     *
     * @throws IllegalArgumentException when it is something else
     */
    public static Block parse(String text) {
      int slash = text.indexOf('/');
      InetAddress base = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
      int longest = base.getAddress().length * 8;
      int prefix = slash < 0 ? longest : Integer.parseInt(text.substring(slash + 1));
      if (prefix < 0 || prefix > longest) {
        throw new IllegalArgumentException("prefix " + prefix + " is not in 0 to " + longest);
      }
      return new Block(base, prefix);
    }

    boolean contains(InetAddress address) {
      byte[] mine = base.getAddress();
      byte[] other = address.getAddress();
      if (mine.length != other.length) {
        return false;
      }
      for (int bit = 0; bit < prefix; bit++) {
        int mask = 0x80 >> (bit & 7);
        if ((mine[bit >> 3] & mask) != (other[bit >> 3] & mask)) {
          return false;
        }
      }
      return true;
    }
  }

  /** Private addresses are allowed. */
  public static AddressPolicy allowEverything() {
    return new AddressPolicy(true, List.of());
  }

  /** Of the private addresses only these are allowed. */
  public static AddressPolicy allowOnly(List<Block> allowed) {
    return new AddressPolicy(false, List.copyOf(allowed));
  }

  /** Whether a destination may lead there. */
  public boolean allows(InetAddress address) {
    if (everything || isGlobal(address)) {
      return true;
    }
    for (Block block : allowed) {
      if (block.contains(address)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isGlobal(InetAddress address) {
    return switch (address) {
      case Inet4Address v4 -> NOT_GLOBAL.stream().noneMatch(block -> block.contains(v4));
      case Inet6Address v6 -> isGlobal(v6);
      default -> false;
    };
  }

  private static boolean isGlobal(Inet6Address address) {
    byte[] bytes = address.getAddress();
    if (SIX_TO_FOUR.contains(address)) {
      return isGlobal(embedded(bytes, 2));
    }
    if (TRANSLATED.contains(address)) {
      return isGlobal(embedded(bytes, 12));
    }
    return GLOBAL_V6.contains(address)
        && NOT_GLOBAL_V6.stream().noneMatch(block -> block.contains(address));
  }

  private static InetAddress embedded(byte[] bytes, int from) {
    byte[] v4 = Arrays.copyOfRange(bytes, from, from + 4);
    try {
      return InetAddress.getByAddress(v4);
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException("four bytes are an address", impossible);
    }
  }

  @Override
  public String toString() {
    return everything ? "all" : "globally routable" + (allowed.isEmpty() ? "" : " and " + allowed);
  }
}
