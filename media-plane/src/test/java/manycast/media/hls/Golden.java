package manycast.media.hls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Texts that a person has read; {@code -Dmanycast.rewrite=true} writes them anew. */
public final class Golden {
  private static final Path FOLDER = Path.of("src/test/resources/golden/hls");

  private Golden() {}

  public static void check(String name, String text) throws IOException {
    Path file = FOLDER.resolve(name + ".txt");
    if (Boolean.getBoolean("manycast.rewrite")) {
      Files.createDirectories(FOLDER);
      Files.writeString(file, text);
    }
    assertThat(text).isEqualTo(Files.readString(file));
  }
}
