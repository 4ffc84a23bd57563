package manycast.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import manycast.system.Recorder.Visit;

/**
 * Compares what a destination got on one connection with what an encoder got through on one
 * connection or several: every frame from a keyframe on, bit-exact, in order, once, with its own
 * differences of time; between two connections of the encoder the real time away.
 */
final class Delivery {
  private static final long TOLERANCE_MS = 1_000;

  private Delivery() {}

  static void verify(List<List<Media>> sent, Visit visit) {
    assertThat(visit.fault()).isNull();
    List<Media> video = new ArrayList<>();
    List<Media> audio = new ArrayList<>();
    for (List<Media> connection : sent) {
      List<Media> pictures = track(connection, true);
      Media first = pictures.getFirst();
      assertThat(first.isKeyframe()).as("an encoder begins with a keyframe").isTrue();
      video.addAll(pictures);
      audio.addAll(soundFrom(connection, first));
    }
    assertThat(contents(visit.media(), true)).as("pictures").isEqualTo(contents(video, true));
    assertThat(contents(visit.media(), false)).as("sound").isEqualTo(contents(audio, false));
    verifyTimes(sent, visit.media());
  }

  private static void verifyTimes(List<List<Media>> sent, List<Media> received) {
    List<Media> pictures = track(received, true);
    List<Media> sounds = track(received, false);
    int picture = 0;
    int sound = 0;
    Media lastSent = null;
    Media lastReceived = null;
    for (List<Media> connection : sent) {
      Media first = track(connection, true).getFirst();
      Media zero = pictures.get(picture);
      if (lastSent != null && lastReceived != null) {
        long awayMs = (first.seenNanos() - lastSent.seenNanos()) / 1_000_000;
        assertThat((long) zero.after(lastReceived))
            .as("the gap in the timestamps")
            .isBetween(Math.max(0, awayMs - TOLERANCE_MS), awayMs + TOLERANCE_MS);
      }
      Set<Media> carried = Collections.newSetFromMap(new IdentityHashMap<>());
      carried.addAll(soundFrom(connection, first));
      for (Media each : connection) {
        if (each.isVideo() || carried.contains(each)) {
          lastSent = each;
          lastReceived = each.isVideo() ? pictures.get(picture++) : sounds.get(sound++);
          assertThat(lastReceived.after(zero)).as(each.toString()).isEqualTo(each.after(first));
        }
      }
    }
  }

  /**
   * The sound that goes with the pictures: what is not earlier than the first one, by its time and
   * by its place. An encoder that cuts its times to milliseconds sends sound of the same time
   * before it.
   */
  private static List<Media> soundFrom(List<Media> connection, Media first) {
    List<Media> behind = connection.subList(connection.indexOf(first) + 1, connection.size());
    return track(behind, false).stream().filter(sound -> sound.after(first) >= 0).toList();
  }

  private static List<Media> track(List<Media> media, boolean video) {
    return media.stream().filter(each -> each.isVideo() == video).toList();
  }

  private static List<String> contents(List<Media> media, boolean video) {
    return track(media, video).stream().map(Media::content).toList();
  }
}
