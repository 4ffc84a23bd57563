package manycast.media.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.List;
import manycast.media.broadcast.Broadcast;
import manycast.media.broadcast.EndReason;
import manycast.media.flv.FlvTag;
import manycast.media.frame.Codec;
import manycast.media.frame.Frame;
import manycast.media.frame.FrameKind;
import manycast.media.frame.PictureType;
import manycast.media.frame.Track;
import manycast.media.frame.TrackKind;
import manycast.media.loops.Transport;
import manycast.media.testing.RtmpSink;
import manycast.media.testing.RtmpSink.Behaviour;
import manycast.media.testing.RtmpSink.Visit;
import manycast.media.testing.Until;
import org.junit.jupiter.api.Test;

/** A destination's tracks over real sockets. */
class TrackChoiceIT {
  private static final Duration SOON = Duration.ofSeconds(10);

  @Test
  void turnsToOtherTracksOnTheSameConnectionWhileANeighbourNoticesNothing() throws Exception {
    try (RtmpSink turning = RtmpSink.open(Behaviour.ACCEPT);
        RtmpSink steady = RtmpSink.open(Behaviour.ACCEPT);
        RelayedBroadcasts broadcasts = new RelayedBroadcasts(Transport.NIO)) {
      Broadcast changed = broadcasts.open(turning, 1);
      Broadcast same = broadcasts.open(steady, 1);
      int number = 0;
      long until = System.nanoTime() + SOON.toNanos();
      while (broadcasts.live(changed) < 1 || broadcasts.live(same) < 1) {
        assertThat(System.nanoTime()).as("the end of all patience").isLessThan(until);
        send(List.of(changed, same), number++);
      }
      for (int end = number + 60; number < end; ) {
        send(List.of(changed, same), number++);
      }
      Visit visit = turning.await(0, SOON, v -> tracks(v).endsWith("0"));

      broadcasts.choose(changed, new TrackChoice(1, 0), 2);
      for (int end = number + 60; number < end; ) {
        send(List.of(changed, same), number++);
      }
      changed.end(EndReason.ENCODER);
      same.end(EndReason.ENCODER);

      Until.isTrue(SOON, "it ends", visit::ended);
      assertThat(tracks(visit)).matches("0{60,}1{60}");
      assertThat(visit.fault()).isNull();
      assertThat(turning.visits()).hasSize(1);
      Visit neighbour = steady.await(0, SOON, Visit::ended);
      assertThat(tracks(neighbour)).matches("0{" + number + "}");
    }
  }

  /** Both tracks of pictures, each of which begins anew with every frame. */
  private static void send(List<Broadcast> to, int number) {
    for (Broadcast broadcast : to) {
      broadcast
          .loop()
          .submit(
              () -> {
                for (int track = 0; track < 2; track++) {
                  broadcast.append(
                      new Frame(
                          new Track(TrackKind.VIDEO, track),
                          FrameKind.MEDIA,
                          Codec.H264,
                          number * 900L,
                          0,
                          PictureType.KEY,
                          Unpooled.directBuffer(1).writeByte('0' + track)),
                      Broadcast.nowMs());
                }
                broadcast.offer(Broadcast.nowMs());
              })
          .syncUninterruptibly();
    }
  }

  private static String tracks(Visit visit) {
    var tracks = new StringBuilder();
    visit.ofType(FlvTag.VIDEO).forEach(message -> tracks.append((char) message.body()[5]));
    return tracks.toString();
  }
}
