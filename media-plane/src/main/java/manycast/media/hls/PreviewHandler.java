package manycast.media.hls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.timeout.WriteTimeoutException;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import manycast.media.frame.Owned;
import manycast.media.token.ViewerTokens;
import org.jspecify.annotations.Nullable;

/**
 * Answers what is under {@code /hls/} on one connection, or one stream of HTTP/2, a request at a
 * time and in order; passes on everything else. It never blocks: tokens are checked, and previews
 * asked, on other threads.
 */
public final class PreviewHandler extends ChannelInboundHandlerAdapter {
  private static final Pattern PATH = Pattern.compile("/hls/([0-9a-f-]{36})/([0-9A-Za-z.-]{1,64})");
  private static final String PLAYLIST = "index.m3u8";
  private static final String STILL = "still.mp4";

  /** What a client may ask before it has its first answer. */
  private static final int MOST_PIPELINED = 16;

  private final Previews previews;
  private final ViewerTokens tokens;
  private final ArrayDeque<Request> queue = new ArrayDeque<>();
  private boolean busy;

  /** What of a request is needed to answer it. */
  private record Request(
      HttpMethod method, String uri, @Nullable String range, boolean keepAlive) {}

  /** A handler for one connection. */
  public PreviewHandler(Previews previews, ViewerTokens tokens) {
    this.previews = previews;
    this.tokens = tokens;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (!(message instanceof FullHttpRequest asked) || !asked.uri().startsWith("/hls/")) {
      context.fireChannelRead(message);
      return;
    }
    try {
      boolean keepAlive = HttpUtil.isKeepAlive(asked) && asked.decoderResult().isSuccess();
      queue.add(
          new Request(
              asked.method(), asked.uri(), asked.headers().get(HttpHeaderNames.RANGE), keepAlive));
    } finally {
      ReferenceCountUtil.release(message);
    }
    if (queue.size() > MOST_PIPELINED) {
      context.close();
    } else if (!busy) {
      answerNext(context);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    queue.clear();
    context.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (cause instanceof WriteTimeoutException) {
      context.close(); // A viewer that takes nothing holds media that nobody else needs.
    } else {
      context.fireExceptionCaught(cause);
    }
  }

  private void answerNext(ChannelHandlerContext context) {
    Request request = queue.poll();
    busy = request != null;
    if (request == null) {
      return;
    }
    if (request.method().equals(HttpMethod.OPTIONS)) {
      write(context, request, preflight());
    } else if (request.method().equals(HttpMethod.GET)
        || request.method().equals(HttpMethod.HEAD)) {
      authorize(context, request);
    } else {
      write(context, request, refusal(405, "GET, HEAD and OPTIONS are answered here"));
    }
  }

  private void authorize(ChannelHandlerContext context, Request request) {
    QueryStringDecoder uri = new QueryStringDecoder(request.uri());
    Matcher path = PATH.matcher(uri.rawPath());
    UUID broadcast = path.matches() ? uuid(path.group(1)) : null;
    if (broadcast == null) {
      write(context, request, refusal(404, Answer.NOT_FOUND.reason()));
      return;
    }
    String name = path.group(2);
    String token = uri.parameters().getOrDefault("token", List.of("")).getFirst();
    tokens.check(
        token,
        broadcast,
        verdict -> {
          switch (verdict) {
            case VALID -> ask(context, request, broadcast, name, token, uri.parameters());
            case INVALID ->
                write(context, request, refusal(401, "a viewer token for this is needed"));
            case BUSY -> write(context, request, refusal(503, "the token cannot be checked now"));
          }
        });
  }

  /** On any thread. */
  private void ask(
      ChannelHandlerContext context,
      Request request,
      UUID broadcast,
      String name,
      String token,
      Map<String, List<String>> query) {
    Preview preview = previews.find(broadcast);
    MediaName file = MediaName.parse(name);
    PlaylistRequest wishes = PlaylistRequest.parse(query);
    if (preview == null || (file == null && !name.equals(PLAYLIST) && !name.equals(STILL))) {
      write(context, request, refusal(404, Answer.NOT_FOUND.reason()));
    } else if (wishes == null) {
      write(context, request, refusal(400, "_HLS_msn and _HLS_part are malformed"));
    } else {
      preview
          .loop()
          .execute(
              () -> {
                PreviewCounters.Kind kind = kind(file, name);
                Consumer<Answer> to =
                    answer -> write(context, request, kind, answer, wishes, token);
                if (file != null) {
                  preview.file(file, to);
                } else if (kind == PreviewCounters.Kind.STILL) {
                  preview.still(to);
                } else {
                  preview.playlist(wishes, to);
                }
              });
    }
  }

  private static PreviewCounters.Kind kind(@Nullable MediaName file, String name) {
    return switch (file) {
      case MediaName.Init _ -> PreviewCounters.Kind.INIT;
      case MediaName.Whole _ -> PreviewCounters.Kind.SEGMENT;
      case MediaName.Slice _ -> PreviewCounters.Kind.PART;
      case null -> name.equals(STILL) ? PreviewCounters.Kind.STILL : PreviewCounters.Kind.PLAYLIST;
    };
  }

  private void write(
      ChannelHandlerContext context,
      Request request,
      PreviewCounters.Kind kind,
      Answer answer,
      PlaylistRequest wishes,
      String token) {
    onLoop(
        context.channel(),
        () -> {
          FullHttpResponse response =
              switch (answer) {
                case Answer.Playlist(MediaPlaylist playlist) ->
                    text(playlist.text(token, wishes.skip()));
                case Answer.Media(ByteBuf bytes, boolean keeps) ->
                    media(bytes, keeps, request.range());
                case Answer.Refused(int status, String reason) -> refusal(status, reason);
              };
          if (!(answer instanceof Answer.Refused)) {
            boolean hasBody = !request.method().equals(HttpMethod.HEAD);
            previews.counters().answered(kind, hasBody ? response.content().readableBytes() : 0);
          }
          write(context, request, response);
        });
  }

  /** Writes an answer, on any thread, and goes on with the next request. */
  private void write(
      ChannelHandlerContext context, Request request, @Owned FullHttpResponse response) {
    onLoop(
        context.channel(),
        () -> {
          response.headers().set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, "*");
          HttpUtil.setContentLength(response, response.content().readableBytes());
          HttpUtil.setKeepAlive(response, request.keepAlive());
          FullHttpResponse sent =
              request.method().equals(HttpMethod.HEAD) ? withoutBody(response) : response;
          context
              .writeAndFlush(sent)
              .addListener(
                  done -> {
                    if (!request.keepAlive()) {
                      context.close();
                    } else if (done.isSuccess()) {
                      answerNext(context);
                    }
                  });
        });
  }

  private static void onLoop(Channel channel, Runnable work) {
    if (channel.eventLoop().inEventLoop()) {
      work.run();
    } else {
      channel.eventLoop().execute(work);
    }
  }

  private static FullHttpResponse withoutBody(@Owned FullHttpResponse response) {
    response.release();
    return response.replace(Unpooled.EMPTY_BUFFER);
  }

  private static FullHttpResponse text(String playlist) {
    FullHttpResponse response =
        response(200, Unpooled.copiedBuffer(playlist, StandardCharsets.US_ASCII));
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, "application/vnd.apple.mpegurl")
        .set(HttpHeaderNames.CACHE_CONTROL, "no-cache");
    return response;
  }

  private static FullHttpResponse media(
      @Owned ByteBuf bytes, boolean keeps, @Nullable String range) {
    int length = bytes.readableBytes();
    ByteRange part = range == null ? null : ByteRange.parse(range, length);
    FullHttpResponse response =
        part == null
            ? response(200, bytes)
            : response(206, bytes.slice(bytes.readerIndex() + part.from(), part.length()));
    if (part != null) {
      response.headers().set(HttpHeaderNames.CONTENT_RANGE, part.of(length));
    }
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, "video/mp4")
        .set(HttpHeaderNames.ACCEPT_RANGES, "bytes")
        .set(HttpHeaderNames.CACHE_CONTROL, keeps ? "private, max-age=60, immutable" : "no-cache");
    return response;
  }

  private static FullHttpResponse refusal(int status, String reason) {
    FullHttpResponse response =
        response(status, Unpooled.copiedBuffer(reason + "\n", StandardCharsets.UTF_8));
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8")
        .set(HttpHeaderNames.CACHE_CONTROL, "no-store");
    return response;
  }

  /** Whoever has a token may watch from any page; no cookie is ever looked at. */
  private static FullHttpResponse preflight() {
    FullHttpResponse response = response(204, Unpooled.EMPTY_BUFFER);
    response
        .headers()
        .set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_METHODS, "GET, HEAD, OPTIONS")
        .set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_HEADERS, "Range")
        .set(HttpHeaderNames.ACCESS_CONTROL_MAX_AGE, "86400");
    return response;
  }

  private static FullHttpResponse response(int status, @Owned ByteBuf body) {
    return new DefaultFullHttpResponse(
        HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), body);
  }

  private static @Nullable UUID uuid(String text) {
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
