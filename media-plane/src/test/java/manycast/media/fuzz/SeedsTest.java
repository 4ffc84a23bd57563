package manycast.media.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Replays every kept seed of the fuzzer, whole, cut and altered by a fixed chance. */
final class SeedsTest {
  private static final Path SEEDS = Path.of("src/test/resources/fuzz");
  private static final int ALTERED = 300;

  @TestFactory
  Stream<DynamicTest> everySeedIsReadOrRefused() {
    return Stream.of(Target.values())
        .map(target -> DynamicTest.dynamicTest(target.word(), () -> replay(target)));
  }

  @TestFactory
  Stream<DynamicTest> alteredSeedsAreReadOrRefused() {
    return Stream.of(Target.values())
        .map(target -> DynamicTest.dynamicTest(target.word(), () -> alter(target)));
  }

  private static void replay(Target target) throws IOException {
    List<Path> seeds = seeds(target);
    assertThat(seeds).isNotEmpty();
    for (Path seed : seeds) {
      take(target, Files.readAllBytes(seed), seed.toString());
    }
  }

  private static void alter(Target target) throws IOException {
    List<Path> seeds = seeds(target);
    for (int round = 0; round < ALTERED; round++) {
      Random random = new Random(round);
      Path seed = seeds.get(random.nextInt(seeds.size()));
      byte[] whole = Files.readAllBytes(seed);
      byte[] bytes = Arrays.copyOf(whole, random.nextInt(whole.length + 1));
      for (int i = random.nextInt(4); i > 0 && bytes.length > 0; i--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      take(target, bytes, seed + " altered in round " + round);
    }
  }

  private static void take(Target target, byte[] bytes, String what) {
    try {
      target.take(bytes);
    } catch (RuntimeException | AssertionError finding) {
      throw new AssertionError(what + ": " + finding, finding);
    }
  }

  private static List<Path> seeds(Target target) throws IOException {
    try (Stream<Path> files = Files.list(SEEDS.resolve(target.word()))) {
      return files.sorted().toList();
    }
  }
}
