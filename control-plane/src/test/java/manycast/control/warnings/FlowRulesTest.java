package manycast.control.warnings;

import static manycast.control.warnings.Good.FLOW;
import static manycast.control.warnings.Good.SOUND;
import static manycast.control.warnings.Good.TIMES;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import manycast.control.warnings.Arriving.Flow;
import manycast.control.warnings.Arriving.Times;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each rule a little below and above the bound at which it begins, and until which it stays. */
class FlowRulesTest {
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final List<Place> TWITCH = List.of(Good.place("Main", "twitch"));

  static Stream<Arguments> bounds() {
    return Stream.of(
        Arguments.of("bitrate_low", low(3_600_000), TIMES, low(3_599_999), TIMES),
        Arguments.of("bitrate_uneven", peak(9_000_000), TIMES, peak(9_000_001), TIMES),
        Arguments.of("frame_rate_unstable", missing(0.05), TIMES, missing(0.051), TIMES),
        Arguments.of("av_drift", FLOW, drift(100), FLOW, drift(101)),
        Arguments.of("av_drift", FLOW, drift(-100), FLOW, drift(-101)),
        Arguments.of("time_fast", FLOW, pace(1.05, 10_001), FLOW, pace(1.051, 10_001)),
        Arguments.of("time_fast", FLOW, pace(1.5, 10_000), FLOW, pace(1.5, 10_001)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("bounds")
  void beginsJustAboveItsBoundAndNotAtIt(
      String code, Flow atBound, Times timesAtBound, Flow beyond, Times timesBeyond) {
    assertThat(codes(atBound, timesAtBound, LONG, Set.of())).isEmpty();
    assertThat(codes(beyond, timesBeyond, LONG, Set.of())).containsExactly(code);
  }

  static Stream<Arguments> easierBounds() {
    return Stream.of(
        Arguments.of("bitrate_low", low(4_499_999), TIMES, low(4_500_000), TIMES),
        Arguments.of("bitrate_uneven", peak(8_100_001), TIMES, peak(8_099_999), TIMES),
        Arguments.of("frame_rate_unstable", missing(0.021), TIMES, missing(0.02), TIMES),
        Arguments.of("av_drift", FLOW, drift(71), FLOW, drift(70)),
        Arguments.of("time_fast", FLOW, pace(1.021, 20_000), FLOW, pace(1.02, 20_000)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("easierBounds")
  void staysUntilItsCauseIsClearlyGone(
      String code, Flow wavering, Times timesWavering, Flow over, Times timesOver) {
    assertThat(codes(wavering, timesWavering, LONG, Set.of())).as("does not begin").isEmpty();
    assertThat(codes(wavering, timesWavering, LONG, Set.of(code))).containsExactly(code);
    assertThat(codes(over, timesOver, LONG, Set.of(code))).isEmpty();
  }

  static Stream<Arguments> texts() {
    return Stream.of(
        Arguments.of(
            low(2_000_000),
            TIMES,
            "Your video has 2000 kbit/s, and it usually has 6000 kbit/s.",
            "Output → Streaming → Bitrate: 1600 Kbps."),
        Arguments.of(
            peak(12_000_000),
            TIMES,
            "6000 kbit/s on the mean and 12000 kbit/s in its fullest second; Main wants it constant",
            "Rate Control: CBR."),
        Arguments.of(
            missing(0.2), TIMES, "20 % of the last pictures are missing", "Common FPS Values: 30"),
        Arguments.of(
            FLOW, drift(-140), "the sound has moved 140 ms behind the picture", "Sample Rate"),
        Arguments.of(FLOW, drift(140), "140 ms ahead of the picture", "Use Device Timestamps"),
        Arguments.of(FLOW, pace(3, 40_000), "is 40.0 s ahead by now", "-re before each -i"));
  }

  @ParameterizedTest(name = "{2}")
  @MethodSource("texts")
  void saysWhatIsWrongAndTheSettingThatMendsIt(
      Flow flow, Times times, String text, String setting) {
    assertThat(StreamWarnings.of(arriving(flow, times, LONG, Set.of()), TWITCH))
        .singleElement()
        .satisfies(warning -> assertThat(warning.text()).contains(text).contains(setting));
  }

  @Test
  void anEncoderThatHasJustConnectedHasNoHabitsYet() {
    Duration early = Duration.ofSeconds(59);
    assertThat(codes(low(1_000_000), TIMES, early, Set.of())).isEmpty();
    Duration earlier = Duration.ofSeconds(19);
    assertThat(codes(peak(20_000_000), TIMES, earlier, Set.of())).isEmpty();
    assertThat(codes(missing(0.5), TIMES, earlier, Set.of())).isEmpty();
  }

  @Test
  void ofMediaThatHasStoppedNothingIsSaid() {
    Times silent = new Times(3_000, 500L, 60_000L, 1.5);
    assertThat(codes(low(0), silent, LONG, Set.of())).isEmpty();
    assertThat(codes(missing(0.5), silent, LONG, Set.of())).isEmpty();
  }

  @Test
  void peaksThatThePlatformTakesAndThoseBesideDroppedFramesAreNoFault() {
    assertThat(
            codes(
                new Flow(2_000_000L, 2_000_000L, 6_000_000L, 2_000_000L, 0.0),
                TIMES,
                LONG,
                Set.of()))
        .as("as full as the platform takes")
        .isEmpty();
    assertThat(
            codes(
                new Flow(2_000_000L, 2_000_000L, 6_000_001L, 2_000_000L, 0.0),
                TIMES,
                LONG,
                Set.of()))
        .containsExactly("bitrate_uneven");
    assertThat(
            codes(
                new Flow(6_000_000L, 6_000_000L, 12_000_000L, 6_000_000L, 0.03),
                TIMES,
                LONG,
                Set.of()))
        .isEmpty();
  }

  @Test
  void nobodyIsToldToBeConstantForAServerOfOnesOwn() {
    Arriving uneven = arriving(peak(12_000_000), TIMES, LONG, Set.of());
    assertThat(StreamWarnings.of(uneven, List.of(Good.place("Mine", "custom")))).isEmpty();
  }

  @Test
  void whatWasHeldUpAndCatchesUpIsNotTooFast() {
    assertThat(codes(FLOW, pace(1.6, 0), LONG, Set.of())).isEmpty();
    assertThat(codes(FLOW, pace(1.0, 30_000), LONG, Set.of("time_fast"))).isEmpty();
  }

  private static Flow low(long bps) {
    return new Flow(bps, 6_000_000L, 7_000_000L, 6_000_000L, 0.0);
  }

  private static Flow peak(long bps) {
    return new Flow(6_000_000L, 6_000_000L, bps, 6_000_000L, 0.0);
  }

  private static Flow missing(double share) {
    return new Flow(6_000_000L, 6_000_000L, 7_000_000L, 6_000_000L, share);
  }

  private static Times drift(long ms) {
    return new Times(17, ms, -40L, 1.0);
  }

  private static Times pace(double pace, long leadMs) {
    return new Times(17, 4L, leadMs, pace);
  }

  private static Arriving arriving(
      Flow flow, Times times, Duration connected, Set<String> standing) {
    return new Arriving(
        connected, connected, 0, times, List.of(Good.with(flow)), List.of(SOUND), standing);
  }

  private static List<String> codes(
      Flow flow, Times times, Duration connected, Set<String> standing) {
    return StreamWarnings.of(arriving(flow, times, connected, standing), TWITCH).stream()
        .map(Warning::code)
        .toList();
  }
}
