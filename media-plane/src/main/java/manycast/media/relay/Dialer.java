package manycast.media.relay;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.util.concurrent.Future;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import manycast.media.loops.AddressPolicy;
import manycast.media.loops.EventLoops;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections to destinations. Each attempt resolves the name anew without blocking, checks
 * every address, and connects only to checked ones, the next one a quarter of a second after the
 * one before where that has not answered.
 */
public final class Dialer {
  private static final int STAGGER_MS = 250;
  private static final int RESOLVE_TIMEOUT_MS = 3_000;
  private static final int MOST_ADDRESSES = 6;

  private final EventLoops loops;
  private final AddressPolicy policy;
  private final Map<EventLoop, DnsNameResolver> resolvers = new ConcurrentHashMap<>();

  /** Connects through these loops to addresses that the policy allows. */
  public Dialer(EventLoops loops, AddressPolicy policy) {
    this.loops = loops;
    this.policy = policy;
  }

  /** Hears how an attempt ends, on its loop, once. */
  interface Outcome {
    /** The channel is connected and has no handler yet; it is the callee's from now on. */
    void connected(Channel channel);

    void failed(FailureReason reason, String detail);
  }

  /** One attempt in progress; to be used on its loop. */
  final class Attempt {
    private final EventLoop loop;
    private final int port;
    private final Outcome outcome;
    private final List<ChannelFuture> open = new ArrayList<>();
    private List<InetAddress> addresses = List.of();
    private int begun;
    private int failed;
    private boolean over;

    private Attempt(EventLoop loop, int port, Outcome outcome) {
      this.loop = loop;
      this.port = port;
      this.outcome = outcome;
    }

    /** Gives up: the outcome hears nothing more. */
    void cancel() {
      over = true;
      closeAllBut(null);
    }

    private void resolved(Future<List<InetAddress>> resolution) {
      if (over) {
        return;
      }
      if (!resolution.isSuccess()) {
        fail(FailureReason.DNS, "no address");
        return;
      }
      addresses =
          resolution.getNow().stream().filter(policy::allows).limit(MOST_ADDRESSES).toList();
      if (addresses.isEmpty()) {
        fail(
            FailureReason.ADDRESS_FORBIDDEN,
            "no allowed address among " + resolution.getNow().size());
        return;
      }
      connectNext();
    }

    private void connectNext() {
      if (over || begun >= addresses.size()) {
        return;
      }
      InetSocketAddress address = new InetSocketAddress(addresses.get(begun++), port);
      Bootstrap bootstrap = loops.client(loop).handler(new ChannelInboundHandlerAdapter());
      ChannelFuture connecting = bootstrap.connect(address);
      open.add(connecting);
      int mine = begun;
      connecting.addListener(_ -> ended(connecting));
      loop.schedule(
          () -> {
            if (begun == mine) {
              connectNext();
            }
          },
          STAGGER_MS,
          TimeUnit.MILLISECONDS);
    }

    private void ended(ChannelFuture connecting) {
      if (over) {
        connecting.channel().close();
      } else if (connecting.isSuccess()) {
        over = true;
        closeAllBut(connecting);
        outcome.connected(connecting.channel());
      } else if (++failed == addresses.size()) {
        Throwable cause = connecting.cause();
        fail(reasonOf(cause), String.valueOf(cause.getMessage()));
      } else if (failed == begun) {
        connectNext();
      }
    }

    private void fail(FailureReason reason, String detail) {
      over = true;
      outcome.failed(reason, detail);
    }

    private void closeAllBut(@Nullable ChannelFuture winner) {
      for (ChannelFuture other : open) {
        if (!other.equals(winner)) {
          other.channel().close();
        }
      }
    }
  }

  /** Begins an attempt; to be called on the loop. */
  Attempt dial(EventLoop loop, String host, int port, Outcome outcome) {
    Attempt attempt = new Attempt(loop, port, outcome);
    resolver(loop)
        .resolveAll(host)
        .addListener((Future<List<InetAddress>> resolution) -> attempt.resolved(resolution));
    return attempt;
  }

  private DnsNameResolver resolver(EventLoop loop) {
    return resolvers.computeIfAbsent(
        loop,
        key ->
            new DnsNameResolverBuilder(key)
                .datagramChannelType(loops.datagramChannel())
                .queryTimeoutMillis(RESOLVE_TIMEOUT_MS)
                .build());
  }

  private static FailureReason reasonOf(Throwable cause) {
    return switch (cause) {
      case ConnectTimeoutException _ -> FailureReason.TIMEOUT;
      case NoRouteToHostException _ -> FailureReason.UNREACHABLE;
      case ConnectException refused when String.valueOf(refused.getMessage()).contains("refused") ->
          FailureReason.REFUSED;
      case ConnectException timedOut
          when String.valueOf(timedOut.getMessage()).contains("timed out") ->
          FailureReason.TIMEOUT;
      default -> FailureReason.UNREACHABLE;
    };
  }
}
