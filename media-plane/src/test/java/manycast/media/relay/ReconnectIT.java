package manycast.media.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import manycast.media.broadcast.Broadcast;
import manycast.media.broadcast.EndReason;
import manycast.media.flv.FlvTag;
import manycast.media.frame.Frame;
import manycast.media.loops.Transport;
import manycast.media.testing.RtmpSink;
import manycast.media.testing.RtmpSink.Behaviour;
import manycast.media.testing.RtmpSink.Visit;
import manycast.media.testing.Until;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A platform that hangs up on everybody at once, beside a broadcast on the same loop. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ReconnectIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final int DESTINATIONS = 100;
  private static final int FRAME_BYTES = 2_000;

  @ParameterizedTest
  @EnumSource(names = {"EPOLL", "NIO"})
  void aNeighbourLosesNothingWhileAllDestinationsOfABroadcastReconnectTogether(Transport transport)
      throws Exception {
    try (RtmpSink platform = RtmpSink.open(Behaviour.ACCEPT);
        RtmpSink elsewhere = RtmpSink.open(Behaviour.ACCEPT);
        RelayedBroadcasts broadcasts = new RelayedBroadcasts(transport)) {
      Broadcast cutOff = broadcasts.open(platform, DESTINATIONS);
      Broadcast neighbour = broadcasts.open(elsewhere, 2);
      int frames = 0;
      frames = sendUntilLive(broadcasts, List.of(cutOff, neighbour), frames);
      List<Visit> before = platform.visits();
      assertThat(before).hasSize(DESTINATIONS);

      for (Visit visit : before) {
        visit.cut();
      }
      Until.isTrue(SOON, "it is noticed", () -> broadcasts.live(cutOff) < DESTINATIONS);
      frames = sendUntilLive(broadcasts, List.of(cutOff, neighbour), frames);
      for (int i = 0; i < 30; i++) {
        send(broadcasts, List.of(cutOff, neighbour), frames++);
      }
      cutOff.end(EndReason.ENCODER);
      neighbour.end(EndReason.ENCODER);

      assertThat(platform.visits()).hasSize(2 * DESTINATIONS);
      for (Visit again : platform.visits().subList(DESTINATIONS, 2 * DESTINATIONS)) {
        Until.isTrue(SOON, "it ends", again::ended);
        assertThat(numbers(again)).as("from a keyframe on, all").isSorted();
        assertThat(numbers(again).getFirst() % RelayedBroadcasts.GROUP).isZero();
        assertThat(numbers(again).getLast()).isEqualTo(frames - 1);
      }
      List<Integer> all = IntStream.range(0, frames).boxed().toList();
      for (int i = 0; i < 2; i++) {
        assertThat(numbers(elsewhere.await(i, SOON, Visit::ended))).isEqualTo(all);
      }
      assertThat(elsewhere.visits()).hasSize(2);
    }
  }

  private static int sendUntilLive(RelayedBroadcasts broadcasts, List<Broadcast> both, int from)
      throws InterruptedException {
    int frames = from;
    long until = System.nanoTime() + SOON.toNanos();
    while (broadcasts.live(both.get(0)) < DESTINATIONS || broadcasts.live(both.get(1)) < 2) {
      assertThat(System.nanoTime()).as("the end of all patience").isLessThan(until);
      send(broadcasts, both, frames++);
      Thread.sleep(10);
    }
    return frames;
  }

  private static void send(RelayedBroadcasts broadcasts, List<Broadcast> to, int number) {
    for (Broadcast broadcast : to) {
      Frame frame = broadcasts.frame(number, FRAME_BYTES);
      broadcast
          .loop()
          .submit(
              () -> {
                broadcast.append(frame, Broadcast.nowMs());
                broadcast.offer(Broadcast.nowMs());
              })
          .syncUninterruptibly();
    }
  }

  private static List<Integer> numbers(Visit visit) {
    return visit.ofType(FlvTag.VIDEO).stream()
        .map(message -> ByteBuffer.wrap(message.body()).getInt(5))
        .toList();
  }
}
