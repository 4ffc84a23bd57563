package manycast.media.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.netty.handler.timeout.WriteTimeoutHandler;
import java.util.List;
import java.util.function.Supplier;
import manycast.media.tls.ServerTls;
import org.jspecify.annotations.Nullable;

/**
 * What an accepted connection speaks: HTTP/1.1, or HTTP/2 where TLS is spoken below it and the
 * client asks for it. Each request comes to the same handlers, whole.
 */
final class HttpPipeline extends ChannelInitializer<Channel> {
  private static final int LARGEST_REQUEST = 64 << 10;
  private static final int IDLE_SECONDS = 60;

  /** An answer that is not taken for so long is not wanted. */
  private static final int WRITE_SECONDS = 20;

  /** A player asks for a playlist and a part or two at a time. */
  private static final int STREAMS = 32;

  private static final int LARGEST_HEADERS = 16 << 10;

  private final @Nullable ConnectionLimit limit;
  private final @Nullable ServerTls tls;
  private final Supplier<List<ChannelHandler>> handlers;

  /**
   * Connections with these handlers.
   *
   * @param limit bounds how many there are, or null where nothing does
   * @param handlers made anew for each connection or stream
   */
  HttpPipeline(
      @Nullable ConnectionLimit limit,
      @Nullable ServerTls tls,
      Supplier<List<ChannelHandler>> handlers) {
    this.limit = limit;
    this.tls = tls;
    this.handlers = handlers;
  }

  @Override
  protected void initChannel(Channel channel) {
    if (limit != null && !limit.admit(channel)) {
      channel.close();
      return;
    }
    ChannelPipeline pipeline = channel.pipeline();
    if (tls == null) {
      pipeline.addLast(new ReadTimeoutHandler(IDLE_SECONDS));
      addHttp1(pipeline);
    } else {
      pipeline.addLast(
          tls.webHandler(channel.eventLoop()),
          new ReadTimeoutHandler(IDLE_SECONDS),
          new Negotiated());
    }
  }

  private void addHttp1(ChannelPipeline pipeline) {
    pipeline.addLast(new HttpServerCodec(), new HttpObjectAggregator(LARGEST_REQUEST));
    addHandlers(pipeline);
  }

  private void addHttp2(ChannelPipeline pipeline) {
    Http2Settings settings =
        Http2Settings.defaultSettings()
            .maxConcurrentStreams(STREAMS)
            .maxHeaderListSize(LARGEST_HEADERS);
    pipeline.addLast(
        Http2FrameCodecBuilder.forServer().initialSettings(settings).build(),
        new Http2MultiplexHandler(
            new ChannelInitializer<>() {
              @Override
              protected void initChannel(Channel stream) {
                stream
                    .pipeline()
                    .addLast(
                        new Http2StreamFrameToHttpObjectCodec(true),
                        new HttpObjectAggregator(LARGEST_REQUEST));
                addHandlers(stream.pipeline());
              }
            }));
  }

  private void addHandlers(ChannelPipeline pipeline) {
    pipeline.addLast(new WriteTimeoutHandler(WRITE_SECONDS));
    handlers.get().forEach(pipeline::addLast);
  }

  /** Waits for what the two sides have agreed on. */
  private final class Negotiated extends ApplicationProtocolNegotiationHandler {
    Negotiated() {
      super(ApplicationProtocolNames.HTTP_1_1);
    }

    @Override
    protected void configurePipeline(ChannelHandlerContext context, String protocol) {
      if (protocol.equals(ApplicationProtocolNames.HTTP_2)) {
        addHttp2(context.pipeline());
      } else {
        addHttp1(context.pipeline());
      }
    }
  }
}
