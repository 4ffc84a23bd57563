package manycast.media.rtmp.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import manycast.media.bytes.Limits;
import manycast.media.bytes.MediaBytes;
import manycast.media.bytes.ProtocolException;
import manycast.media.frame.Owned;
import manycast.media.rtmp.chunk.ChunkDecoder;
import manycast.media.rtmp.chunk.RawMessage;
import manycast.media.rtmp.connection.PublishEnd;
import manycast.media.rtmp.connection.PublishRefusal;
import manycast.media.rtmp.connection.ServerConnection;
import manycast.media.rtmp.connection.ServerEffect;
import manycast.media.rtmp.connection.ServerInput;
import manycast.media.rtmp.handshake.ServerHandshake;
import manycast.media.rtmp.message.AggregateReader;
import manycast.media.rtmp.message.MessageReader;
import manycast.media.rtmp.message.MessageType;
import manycast.media.rtmp.message.MessageWriter;
import manycast.media.rtmp.message.RtmpMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One encoder's connection: put as the last handler into an accepted channel's pipeline. It sends
 * all answers itself; whatever goes wrong ends this connection only.
 */
public final class RtmpServerHandler extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(RtmpServerHandler.class);
  private static final AtomicLong IDS = new AtomicLong();
  private static final long TICK_MS = 500;

  private final PublishGate gate;
  private final MediaBytes mediaBytes;
  private final long id = IDS.incrementAndGet();
  private @Nullable Open open;

  /** A handler for one connection. */
  public RtmpServerHandler(PublishGate gate, MediaBytes mediaBytes) {
    this.gate = gate;
    this.mediaBytes = mediaBytes;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    if (ctx.channel().isActive()) {
      open = new Open(ctx);
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    if (open == null) {
      open = new Open(ctx);
    }
    ctx.fireChannelActive();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf in = (ByteBuf) message;
    try {
      if (open != null) {
        open.read(in);
      }
    } finally {
      in.release();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (open != null) {
      open.readComplete();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    end("closed by the encoder");
    ctx.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    end("taken out of the pipeline");
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable caught) {
    Throwable cause = SocketFault.of(caught);
    if (!(cause instanceof IOException)) {
      LOG.error("rtmp connection {}: internal error", id, cause);
    }
    end(SocketFault.words(cause));
    ctx.close();
  }

  private void end(String detail) {
    Open ending = open;
    if (ending != null) {
      open = null;
      ending.end(detail);
    }
  }

  /** The connection while its channel is active. */
  private final class Open implements PublisherConnection {
    private final ChannelHandlerContext ctx;

    /** Asked for while the channel is open: a closed one does not know it any more. */
    private final SocketAddress remoteAddress;

    private final ServerConnection connection;
    private final ChunkDecoder decoder;
    private final MessageWriter writer;

    /** Let go of when it is done. */
    private @Nullable ServerHandshake handshake = new ServerHandshake(ThreadLocalRandom.current());

    private final Future<?> ticks;
    private @Nullable MediaSink sink;
    private boolean closing;
    private long mediaBytesHeard;

    private final AtomicLong bytesReceived = new AtomicLong();

    Open(ChannelHandlerContext ctx) {
      this.ctx = ctx;
      remoteAddress = ctx.channel().remoteAddress();
      connection = new ServerConnection(nowMs());
      decoder = new ChunkDecoder(ctx.alloc(), Limits.BEFORE_PUBLISH, mediaBytes);
      writer = new MessageWriter(ctx.alloc());
      ticks =
          ctx.executor()
              .scheduleAtFixedRate(
                  () -> on(new ServerInput.Tick()), TICK_MS, TICK_MS, TimeUnit.MILLISECONDS);
    }

    void read(ByteBuf in) {
      bytesReceived.addAndGet(in.readableBytes());
      try {
        if (handshake != null) {
          shakeHands(in, handshake);
        }
        while (handshake == null && !closing) {
          RawMessage message = decoder.decode(in);
          if (message == null) {
            return;
          }
          dispatch(message);
        }
      } catch (ProtocolException e) {
        on(new ServerInput.Broken(e.getMessage()));
      } catch (RuntimeException e) {
        LOG.error("rtmp connection {} from {}: internal error", id, remoteAddress, e);
        on(new ServerInput.Broken("internal error"));
      }
    }

    private void shakeHands(ByteBuf in, ServerHandshake shaking) throws ProtocolException {
      if (closing) {
        return;
      }
      byte[] answer = shaking.read(in);
      if (answer != null) {
        ctx.writeAndFlush(Unpooled.wrappedBuffer(answer), ctx.voidPromise());
      }
      if (shaking.isDone()) {
        handshake = null;
        on(new ServerInput.HandshakeDone());
      }
    }

    private void dispatch(@Owned RawMessage message) throws ProtocolException {
      switch (MessageType.of(message.type())) {
        case AUDIO, VIDEO -> media(message);
        case AGGREGATE -> aggregate(message);
        case null, default -> {
          try {
            RtmpMessage meaning = MessageReader.read(message);
            if (meaning instanceof RtmpMessage.Data data) {
              data(data);
            } else {
              on(ServerInput.of(meaning));
            }
          } finally {
            message.release();
          }
        }
      }
    }

    private void media(@Owned RawMessage message) {
      MediaSink to = sink;
      if (!connection.acceptMedia(nowMs()) || to == null) {
        message.release();
      } else if (message.type() == MessageType.AUDIO.id()) {
        to.onAudio(message.timestamp(), message.body());
      } else {
        to.onVideo(message.timestamp(), message.body());
      }
    }

    private void aggregate(@Owned RawMessage aggregate) throws ProtocolException {
      try {
        AggregateReader reader = new AggregateReader(aggregate, ctx.alloc());
        RawMessage inner = reader.next();
        while (inner != null) {
          if (inner.type() == MessageType.AGGREGATE.id()) {
            inner.release();
            throw new ProtocolException("an aggregate inside an aggregate (RTMP 1.0 §7.1.6)");
          }
          dispatch(inner);
          inner = reader.next();
        }
      } finally {
        aggregate.release();
      }
    }

    private void data(RtmpMessage.Data data) {
      MediaSink to = sink;
      if (connection.acceptMedia(nowMs()) && to != null) {
        to.onData(data);
      }
    }

    /** A frame that takes long to arrive is no silence. */
    private boolean hearsMedia() {
      long received = decoder.mediaBytesReceived();
      boolean more = received != mediaBytesHeard;
      mediaBytesHeard = received;
      return more && connection.acceptMedia(nowMs());
    }

    void readComplete() {
      on(new ServerInput.BytesReceived(bytesReceived.get()));
      boolean heard = hearsMedia();
      MediaSink to = sink;
      if (to != null) {
        try {
          if (heard) {
            to.onMediaBytes();
          }
          to.onReadComplete();
        } catch (RuntimeException e) {
          LOG.error("rtmp connection {} from {}: internal error", id, remoteAddress, e);
          on(new ServerInput.Broken("internal error"));
        }
      }
    }

    void end(String detail) {
      on(new ServerInput.PeerClosed(detail));
      ticks.cancel(false);
      decoder.close();
    }

    private void on(ServerInput input) {
      List<ServerEffect> effects = connection.on(input, nowMs());
      for (ServerEffect effect : effects) {
        carryOut(effect);
      }
      if (!effects.isEmpty()) {
        ctx.flush();
        if (!closing && !ctx.channel().isWritable()) {
          // All answers of an encoder's life are a few kilobytes: this one asks and does not read.
          on(new ServerInput.Broken("the answers are not read"));
        }
      }
    }

    private void carryOut(ServerEffect effect) {
      switch (effect) {
        case ServerEffect.Send(RtmpMessage message) ->
            ctx.write(writer.write(message), ctx.voidPromise());
        case ServerEffect.Authorize(var request) ->
            gate.authorize(request, this, new OneAnswer(this));
        case ServerEffect.BeginPublish _ -> decoder.limits(Limits.WHILE_PUBLISHING);
        case ServerEffect.EndPublish(PublishEnd end, String detail) -> endPublish(end, detail);
        case ServerEffect.Close(long afterMs, String detail) -> close(afterMs, detail);
      }
    }

    private void endPublish(PublishEnd end, String detail) {
      decoder.limits(Limits.BEFORE_PUBLISH);
      MediaSink ended = sink;
      sink = null;
      if (ended != null) {
        try {
          ended.onEnd(end, detail);
        } catch (RuntimeException e) {
          LOG.error("rtmp connection {} from {}: internal error", id, remoteAddress, e);
        }
      }
    }

    private void close(long afterMs, String detail) {
      closing = true;
      LOG.info("rtmp connection {} from {} ends: {}", id, remoteAddress, detail);
      ctx.flush();
      if (afterMs == 0) {
        ctx.close();
      } else {
        ctx.executor().schedule(() -> ctx.close(), afterMs, TimeUnit.MILLISECONDS);
      }
    }

    void allow(MediaSink allowed) {
      sink = allowed;
      on(new ServerInput.PublishAllowed());
    }

    void refuse(PublishRefusal refusal, String description) {
      on(new ServerInput.PublishRefused(refusal, description));
    }

    private long nowMs() {
      return TimeUnit.NANOSECONDS.toMillis(ctx.executor().ticker().nanoTime());
    }

    @Override
    public long id() {
      return id;
    }

    @Override
    public SocketAddress remoteAddress() {
      return remoteAddress;
    }

    @Override
    public EventLoop eventLoop() {
      return ctx.channel().eventLoop();
    }

    @Override
    public long bytesReceived() {
      return bytesReceived.get();
    }

    @Override
    public void askToMove(String description) {
      ctx.executor().execute(() -> on(new ServerInput.MoveWish(description)));
    }

    @Override
    public void close(String description) {
      ctx.executor().execute(() -> on(new ServerInput.CloseWish(description)));
    }
  }

  /** Brings the gate's answer onto the event loop, once. */
  private record OneAnswer(Open connection, AtomicBoolean given) implements PublishGate.Answer {
    OneAnswer(Open connection) {
      this(connection, new AtomicBoolean());
    }

    @Override
    public void allow(MediaSink sink) {
      give(() -> connection.allow(sink));
    }

    @Override
    public void refuse(PublishRefusal refusal, String description) {
      give(() -> connection.refuse(refusal, description));
    }

    private void give(Runnable answer) {
      if (!given.compareAndSet(false, true)) {
        throw new IllegalStateException("this request was answered before");
      }
      connection.eventLoop().execute(answer);
    }
  }
}
