package manycast.media.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import manycast.media.rtmp.connection.Login;
import org.junit.jupiter.api.Test;

class ServerUrlTest {
  @Test
  void takesAUrlApartByteForByte() {
    assertThat(ServerUrl.parse("rtmp://a.example.org/live2?backup=1&x=%2F"))
        .isEqualTo(
            new ServerUrl(
                false,
                "a.example.org",
                1935,
                "live2?backup=1&x=%2F",
                "rtmp://a.example.org/live2?backup=1&x=%2F",
                null));
    assertThat(ServerUrl.parse("RTMP://host:27001/app/inst/"))
        .isEqualTo(
            new ServerUrl(false, "host", 27001, "app/inst", "RTMP://host:27001/app/inst", null));
    assertThat(ServerUrl.parse("rtmp://[::1]:1936/live").host()).isEqualTo("::1");
    assertThat(ServerUrl.parse("rtmp://host").app()).isEmpty();
  }

  @Test
  void speaksTlsWhereTheUrlSaysSoAtItsOwnPort() {
    assertThat(ServerUrl.parse("rtmps://host/app"))
        .isEqualTo(new ServerUrl(true, "host", 443, "app", "rtmps://host/app", null));
    assertThat(ServerUrl.parse("RTMPS://host:1936/app/"))
        .isEqualTo(new ServerUrl(true, "host", 1936, "app", "RTMPS://host:1936/app", null));
  }

  @Test
  void keepsUserAndPasswordOutOfWhatItAnnounces() {
    ServerUrl url = ServerUrl.parse("rtmp://ann%40home:s3:cr%2Fet+@host:1936/app?x=a@b");
    assertThat(url)
        .isEqualTo(
            new ServerUrl(
                false,
                "host",
                1936,
                "app?x=a@b",
                "rtmp://host:1936/app?x=a@b",
                new Login("ann@home", "s3:cr/et+")));
    assertThat(url.toString() + url.login()).doesNotContain("ann").doesNotContain("s3");
    assertThat(ServerUrl.parse("rtmp://ann@host/app").login()).isEqualTo(new Login("ann", ""));
    assertThat(ServerUrl.parse("rtmp://host/app@home").login()).isNull();
    assertThat(url.moved("rtmp://other/app").login()).isEqualTo(url.login());
    assertThat(url.moved("").login()).isEqualTo(url.login());
  }

  @Test
  void goesWhereItsServerAsksItToButNeverOutOfTls() {
    ServerUrl here = ServerUrl.parse("rtmp://a.example.org:1940/live?x=1");
    assertThat(here.moved("")).isEqualTo(here);
    assertThat(here.moved("rtmp://b.example.org/app"))
        .isEqualTo(ServerUrl.parse("rtmp://b.example.org/app"));
    assertThat(here.moved("rtmps://b.example.org/app").secure()).isTrue();
    assertThat(here.moved("//b.example.org/app"))
        .isEqualTo(ServerUrl.parse("rtmp://b.example.org/app"));
    assertThat(here.moved("/other")).isEqualTo(ServerUrl.parse("rtmp://a.example.org:1940/other"));
    assertThat(here.moved("http://b.example.org/app")).isEqualTo(here);

    ServerUrl secure = ServerUrl.parse("rtmps://a.example.org/live");
    assertThat(secure.moved("rtmp://b.example.org/app")).isEqualTo(secure);
    assertThat(secure.moved("//b.example.org/app"))
        .isEqualTo(ServerUrl.parse("rtmps://b.example.org/app"));
  }

  @Test
  void refusesWhatItCannotDialWithoutRepeatingIt() {
    for (String bad :
        new String[] {
          "http://secret/",
          "rtmp://",
          "rtmps://",
          "rtmpss://secret/",
          "rtmp:///secret",
          "rtmp://secret:0/x",
          "rtmp://secret:port/x",
          "srt://secret:1"
        }) {
      assertThatThrownBy(() -> ServerUrl.parse(bad))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageNotContaining("secret");
    }
  }
}
