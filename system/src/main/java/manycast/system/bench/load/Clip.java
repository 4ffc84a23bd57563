package manycast.system.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** An FLV file with H.264 and AAC in memory, to be repeated without end. */
record Clip(List<Tag> tags, int firstMs, int spanMs) {
  private static final int HEADER = 13;
  private static final int TAG_HEADER = 11;
  private static final int END_OF_SEQUENCE = 2;

  /** Reads a file. */
  static Clip read(Path file) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file));
    if (in.limit() < HEADER || in.get(0) != 'F' || in.get(1) != 'L' || in.get(2) != 'V') {
      throw new IOException(file + " is no FLV file");
    }
    List<Tag> tags = new ArrayList<>();
    in.position(HEADER);
    while (in.remaining() >= TAG_HEADER) {
      int first = in.getInt();
      int time = in.getInt();
      in.position(in.position() + 3);
      byte[] body = new byte[first & 0xFFFFFF];
      if (in.remaining() < body.length + 4) {
        break;
      }
      in.get(body).getInt();
      int type = first >>> 24 & 31;
      // An end of sequence must not be sent where the clip begins anew.
      if (type != Tag.VIDEO || body[1] != END_OF_SEQUENCE) {
        tags.add(Tag.of(type, time >>> 8 | time << 24, body));
      }
    }
    List<Tag> coded = tags.stream().filter(Tag::isCoded).toList();
    List<Tag> pictures = tags.stream().filter(Tag::isPicture).toList();
    if (pictures.size() < 2) {
      throw new IOException(file + " holds no video");
    }
    int begin = coded.stream().mapToInt(Tag::timeMs).min().orElseThrow();
    int end = coded.stream().mapToInt(Tag::timeMs).max().orElseThrow();
    int pictureMs =
        Math.round(
            (float) (pictures.getLast().timeMs() - pictures.getFirst().timeMs())
                / (pictures.size() - 1));
    return new Clip(tags, begin, end - begin + pictureMs);
  }

  /** Milliseconds from the clip's begin; codec configs and metadata come at the begin. */
  int offsetMs(Tag tag) {
    return Math.max(0, tag.timeMs() - firstMs);
  }
}
