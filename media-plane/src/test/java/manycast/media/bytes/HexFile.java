package manycast.media.bytes;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.stream.Collectors;

/** Reads vectors: text files whose first line says where they come from; the rest is hex. */
public final class HexFile {
  private HexFile() {}

  /**
   * The bytes of {@code src/test/resources/vectors/NAME}; what follows a # on a line is a remark.
   */
  public static byte[] read(String name) {
    try (InputStream in = HexFile.class.getResourceAsStream("/vectors/" + name)) {
      if (in == null) {
        throw new IllegalArgumentException("no vector " + name);
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      if (!text.startsWith("# ")) {
        throw new IllegalArgumentException(name + " does not say where it comes from");
      }
      return parse(text.lines().map(HexFile::withoutRemark).collect(Collectors.joining()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Hex with any white space. */
  public static byte[] parse(String hex) {
    return HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
  }

  private static String withoutRemark(String line) {
    int mark = line.indexOf('#');
    return mark < 0 ? line : line.substring(0, mark);
  }
}
