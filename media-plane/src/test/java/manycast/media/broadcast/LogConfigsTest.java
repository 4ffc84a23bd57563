package manycast.media.broadcast;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import manycast.media.frame.Frame;
import manycast.media.frame.FrameKind;
import manycast.media.frame.Track;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is kept of the configs, beside a model that looks at all of them every time. */
class LogConfigsTest {
  private final BroadcastLog log = new BroadcastLog(new MediaMemory(1 << 20), LogBounds.STANDARD);
  private final List<LogEntry> released = new ArrayList<>();
  private long looks;
  private final LogConfigs configs = new LogConfigs(Counted::new);
  private final List<LogEntry> all = new ArrayList<>();
  private long next;

  /** Counts each entry that is looked at or moved. */
  private final class Counted extends ArrayDeque<LogEntry> {
    @Override
    public void addLast(LogEntry entry) {
      looks++;
      super.addLast(entry);
    }

    @Override
    public LogEntry removeFirst() {
      looks++;
      return super.removeFirst();
    }

    @Override
    public Iterator<LogEntry> iterator() {
      return counted(super.iterator());
    }

    @Override
    public Iterator<LogEntry> descendingIterator() {
      return counted(super.descendingIterator());
    }

    private Iterator<LogEntry> counted(Iterator<LogEntry> of) {
      return new Iterator<>() {
        @Override
        public boolean hasNext() {
          return of.hasNext();
        }

        @Override
        public LogEntry next() {
          looks++;
          return of.next();
        }
      };
    }
  }

  @AfterEach
  void releaseAll() {
    configs.clear(released::add);
    assertThat(released).as("each once").doesNotHaveDuplicates().hasSameSizeAs(all);
    all.forEach(LogEntry::release);
    log.close();
  }

  private LogEntry entry(Frame frame) {
    return new LogEntry(log, frame, next++, 0, 0, 0, 0, LogEntry.NO_PREVIOUS);
  }

  private void add(Frame frame) {
    LogEntry entry = entry(frame);
    all.add(entry);
    configs.add(entry);
  }

  private void addAny(int which) {
    add(
        switch (which) {
          case 0 -> Frames.metadata(next, 1);
          case 1 -> Frames.audioConfig(next, 1);
          case 2 -> Frames.videoConfig(next, 1);
          default -> Frames.videoInfo(next, 1);
        });
  }

  @Test
  void looksAtNoMoreOfThemWhenAllLeaveThoughThereAreManyThousands() {
    int count = 50_000;
    for (int i = 0; i < count; i++) {
      addAny(i % 4);
    }
    all.forEach(config -> configs.left(config, released::add));

    assertThat(looks).isEqualTo(2L * count);
    assertThat(released).as("one of each is kept").hasSize(count - 4);
  }

  @Test
  void findsTheNewestAtOnceThoughThereAreManyThousands() {
    for (int i = 0; i < 50_000; i++) {
      addAny(i % 4);
    }
    looks = 0;
    List<LogEntry> inForce = new ArrayList<>();
    configs.before(next, inForce);

    assertThat(inForce).hasSize(4);
    assertThat(looks).isEqualTo(4);
  }

  @Test
  void keepsWhatHoldsBeforeEveryPlaceInTheLog() {
    Random random = new Random(1);
    int front = 0;
    for (int step = 0; step < 3_000; step++) {
      if (random.nextInt(3) > 0) {
        next += random.nextInt(3);
        addAny(random.nextInt(4));
      } else if (front < all.size()) {
        configs.left(all.get(front++), released::add);
      }
      long first = front < all.size() ? all.get(front).sequence() : next;
      long place = first + random.nextLong(next - first + 1);
      List<LogEntry> inForce = new ArrayList<>();
      configs.before(place, inForce);

      assertThat(inForce).containsExactlyInAnyOrderElementsOf(modelBefore(place));
      assertThat(inForce).noneMatch(released::contains);
    }
  }

  private List<LogEntry> modelBefore(long place) {
    List<LogEntry> inForce = new ArrayList<>();
    for (Track track : List.of(Track.DATA, Track.AUDIO, Track.VIDEO)) {
      for (boolean info : List.of(false, true)) {
        all.stream()
            .filter(entry -> entry.sequence() < place)
            .filter(entry -> entry.frame().track().equals(track))
            .filter(entry -> info == (entry.frame().kind() == FrameKind.TRACK_INFO))
            .reduce((_, later) -> later)
            .ifPresent(inForce::add);
      }
    }
    return inForce;
  }
}
