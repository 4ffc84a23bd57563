package manycast.control.streams;

import com.google.zxing.BarcodeFormat;
import com.google.zxing.EncodeHintType;
import com.google.zxing.WriterException;
import com.google.zxing.common.BitMatrix;
import com.google.zxing.qrcode.QRCodeWriter;
import com.google.zxing.qrcode.decoder.ErrorCorrectionLevel;
import java.util.Map;
import java.util.UUID;
import manycast.control.signin.SignedIn;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Server and key as files that an encoder takes over: for those who may see the key, and kept in no
 * cache.
 */
@Controller
class EncoderFiles {
  /** What a QR code needs around it to be found (ISO/IEC 18004: four modules). */
  private static final int QUIET_ZONE = 4;

  private static final MediaType SVG = MediaType.valueOf("image/svg+xml");

  /** The service of an OBS profile, as OBS itself writes it. */
  record ObsService(String type, Settings settings) {
    record Settings(String server, String key, boolean use_auth, boolean bwtest) {}
  }

  private final StreamService streams;
  private final JsonMapper json;

  EncoderFiles(StreamService streams, JsonMapper json) {
    this.streams = streams;
    this.json = json;
  }

  /** {@code service.json}, which OBS reads from the folder of a profile. */
  @GetMapping("/streams/{id}/obs/service.json")
  ResponseEntity<byte[]> obsService(
      @AuthenticationPrincipal SignedIn signedIn, @PathVariable UUID id) {
    StreamView.Ingest ingest = ingest(signedIn, id);
    var service =
        new ObsService(
            "rtmp_custom",
            new ObsService.Settings(
                ingest.rtmpUrl(), String.valueOf(ingest.streamKey()), false, false));
    return ResponseEntity.ok()
        .cacheControl(CacheControl.noStore())
        .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"service.json\"")
        .contentType(MediaType.APPLICATION_JSON)
        .body(json.writerWithDefaultPrettyPrinter().writeValueAsBytes(service));
  }

  /** Server and key in one address, as a QR code for the camera of a phone. */
  @GetMapping("/streams/{id}/phone.svg")
  ResponseEntity<String> qrCode(@AuthenticationPrincipal SignedIn signedIn, @PathVariable UUID id) {
    StreamView.Ingest ingest = ingest(signedIn, id);
    return ResponseEntity.ok()
        .cacheControl(CacheControl.noStore())
        .contentType(SVG)
        .body(qrCode(ingest.rtmpUrl() + "/" + ingest.streamKey()));
  }

  /** Somebody else's stream is not found; a viewer is refused. */
  private StreamView.Ingest ingest(SignedIn signedIn, UUID id) {
    signedIn.changing();
    return streams.get(signedIn.accountId(), id).ingest();
  }

  /** Black on white whatever the page's colours are: some cameras read nothing else. */
  static String qrCode(String text) {
    BitMatrix modules;
    try {
      modules =
          new QRCodeWriter()
              .encode(
                  text,
                  BarcodeFormat.QR_CODE,
                  0,
                  0,
                  Map.of(
                      EncodeHintType.ERROR_CORRECTION,
                      ErrorCorrectionLevel.M,
                      EncodeHintType.MARGIN,
                      QUIET_ZONE));
    } catch (WriterException e) {
      throw new IllegalStateException("an address of " + text.length() + " characters", e);
    }
    int size = modules.getWidth();
    var path = new StringBuilder();
    for (int y = 0; y < size; y++) {
      for (int x = 0; x < size; x++) {
        if (modules.get(x, y)) {
          int from = x;
          while (x + 1 < size && modules.get(x + 1, y)) {
            x++;
          }
          path.append('M').append(from).append(' ').append(y).append('h').append(x + 1 - from);
          path.append("v1H").append(from).append('z');
        }
      }
    }
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %1$d %1$d\" shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h%1$dv%1$dH0z\"/><path d=\"%2$s\"/></svg>"
        .formatted(size, path);
  }
}
