package manycast.launcher.demo;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * H.264 and AAC from an FLV file, as a stream without end or played once. An endless one repeats
 * the file with continuous timestamps: frame {@code i} is frame {@code i mod n} of the file, {@code
 * i / n} durations later.
 */
public final class Sample {
  private static final String SHIPPED = "sample.flv";

  /**
   * Both tracks of the shipped file fill it exactly: 240 pictures at 30 fps, 375 frames of 1024
   * samples at 48 kHz.
   */
  private static final long SHIPPED_MILLIS = 8000;

  private static final int SHIPPED_AUDIO_FRAMES = 375;
  private static final int FLV_HEADER = 9;
  private static final int AUDIO_TAG = 8;
  private static final int VIDEO_TAG = 9;
  private static final int SCRIPT_TAG = 18;
  private static final int AVC = 7;
  private static final int AAC = 10;
  private static final int CODEC_CONFIG = 0;
  private static final int CODED = 1;

  private final List<MediaFrame> video = new ArrayList<>();
  private final List<MediaFrame> audio = new ArrayList<>();
  private byte @Nullable [] metadata;
  private byte @Nullable [] videoConfig;
  private byte @Nullable [] audioConfig;
  private final long repeatMs;

  private Sample(long repeatMs) {
    this.repeatMs = repeatMs;
  }

  /** The sample that comes with the launcher, repeated for ever. */
  public static Sample shipped() {
    try (InputStream in = Sample.class.getResourceAsStream(SHIPPED)) {
      if (in == null) {
        throw new IllegalStateException("the launcher was built without " + SHIPPED);
      }
      Sample sample = new Sample(SHIPPED_MILLIS);
      sample.read(in);
      // The encoder's last AAC frame begins where the first one of the next round does.
      sample.audio.subList(SHIPPED_AUDIO_FRAMES, sample.audio.size()).clear();
      return sample;
    } catch (IOException e) {
      throw new IllegalStateException("the launcher's " + SHIPPED + " cannot be read", e);
    }
  }

  /** An FLV file with H.264 and AAC, played once. */
  public static Sample once(InputStream flv) throws IOException {
    Sample sample = new Sample(0);
    sample.read(flv);
    return sample;
  }

  private void read(InputStream flv) throws IOException {
    DataInputStream in = new DataInputStream(flv);
    in.skipNBytes(FLV_HEADER + 4);
    while (true) {
      int type;
      try {
        type = in.readUnsignedByte();
      } catch (EOFException end) {
        break;
      }
      int size = readUnsigned24(in);
      long time = readUnsigned24(in) | (long) in.readUnsignedByte() << 24;
      in.skipNBytes(3);
      byte[] body = new byte[size];
      in.readFully(body);
      in.skipNBytes(4);
      add(type, time, body);
    }
    if (videoConfig == null || audioConfig == null || video.isEmpty() || audio.isEmpty()) {
      throw new IOException("an FLV file with H.264 and AAC is needed");
    }
  }

  private static int readUnsigned24(DataInputStream in) throws IOException {
    return in.readUnsignedShort() << 8 | in.readUnsignedByte();
  }

  private void add(int type, long time, byte[] body) throws IOException {
    switch (type) {
      case SCRIPT_TAG -> metadata = body;
      case VIDEO_TAG -> {
        if ((body[0] & 0x0F) != AVC) {
          throw new IOException("only H.264 can be a sample");
        }
        if (body[1] == CODEC_CONFIG) {
          videoConfig = body;
        } else if (body[1] == CODED) {
          video.add(new MediaFrame(MediaFrame.Kind.VIDEO, time, (body[0] & 0xF0) == 0x10, body));
        }
      }
      case AUDIO_TAG -> {
        if ((body[0] & 0xFF) >> 4 != AAC) {
          throw new IOException("only AAC can be a sample");
        }
        if (body[1] == CODEC_CONFIG) {
          audioConfig = body;
        } else {
          audio.add(new MediaFrame(MediaFrame.Kind.AUDIO, time, false, body));
        }
      }
      default -> throw new IOException("FLV tag type " + type);
    }
  }

  /** The body of the {@code onMetaData} script tag, when the file has one. */
  public byte @Nullable [] metadata() {
    return metadata;
  }

  /** The message body with the AVC decoder configuration. */
  public byte[] videoConfig() {
    return present(videoConfig);
  }

  /** The message body with the AudioSpecificConfig. */
  public byte[] audioConfig() {
    return present(audioConfig);
  }

  private static byte[] present(byte @Nullable [] config) {
    if (config == null) {
      throw new IllegalStateException("checked when the file was read");
    }
    return config;
  }

  /**
   * The video frame at this place of the whole stream; null beyond the end of one that is played
   * once.
   */
  public @Nullable MediaFrame video(long index) {
    return at(video, index);
  }

  /**
   * The audio frame at this place of the whole stream; null beyond the end of one that is played
   * once.
   */
  public @Nullable MediaFrame audio(long index) {
    return at(audio, index);
  }

  private @Nullable MediaFrame at(List<MediaFrame> frames, long index) {
    if (repeatMs == 0) {
      return index < frames.size() ? frames.get((int) index) : null;
    }
    return frames.get((int) (index % frames.size())).later(index / frames.size() * repeatMs);
  }

  /** How many different video frames there are. */
  public int videoFrames() {
    return video.size();
  }

  /** How many different audio frames there are. */
  public int audioFrames() {
    return audio.size();
  }
}
