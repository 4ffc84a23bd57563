package manycast.media.broadcast;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import manycast.media.frame.Codec;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the encoder of one broadcast, across its connections. Belongs to the broadcast's
 * loop.
 */
public final class IngestFigures {
  private String protocol;
  private String remoteAddress;
  private String encoder;
  private Instant since = Instant.now();
  private long sinceMs;
  private final RateMeter rate = new RateMeter();
  private final List<Warning> warnings = new ArrayList<>();
  private long bytes;
  private long lastMediaMs;
  private @Nullable Codec videoCodec;
  private @Nullable Codec audioCodec;
  private int width;
  private int height;
  private double frameRate;

  /** Something about what the encoder sends that its user should know. */
  public record Warning(String code, String text) {}

  /** Figures of a connection that begins now. */
  public IngestFigures(String protocol, String remoteAddress, String encoder, long nowMs) {
    this.protocol = protocol;
    this.remoteAddress = remoteAddress;
    this.encoder = encoder;
    this.sinceMs = nowMs;
    this.lastMediaMs = nowMs;
  }

  /** The encoder is back, or another one is, on a connection that begins now. */
  public void reconnected(
      String newProtocol, String newRemoteAddress, String newEncoder, long nowMs) {
    protocol = newProtocol;
    remoteAddress = newRemoteAddress;
    encoder = newEncoder;
    since = Instant.now();
    sinceMs = nowMs;
    warnings.clear();
  }

  /** Counts media that arrived. */
  public void received(int mediaBytes, long nowMs) {
    rate.note(bytes, nowMs);
    bytes += mediaBytes;
    lastMediaMs = nowMs;
  }

  /**
   * Names the codec of the video track and, where they are known (not 0), the size of its picture.
   */
  public void video(Codec codec, int pictureWidth, int pictureHeight) {
    videoCodec = codec;
    width = pictureWidth > 0 ? pictureWidth : width;
    height = pictureHeight > 0 ? pictureHeight : height;
  }

  /** Names the codec of the audio track. */
  public void audio(Codec codec) {
    audioCodec = codec;
  }

  /** The pictures a second that the encoder announces. */
  public void frameRate(double announced) {
    frameRate = announced;
  }

  /** Adds a warning unless it is there. */
  public void warn(String code, String text) {
    for (Warning warning : warnings) {
      if (warning.code().equals(code)) {
        return;
      }
    }
    warnings.add(new Warning(code, text));
  }

  public String protocol() {
    return protocol;
  }

  public String remoteAddress() {
    return remoteAddress;
  }

  public String encoder() {
    return encoder;
  }

  public Instant since() {
    return since;
  }

  public @Nullable Codec videoCodec() {
    return videoCodec;
  }

  public @Nullable Codec audioCodec() {
    return audioCodec;
  }

  /** Picture width, or 0 when it is not known. */
  public int width() {
    return width;
  }

  /** Picture height, or 0 when it is not known. */
  public int height() {
    return height;
  }

  /** Pictures a second, or 0 when it is not known. */
  public double frameRate() {
    return frameRate;
  }

  public List<Warning> warnings() {
    return List.copyOf(warnings);
  }

  /** Bits of media a second over the last two seconds. */
  public long bitrateBps(long nowMs) {
    return rate.perSecond(bytes, nowMs) * 8;
  }

  /** How long the encoder has been connected. */
  public long uptimeMs(long nowMs) {
    return nowMs - sinceMs;
  }

  /** How long no media has come. */
  public long silentMs(long nowMs) {
    return nowMs - lastMediaMs;
  }
}
