package manycast.media.testing;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import manycast.media.bytes.ProtocolException;
import manycast.media.flv.FlvReader;
import manycast.media.flv.FlvTag;

/**
 * A real clip as FLV, made once by ffmpeg: H.264 with B-frames and a keyframe each second, and AAC.
 */
public final class Clip {
  private final Path file;
  private final List<Tag> tags;

  /** One tag of the file. */
  @SuppressWarnings("ArrayRecordComponent")
  public record Tag(int type, long timestampMs, byte[] body) {
    public boolean isConfig() {
      return type != FlvTag.SCRIPT && body[1] == 0;
    }

    public boolean isKeyframe() {
      return type == FlvTag.VIDEO && body[0] == 0x17 && body[1] == 1;
    }

    public boolean isMedia() {
      return type != FlvTag.SCRIPT && body[1] == 1;
    }

    /** Whether this message carries just this tag's bytes. */
    public boolean equalsMessage(StrictChunkReader.Message message) {
      return message.type() == type && Arrays.equals(message.body(), body);
    }
  }

  private Clip(Path file, List<Tag> tags) {
    this.file = file;
    this.tags = tags;
  }

  /** Makes a clip of so many seconds in this folder. */
  public static Clip make(Path folder, int seconds) throws IOException, InterruptedException {
    return make(folder, seconds, "320x180");
  }

  /** The same with pictures of another size. */
  public static Clip make(Path folder, int seconds, String size)
      throws IOException, InterruptedException {
    Path file = folder.resolve("clip-" + seconds + "-" + size + ".flv");
    List<String> command =
        new ArrayList<>(
            List.of(
                "ffmpeg",
                "-v",
                "error",
                "-y",
                "-f",
                "lavfi",
                "-i",
                "testsrc2=size=" + size + ":rate=30",
                "-f",
                "lavfi",
                "-i",
                "sine=frequency=440:sample_rate=48000"));
    command.addAll(
        List.of(
            "-t",
            String.valueOf(seconds),
            "-c:v",
            "libx264",
            "-preset",
            "veryfast",
            "-g",
            "30",
            "-keyint_min",
            "30",
            "-sc_threshold",
            "0"));
    command.addAll(
        List.of(
            "-bf",
            "2",
            "-b:v",
            "600k",
            "-pix_fmt",
            "yuv420p",
            "-c:a",
            "aac",
            "-b:a",
            "96k",
            "-f",
            "flv",
            file.toString()));
    Process ffmpeg = new ProcessBuilder(command).inheritIO().start();
    if (ffmpeg.waitFor() != 0) {
      throw new IOException("ffmpeg could not make the clip");
    }
    return new Clip(file, read(Files.readAllBytes(file)));
  }

  private static List<Tag> read(byte[] bytes) throws IOException {
    List<Tag> tags = new ArrayList<>();
    ByteBuf in = Unpooled.wrappedBuffer(bytes);
    try {
      FlvReader reader = new FlvReader(in);
      for (FlvTag tag = reader.next(); tag != null; tag = reader.next()) {
        byte[] body = new byte[tag.body().readableBytes()];
        tag.body().getBytes(tag.body().readerIndex(), body);
        tag.body().release();
        tags.add(new Tag(tag.type(), tag.timestampMs(), body));
      }
    } catch (ProtocolException e) {
      throw new IOException(e);
    }
    return tags;
  }

  public Path file() {
    return file;
  }

  public List<Tag> tags() {
    return tags;
  }

  /** The access units of one type. */
  public List<Tag> media(int type) {
    return tags.stream().filter(tag -> tag.type() == type && tag.isMedia()).toList();
  }
}
