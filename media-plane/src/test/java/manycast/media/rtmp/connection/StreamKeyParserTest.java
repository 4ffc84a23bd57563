package manycast.media.rtmp.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StreamKeyParserTest {
  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {
        "live,          key,                              key",
        "live/,         key,                              key",
        "live,          mp4:key,                          key",
        "live,          flv:key,                          key",
        "live,          key?clientConfigId=abc&user=x,    key",
        "live/key,      '',                               key",
        "live/key/,     '',                               key",
        "live/key?a=b,  '?user=x',                        key",
        "live/other,    key,                              key",
        "live,          '',                               ''",
        "live?key=x,    '',                               ''",
        "live,          'a=b:c&d',                        'a=b:c&d'",
        "live,          '%41',                            '%41'",
      })
  void findsTheKeyWhereEncodersPutIt(String app, String name, String key) {
    PublishRequest request = StreamKeyParser.parse(app, "", name, "");
    assertThat(request.key()).isEqualTo(key);
    assertThat(request.app()).isEqualTo("live");
  }

  @Test
  void mergesQueriesSoThatTheNamesWin() {
    PublishRequest request =
        StreamKeyParser.parse("live?a=1&b=1&c=1", "rtmp://h/live?b=2&c=2", "key?c=3&flag", "");
    assertThat(request.query()).isEqualTo(Map.of("a", "1", "b", "2", "c", "3", "flag", ""));
  }

  @Test
  void printsNoKey() {
    assertThat(StreamKeyParser.parse("live/sec-ret", "", "sec-ret?x=sec-ret", "OBS").toString())
        .doesNotContain("sec-ret");
    assertThat(new ServerInput.Publish(1, "sec-ret").toString()).doesNotContain("sec-ret");
    assertThat(new ServerInput.Connect(1, "live/sec-ret", "sec-ret", "", false, false).toString())
        .doesNotContain("sec-ret");
  }
}
