package manycast.media.relay;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.net.ConnectException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import manycast.db.failures.FailureReason;
import manycast.media.loops.AddressPolicy;
import manycast.media.loops.EventLoops;
import manycast.media.tls.CertificateRefused;
import manycast.media.tls.ClientTls;
import manycast.media.tls.HandshakePlaces;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections to destinations. Each attempt resolves the name anew without blocking, checks
 * every address, and connects only to checked ones: both families in turn, the next one a quarter
 * of a second after the one before where that has not answered, or at once where it has failed (RFC
 * 8305). Where the URL asks for TLS a connection counts only when its handshake is done.
 */
public final class Dialer {
  private static final int STAGGER_MS = 250;
  private static final int MOST_ADDRESSES = 6;

  private final EventLoops loops;
  private final AddressPolicy policy;
  private final ClientTls tls;
  private final Resolvers resolvers;
  private final Map<EventLoop, HandshakePlaces> places = new ConcurrentHashMap<>();

  /** Connects through these loops to addresses that the policy allows. */
  public Dialer(EventLoops loops, AddressPolicy policy, ClientTls tls) {
    this.loops = loops;
    this.resolvers = new Resolvers(loops);
    this.policy = policy;
    this.tls = tls;
  }

  /** Makes what the first attempt needs, on a thread of its own. */
  public void prepare() {
    resolvers.prepare();
  }

  /** Hears how an attempt ends, on its loop, once. */
  public interface Outcome {
    /** It has come so far; told before how it ends. */
    default void reached(Stage stage) {}

    /** The channel is connected, behind TLS where that was asked for; it is the callee's now. */
    void connected(Channel channel);

    void failed(FailureReason reason, String detail);
  }

  /** What an attempt achieves on its way. */
  public enum Stage {
    /** There are addresses that are allowed. */
    RESOLVED,
    /** The socket is connected; TLS, where it is asked for, comes next. */
    CONNECTED
  }

  /** One attempt in progress; to be used on its loop. */
  public final class Attempt {
    private final EventLoop loop;
    private final ServerUrl url;
    private final Outcome outcome;
    private final List<ChannelFuture> open = new ArrayList<>();
    private List<InetAddress> addresses = List.of();
    private int begun;
    private int failed;
    private boolean won;
    private boolean over;

    private Attempt(EventLoop loop, ServerUrl url, Outcome outcome) {
      this.loop = loop;
      this.url = url;
      this.outcome = outcome;
    }

    /** Gives up: the outcome hears nothing more. */
    public void cancel() {
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
          inTurn(resolution.getNow().stream().filter(policy::allows).toList()).stream()
              .limit(MOST_ADDRESSES)
              .toList();
      if (addresses.isEmpty()) {
        fail(
            FailureReason.ADDRESS_FORBIDDEN,
            "no allowed address among " + resolution.getNow().size());
        return;
      }
      outcome.reached(Stage.RESOLVED);
      connectNext();
    }

    private void connectNext() {
      if (over || won || begun >= addresses.size()) {
        return;
      }
      InetSocketAddress address = new InetSocketAddress(addresses.get(begun++), url.port());
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
      if (over || (won && connecting.isSuccess())) {
        connecting.channel().close();
      } else if (connecting.isSuccess()) {
        won = true;
        closeAllBut(connecting);
        outcome.reached(Stage.CONNECTED);
        if (url.secure()) {
          places(loop).whenFree(() -> secure(connecting.channel()));
        } else {
          over = true;
          outcome.connected(connecting.channel());
        }
      } else if (won) {
        // One of those that were closed because another was faster.
        connecting.channel().close();
      } else if (++failed == addresses.size()) {
        Throwable cause = connecting.cause();
        fail(reasonOf(cause), String.valueOf(cause.getMessage()));
      } else if (failed == begun) {
        connectNext();
      }
    }

    /** Begins the handshake on the connection that won; done when there is an outcome. */
    private Future<?> secure(Channel channel) {
      Promise<Void> done = loop.newPromise();
      if (over) {
        return done.setSuccess(null);
      }
      tls.handler(
          loop,
          channel.alloc(),
          url.host(),
          url.port(),
          (handler, fault) -> {
            if (!channel.isActive()) {
              done.setSuccess(null);
              failSecuring(channel, new ClosedChannelException());
              return;
            }
            if (over || handler == null) {
              done.setSuccess(null);
              failSecuring(channel, fault);
              return;
            }
            channel.pipeline().addLast(handler);
            handler
                .handshakeFuture()
                .addListener(
                    shaken -> {
                      done.setSuccess(null);
                      if (shaken.isSuccess() && !over) {
                        over = true;
                        outcome.connected(channel);
                      } else {
                        failSecuring(channel, shaken.cause());
                      }
                    });
          });
      return done;
    }

    private void failSecuring(Channel channel, @Nullable Throwable cause) {
      channel.close();
      if (!over && cause != null) {
        fail(reasonOfTls(cause), String.valueOf(cause.getMessage()));
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
  public Attempt dial(EventLoop loop, ServerUrl url, Outcome outcome) {
    Attempt attempt = new Attempt(loop, url, outcome);
    resolvers.resolve(loop, url.host(), attempt::resolved);
    return attempt;
  }

  private HandshakePlaces places(EventLoop loop) {
    return places.computeIfAbsent(loop, HandshakePlaces::new);
  }

  /** The families in turn, IPv6 first, each in the order in which its name servers gave it (§4). */
  static List<InetAddress> inTurn(List<InetAddress> addresses) {
    List<InetAddress> six = addresses.stream().filter(Inet6Address.class::isInstance).toList();
    List<InetAddress> four = addresses.stream().filter(Inet4Address.class::isInstance).toList();
    List<InetAddress> inTurn = new ArrayList<>();
    for (int i = 0; i < Math.max(six.size(), four.size()); i++) {
      if (i < six.size()) {
        inTurn.add(six.get(i));
      }
      if (i < four.size()) {
        inTurn.add(four.get(i));
      }
    }
    return inTurn;
  }

  private static FailureReason reasonOfTls(Throwable cause) {
    CertificateRefused refused = CertificateRefused.in(cause);
    if (refused != null) {
      return refused.why() == CertificateRefused.Why.OTHER_HOST
          ? FailureReason.TLS_HOST
          : FailureReason.TLS_UNTRUSTED;
    }
    return cause instanceof SslHandshakeTimeoutException
        ? FailureReason.TIMEOUT
        : FailureReason.HANDSHAKE;
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
