package manycast.media.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;
import manycast.media.loops.EventLoops;
import manycast.media.tls.ServerTls;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An HTTP port whose routes may block: they run on threads of their own. */
public final class HttpListener implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HttpListener.class);

  private final Channel listening;

  /** What a port answers. */
  public interface Routes {
    /** Answers a request; may block. */
    Response answer(Request request);
  }

  /** A request; the body is text. */
  public record Request(String method, String path, @Nullable String authorization, String body) {
    boolean isPost() {
      return method.equals("POST");
    }
  }

  /** An answer of text. */
  public record Response(int status, String contentType, String body) {
    /** JSON with this status. */
    public static Response json(int status, String body) {
      return new Response(status, "application/json", body);
    }

    static Response notAllowed() {
      return json(405, "{\"status\":405}");
    }

    static Response notFound() {
      return json(404, "{\"status\":404}");
    }
  }

  private HttpListener(Channel listening) {
    this.listening = listening;
  }

  /** Listens there, as this setting says, and answers with these routes on these threads. */
  public static HttpListener listen(
      EventLoops loops,
      InetSocketAddress address,
      String setting,
      Routes routes,
      ExecutorService threads) {
    return listen(
        loops, address, setting, null, null, () -> List.of(new Dispatch(routes, threads)));
  }

  /**
   * The same for everybody, with TLS and another handler.
   *
   * @param limit bounds the connections
   * @param tls what is spoken there below HTTP, or null for nothing
   * @param first sees whole requests before the routes do, and passes on what is not for it; made
   *     anew for each connection, or each stream of HTTP/2
   */
  public static HttpListener listen(
      EventLoops loops,
      InetSocketAddress address,
      String setting,
      ConnectionLimit limit,
      @Nullable ServerTls tls,
      Supplier<ChannelHandler> first,
      Routes routes,
      ExecutorService threads) {
    return listen(
        loops,
        address,
        setting,
        limit,
        tls,
        () -> List.of(first.get(), new Dispatch(routes, threads)));
  }

  private static HttpListener listen(
      EventLoops loops,
      InetSocketAddress address,
      String setting,
      @Nullable ConnectionLimit limit,
      @Nullable ServerTls tls,
      Supplier<List<ChannelHandler>> handlers) {
    return new HttpListener(
        EventLoops.bind(
            loops.server().childHandler(new HttpPipeline(limit, tls, handlers)), address, setting));
  }

  /** The port that it listens on. */
  public int port() {
    return ((InetSocketAddress) listening.localAddress()).getPort();
  }

  @Override
  public void close() {
    listening.close().awaitUninterruptibly();
  }

  /** Answers one request of its connection after the other, in the order in which they came. */
  private static final class Dispatch extends SimpleChannelInboundHandler<FullHttpRequest> {
    private final Routes routes;
    private final ExecutorService threads;
    private CompletableFuture<?> last = CompletableFuture.allOf();
    private int waiting;

    Dispatch(Routes routes, ExecutorService threads) {
      this.routes = routes;
      this.threads = threads;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
      String uri = request.uri();
      int question = uri.indexOf('?');
      Request asked =
          new Request(
              request.method().name(),
              question < 0 ? uri : uri.substring(0, question),
              request.headers().get(HttpHeaderNames.AUTHORIZATION),
              request.content().toString(StandardCharsets.UTF_8));
      boolean keepAlive = HttpUtil.isKeepAlive(request) && request.decoderResult().isSuccess();
      // Nothing more is read from who does not wait for answers.
      waiting++;
      context.channel().config().setAutoRead(false);
      last = last.thenRunAsync(() -> send(context, answer(asked), keepAlive), threads);
      last.whenComplete(
          (_, closing) -> {
            if (closing != null) {
              context.close();
            }
            context.executor().execute(() -> answered(context));
          });
    }

    private void answered(ChannelHandlerContext context) {
      waiting--;
      if (waiting == 0) {
        context.channel().config().setAutoRead(true);
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      LOG.debug("an HTTP connection failed", cause);
      context.close();
    }

    private Response answer(Request request) {
      if (!List.of("GET", "HEAD", "POST").contains(request.method())) {
        return Response.notAllowed();
      }
      try {
        return routes.answer(request);
      } catch (RuntimeException e) {
        LOG.error("{} {} failed", request.method(), request.path(), e);
        return Response.json(500, "{\"status\":500}");
      }
    }

    private static void send(ChannelHandlerContext context, Response response, boolean keepAlive) {
      ByteBuf body = Unpooled.copiedBuffer(response.body(), StandardCharsets.UTF_8);
      FullHttpResponse message =
          new DefaultFullHttpResponse(
              HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(response.status()), body);
      message
          .headers()
          .set(HttpHeaderNames.CONTENT_TYPE, response.contentType())
          .set(HttpHeaderNames.CACHE_CONTROL, "no-store");
      HttpUtil.setContentLength(message, body.readableBytes());
      HttpUtil.setKeepAlive(message, keepAlive);
      var written = context.writeAndFlush(message);
      if (!keepAlive) {
        written.addListener(ChannelFutureListener.CLOSE);
      }
    }
  }
}
