package manycast.control.incidents;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import manycast.control.broadcasts.BroadcastState;
import manycast.control.broadcasts.RelayState;
import manycast.control.samples.DestinationSample;
import manycast.control.samples.IngestSample;
import manycast.control.samples.Measured;
import manycast.control.samples.SampleService;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Stories of three destinations over five minutes, each with one thing that goes wrong. */
class IncidentRulesTest {
  private static final Instant BEGAN = Instant.parse("2026-01-01T20:00:00Z");
  private static final UUID ONE = new UUID(0, 1);
  private static final UUID TWO = new UUID(0, 2);
  private static final UUID THREE = new UUID(0, 3);

  static Stream<Arguments> stories() {
    return Stream.of(
        Arguments.of(
            "the encoder crashes and comes back",
            story(
                t -> {
                  t.event(100, "broadcast.interrupted", null, null, null);
                  t.state(101, 119, BroadcastState.RESUMING);
                  t.event(120, "broadcast.resumed", null, null, null);
                }),
            Hop.ENCODER,
            100,
            120,
            "crashed",
            List.of("away for 20 s", "until then")),
        Arguments.of(
            "the network of the encoder goes away",
            story(
                t -> {
                  t.ingest(80, 100, s -> s.silentMs = 9_000L);
                  t.event(105, "broadcast.interrupted", null, null, null);
                  t.state(106, 140, BroadcastState.RESUMING);
                  t.event(141, "broadcast.resumed", null, null, null);
                }),
            Hop.UPLINK,
            105,
            141,
            "broke off",
            List.of("no media had come for 9.0 s")),
        Arguments.of(
            "the network of the encoder grows weak and breaks",
            story(
                t -> {
                  t.ingest(70, 100, s -> s.bitrateBps = 1_000_000);
                  t.event(102, "broadcast.interrupted", null, null, null);
                  t.state(103, 300, BroadcastState.RESUMING);
                  t.event(147, "broadcast.ended", null, "n", null);
                }),
            Hop.UPLINK,
            102,
            147,
            "grew weak",
            List.of("1.00 Mbit/s from 6.00 Mbit/s", "it had not come back after 45 s")),
        Arguments.of(
            "our node is killed",
            story(
                t -> {
                  t.event(100, "broadcast.interrupted", null, "node-1", null);
                  t.state(101, 109, BroadcastState.RESUMING);
                  t.ingest(110, 300, s -> s.nodeId = "node-2");
                  t.event(110, "broadcast.resumed", null, "node-2", null);
                }),
            Hop.NODE,
            100,
            110,
            "Our node was stopped, restarted or lost",
            List.of("another process carried it afterwards", "away for 10 s")),
        Arguments.of(
            "the encoder hangs and goes on, connected all the time",
            story(
                t -> {
                  t.ingest(100, 110, s -> s.silentMs = (s.second - 99) * 1000L);
                  t.holdFrames(99, 110);
                  t.frames(120, -570);
                }),
            Hop.ENCODER,
            99,
            120,
            "Your encoder stalled",
            List.of("its connection stood", "% of the frames")),
        Arguments.of(
            "the way from the encoder stalls, and everything comes later",
            story(
                t -> {
                  t.ingest(100, 110, s -> s.silentMs = (s.second - 97) * 1000L);
                  t.holdFrames(97, 110);
                }),
            Hop.UPLINK,
            97,
            120,
            "stalled; what it held back came later",
            List.of("100 % of the frames")),
        Arguments.of(
            "the uplink is too narrow",
            story(
                t -> {
                  t.ingest(
                      100,
                      140,
                      s -> {
                        s.bitrateBps = 3_500_000;
                        s.frameRate = 22.0;
                      });
                  t.missing(100, 140, 60);
                }),
            Hop.UPLINK,
            100,
            150,
            "too slow for the stream",
            List.of(
                "3.50 Mbit/s, usually 6.00 Mbit/s",
                "22.0 pictures a second",
                "300 frames missing")),
        Arguments.of(
            "the encoder has too little power",
            story(t -> t.ingest(100, 140, s -> s.frameRate = 18.0)),
            Hop.ENCODER,
            100,
            150,
            "did not keep up",
            List.of("18.0 pictures a second, usually 30.0")),
        Arguments.of(
            "frames come in bursts",
            story(t -> t.ingest(100, 140, s -> s.jitterMs = 240.0)),
            Hop.UPLINK,
            100,
            150,
            "unsteady",
            List.of("jitter up to 240 ms")),
        Arguments.of(
            "the encoder hangs, and when media came again was not looked at",
            story(
                t -> {
                  t.ingest(100, 110, s -> s.silentMs = (s.second - 99) * 1000L);
                  t.holdFrames(99, 110);
                  t.unread(120, 200);
                }),
            Hop.ENCODER,
            99,
            120,
            "Your encoder stalled: it sent no media.",
            List.of("no media for 11 s")),
        Arguments.of(
            "frames come in bursts, and for how long was not looked at",
            story(
                t -> {
                  t.ingest(100, 110, s -> s.jitterMs = 240.0);
                  t.unread(120, 200);
                }),
            Hop.UPLINK,
            100,
            120,
            "unsteady",
            List.of("jitter up to 240 ms")),
        Arguments.of(
            "our event loop is at its end, and for how long was not looked at",
            story(
                t -> {
                  t.ingest(100, 110, s -> s.loopBusy = 0.97);
                  t.unread(120, 200);
                }),
            Hop.NODE,
            100,
            120,
            "at the end of its power",
            List.of("97 %")),
        Arguments.of(
            "our event loop is at its end",
            story(
                t ->
                    t.ingest(
                        100,
                        120,
                        s -> {
                          s.loopBusy = 0.97;
                          s.loopsBlocked = (long) (s.second / 10);
                        })),
            Hop.NODE,
            100,
            130,
            "at the end of its power",
            List.of("97 %", "hung 2 times")),
        Arguments.of(
            "our memory is at its end",
            story(t -> t.ingest(100, 120, s -> s.memoryShare = 0.95)),
            Hop.NODE,
            100,
            130,
            "short of memory",
            List.of("95 %")),
        Arguments.of(
            "the way to one destination is slow",
            story(
                t -> {
                  t.event(100, "destination.behind", TWO, null, null);
                  t.destination(
                      TWO,
                      100,
                      150,
                      s -> {
                        s.behind = true;
                        s.lagMs = 6_500L;
                        s.rttMs = 180L;
                        s.retransmits = s.second - 90L;
                        s.unsentBytes = 260_000L;
                        s.framesDropped = 120L;
                        s.fitting = 2_900_000L;
                      });
                  t.event(158, "destination.caught_up", TWO, null, null);
                }),
            Hop.ROUTE,
            100,
            158,
            "Two fell behind",
            List.of(
                "lag up to 6.5 s",
                "round trip time up to 180 ms, usually 20 ms",
                "segments sent again",
                "260 kB waited",
                "120 frames skipped",
                "would carry 2.90 Mbit/s",
                "2 other destinations were in time")),
        Arguments.of(
            "all fall behind at once",
            story(
                t -> {
                  for (UUID id : List.of(ONE, TWO, THREE)) {
                    t.event(100, "destination.behind", id, null, null);
                    t.destination(id, 100, 130, s -> s.behind = true);
                    t.event(135, "destination.caught_up", id, null, null);
                  }
                }),
            Hop.NODE,
            100,
            135,
            "All destinations fell behind at once",
            List.of("One, Three, Two fell behind together")),
        Arguments.of(
            "the platform refuses the key",
            story(
                t -> {
                  t.destination(ONE, 0, 300, s -> s.state = RelayState.FAILED);
                  t.event(2, "destination.failed", ONE, null, "bad_key");
                }),
            Hop.PLATFORM,
            2,
            null,
            "One: The server did not accept the stream key",
            List.of("it said: “NetStream.Publish.BadName”", "2 other destinations were live")),
        Arguments.of(
            "a server resets, refuses and comes back",
            story(
                t -> {
                  t.event(100, "destination.retrying", ONE, null, "reset");
                  t.event(104, "destination.connecting", ONE, null, null);
                  t.event(105, "destination.retrying", ONE, null, "refused");
                  t.destination(ONE, 100, 120, s -> s.state = RelayState.RETRYING);
                  t.event(121, "destination.live", ONE, null, null);
                }),
            Hop.ROUTE,
            100,
            121,
            "One: The server refused the connection.",
            List.of("2 failures in a row", "2 other destinations were live")),
        Arguments.of(
            "all connections are lost at once",
            story(
                t -> {
                  for (UUID id : List.of(ONE, TWO, THREE)) {
                    t.event(
                        100 + (int) id.getLeastSignificantBits(),
                        "destination.retrying",
                        id,
                        null,
                        "timeout");
                    t.destination(id, 101, 125, s -> s.state = RelayState.RETRYING);
                    t.event(130, "destination.live", id, null, null);
                  }
                }),
            Hop.NODE,
            101,
            130,
            "our node's network failed",
            List.of("One, Two, Three within 15 s")),
        Arguments.of(
            "a codec that is not taken",
            story(t -> t.event(3, "destination.failed", TWO, null, "incompatible_codec")),
            Hop.ENCODER,
            3,
            null,
            "Two: The server cannot take the codec",
            List.of("2 other destinations")),
        Arguments.of(
            "a fault of our own",
            story(
                t -> {
                  t.event(50, "destination.retrying", TWO, null, "internal");
                  t.event(52, "destination.live", TWO, null, null);
                }),
            Hop.NODE,
            50,
            52,
            "Two: Something went wrong on our side",
            List.of()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("stories")
  void namesTheGuiltyHopAndSaysWhy(
      String what,
      Story story,
      Hop hop,
      int start,
      @Nullable Integer end,
      String sentence,
      List<String> evidence) {
    List<Incident> incidents = IncidentRules.of(story);

    assertThat(incidents).hasSize(1);
    Incident incident = incidents.getFirst();
    assertThat(incident.hop()).isEqualTo(hop);
    assertThat(incident.sentence()).contains(sentence);
    assertThat(incident.start()).isEqualTo(BEGAN.plusSeconds(start));
    assertThat(incident.end()).isEqualTo(end == null ? null : BEGAN.plusSeconds(end));
    String all = String.join("; ", incident.evidence());
    assertThat(evidence).allSatisfy(phrase -> assertThat(all).contains(phrase));
  }

  @Test
  void aBroadcastThatWentWellHasNoIncident() {
    assertThat(IncidentRules.of(story(t -> {}))).isEmpty();
    assertThat(
            IncidentRules.of(
                new Story(
                    BEGAN,
                    null,
                    new Measured(List.of(), List.of(), SampleService.GAP),
                    List.of(),
                    Map.of())))
        .isEmpty();
  }

  @Test
  void aSingleOddSampleIsNoIncident() {
    assertThat(IncidentRules.of(story(t -> t.ingest(100, 100, s -> s.bitrateBps = 1_000_000))))
        .isEmpty();
    assertThat(IncidentRules.of(story(t -> t.ingest(100, 100, s -> s.frameRate = 20.0)))).isEmpty();
    assertThat(IncidentRules.of(story(t -> t.ingest(100, 100, s -> s.loopBusy = 1.0)))).isEmpty();
  }

  @Test
  void whatLastsHasNoEndAndSeveralThingsComeInTheirOrder() {
    List<Incident> incidents =
        IncidentRules.of(
            story(
                t -> {
                  t.event(200, "destination.retrying", THREE, null, "dns");
                  t.destination(THREE, 200, 300, s -> s.state = RelayState.RETRYING);
                  t.event(100, "broadcast.interrupted", null, null, null);
                  t.state(101, 119, BroadcastState.RESUMING);
                  t.event(120, "broadcast.resumed", null, null, null);
                }));
    assertThat(incidents).extracting(Incident::hop).containsExactly(Hop.ENCODER, Hop.ROUTE);
    assertThat(incidents.getLast().end()).isNull();
    assertThat(incidents.getLast().destinationId()).isEqualTo(THREE);
  }

  private static Story story(Consumer<Telling> what) {
    var telling = new Telling();
    what.accept(telling);
    return telling.told();
  }

  /** A sample as it is changed by a story. */
  private static final class Drawn {
    private int second;
    private String nodeId = "node-1";
    private BroadcastState broadcast = BroadcastState.LIVE;
    private RelayState state = RelayState.LIVE;
    private long bitrateBps = 6_000_000;
    private long frames;
    private long missing;
    private Long silentMs = 10L;
    private Double frameRate = 30.0;
    private Double jitterMs = 3.0;
    private Double loopBusy = 0.1;
    private Long loopsBlocked = 0L;
    private Double memoryShare = 0.1;
    private boolean behind;
    private Long lagMs = 10L;
    private Long rttMs = 20L;
    private Long retransmits = 0L;
    private Long unsentBytes = 0L;
    private long framesDropped;
    private @Nullable Long fitting;
  }

  /** Thirty samples of all, ten seconds apart, and what a story makes of them. */
  private static final class Telling {
    private final List<Drawn> ingest = new ArrayList<>();
    private final Map<UUID, List<Drawn>> destinations =
        Map.of(ONE, new ArrayList<>(), TWO, new ArrayList<>(), THREE, new ArrayList<>());
    private final List<Occurrence> occurrences = new ArrayList<>();

    Telling() {
      for (int second = 0; second <= 300; second += 10) {
        ingest.add(drawn(second));
        for (List<Drawn> samples : destinations.values()) {
          samples.add(drawn(second));
        }
      }
    }

    private static Drawn drawn(int second) {
      var drawn = new Drawn();
      drawn.second = second;
      drawn.frames = second * 30L;
      return drawn;
    }

    void event(
        int second,
        String type,
        @Nullable UUID destination,
        @Nullable String node,
        @Nullable String code) {
      String said = "bad_key".equals(code) ? " It said: NetStream.Publish.BadName" : "";
      occurrences.add(
          new Occurrence(
              BEGAN.plusSeconds(second), type, destination, node, code, "Some words." + said, 1));
    }

    void ingest(int from, int to, Consumer<Drawn> change) {
      change(ingest, from, to, change);
    }

    /** Of that time no sample of the ingest was read. */
    void unread(int from, int to) {
      ingest.removeIf(s -> s.second >= from && s.second <= to);
    }

    void state(int from, int to, BroadcastState state) {
      change(ingest, from, to, s -> s.broadcast = state);
    }

    void destination(UUID id, int from, int to, Consumer<Drawn> change) {
      change(Objects.requireNonNull(destinations.get(id)), from, to, change);
    }

    /** So many frames less from then on. */
    void frames(int from, int less) {
      change(ingest, from, 300, s -> s.frames += less);
    }

    /** The frames of that time come afterwards. */
    void holdFrames(int from, int to) {
      change(ingest, from, to, s -> s.frames = from * 30L);
    }

    /** So many more are missing with each sample, and stay missing. */
    void missing(int from, int to, int each) {
      change(ingest, from, 300, s -> s.missing = each * (Math.min(s.second, to) - from + 10) / 10);
    }

    private static void change(List<Drawn> samples, int from, int to, Consumer<Drawn> change) {
      samples.stream().filter(s -> s.second >= from && s.second <= to).forEach(change);
    }

    Story told() {
      occurrences.sort(Comparator.comparing(Occurrence::at));
      List<DestinationSample> all = new ArrayList<>();
      destinations.forEach(
          (id, samples) ->
              samples.forEach(
                  s ->
                      all.add(
                          new DestinationSample(
                              BEGAN.plusSeconds(s.second),
                              id,
                              s.state,
                              s.bitrateBps,
                              s.second * 750_000L,
                              s.frames,
                              s.framesDropped,
                              s.behind,
                              0,
                              0,
                              s.lagMs,
                              s.rttMs,
                              s.retransmits,
                              s.unsentBytes,
                              s.fitting))));
      all.sort(Comparator.comparing(DestinationSample::at));
      return new Story(
          BEGAN,
          null,
          new Measured(
              ingest.stream()
                  .map(
                      s ->
                          new IngestSample(
                              BEGAN.plusSeconds(s.second),
                              s.nodeId,
                              s.broadcast,
                              s.bitrateBps,
                              s.frames,
                              s.missing,
                              s.silentMs,
                              s.frameRate,
                              2000,
                              s.jitterMs,
                              0,
                              s.loopBusy,
                              s.loopsBlocked,
                              s.memoryShare))
                  .toList(),
              all,
              SampleService.GAP),
          occurrences,
          Map.of(ONE, "One", TWO, "Two", THREE, "Three"));
    }
  }
}
