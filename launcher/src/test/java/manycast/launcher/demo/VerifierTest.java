package manycast.launcher.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import manycast.launcher.rtmp.Message;
import manycast.launcher.rtmp.MessageType;
import org.junit.jupiter.api.Test;

class VerifierTest {
  private static final Sample SAMPLE = Sample.shipped();
  private static final long ROUND_MS = 8000;

  @Test
  void findsThreeRoundsOfTheSampleRight() {
    Verifier verifier = feed(stream(0, 3 * ROUND_MS));
    assertThat(verifier.fault()).isNull();
    assertThat(verifier.frames())
        .isGreaterThan(3L * (240 + 375) - 5)
        .isLessThanOrEqualTo(3 * (240 + 375));
  }

  @Test
  void findsAStartAtAnyKeyframeRightWhateverItsZero() {
    Verifier verifier = feed(stream(4000, 2 * ROUND_MS));
    assertThat(verifier.fault()).isNull();
    assertThat(verifier.startDtsMs()).isEqualTo(4000);
  }

  @Test
  void takesAnEncoderThatBeginsAnewAfterAGap() {
    List<Message> stream = stream(0, 1000);
    for (Message message : stream(0, 1000)) {
      stream.add(later(message, 6_000));
    }
    Verifier verifier = feed(stream);
    assertThat(verifier.fault()).isNull();
    assertThat(verifier.returns()).isEqualTo(1);
    assertThat(verifier.gapMs()).isBetween(4_900L, 5_100L);
  }

  @Test
  void failsOnABeginningWithoutAGap() {
    List<Message> stream = stream(0, 1000);
    long lastMs = stream.stream().mapToLong(Message::timestampMs).max().orElseThrow();
    for (Message message : stream(0, 1000)) {
      stream.add(later(message, lastMs + 33));
    }
    assertThat(feed(stream).fault()).isNotNull();
  }

  @Test
  void failsOnOneAlteredByteInAnyFrame() {
    for (int at = 0; at < 40; at++) {
      List<Message> stream = stream(0, 1000);
      Message message = stream.get(at);
      byte[] altered = message.body().clone();
      altered[altered.length / 2] ^= 1;
      stream.set(at, withBody(message, altered));
      assertThat(feed(stream).fault()).as("message %d", at).isNotNull();
    }
  }

  @Test
  void failsOnADroppedFrame() {
    for (int at = 0; at < 40; at++) {
      List<Message> stream = stream(0, 1000);
      stream.remove(at);
      assertThat(feed(stream).fault()).as("message %d", at).isNotNull();
    }
  }

  @Test
  void failsOnTwoFramesThatChangedPlaces() {
    for (int at = 2; at < 40; at++) {
      List<Message> stream = stream(0, 1000);
      stream.add(at, stream.remove(at + 1));
      if (stream.get(at).timestampMs() != stream.get(at + 1).timestampMs()) {
        assertThat(feed(stream).fault()).as("message %d", at).isNotNull();
      }
    }
  }

  @Test
  void failsOnAFrameThatCameTwice() {
    List<Message> stream = stream(0, 1000);
    stream.add(20, stream.get(20));
    assertThat(feed(stream).fault()).contains("differs");
  }

  @Test
  void failsOnATimeThatIsOneMillisecondOff() {
    List<Message> stream = stream(0, 1000);
    Message message = stream.get(20);
    stream.set(20, message(message.type(), message.timestampMs() + 1, message.body()));
    assertThat(feed(stream).fault()).contains("1 ms off");
  }

  @Test
  void failsOnAStartThatIsNoKeyframe() {
    List<Message> stream = stream(0, 1000);
    stream.removeIf(
        message ->
            message.type() == MessageType.VIDEO
                && message.body()[0] == 0x17
                && message.body()[1] == 1);
    stream.removeIf(message -> message.type() == MessageType.AUDIO && message.body()[1] == 1);
    assertThat(feed(stream).fault()).contains("no keyframe");
  }

  @Test
  void failsOnAnotherCodecConfig() {
    List<Message> stream = stream(0, 1000);
    byte[] altered = stream.get(1).body().clone();
    altered[7] ^= 1;
    stream.set(1, withBody(stream.get(1), altered));
    assertThat(feed(stream).fault()).contains("codec config differs");
  }

  private static Verifier feed(List<Message> stream) {
    Verifier verifier = new Verifier(SAMPLE);
    stream.forEach(verifier::on);
    return verifier;
  }

  /** What a destination gets that starts at this time of the sample, its own zero there. */
  private static List<Message> stream(long fromMs, long untilMs) {
    List<Message> messages = new ArrayList<>();
    messages.add(message(MessageType.AUDIO, 0, SAMPLE.audioConfig()));
    messages.add(message(MessageType.VIDEO, 0, SAMPLE.videoConfig()));
    Stream.concat(
            LongStream.range(0, 1000).mapToObj(SAMPLE::video),
            LongStream.range(0, 2000).mapToObj(SAMPLE::audio))
        .map(Objects::requireNonNull)
        .filter(frame -> frame.dtsMs() >= fromMs && frame.dtsMs() < untilMs)
        .sorted(Comparator.comparingLong(MediaFrame::dtsMs))
        .map(
            frame ->
                message(
                    frame.kind() == MediaFrame.Kind.VIDEO ? MessageType.VIDEO : MessageType.AUDIO,
                    frame.dtsMs() - fromMs,
                    frame.body()))
        .forEach(messages::add);
    return messages;
  }

  private static Message message(MessageType type, long timestampMs, byte[] body) {
    return new Message(4, 1, type, timestampMs, body);
  }

  private static Message later(Message message, long byMs) {
    return message(message.type(), message.timestampMs() + byMs, message.body());
  }

  private static Message withBody(Message message, byte[] body) {
    return message(message.type(), message.timestampMs(), body);
  }
}
