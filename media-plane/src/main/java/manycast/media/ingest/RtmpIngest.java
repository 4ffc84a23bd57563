package manycast.media.ingest;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import manycast.media.broadcast.Broadcast;
import manycast.media.broadcast.Broadcasts;
import manycast.media.broadcast.EndReason;
import manycast.media.broadcast.IngestFigures;
import manycast.media.broadcast.MediaMemory;
import manycast.media.broadcast.Publisher;
import manycast.media.broadcast.Standing;
import manycast.media.ingest.PublishAuthority.Reason;
import manycast.media.loops.EventLoops;
import manycast.media.rtmp.connection.PublishRefusal;
import manycast.media.rtmp.connection.PublishRequest;
import manycast.media.rtmp.netty.PublishGate;
import manycast.media.rtmp.netty.PublisherConnection;
import manycast.media.rtmp.netty.RtmpServerHandler;
import manycast.media.tls.ServerTls;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes encoders that speak RTMP: listens, asks whether they may publish, and begins their
 * broadcasts.
 */
public final class RtmpIngest implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RtmpIngest.class);
  private final EventLoops loops;
  private final PublishAuthority authority;
  private final Broadcasts broadcasts;
  private final MediaMemory memory;
  private final BooleanSupplier full;
  private final IngestCounters counters;
  private final UnaryOperator<EventLoop> ownerLoop;
  private final HalfOpenLimit halfOpen = new HalfOpenLimit();
  private volatile boolean closing;
  private final List<Channel> listening = new CopyOnWriteArrayList<>();

  /**
   * An ingest that does not listen yet.
   *
   * @param full whether no further publisher is taken; safe from any thread
   * @param ownerLoop chooses the loop of a broadcast from the loop of its encoder's connection
   */
  public RtmpIngest(
      EventLoops loops,
      PublishAuthority authority,
      Broadcasts broadcasts,
      MediaMemory memory,
      BooleanSupplier full,
      IngestCounters counters,
      UnaryOperator<EventLoop> ownerLoop) {
    this.loops = loops;
    this.authority = authority;
    this.broadcasts = broadcasts;
    this.memory = memory;
    this.full = full;
    this.counters = counters;
    this.ownerLoop = ownerLoop;
  }

  /**
   * Listens on all addresses.
   *
   * @return the port, which is another one when 0 was asked for
   */
  public int listen(int port) {
    return listen(port, "MANYCAST_RTMP_PORT", new Accepting("rtmp", null));
  }

  /** The same for encoders that speak TLS first. */
  public int listen(int port, ServerTls tls) {
    return listen(port, "MANYCAST_RTMPS_PORT", new Accepting("rtmps", tls));
  }

  private int listen(int port, String setting, Accepting accepting) {
    Channel channel =
        EventLoops.bind(
            loops.server().childHandler(accepting), new InetSocketAddress(port), setting);
    listening.add(channel);
    return ((InetSocketAddress) channel.localAddress()).getPort();
  }

  /** Takes no further connection and no further publish; what is published stays. */
  @Override
  public void close() {
    closing = true;
    for (Channel channel : listening) {
      channel.close().awaitUninterruptibly();
    }
  }

  private static InetAddress address(@Nullable SocketAddress remote) {
    return remote instanceof InetSocketAddress inet
        ? inet.getAddress()
        : InetAddress.getLoopbackAddress();
  }

  private final class Accepting extends ChannelInitializer<Channel> {
    private final String protocol;
    private final @Nullable ServerTls tls;

    Accepting(String protocol, @Nullable ServerTls tls) {
      this.protocol = protocol;
      this.tls = tls;
    }

    @Override
    protected void initChannel(Channel channel) {
      InetAddress address = address(channel.remoteAddress());
      if (closing || !halfOpen.tryEnter(address)) {
        counters.turnAway();
        channel.close();
        return;
      }
      Door door = new Door(address, protocol);
      channel.pipeline().addLast(door);
      if (tls != null) {
        channel.pipeline().addLast(tls.handler(channel.eventLoop()));
      }
      channel.pipeline().addLast(new RtmpServerHandler(door, memory));
    }
  }

  /**
   * One connection on its way to publishing. Belongs to the connection's loop, but for the answer.
   */
  private final class Door extends ChannelInboundHandlerAdapter implements PublishGate {
    private final InetAddress address;
    private final String protocol;
    private boolean counted = true;
    private @Nullable Attempt attempt;

    Door(InetAddress address, String protocol) {
      this.address = address;
      this.protocol = protocol;
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      leaveHalfOpen();
      if (attempt != null) {
        attempt.withdraw();
      }
      context.fireChannelInactive();
    }

    @Override
    public void authorize(PublishRequest request, PublisherConnection connection, Answer answer) {
      Attempt begun = new Attempt(this, request, connection, answer);
      attempt = begun;
      begun.begin();
    }

    private void leaveHalfOpen() {
      if (counted) {
        counted = false;
        halfOpen.leave(address);
      }
    }
  }

  /**
   * One encoder's wish to publish: into the broadcast that this node has for its key, which needs
   * no database, or by a claim.
   */
  private final class Attempt implements Publisher {
    private final Door door;
    private final PublishRequest request;
    private final PublisherConnection connection;
    private final PublishGate.Answer answer;
    private final String key;
    private volatile @Nullable Broadcast asked;
    private volatile boolean withdrawn;

    Attempt(
        Door door,
        PublishRequest request,
        PublisherConnection connection,
        PublishGate.Answer answer) {
      this.door = door;
      this.request = request;
      this.connection = connection;
      this.answer = answer;
      this.key = authority.digest(request.key());
    }

    void begin() {
      Broadcast there = broadcasts.ofKey(key);
      if (closing) {
        refuse(Reason.SHUTTING_DOWN, "");
      } else if (there != null) {
        ask(there);
      } else {
        claim();
      }
    }

    /** The encoder's connection is gone: nobody is to be disconnected for it any more. */
    void withdraw() {
      withdrawn = true;
      Broadcast there = asked;
      if (there != null) {
        there.leave(this, false);
      }
    }

    private void ask(Broadcast there) {
      asked = there;
      there.ask(this);
    }

    private void claim() {
      if (full.getAsBoolean()) {
        refuse(Reason.NODE_FULL, "");
      } else {
        authority.claim(claimRequest(), () -> !withdrawn, this::claimed);
      }
    }

    private PublishAuthority.Request claimRequest() {
      return new PublishAuthority.Request(
          request.key(), door.protocol, door.address, request.encoder());
    }

    private void claimed(PublishAuthority.Answer answered) {
      switch (answered) {
        case PublishAuthority.Answer.Claimed claimed -> open(claimed);
        case PublishAuthority.Answer.Refused(Reason reason, String fingerprint, UUID streamId) -> {
          Broadcast there =
              reason == Reason.IN_USE && streamId != null ? broadcasts.ofStream(streamId) : null;
          if (there != null && asked == null) {
            // By a key that is younger than what this node knows of the stream.
            ask(there);
          } else {
            refuse(reason, fingerprint);
          }
        }
      }
    }

    private void open(PublishAuthority.Answer.Claimed claimed) {
      if (closing) {
        authority.abandon(claimed);
        refuse(Reason.SHUTTING_DOWN, "");
        return;
      }
      EventLoop owner = ownerLoop.apply(connection.eventLoop());
      owner.execute(
          () -> {
            IngestFigures figures =
                new IngestFigures(
                    door.protocol,
                    door.address.getHostAddress(),
                    request.encoder(),
                    Broadcast.nowMs());
            Broadcast broadcast = broadcasts.open(claimed.claim(), owner, figures, this, key);
            asked = broadcast;
            if (closing) {
              broadcast.end(EndReason.SHUTDOWN);
            }
            allow(broadcast, new RtmpFrames());
          });
    }

    @Override
    public void admitted(Broadcast broadcast) {
      Standing standing = broadcast.standing();
      broadcast
          .ingest()
          .reconnected(
              door.protocol, door.address.getHostAddress(), request.encoder(), Broadcast.nowMs());
      allow(broadcast, new RtmpFrames(standing));
    }

    private void allow(Broadcast broadcast, RtmpFrames frames) {
      counters.accept();
      connection.eventLoop().execute(door::leaveHalfOpen);
      answer.allow(
          new BroadcastFeed(broadcast, this, frames, request.encoder(), connection, counters));
    }

    /**
     * The database keeps a record of it for the stream's owner; should it know better, it decides.
     */
    @Override
    public void turnedAway() {
      authority.claim(
          claimRequest(),
          () -> !withdrawn,
          answered -> {
            boolean cannotTell =
                answered instanceof PublishAuthority.Answer.Refused refused
                    && refused.reason() == Reason.DATABASE_AWAY;
            if (cannotTell) {
              refuse(Reason.IN_USE, "");
            } else {
              claimed(answered);
            }
          });
    }

    @Override
    public void sentOn() {
      asked = null;
      claim();
    }

    @Override
    public void askToMove() {
      connection.askToMove("This server stops. Connect again.");
    }

    @Override
    public void disconnect() {
      connection.close("the broadcast goes on without this connection, or has ended");
    }

    private void refuse(Reason reason, String fingerprint) {
      counters.refuse(reason);
      LOG.info(
          "publish from {} refused: {}{}",
          door.address.getHostAddress(),
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
  }
}
