package manycast.media.hls.cmaf;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads boxes by the letter of ISO 14496-12 §4.2: for goldens and checkers. */
public final class Boxes {
  private static final Set<String> HOLD_BOXES =
      Set.of("moov", "trak", "mdia", "minf", "dinf", "stbl", "mvex", "moof", "traf");

  private Boxes() {}

  /** One box; a leaf has no children. */
  public record Box(String type, ByteBuf content, List<Box> children) {
    /** The only child of this type. */
    public Box child(String wanted) {
      List<Box> there = all(wanted);
      if (there.size() != 1) {
        throw new AssertionError(there.size() + " of " + wanted + " in " + type);
      }
      return there.getFirst();
    }

    public List<Box> all(String wanted) {
      return children.stream().filter(box -> box.type().equals(wanted)).toList();
    }
  }

  /** All boxes of a file, whose every byte belongs to one. */
  public static List<Box> read(ByteBuf bytes) {
    List<Box> boxes = new ArrayList<>();
    ByteBuf in = bytes.duplicate();
    while (in.isReadable()) {
      int size = in.readInt();
      if (size < 8 || size - 4 > in.readableBytes()) {
        throw new AssertionError("box of " + size + " bytes, " + in.readableBytes() + " are left");
      }
      String type = in.readCharSequence(4, StandardCharsets.US_ASCII).toString();
      ByteBuf content = in.readSlice(size - 8);
      boxes.add(new Box(type, content, HOLD_BOXES.contains(type) ? read(content) : List.of()));
    }
    return boxes;
  }

  /** A line a box, its children indented, what is in a leaf as hex. */
  public static String text(List<Box> boxes) {
    StringBuilder out = new StringBuilder();
    write(out, boxes, "");
    return out.toString();
  }

  private static void write(StringBuilder out, List<Box> boxes, String indent) {
    for (Box box : boxes) {
      out.append(indent).append(box.type()).append(' ').append(box.content().readableBytes() + 8);
      if (box.children().isEmpty()) {
        String hex = ByteBufUtil.hexDump(box.content());
        for (int i = 0; i < hex.length(); i += 64) {
          out.append('\n').append(indent).append("  ");
          out.append(hex, i, Math.min(hex.length(), i + 64));
        }
      }
      out.append('\n');
      write(out, box.children(), indent + "  ");
    }
  }
}
