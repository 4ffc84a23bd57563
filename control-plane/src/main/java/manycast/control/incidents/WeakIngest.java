package manycast.control.incidents;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import manycast.control.broadcasts.BroadcastState;
import manycast.control.samples.IngestSample;
import manycast.control.web.Wording;
import org.jspecify.annotations.Nullable;

/**
 * An encoder that is connected and from which too little comes. Frames that are late and all there
 * in the end were held up on their way; those that never were made are the encoder's fault. An
 * uplink that is too narrow costs frames and bitrate, an encoder without the power frames alone.
 */
final class WeakIngest {
  /** From then on pages say that no media comes. */
  static final long SILENT_MS = 3_000;

  private static final double LOW_BITRATE = 0.75;
  static final double LOW_FRAME_RATE = 0.9;
  static final int FRAMES_MISSED = 5;
  static final double JITTER_MS = 100;
  static final double JITTER_TIMES = 4;

  /** Less of the frames than this came in the end: they were never made. */
  private static final double ALL_THERE = 0.9;

  /** A single sample may be an accident. */
  private static final int SAMPLES = 2;

  /** What led to an interruption is told there. */
  private static final Duration BEFORE_INTERRUPTION = Duration.ofSeconds(30);

  /** What is wrong with one sample. */
  private enum Fault {
    SILENT,
    NARROW,
    OVERLOADED,
    UNSTEADY
  }

  private WeakIngest() {}

  static List<Incident> of(Story story, List<Incident> interruptions) {
    Usual usual = Usual.of(story.measured());
    var incidents = new ArrayList<Incident>();
    var run = new ArrayList<IngestSample>();
    Fault of = null;
    IngestSample before = null;
    for (IngestSample sample : story.measured().ingest()) {
      Fault fault =
          leadsToInterruption(sample, interruptions) ? null : fault(sample, before, usual);
      boolean goesOn = fault == of && !run.isEmpty() && !Story.apart(run.getLast(), sample);
      if (!goesOn) {
        add(incidents, story, of, run, sample, usual);
        run.clear();
      }
      of = fault;
      if (fault != null) {
        run.add(sample);
      }
      before = sample;
    }
    add(incidents, story, of, run, null, usual);
    return incidents;
  }

  private static boolean leadsToInterruption(IngestSample sample, List<Incident> interruptions) {
    return interruptions.stream()
        .anyMatch(
            gap ->
                !sample.at().isBefore(gap.start().minus(BEFORE_INTERRUPTION))
                    && (gap.end() == null || !sample.at().isAfter(gap.end())));
  }

  private static @Nullable Fault fault(
      IngestSample sample, @Nullable IngestSample before, Usual usual) {
    if (sample.state() != BroadcastState.LIVE || usual.bitrateBps() == 0) {
      return null;
    }
    if (sample.silentMs() != null && sample.silentMs() >= SILENT_MS) {
      return Fault.SILENT;
    }
    boolean low = sample.bitrateBps() < LOW_BITRATE * usual.bitrateBps();
    boolean slow =
        (sample.frameRate() != null && sample.frameRate() < LOW_FRAME_RATE * usual.frameRate())
            || missed(before, sample) >= FRAMES_MISSED;
    if (slow) {
      return low ? Fault.NARROW : Fault.OVERLOADED;
    }
    boolean unsteady =
        sample.jitterMs() != null
            && sample.jitterMs() > JITTER_MS
            && sample.jitterMs() > JITTER_TIMES * usual.jitterMs();
    return unsteady ? Fault.UNSTEADY : null;
  }

  private static long missed(@Nullable IngestSample before, IngestSample sample) {
    return before == null || !before.nodeId().equals(sample.nodeId()) || Story.apart(before, sample)
        ? 0
        : sample.framesMissing() - before.framesMissing();
  }

  private static void add(
      List<Incident> incidents,
      Story story,
      @Nullable Fault fault,
      List<IngestSample> run,
      @Nullable IngestSample after,
      Usual usual) {
    if (fault == null || run.isEmpty() || (fault != Fault.SILENT && run.size() < SAMPLES)) {
      return;
    }
    Instant end = story.over(run.getLast(), after);
    incidents.add(
        fault == Fault.SILENT
            ? silence(run, after, end, usual)
            : weakness(fault, run, end, usual, missedIn(story, run)));
  }

  private static Incident silence(
      List<IngestSample> run, @Nullable IngestSample after, @Nullable Instant end, Usual usual) {
    IngestSample first = run.getFirst();
    long silentMs = run.stream().mapToLong(WeakIngest::silentMs).max().orElse(0);
    Instant start = first.at().minusMillis(silentMs(first));
    var evidence = new ArrayList<String>();
    evidence.add("its connection stood all the time");
    evidence.add("no media for " + Wording.seconds(silentMs) + " and more");
    if (after != null
        && !Story.apart(run.getLast(), after)
        && after.nodeId().equals(first.nodeId())
        && usual.frameRate() > 0) {
      // What stood in the counter when the silence was measured had all come before it began.
      double expected = usual.frameRate() * Duration.between(start, after.at()).toMillis() / 1000.0;
      double share = (after.frames() - first.frames()) / expected;
      evidence.add(
          String.format(
              Locale.ROOT,
              "%d %% of the frames of that time were there afterwards",
              percent(share)));
      if (share >= ALL_THERE) {
        return new Incident(
            start,
            end,
            Hop.UPLINK,
            null,
            "The connection from your encoder stalled; what it held back came later.",
            evidence);
      }
    }
    return new Incident(
        start, end, Hop.ENCODER, null, "Your encoder stalled: it sent no media.", evidence);
  }

  private static Incident weakness(
      Fault fault, List<IngestSample> run, @Nullable Instant end, Usual usual, long missed) {
    var evidence = new ArrayList<String>();
    long lowest = run.stream().mapToLong(IngestSample::bitrateBps).min().orElse(0);
    evidence.add(
        "bitrate down to "
            + Wording.bitrate(lowest)
            + ", usually "
            + Wording.bitrate(Math.round(usual.bitrateBps())));
    run.stream()
        .map(IngestSample::frameRate)
        .flatMap(Stream::ofNullable)
        .min(Double::compare)
        .ifPresent(
            rate ->
                evidence.add(
                    String.format(
                        Locale.ROOT,
                        "%.1f pictures a second, usually %.1f",
                        rate,
                        usual.frameRate())));
    if (missed > 0) {
      evidence.add(Wording.count(missed, "frame", "frames") + " missing");
    }
    run.stream()
        .map(IngestSample::jitterMs)
        .flatMap(Stream::ofNullable)
        .max(Double::compare)
        .ifPresent(jitter -> evidence.add("jitter up to " + Math.round(jitter) + " ms"));
    Instant start = run.getFirst().at();
    return switch (fault) {
      case NARROW ->
          new Incident(
              start,
              end,
              Hop.UPLINK,
              null,
              "Your encoder's connection to us was too slow for the stream: frames were dropped"
                  + " before they reached us.",
              evidence);
      case OVERLOADED ->
          new Incident(
              start,
              end,
              Hop.ENCODER,
              null,
              "Your encoder did not keep up: it made fewer pictures than usual.",
              evidence);
      case UNSTEADY, SILENT ->
          new Incident(
              start,
              end,
              Hop.UPLINK,
              null,
              "Your encoder's connection to us was unsteady: frames came in bursts.",
              evidence);
    };
  }

  private static long missedIn(Story story, List<IngestSample> run) {
    List<IngestSample> earlier =
        story.ingest(story.startedAt(), run.getFirst().at().minusMillis(1));
    IngestSample before = earlier.isEmpty() ? run.getFirst() : earlier.getLast();
    return Math.max(0, run.getLast().framesMissing() - before.framesMissing());
  }

  private static long silentMs(IngestSample sample) {
    return sample.silentMs() == null ? 0 : sample.silentMs();
  }

  private static long percent(double share) {
    return Math.clamp(Math.round(share * 100), 0, 100);
  }
}
