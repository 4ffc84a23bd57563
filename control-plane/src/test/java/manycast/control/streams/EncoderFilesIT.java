package manycast.control.streams;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.zxing.BinaryBitmap;
import com.google.zxing.RGBLuminanceSource;
import com.google.zxing.common.HybridBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import java.util.Arrays;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import manycast.control.dashboard.Browser;
import manycast.control.dashboard.TestAccount;
import manycast.control.testing.TestControlPlane;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a streamer gives to an encoder as a whole. */
class EncoderFilesIT {
  private static final int PIXELS = 8;

  private final TestControlPlane plane = TestControlPlane.shared();
  private final TestAccount account = TestAccount.create(plane);
  private final Browser browser = account.browser();
  private final UUID stream = account.stream("My stream");
  private final String service = "/streams/" + stream + "/obs/service.json";
  private final String phone = "/streams/" + stream + "/phone.svg";

  @Test
  void givesObsItsServiceFile() {
    Browser.Page file = browser.get(service);

    assertThat(file.header("Content-Disposition"))
        .isEqualTo("attachment; filename=\"service.json\"");
    assertThat(file.header("Cache-Control")).contains("no-store");
    JsonNode read = new JsonMapper().readTree(file.body());
    assertThat(read.path("type").asString()).isEqualTo("rtmp_custom");
    assertThat(read.at("/settings/server").asString())
        .isEqualTo("rtmp://live.example.com:1935/live");
    assertThat(read.at("/settings/key").asString()).isEqualTo(account.streamKey(stream));
    assertThat(read.at("/settings/use_auth").asBoolean(true)).isFalse();
    assertThat(browser.get("/streams/" + stream).body())
        .contains("href=\"" + service + "\"", "src=\"" + phone + "?");
  }

  @Test
  void givesPhonesACodeThatReadsAsServerAndKey() throws Exception {
    Browser.Page picture = browser.get(phone);

    assertThat(picture.header("Content-Type")).startsWith("image/svg+xml");
    assertThat(picture.header("Cache-Control")).contains("no-store");
    assertThat(read(picture.body()))
        .isEqualTo("rtmp://live.example.com:1935/live/" + account.streamKey(stream));
  }

  @Test
  void areNotForThoseWhoMayNotSeeTheKey() {
    Browser stranger = TestAccount.create(plane).browser();
    account.becomeViewer();

    for (String path : new String[] {service, phone}) {
      assertThat(browser.get(path).status()).as(path).isEqualTo(403);
      assertThat(stranger.get(path).status()).as(path).isEqualTo(404);
    }
    assertThat(browser.get("/streams/" + stream).body()).doesNotContain(service, phone);
  }

  /** Draws the path as a browser would, and reads what it says as a phone would. */
  private static String read(String svg) throws Exception {
    Matcher box = Pattern.compile("viewBox=\"0 0 (\\d+) ").matcher(svg);
    assertThat(box.find()).isTrue();
    int size = Integer.parseInt(box.group(1)) * PIXELS;
    int[] pixels = new int[size * size];
    Arrays.fill(pixels, 0xFFFFFF);
    Pattern.compile("M(\\d+) (\\d+)h(\\d+)v1H")
        .matcher(svg)
        .results()
        .forEach(
            run -> {
              int x = Integer.parseInt(run.group(1)) * PIXELS;
              int y = Integer.parseInt(run.group(2)) * PIXELS;
              int width = Integer.parseInt(run.group(3)) * PIXELS;
              for (int row = y; row < y + PIXELS; row++) {
                Arrays.fill(pixels, row * size + x, row * size + x + width, 0);
              }
            });
    var source = new RGBLuminanceSource(size, size, pixels);
    return new QRCodeReader().decode(new BinaryBitmap(new HybridBinarizer(source))).getText();
  }
}
