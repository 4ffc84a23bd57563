package manycast.media.rtmp.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import manycast.media.bytes.Limits;
import manycast.media.bytes.MediaBytes;
import manycast.media.bytes.ProtocolException;
import manycast.media.frame.Owned;
import manycast.media.rtmp.chunk.ChunkDecoder;
import manycast.media.rtmp.chunk.RawMessage;
import manycast.media.rtmp.connection.ClientConnection;
import manycast.media.rtmp.connection.ClientEffect;
import manycast.media.rtmp.connection.ClientFailure;
import manycast.media.rtmp.connection.ClientGoal;
import manycast.media.rtmp.connection.ClientInput;
import manycast.media.rtmp.connection.ClientTarget;
import manycast.media.rtmp.handshake.ClientHandshake;
import manycast.media.rtmp.message.MessageReader;
import manycast.media.rtmp.message.MessageWriter;
import manycast.media.rtmp.message.RtmpMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A relay's connection: put as the last handler into a connected (or connecting) channel's
 * pipeline, behind TLS if there is any. It does handshake and commands by itself, then writes the
 * ready-made bytes that it is given. All methods are for the channel's event loop.
 */
public final class RtmpClientHandler extends ChannelInboundHandlerAdapter {
  /** What we announce before connect and cut all messages at. */
  public static final int CHUNK_SIZE = ClientConnection.CHUNK_SIZE;

  private static final Logger LOG = LoggerFactory.getLogger(RtmpClientHandler.class);
  private static final long TICK_MS = 200;

  private final ClientTarget target;
  private final RtmpClientListener listener;
  private final ClientGoal goal;
  private @Nullable Open open;

  /** A handler for one connection. */
  public RtmpClientHandler(ClientTarget target, RtmpClientListener listener) {
    this(target, listener, ClientGoal.PUBLISH);
  }

  /** The same for this purpose. */
  public RtmpClientHandler(ClientTarget target, RtmpClientListener listener, ClientGoal goal) {
    this.target = target;
    this.listener = listener;
    this.goal = goal;
  }

  /** The channel, once it is active. */
  public Channel channel() {
    return open().ctx.channel();
  }

  /** The stream that the peer created, once it has: to be named in type 0 chunk headers. */
  public int messageStreamId() {
    return open().messageStreamId;
  }

  /** Whether what is written here goes over the socket as it is, not through TLS. */
  public boolean isPlain() {
    return channel().pipeline().get(SslHandler.class) == null;
  }

  /** May more be written now without passing the high watermark? */
  public boolean isWritable() {
    return open != null && open.ctx.channel().isWritable();
  }

  /** Queues bytes of whole chunks without flushing; dropped silently when the channel has ended. */
  public void write(@Owned ByteBuf chunks) {
    if (open == null) {
      chunks.release();
    } else {
      open.write(chunks);
    }
  }

  /** Sends what was queued in one gathering write. */
  public void flush() {
    if (open != null) {
      open.ctx.flush();
    }
  }

  /** Bytes of RTMP queued on this connection since its start, commands and handshake included. */
  public long bytesQueued() {
    return open == null ? 0 : open.bytesQueued;
  }

  /** Ends the show there: FCUnpublish and deleteStream, then closes, within one second. */
  public void stop() {
    if (open != null) {
      open.on(new ClientInput.Stop());
    }
  }

  /** Closes without a word, so that the platform waits for a return. */
  public void drop() {
    if (open != null) {
      open.on(new ClientInput.Drop());
    }
  }

  private Open open() {
    if (open == null) {
      throw new IllegalStateException("the channel was never active");
    }
    return open;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    if (ctx.channel().isActive()) {
      begin(ctx);
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    if (open == null) {
      begin(ctx);
    }
    ctx.fireChannelActive();
  }

  private void begin(ChannelHandlerContext ctx) {
    ClientHandshake handshake = new ClientHandshake(ThreadLocalRandom.current());
    open = new Open(ctx, handshake);
    open.write(Unpooled.wrappedBuffer(handshake.hello()));
    ctx.flush();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf in = (ByteBuf) message;
    try {
      open().read(in);
    } finally {
      in.release();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (open != null) {
      open.on(new ClientInput.BytesReceived(open.bytesReceived));
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (open != null
        && ctx.channel().isWritable()
        && open.connection.state() == ClientConnection.State.PUBLISHING) {
      listener.onWritable();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (open != null) {
      open.end(new ClientInput.PeerClosed());
    }
    ctx.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    if (open != null) {
      open.end(new ClientInput.PeerClosed());
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable caught) {
    Throwable cause = SocketFault.of(caught);
    if (!(cause instanceof IOException)) {
      LOG.error("rtmp client on {}: internal error", ctx.channel(), cause);
    }
    if (open != null) {
      open.end(howItEnded(cause));
    }
    ctx.close();
  }

  /**
   * A peer that closes while our bytes are under way resets the connection: Twitch does so on a
   * wrong key. It is a close all the same, not a fault of the path.
   */
  private static ClientInput howItEnded(Throwable cause) {
    String message = String.valueOf(cause.getMessage());
    boolean closed =
        cause instanceof ClosedChannelException
            || message.contains("reset by peer")
            || message.contains("Connection reset")
            || message.contains("Broken pipe");
    return closed ? new ClientInput.PeerClosed() : new ClientInput.SocketFailed(message);
  }

  /** The connection from the moment its channel is active. */
  private final class Open {
    private final ChannelHandlerContext ctx;
    private final ClientConnection connection;
    private final ChunkDecoder decoder;
    private final MessageWriter writer;

    /** Let go of when it is done: it holds more than all the rest of a connection. */
    private @Nullable ClientHandshake handshake;

    private @Nullable Future<?> ticks;
    private long bytesQueued;
    private long bytesReceived;
    private int messageStreamId;

    Open(ChannelHandlerContext ctx, ClientHandshake handshake) {
      this.ctx = ctx;
      this.handshake = handshake;
      connection = new ClientConnection(target, goal, nowMs());
      // A server sends commands only: no more than an unknown encoder may send to us.
      decoder = new ChunkDecoder(ctx.alloc(), Limits.BEFORE_PUBLISH, MediaBytes.UNBOUNDED);
      writer = new MessageWriter(ctx.alloc());
      tick();
    }

    /** A publishing connection waits for nothing: hundreds of them would wake the loop for that. */
    private void tick() {
      if (ticks == null) {
        ticks =
            ctx.executor()
                .scheduleAtFixedRate(
                    () -> on(new ClientInput.Tick()), TICK_MS, TICK_MS, TimeUnit.MILLISECONDS);
      }
    }

    private void stopTicking() {
      Future<?> ticking = ticks;
      ticks = null;
      if (ticking != null) {
        ticking.cancel(false);
      }
    }

    void read(ByteBuf in) {
      bytesReceived += in.readableBytes();
      try {
        if (handshake != null) {
          shakeHands(in, handshake);
        }
        while (handshake == null && connection.state() != ClientConnection.State.CLOSED) {
          RawMessage message = decoder.decode(in);
          if (message == null) {
            return;
          }
          try {
            on(new ClientInput.Received(MessageReader.read(message)));
          } finally {
            message.release();
          }
        }
      } catch (ProtocolException e) {
        on(new ClientInput.Broken(e.getMessage()));
      }
    }

    private void shakeHands(ByteBuf in, ClientHandshake shaking) throws ProtocolException {
      byte[] answer = shaking.read(in);
      if (answer != null) {
        write(Unpooled.wrappedBuffer(answer));
        ctx.flush();
      }
      if (shaking.isDone()) {
        handshake = null;
        on(new ClientInput.HandshakeDone());
      }
    }

    void write(@Owned ByteBuf chunks) {
      bytesQueued += chunks.readableBytes();
      ctx.write(chunks, ctx.voidPromise());
    }

    void end(ClientInput how) {
      on(how);
      stopTicking();
      decoder.close();
    }

    void on(ClientInput input) {
      ClientConnection.State before = connection.state();
      List<ClientEffect> effects = connection.on(input, nowMs());
      boolean told = connection.state() == before;
      for (ClientEffect effect : effects) {
        if (!told && !(effect instanceof ClientEffect.Heard)) {
          told = true;
          listener.onState(connection.state());
        }
        carryOut(effect);
      }
      if (!effects.isEmpty()) {
        ctx.flush();
      }
    }

    private void carryOut(ClientEffect effect) {
      switch (effect) {
        case ClientEffect.Send(RtmpMessage message) -> {
          listener.onOwnWords();
          write(writer.write(message));
        }
        case ClientEffect.Heard(String words) -> listener.onSaid(words);
        case ClientEffect.BeginPublish(int id) -> {
          messageStreamId = id;
          stopTicking();
          listener.onPublishing(RtmpClientHandler.this);
        }
        case ClientEffect.Acknowledged(long bytes) -> listener.onAcknowledged(bytes);
        case ClientEffect.HalfClose _ -> {
          tick();
          halfClose();
        }
        case ClientEffect.Fail(ClientFailure failure) -> {
          ctx.close();
          listener.onFailure(failure);
        }
        case ClientEffect.Finish _ -> {
          ctx.close();
          listener.onStopped();
        }
      }
    }

    /** What is queued before goes out first; behind TLS the channel cannot be closed by halves. */
    private void halfClose() {
      ctx.writeAndFlush(Unpooled.EMPTY_BUFFER)
          .addListener(
              (ChannelFutureListener)
                  sent -> {
                    if (sent.channel() instanceof DuplexChannel duplex
                        && ctx.pipeline().get(SslHandler.class) == null) {
                      duplex.shutdownOutput();
                    }
                  });
    }

    private long nowMs() {
      return TimeUnit.NANOSECONDS.toMillis(ctx.executor().ticker().nanoTime());
    }
  }
}
