package manycast.media.hls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import manycast.media.frame.Codec;
import manycast.media.frame.Frame;
import manycast.media.frame.FrameKind;
import manycast.media.frame.PictureType;
import manycast.media.frame.Track;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TargetsTest {
  @ParameterizedTest
  @CsvSource({"0, 4", "1000, 2", "2002, 2", "8340, 8", "30000, 10"})
  void theTargetIsTheEncodersTimeBetweenKeyframes(long groupMs, int seconds) {
    assertThat(Targets.of(groupMs, 33, 0, Room.WATCHED)).isEqualTo(new Targets(seconds, 500));
  }

  @ParameterizedTest
  @CsvSource({
    "10000, 1000000, 4, 4",
    "2000, 2000000, 2, 2",
    "2000, 2200000, 1, 2",
    "2000, 9000000, 1, 2"
  })
  void whatTakesMuchRoomHasShortTargetsUnlessItIsStored(
      long groupMs, long rate, int watched, int stored) {
    assertThat(Targets.of(groupMs, 33, rate, Room.WATCHED).segmentSeconds()).isEqualTo(watched);
    assertThat(Targets.of(groupMs, 33, rate, Room.STORED).segmentSeconds()).isEqualTo(stored);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 500, 2",
    "16, 500, 2",
    "67, 500, 2",
    "100, 525, 2",
    "200, 630, 2",
    "333, 699, 2",
    "1000, 1050, 2",
    "2500, 2625, 3",
    "30000, 10000, 10"
  })
  void aPartHoldsAWholeNumberOfPictures(int pictureMs, int partMs, int seconds) {
    assertThat(Targets.of(1000, pictureMs, 0, Room.WATCHED))
        .isEqualTo(new Targets(seconds, partMs));
  }

  @ParameterizedTest
  @CsvSource({
    "'0 33 67 100 133', 0, 500",
    "'0 33 67 3100 3133', 0, 500",
    "'0 3150', 30, 500",
    "'0 33 3183', 30, 500",
    "'0 33 3183', 0, 500",
    "'0 3150', 0, 3308",
    "'0 1000', 1, 1050",
    "'0 1000 2000 3000', 30, 1050",
    "'0 1 66 67 132', 0, 500",
    "'0', 0, 500",
    "'0', 5, 630"
  })
  void anEncoderThatStandsStillOnceIsNotSlow(String times, double frameRate, int partMs) {
    assertThat(of(times, 100, frameRate).partMs()).isEqualTo(partMs);
  }

  @Test
  void anEncoderThatStandsStillOnceDoesNotSendLittle() {
    assertThat(of("0 40 80 120 160 200", 100_000, 0).segmentSeconds()).isEqualTo(1);
    assertThat(of("0 40 80 120 3160 3200", 100_000, 0).segmentSeconds()).isEqualTo(1);
    assertThat(of("0 1 79 80 159 160", 60_000, 0).segmentSeconds()).isEqualTo(2);
  }

  private static Targets of(String times, int bytes, double frameRate) {
    List<Frame> pictures = new ArrayList<>();
    for (String ms : times.split(" ")) {
      pictures.add(
          new Frame(
              Track.VIDEO,
              FrameKind.MEDIA,
              Codec.H264,
              Long.parseLong(ms) * 90,
              0,
              pictures.isEmpty() ? PictureType.KEY : PictureType.INTER,
              Unpooled.wrappedBuffer(new byte[bytes])));
    }
    Targets targets = Targets.of(pictures, new Targets.Encoder(2_000, frameRate), Room.WATCHED);
    pictures.forEach(Frame::release);
    return targets;
  }
}
