package manycast.media.rtmp.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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

  /** Where its publish ends: there it waits for the answer. */
  private static final int PUBLISHED = 3_476;

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
      channel.runPendingTasks();
    }
    channel.checkException();
    channel.finishAndReleaseAll();
    return new Replay(gate, counter.held());
  }

  @Test
  void publishesAndSendsItsConfigsBeforeItsFirstFrames() {
    Replay replay = replay(cut(CAPTURE.length));
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
    List<Tag> whole = List.copyOf(replay(cut(CAPTURE.length)).gate.tags);

    assertThat(replay(cut(1)).gate.tags).containsExactlyElementsOf(whole);
    for (int length : new int[] {2, 3, 7, 128, 1_460, 4_095, 4_097}) {
      assertThat(replay(cut(length)).gate.tags)
          .as("segments of %d bytes", length)
          .containsExactlyElementsOf(whole);
    }
  }

  /** Segments of so many bytes each, with the pause that OBS makes. */
  private static List<byte[]> cut(int length) {
    List<byte[]> segments = new ArrayList<>();
    for (int at = 0; at < CAPTURE.length; ) {
      int border = at < PUBLISHED ? PUBLISHED : CAPTURE.length;
      int end = Math.min(border, at + length);
      segments.add(Arrays.copyOfRange(CAPTURE, at, end));
      at = end;
    }
    return segments;
  }

  private static List<AmfValue> metadata(RecordingGate gate) {
    return gate.data.stream().map(RtmpMessage.Data::values).flatMap(List::stream).toList();
  }
}
