package manycast.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import manycast.media.flv.FlvTag;
import manycast.media.testing.Clip;
import manycast.media.testing.Encoder;
import manycast.media.testing.RtmpSink.Visit;
import manycast.media.testing.StrictChunkReader.Message;

/**
 * What an encoder sent of one broadcast, connection by connection, and the proof that a destination
 * got all of it on one connection and one timeline.
 */
final class Legs {
  /** How much the gap of a destination's timestamps may differ from the real time away. */
  private static final long TOLERANCE_MS = 1_000;

  private final List<Leg> legs = new ArrayList<>();

  private record Leg(List<Clip.Tag> tags, long beganMs, long endedMs) {
    /** What a destination gets of it: from the keyframe on. */
    List<Clip.Tag> media(int type) {
      int keyframe = 0;
      while (!tags.get(keyframe).isKeyframe()) {
        keyframe++;
      }
      return tags.subList(keyframe, tags.size()).stream()
          .filter(tag -> tag.type() == type && tag.isMedia())
          .toList();
    }
  }

  /** Sends tags as fast as they go. */
  void send(Encoder encoder, List<Clip.Tag> tags) throws IOException {
    long began = nowMs();
    for (Clip.Tag tag : tags) {
      encoder.send(tag);
    }
    legs.add(new Leg(List.copyOf(tags), began, nowMs()));
  }

  /** How many access units of this type a destination gets. */
  int frames(int type) {
    return legs.stream().mapToInt(leg -> leg.media(type).size()).sum();
  }

  static List<Message> media(Visit visit, int type) {
    return visit.ofType(type).stream().filter(message -> message.body()[1] == 1).toList();
  }

  /** Every frame, once, in order, bit-exact, and the gaps between the legs as long as they were. */
  void verify(Visit visit) {
    assertThat(visit.fault()).isNull();
    List<Message> pictures = media(visit, FlvTag.VIDEO);
    List<Message> sounds = media(visit, FlvTag.AUDIO);
    verify(pictures, FlvTag.VIDEO);
    verify(sounds, FlvTag.AUDIO);
    int at = 0;
    for (int i = 0; i < legs.size(); i++) {
      if (i > 0) {
        long firstMs = pictures.get(at).timestamp();
        long away = legs.get(i).beganMs() - legs.get(i - 1).endedMs();
        long lastMs =
            Stream.concat(pictures.subList(0, at).stream(), sounds.stream())
                .mapToLong(Message::timestamp)
                .filter(ms -> ms < firstMs)
                .max()
                .orElseThrow();
        assertThat(firstMs - lastMs)
            .as("gap before connection %d", i)
            .isBetween(Math.max(0, away - TOLERANCE_MS), away + TOLERANCE_MS);
        assertThat(pictures.get(at).body()[0]).as("a keyframe").isEqualTo((byte) 0x17);
      }
      at += legs.get(i).media(FlvTag.VIDEO).size();
    }
  }

  private void verify(List<Message> got, int type) {
    List<Clip.Tag> sent = legs.stream().flatMap(leg -> leg.media(type).stream()).toList();
    assertThat(got).as("frames of type %d", type).hasSameSizeAs(sent);
    int at = 0;
    for (Leg leg : legs) {
      List<Clip.Tag> media = leg.media(type);
      for (int i = 0; i < media.size(); i++) {
        assertThat(media.get(i).equalsMessage(got.get(at + i))).as("frame %d", at + i).isTrue();
        assertThat(got.get(at + i).timestamp() - got.get(at).timestamp())
            .as("time of frame %d", at + i)
            .isEqualTo(media.get(i).timestampMs() - media.getFirst().timestampMs());
      }
      at += media.size();
    }
    for (int i = 1; i < got.size(); i++) {
      assertThat(got.get(i).timestamp()).isGreaterThanOrEqualTo(got.get(i - 1).timestamp());
    }
  }

  private static long nowMs() {
    return System.nanoTime() / 1_000_000;
  }
}
