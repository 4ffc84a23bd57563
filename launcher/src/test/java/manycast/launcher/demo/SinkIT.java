package manycast.launcher.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import manycast.launcher.rtmp.MessageType;
import manycast.launcher.rtmp.Publisher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The encoder publishes straight to a sink, over TCP. */
@Timeout(60)
class SinkIT {
  private static final Sample SAMPLE = Sample.shipped();

  @Test
  void findsWhatTheEncoderPublishesRightAndHearsItsGoodbye() throws Exception {
    try (Sink sink = new Sink("a", 0, "key?with=&signs", SAMPLE)) {
      try (SyntheticEncoder encoder =
          new SyntheticEncoder(URI.create(sink.url()), "key?with=&signs", SAMPLE)) {
        encoder.start();
        await(() -> sink.frames() > 100);
        assertThat(sink.isPublishedTo()).isTrue();
        assertThat(sink.endedWithGoodbye()).isFalse();
      }
      await(() -> !sink.isPublishedTo());
      assertThat(sink.goodbyes()).isEqualTo(1);
      assertThat(sink.endedWithGoodbye()).isTrue();
      assertThat(sink.fault()).isNull();
      assertThat(sink.bytes()).isGreaterThan(100_000);
    }
  }

  @Test
  void encoderConnectsAgainWhenItsConnectionIsCut() throws Exception {
    try (Sink sink = new Sink("a", 0, "key", SAMPLE);
        SyntheticEncoder encoder = new SyntheticEncoder(URI.create(sink.url()), "key", SAMPLE)) {
      encoder.start();
      await(() -> sink.frames() > 20);
      sink.cut();
      await(() -> sink.publishes() == 2 && sink.frames() > 100);
      assertThat(sink.fault()).isNull();
      assertThat(encoder.connections()).isEqualTo(2);
      encoder.close();
      sink.cut();
      await(() -> !sink.isPublishedTo());
    }
  }

  @Test
  void encoderThatWasNeverStartedCloses() {
    SyntheticEncoder encoder =
        new SyntheticEncoder(URI.create("rtmp://127.0.0.1:1/live"), "key", SAMPLE);
    encoder.close();
    assertThat(encoder.connections()).isZero();
  }

  @Test
  void blamesOneAlteredByte() throws Exception {
    try (Sink sink = new Sink("a", 0, "key", SAMPLE);
        Publisher publisher = new Publisher(URI.create(sink.url()), "key")) {
      publisher.send(MessageType.AUDIO, 0, SAMPLE.audioConfig());
      publisher.send(MessageType.VIDEO, 0, SAMPLE.videoConfig());
      publisher.send(MessageType.VIDEO, frame(0).dtsMs(), frame(0).body());
      publisher.send(MessageType.VIDEO, frame(1).dtsMs(), frame(1).body());
      await(() -> sink.frames() == 2);
      assertThat(sink.fault()).isNull();
      byte[] altered = frame(2).body().clone();
      altered[altered.length - 1] ^= 1;
      publisher.send(MessageType.VIDEO, frame(2).dtsMs(), altered);
      await(() -> sink.fault() != null);
      assertThat(sink.fault()).contains("differs");
    }
  }

  @Test
  void refusesAnotherStreamKey() throws Exception {
    try (Sink sink = new Sink("a", 0, "key", SAMPLE)) {
      assertThatThrownBy(() -> new Publisher(URI.create(sink.url()), "other").close())
          .isInstanceOf(IOException.class)
          .hasMessageContaining("no such stream here");
      assertThat(sink.publishes()).isZero();
    }
  }

  private static MediaFrame frame(long index) {
    MediaFrame frame = SAMPLE.video(index);
    if (frame == null) {
      throw new AssertionError("the sample repeats for ever");
    }
    return frame;
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(end);
      Thread.sleep(10);
    }
  }
}
