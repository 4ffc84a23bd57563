package manycast.control.destinations;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Addresses as people paste them; those of platforms are of the shapes that the platforms show. */
class PastedUrlTest {
  private static final List<String> FACEBOOK = List.of("rtmps://live-api-s.facebook.com:443/rtmp/");
  private static final List<String> TWITCH =
      List.of("rtmps://ingest.global-contribute.live-video.net/app");
  private static final List<String> BACKUP =
      List.of("rtmps://b.rtmps.youtube.com:443/live2?backup=1");

  @Test
  void takesServerAndKeyApartByteForByte() {
    var expected =
        Map.of(
            "rtmp://host.example/app/KEY",
            new PastedUrl("rtmp://host.example/app", "KEY"),
            "rtmps://host.example:8443/app/instance/KEY",
            new PastedUrl("rtmps://host.example:8443/app/instance", "KEY"),
            "rtmp://user:pass@host.example/app/KEY",
            new PastedUrl("rtmp://user:pass@host.example/app", "KEY"),
            "rtmp://live.twitch.tv/app/live_1_abc?bandwidthtest=true",
            new PastedUrl("rtmp://live.twitch.tv/app", "live_1_abc?bandwidthtest=true"),
            "rtmp://live-push.bilivideo.com/live-bvc/?streamname=live_1&key=a:b=c&x=1",
            new PastedUrl(
                "rtmp://live-push.bilivideo.com/live-bvc/", "?streamname=live_1&key=a:b=c&x=1"),
            "RTMPS://Host.example/app/a%20b",
            new PastedUrl("RTMPS://Host.example/app", "a%20b"));
    expected.forEach(
        (pasted, parts) ->
            assertThat(
                    PastedUrl.read(pasted, "", List.of("rtmp://live-push.bilivideo.com/live-bvc/")))
                .as(pasted)
                .hasValue(parts));
  }

  @Test
  void leavesAllThatFollowsAKnownServerToTheKey() {
    assertThat(
            PastedUrl.read(
                "rtmps://live-api-s.facebook.com:443/rtmp/FB-12-0-Ab?s_bl=1&s_psm=1&a=Abx",
                "",
                FACEBOOK))
        .hasValue(
            new PastedUrl(
                "rtmps://live-api-s.facebook.com:443/rtmp/", "FB-12-0-Ab?s_bl=1&s_psm=1&a=Abx"));
    assertThat(PastedUrl.read(TWITCH.getFirst() + "/a/b", "", TWITCH))
        .hasValue(new PastedUrl(TWITCH.getFirst(), "a/b"));
  }

  @Test
  void knowsAQueryThatBelongsToTheServer() {
    var parts = new PastedUrl(BACKUP.getFirst(), "abcd-efgh");

    assertThat(
            PastedUrl.read("rtmps://b.rtmps.youtube.com:443/live2/abcd-efgh?backup=1", "", BACKUP))
        .hasValue(parts);
    assertThat(
            PastedUrl.read("rtmps://b.rtmps.youtube.com:443/live2?backup=1/abcd-efgh", "", BACKUP))
        .hasValue(parts);
  }

  @Test
  void leavesAServerAlone() {
    for (String server :
        List.of(
            "rtmp://host.example/app",
            "rtmp://host.example/app/",
            "rtmp://host.example/app?backup=1",
            "rtmp://host.example",
            "rtmp://host.example/a/b/",
            "http://host.example/app/KEY",
            "srt://host.example:9000?streamid=x",
            "",
            "nonsense")) {
      assertThat(PastedUrl.read(server, "", List.of())).as(server).isEmpty();
    }
    for (List<String> known : List.of(FACEBOOK, TWITCH, BACKUP)) {
      assertThat(PastedUrl.read(known.getFirst(), "", known)).as(known.getFirst()).isEmpty();
    }
  }

  @Test
  void takesAKeyOffThatIsInItsFieldToo() {
    assertThat(PastedUrl.read("rtmp://host.example/app/KEY?a=1", "KEY?a=1", List.of()))
        .hasValue(new PastedUrl("rtmp://host.example/app", "KEY?a=1"));
    assertThat(PastedUrl.read("rtmp://host.example/app/instance", "KEY", List.of())).isEmpty();
    assertThat(PastedUrl.read("rtmp://host.example/live", "live", List.of())).isEmpty();
  }

  @Test
  void addsTheOneAppOfAmazonsServersWhereItIsMissing() {
    assertThat(
            PastedUrl.read("rtmps://fa723fc1b171.global-contribute.live-video.net", "", List.of()))
        .hasValue(new PastedUrl("rtmps://fa723fc1b171.global-contribute.live-video.net/app", ""));
    assertThat(
            PastedUrl.read(
                "rtmps://fa723fc1b171.global-contribute.live-video.net:443/", "sk_x", List.of()))
        .hasValue(
            new PastedUrl("rtmps://fa723fc1b171.global-contribute.live-video.net:443/app", "sk_x"));
    assertThat(
            PastedUrl.read(
                "rtmps://fa723fc1b171.global-contribute.live-video.net/sk_us-west-2_Ab1",
                "",
                List.of()))
        .hasValue(
            new PastedUrl(
                "rtmps://fa723fc1b171.global-contribute.live-video.net/app", "sk_us-west-2_Ab1"));
    assertThat(
            PastedUrl.read(
                "rtmps://fa723fc1b171.global-contribute.live-video.net/app/sk_us-west-2_Ab1",
                "",
                List.of()))
        .hasValue(
            new PastedUrl(
                "rtmps://fa723fc1b171.global-contribute.live-video.net/app", "sk_us-west-2_Ab1"));
  }

  @Test
  void putsTheTwoTogetherAgain() {
    assertThat(PastedUrl.joined("rtmp://h.example/app", "b/c?d"))
        .isEqualTo("rtmp://h.example/app/b/c?d");
    assertThat(PastedUrl.joined("rtmp://h.example/app/", "b")).isEqualTo("rtmp://h.example/app/b");
  }
}
