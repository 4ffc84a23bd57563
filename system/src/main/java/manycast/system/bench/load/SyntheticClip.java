package manycast.system.bench.load;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Random;
import manycast.launcher.demo.Sample;

/**
 * A clip that no encoder was needed for: codec configs of the launcher's sample, and pictures and
 * audio frames of the sizes that x264 makes at a constant 6 Mbit/s, filled with chance. No relay
 * decodes; none can tell.
 */
public final class SyntheticClip {
  private static final int SECONDS = 36;
  private static final int PICTURES_PER_SECOND = 30;
  private static final int PICTURES_PER_GOP = 60;
  private static final double AUDIO_FRAMES_PER_SECOND = 48_000 / 1024.0;
  private static final double KEYFRAME_BYTES = 205_000;
  private static final double PICTURE_BYTES = 22_100;
  private static final double PICTURE_DEVIATION = 12_200;
  private static final double SMALLEST_PICTURE = 2500;
  private static final double LARGEST_PICTURE = 80_000;
  private static final double AUDIO_BYTES = 424;
  private static final double AUDIO_DEVIATION = 25;
  private static final int TAG_HEADER = 11;
  private static final byte[] MESSAGE_STREAM_ID = new byte[3];

  /** FLV 1 with audio and video, a header of 9 bytes, and no tag before the first. */
  private static final byte[] HEADER = {'F', 'L', 'V', 1, 5, 0, 0, 0, 9, 0, 0, 0, 0};

  private final Random chance;
  private final DataOutputStream out;

  private SyntheticClip(Random chance, DataOutputStream out) {
    this.chance = chance;
    this.out = out;
  }

  /** Writes the clip; the same seed gives the same bytes. */
  public static void write(Path file, long seed) throws IOException {
    Path beside = file.resolveSibling(file.getFileName() + ".new");
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(beside)))) {
      new SyntheticClip(new Random(seed), out).write();
    }
    Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private void write() throws IOException {
    Sample sample = Sample.shipped();
    out.write(HEADER);
    byte[] metadata = sample.metadata();
    if (metadata != null) {
      tag(Tag.METADATA, 0, metadata);
    }
    tag(Tag.VIDEO, 0, sample.videoConfig());
    tag(Tag.AUDIO, 0, sample.audioConfig());
    int audioFrames = 0;
    for (int i = 0; i < SECONDS * PICTURES_PER_SECOND; i++) {
      double seconds = (double) i / PICTURES_PER_SECOND;
      while (audioFrames / AUDIO_FRAMES_PER_SECOND < seconds) {
        audioFrame(audioFrames++);
      }
      picture((int) Math.round(seconds * 1000), i % PICTURES_PER_GOP == 0);
    }
    while (audioFrames < (int) (SECONDS * AUDIO_FRAMES_PER_SECOND)) {
      audioFrame(audioFrames++);
    }
  }

  private void audioFrame(int number) throws IOException {
    byte[] body = filled(2 + (int) normal(AUDIO_BYTES, AUDIO_DEVIATION));
    body[0] = (byte) 0xAF;
    body[1] = 1;
    tag(Tag.AUDIO, (int) Math.round(number * 1000 / AUDIO_FRAMES_PER_SECOND), body);
  }

  /** One NAL unit, its length before it, in a tag that says keyframe or not, DTS = PTS. */
  private void picture(int timeMs, boolean keyframe) throws IOException {
    double size =
        keyframe
            ? normal(KEYFRAME_BYTES, KEYFRAME_BYTES / 50)
            : Math.clamp(skewed(), SMALLEST_PICTURE, LARGEST_PICTURE);
    byte[] body = filled((int) size);
    int nal = body.length - Tag.VIDEO_HEAD - 4;
    byte[] head = {
      (byte) (keyframe ? 0x17 : 0x27),
      1,
      0,
      0,
      0,
      0,
      (byte) (nal >> 16),
      (byte) (nal >> 8),
      (byte) nal,
      (byte) (keyframe ? 0x65 : 0x41)
    };
    System.arraycopy(head, 0, body, 0, head.length);
    tag(Tag.VIDEO, timeMs, body);
  }

  private double normal(double mean, double deviation) {
    return mean + chance.nextGaussian() * deviation;
  }

  /** Log-normal: many small pictures, few large ones. */
  private double skewed() {
    double share = PICTURE_DEVIATION / PICTURE_BYTES;
    double sigma = Math.sqrt(Math.log(1 + share * share));
    return PICTURE_BYTES * Math.exp(sigma * chance.nextGaussian() - sigma * sigma / 2);
  }

  /** Never a zero, so that neither a start code nor an emulation byte occurs. */
  private byte[] filled(int size) {
    byte[] bytes = new byte[size];
    chance.nextBytes(bytes);
    for (int i = 0; i < size; i++) {
      bytes[i] |= 1;
    }
    return bytes;
  }

  private void tag(int type, int timeMs, byte[] body) throws IOException {
    out.writeInt(type << 24 | body.length);
    out.writeInt(timeMs << 8 | timeMs >>> 24);
    out.write(MESSAGE_STREAM_ID);
    out.write(body);
    out.writeInt(TAG_HEADER + body.length);
  }
}
