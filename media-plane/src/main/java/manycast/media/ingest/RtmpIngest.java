package manycast.media.ingest;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.function.UnaryOperator;
import manycast.media.broadcast.Broadcast;
import manycast.media.broadcast.BroadcastClaim;
import manycast.media.broadcast.Broadcasts;
import manycast.media.broadcast.EndReason;
import manycast.media.broadcast.IngestFigures;
import manycast.media.broadcast.MediaMemory;
import manycast.media.ingest.PublishAuthority.Reason;
import manycast.media.loops.EventLoops;
import manycast.media.rtmp.connection.PublishRefusal;
import manycast.media.rtmp.connection.PublishRequest;
import manycast.media.rtmp.netty.PublishGate;
import manycast.media.rtmp.netty.PublisherConnection;
import manycast.media.rtmp.netty.RtmpServerHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes encoders that speak RTMP: listens, asks whether they may publish, and begins their
 * broadcasts.
 */
public final class RtmpIngest implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RtmpIngest.class);
  private static final String PROTOCOL = "rtmp";

  private final EventLoops loops;
  private final PublishAuthority authority;
  private final Broadcasts broadcasts;
  private final MediaMemory memory;
  private final IngestCounters counters;
  private final UnaryOperator<EventLoop> ownerLoop;
  private final HalfOpenLimit halfOpen = new HalfOpenLimit();
  private volatile boolean closing;
  private @Nullable Channel listening;

  /**
   * An ingest that does not listen yet.
   *
   * @param ownerLoop chooses the loop of a broadcast from the loop of its encoder's connection
   */
  public RtmpIngest(
      EventLoops loops,
      PublishAuthority authority,
      Broadcasts broadcasts,
      MediaMemory memory,
      IngestCounters counters,
      UnaryOperator<EventLoop> ownerLoop) {
    this.loops = loops;
    this.authority = authority;
    this.broadcasts = broadcasts;
    this.memory = memory;
    this.counters = counters;
    this.ownerLoop = ownerLoop;
  }

  /**
   * Listens on all addresses.
   *
   * @return the port, which is another one when 0 was asked for
   */
  public int listen(int port) {
    Channel channel =
        EventLoops.bind(
            loops.server().childHandler(new Accepting()),
            new InetSocketAddress(port),
            "MANYCAST_RTMP_PORT");
    listening = channel;
    return ((InetSocketAddress) channel.localAddress()).getPort();
  }

  /** Takes no further connection and no further publish; what is published stays. */
  @Override
  public void close() {
    closing = true;
    Channel channel = listening;
    if (channel != null) {
      channel.close().awaitUninterruptibly();
    }
  }

  private static InetAddress address(@Nullable SocketAddress remote) {
    return remote instanceof InetSocketAddress inet
        ? inet.getAddress()
        : InetAddress.getLoopbackAddress();
  }

  private final class Accepting extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel channel) {
      InetAddress address = address(channel.remoteAddress());
      if (closing || !halfOpen.tryEnter(address)) {
        counters.turnAway();
        channel.close();
        return;
      }
      Door door = new Door(address);
      channel.pipeline().addLast(door, new RtmpServerHandler(door, memory));
    }
  }

  /**
   * One connection on its way to publishing. Belongs to the connection's loop, but for the answer.
   */
  private final class Door extends ChannelInboundHandlerAdapter implements PublishGate {
    private final InetAddress address;
    private boolean counted = true;

    Door(InetAddress address) {
      this.address = address;
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      leaveHalfOpen();
      context.fireChannelInactive();
    }

    @Override
    public void authorize(PublishRequest request, PublisherConnection connection, Answer answer) {
      if (closing) {
        refuse(answer, Reason.SHUTTING_DOWN, "");
      } else if (memory.isFull()) {
        refuse(answer, Reason.NODE_FULL, "");
      } else {
        authority.claim(
            new PublishAuthority.Request(request.key(), PROTOCOL, address, request.encoder()),
            answered -> answered(answered, request, connection, answer));
      }
    }

    private void answered(
        PublishAuthority.Answer answered,
        PublishRequest request,
        PublisherConnection connection,
        Answer answer) {
      switch (answered) {
        case PublishAuthority.Answer.Refused(Reason reason, String fingerprint) ->
            refuse(answer, reason, fingerprint);
        case PublishAuthority.Answer.Claimed(BroadcastClaim claim) ->
            begin(claim, request, connection, answer);
      }
    }

    private void begin(
        BroadcastClaim claim,
        PublishRequest request,
        PublisherConnection connection,
        Answer answer) {
      if (closing) {
        authority.abandon(claim);
        refuse(answer, Reason.SHUTTING_DOWN, "");
        return;
      }
      counters.accept();
      EventLoop owner = ownerLoop.apply(connection.eventLoop());
      owner.execute(
          () -> {
            IngestFigures figures =
                new IngestFigures(
                    PROTOCOL, address.getHostAddress(), request.encoder(), Broadcast.nowMs());
            Broadcast broadcast =
                broadcasts.open(
                    claim, owner, figures, () -> connection.close("the broadcast has ended"));
            connection.eventLoop().execute(this::leaveHalfOpen);
            if (closing) {
              broadcast.end(EndReason.SHUTDOWN);
            }
            answer.allow(new BroadcastFeed(broadcast, connection.eventLoop(), counters));
          });
    }

    private void refuse(Answer answer, Reason reason, String fingerprint) {
      counters.refuse(reason);
      LOG.info(
          "publish from {} refused: {}{}",
          address.getHostAddress(),
          reason,
          fingerprint.isEmpty() ? "" : ", key " + fingerprint);
      PublishRefusal refusal =
          switch (reason) {
            case UNKNOWN_KEY, RETIRED_KEY -> PublishRefusal.DENIED;
            case IN_USE -> PublishRefusal.BAD_NAME;
            case DISABLED, STOPPED, NOT_READY, DATABASE_AWAY, NODE_FULL, SHUTTING_DOWN ->
                PublishRefusal.REJECTED;
          };
      answer.refuse(refusal, reason.words());
    }

    private void leaveHalfOpen() {
      if (counted) {
        counted = false;
        halfOpen.leave(address);
      }
    }
  }
}
