package manycast.media.probe;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import manycast.db.failures.FailureReason;
import manycast.media.relay.Dialer;
import manycast.media.relay.ServerUrl;
import manycast.media.relay.Verdicts;
import manycast.media.rtmp.connection.ClientConnection;
import manycast.media.rtmp.connection.ClientFailure;
import manycast.media.rtmp.connection.ClientGoal;
import manycast.media.rtmp.connection.ClientTarget;
import manycast.media.rtmp.netty.RtmpClientHandler;
import manycast.media.rtmp.netty.RtmpClientListener;
import org.jspecify.annotations.Nullable;

/**
 * One test of one destination, over a connection of its own that is made as a relay's is. Ends by
 * itself within half a minute; begun and carried out on its loop.
 */
public final class ConnectionTest {
  private static final int LONGEST_MS = 30_000;
  private static final int SEND_EVERY_MS = 20;

  /** A refusal that comes after the publish was accepted comes soon. */
  private static final int SETTLE_MS = 500;

  private final EventLoop loop;
  private final Dialer dialer;
  private final ClientGoal goal;
  private final Consumer<ProbeReport> watcher;
  private final ProbeMachine machine;
  private final List<Future<?>> timers = new ArrayList<>();
  private Dialer.@Nullable Attempt attempt;
  private @Nullable RtmpClientHandler handler;

  private ConnectionTest(
      EventLoop loop,
      Dialer dialer,
      ProbeTarget target,
      boolean secure,
      Consumer<ProbeReport> watcher) {
    this.loop = loop;
    this.dialer = dialer;
    this.goal = target.publishes() ? ClientGoal.TEST : ClientGoal.TEST_WITHOUT_PUBLISH;
    this.watcher = watcher;
    this.machine = new ProbeMachine(secure, target.publishes(), nowMs());
  }

  /**
   * Begins one, from any thread.
   *
   * @param watcher told on the loop how far it has come, each time that changes
   * @return what ends it before its time, from any thread, with a reason for whoever watches
   */
  public static Consumer<String> begin(
      EventLoop loop, Dialer dialer, ProbeTarget target, Consumer<ProbeReport> watcher) {
    ServerUrl url;
    try {
      url = ServerUrl.parse(target.url());
    } catch (IllegalArgumentException e) {
      ConnectionTest none = new ConnectionTest(loop, dialer, target, false, watcher);
      loop.execute(() -> none.giveUp("This is no RTMP server URL: " + e.getMessage() + "."));
      return _ -> {};
    }
    ConnectionTest test = new ConnectionTest(loop, dialer, target, url.secure(), watcher);
    loop.execute(() -> test.start(url, url.target(target.key())));
    return why -> loop.execute(() -> test.giveUp(why));
  }

  private void start(ServerUrl url, ClientTarget target) {
    after(
        LONGEST_MS,
        () -> giveUp("The test was ended after " + LONGEST_MS / 1000 + " seconds without a word."));
    dial(url, target);
  }

  private void dial(ServerUrl url, ClientTarget target) {
    attempt = dialer.dial(loop, url, new Dialing(url, target));
  }

  private void giveUp(String why) {
    happened(new ProbeEvent.GivenUp(why));
  }

  private void happened(ProbeEvent event) {
    if (machine.isOver()) {
      return;
    }
    machine.on(event, nowMs());
    if (machine.isOver()) {
      end();
    }
    watcher.accept(new ProbeReport(machine.isOver(), machine.results()));
  }

  /** A publish that went well ends with a goodbye, so that no empty show waits for more. */
  private void end() {
    timers.forEach(timer -> timer.cancel(false));
    Dialer.Attempt dialing = attempt;
    RtmpClientHandler connected = handler;
    attempt = null;
    handler = null;
    if (dialing != null) {
      dialing.cancel();
    }
    if (connected != null) {
      connected.stop();
    }
  }

  private void after(long ms, Runnable work) {
    timers.add(loop.schedule(work, ms, TimeUnit.MILLISECONDS));
  }

  private static long nowMs() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
  }

  private void sendSample(RtmpClientHandler to) {
    SampleMedia sample = new SampleMedia();
    long beganMs = nowMs();
    timers.add(
        loop.scheduleAtFixedRate(
            () -> {
              if (!sample.isOver()) {
                sample.send(to, nowMs() - beganMs);
                if (sample.isOver()) {
                  after(SETTLE_MS, () -> happened(new ProbeEvent.Reached(ProbeStep.MEDIA)));
                }
              }
            },
            0,
            SEND_EVERY_MS,
            TimeUnit.MILLISECONDS));
  }

  private final class Dialing implements Dialer.Outcome {
    private final ServerUrl url;
    private final ClientTarget target;

    Dialing(ServerUrl url, ClientTarget target) {
      this.url = url;
      this.target = target;
    }

    @Override
    public void reached(Dialer.Stage stage) {
      happened(
          new ProbeEvent.Reached(
              switch (stage) {
                case RESOLVED -> ProbeStep.DNS;
                case CONNECTED -> ProbeStep.TCP;
              }));
    }

    @Override
    public void connected(Channel channel) {
      attempt = null;
      happened(new ProbeEvent.Reached(url.secure() ? ProbeStep.TLS : ProbeStep.TCP));
      if (machine.isOver()) {
        channel.close();
        return;
      }
      RtmpClientHandler connected = new RtmpClientHandler(target, new Connected(url), goal);
      handler = connected;
      channel.pipeline().addLast(connected);
      if (!channel.isActive()) {
        happened(new ProbeEvent.Failed(FailureReason.RESET, ""));
      }
    }

    @Override
    public void failed(FailureReason reason, String detail) {
      attempt = null;
      happened(new ProbeEvent.Failed(reason, ""));
    }
  }

  private final class Connected implements RtmpClientListener {
    private final ServerUrl url;

    Connected(ServerUrl url) {
      this.url = url;
    }

    @Override
    public void onSaid(String words) {
      happened(new ProbeEvent.Said(words));
    }

    @Override
    public void onState(ClientConnection.State state) {
      switch (state) {
        case CONNECTING -> happened(new ProbeEvent.Reached(ProbeStep.HANDSHAKE));
        case CREATING_STREAM -> happened(new ProbeEvent.Reached(ProbeStep.CONNECT));
        case HANDSHAKING, AWAITING_PUBLISH, PUBLISHING, STOPPING, CLOSED -> {
          // Told by the other methods, or no step of its own.
        }
      }
    }

    @Override
    public void onPublishing(RtmpClientHandler connection) {
      happened(new ProbeEvent.Reached(ProbeStep.PUBLISH));
      if (!machine.isOver()) {
        sendSample(connection);
      }
    }

    @Override
    public void onWritable() {}

    @Override
    public void onOwnWords() {}

    @Override
    public void onAcknowledged(long bytes) {}

    @Override
    public void onFailure(ClientFailure failure) {
      handler = null;
      if (failure instanceof ClientFailure.LoginAsked(ClientTarget next)) {
        if (!machine.isOver()) {
          dial(url, next);
        }
        return;
      }
      happened(new ProbeEvent.Failed(Verdicts.reason(failure), Verdicts.words(failure)));
    }

    @Override
    public void onStopped() {
      handler = null;
      happened(new ProbeEvent.Reached(ProbeStep.CONNECT));
    }
  }
}
