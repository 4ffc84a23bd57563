package manycast.media.rtmp.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import manycast.media.amf.AmfValue;
import manycast.media.bytes.CountingBytes;
import manycast.media.bytes.HexFile;
import manycast.media.rtmp.connection.PublishEnd;
import manycast.media.rtmp.message.RtmpMessage;
import manycast.media.rtmp.netty.RecordingGate.Tag;
import org.junit.jupiter.api.Test;

/** What the real OBS sends from its first byte to its first frames, as it was recorded. */
final class ObsCaptureTest {
  private static final byte[] CAPTURE = HexFile.read("rtmp/connection/obs-29.0.2-publish.hex");
  private static final int VIDEO = 9;
  private static final int AUDIO = 8;

  /** What a replay left behind. */
  private record Replay(RecordingGate gate, long held) {}

  private static Replay replay(List<byte[]> segments) {
    RecordingGate gate = new RecordingGate();
    CountingBytes counter = new CountingBytes(1 << 20);
    EmbeddedChannel channel = new EmbeddedChannel(new RtmpServerHandler(gate, counter));
    for (byte[] segment : segments) {
      channel.writeInbound(Unpooled.wrappedBuffer(segment));
    }
    channel.checkException();
    channel.finishAndReleaseAll();
    return new Replay(gate, counter.held());
  }

  @Test
  void publishesAndSendsItsConfigsBeforeItsFirstFrames() {
    Replay replay = replay(List.of(CAPTURE));
    RecordingGate gate = replay.gate;

    assertThat(gate.requests).hasSize(1);
    assertThat(gate.requests.getFirst().key()).isEqualTo(RecordingGate.KEY);
    assertThat(gate.requests.getFirst().encoder()).isEqualTo("FMLE/3.0 (compatible; FMSc/1.0)");
    assertThat(metadata(gate))
        .anySatisfy(value -> assertThat(value.toString()).contains("obs-output module", "29.0.2"));

    List<Tag> video = gate.tags.stream().filter(tag -> tag.type() == VIDEO).toList();
    List<Tag> audio = gate.tags.stream().filter(tag -> tag.type() == AUDIO).toList();
    assertThat(video.getFirst().bodyHex()).as("AVC config").startsWith("1700000000");
    assertThat(video.get(1).bodyHex()).as("a keyframe").startsWith("1701");
    assertThat(video.subList(2, video.size()))
        .as("pictures")
        .hasSizeGreaterThan(3)
        .allMatch(tag -> tag.bodyHex().startsWith("2701"));
    assertThat(audio.getFirst().bodyHex()).as("AAC config").startsWith("af00");
    assertThat(audio.subList(1, audio.size()))
        .as("sound")
        .hasSizeGreaterThan(3)
        .allMatch(tag -> tag.bodyHex().startsWith("af01"));
    assertThat(gate.tags.stream().map(Tag::timestamp)).isSorted();
    assertThat(gate.ends).containsExactly(PublishEnd.LOST);
    assertThat(replay.held).isZero();
  }

  @Test
  void isTheSameWhereverTheNetworkCutsIt() {
    List<Tag> whole = List.copyOf(replay(List.of(CAPTURE)).gate.tags);

    List<byte[]> bytes = new ArrayList<>();
    for (byte each : CAPTURE) {
      bytes.add(new byte[] {each});
    }
    assertThat(replay(bytes).gate.tags).containsExactlyElementsOf(whole);

    for (long seed = 0; seed < 20; seed++) {
      Random chance = new Random(seed);
      List<byte[]> pieces = new ArrayList<>();
      for (int at = 0; at < CAPTURE.length; ) {
        int end = Math.min(CAPTURE.length, at + 1 + chance.nextInt(3_000));
        pieces.add(Arrays.copyOfRange(CAPTURE, at, end));
        at = end;
      }
      assertThat(replay(pieces).gate.tags).as("seed %d", seed).containsExactlyElementsOf(whole);
    }
  }

  private static List<AmfValue> metadata(RecordingGate gate) {
    return gate.data.stream().map(RtmpMessage.Data::values).flatMap(List::stream).toList();
  }
}
