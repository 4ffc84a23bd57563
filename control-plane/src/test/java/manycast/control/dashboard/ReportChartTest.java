package manycast.control.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.LongStream;
import manycast.control.samples.Chart;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReportChartTest {
  private static final Instant BEGIN = Instant.parse("2026-11-25T20:00:00Z");

  @Test
  void drawsTheWholeBroadcastWithGapsWhereNothingWasMeasured() {
    ReportChart chart = ingest(line(4_000_000L, 2_000_000L, null, 1_000_000L, null, 4_000_000L));

    assertThat(chart.line()).isEqualTo("M25 12L75 36M175 48h0M275 12h0");
    assertThat(chart.area()).startsWith("M25 60L25 12L75 36L75 60ZM175 60L175 48L175 60Z");
    assertThat(chart.top()).isEqualTo("5 Mbit/s");
    assertThat(chart.values()).isEqualTo("25:4000000 75:2000000 175:1000000 275:4000000");
    assertThat(chart.said())
        .isEqualTo(
            "Bitrate over the broadcast: lowest 1.00 Mbit/s, highest 4.00 Mbit/s, on average 2.75"
                + " Mbit/s; there are gaps where nothing was measured");
  }

  @Test
  void takesAMeasuredNothingForNothingAndNotForAGap() {
    ReportChart chart = ingest(line(1_000_000L, 0L, 1_000_000L));

    assertThat(chart.line()).doesNotContain("h0").containsOnlyOnce("M").contains(" 60L");
    assertThat(chart.said()).contains("lowest 0 kbit/s").doesNotContain("gap");
  }

  @Test
  void drawsNothingOfASingleSample() {
    assertThat(ReportChart.ofIngest(chart(line(null, 1L, null), List.of()))).isEmpty();
    assertThat(ReportChart.ofIngest(chart(line(), List.of()))).isEmpty();
  }

  @Test
  void drawsTheFrameRateWhereItIsKnown() {
    List<ReportChart> charts =
        ReportChart.ofIngest(chart(line(1_000L, 1_000L), List.of(59.94, 60.0)));

    assertThat(charts)
        .extracting(ReportChart::title)
        .containsExactly("Bitrate", "Frames per second");
    assertThat(charts.getLast().said()).contains("lowest 59.9 fps, highest 60 fps");
    assertThat(charts.getLast().values()).isEqualTo("75:59.9 225:60");
  }

  @Test
  void drawsADestinationInFewerPoints() {
    List<@Nullable Long> bitrates = new ArrayList<>();
    for (long i = 0; i < 300; i++) {
      bitrates.add(i);
    }

    ReportChart curve = curve(bitrates);

    assertThat(curve).isNotNull();
    String line = Objects.requireNonNull(curve).line();
    assertThat(line.split("L")).hasSize(75);
    assertThat(line).startsWith("M2 ").contains("L298 ");
  }

  @Test
  void drawsNothingOfADestinationThatGotNothing() {
    assertThat(curve(line(0L, null, 0L, 0L))).isNull();
  }

  @Test
  void thinsToMeansOfWhatIsKnown() {
    assertThat(ReportChart.thinned(line(1L, 3L, null, 5L, null, null, 7L), 4))
        .containsExactly(2.0, 5.0, null, 7.0);
    assertThat(ReportChart.thinned(line(), 4)).isEmpty();
  }

  private static ReportChart ingest(List<@Nullable Long> bitrates) {
    return ReportChart.ofIngest(chart(bitrates, List.of())).getFirst();
  }

  private static @Nullable ReportChart curve(List<@Nullable Long> bitrates) {
    return ReportChart.ofDestination(
        chart(bitrates, List.of()),
        new Chart.Destination(UUID.randomUUID(), bitrates, bitrates, bitrates, bitrates));
  }

  private static List<@Nullable Long> line(@Nullable Long... values) {
    List<@Nullable Long> line = new ArrayList<>();
    for (Long value : values) {
      line.add(value);
    }
    return line;
  }

  private static <T> List<@Nullable T> nothing(int points) {
    List<@Nullable T> line = new ArrayList<>();
    for (int i = 0; i < points; i++) {
      line.add(null);
    }
    return line;
  }

  /** A chart with a point a minute; without frame rates where there are none. */
  private static Chart chart(List<@Nullable Long> bitrates, List<Double> frameRates) {
    int points = bitrates.size();
    List<@Nullable Double> rates = nothing(points);
    for (int i = 0; i < frameRates.size(); i++) {
      rates.set(i, frameRates.get(i));
    }
    List<@Nullable Long> none = nothing(points);
    List<@Nullable Double> noJitter = nothing(points);
    return new Chart(
        BEGIN,
        BEGIN.plusSeconds(60L * points),
        60,
        LongStream.range(0, points).mapToObj(i -> BEGIN.getEpochSecond() + 60 * i).toList(),
        new Chart.Ingest(bitrates, rates, none, none, noJitter, none),
        List.of());
  }
}
