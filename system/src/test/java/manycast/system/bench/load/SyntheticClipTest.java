package manycast.system.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyntheticClipTest {
  @TempDir private Path folder;

  @Test
  void isTheSameForTheSameSeedAndOfTheRateThatIsPromised() throws Exception {
    SyntheticClip.write(folder.resolve("a.flv"), 1);
    SyntheticClip.write(folder.resolve("b.flv"), 1);
    SyntheticClip.write(folder.resolve("c.flv"), 2);
    assertThat(Files.mismatch(folder.resolve("a.flv"), folder.resolve("b.flv"))).isEqualTo(-1);
    assertThat(Files.mismatch(folder.resolve("a.flv"), folder.resolve("c.flv"))).isPositive();

    Clip clip = Clip.read(folder.resolve("a.flv"));
    List<Tag> pictures = clip.tags().stream().filter(Tag::isPicture).toList();
    List<Tag> coded = clip.tags().stream().filter(Tag::isCoded).toList();
    long bytes = coded.stream().mapToLong(tag -> tag.body().length).sum();
    assertThat(pictures).hasSize(36 * 30);
    assertThat(coded).hasSize(36 * 30 + 1687);
    assertThat(bytes * 8 / 36 / 1e6).as("Mbit/s").isBetween(6.0, 6.4);
    assertThat(pictures.stream().filter(tag -> tag.body()[0] == 0x17)).hasSize(18);
    assertThat(coded).isSortedAccordingTo((a, b) -> Integer.compare(a.timeMs(), b.timeMs()));
  }
}
