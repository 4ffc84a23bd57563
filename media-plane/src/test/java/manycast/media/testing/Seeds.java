package manycast.media.testing;

import java.util.Random;
import java.util.SplittableRandom;

/**
 * Runs a property of random inputs for many seeds, the same in each run. A failure names its seed;
 * {@code -Dmanycast.seed=N} runs that one alone.
 */
public final class Seeds {
  private static final String ALONE = "manycast.seed";

  private Seeds() {}

  /** What has to hold for every input that is made by {@code random}. */
  @FunctionalInterface
  public interface Property {
    void holdsFor(Random random) throws Exception;
  }

  /** Checks the property with so many seeds. */
  public static void check(int count, Property property) {
    Long alone = Long.getLong(ALONE);
    if (alone != null) {
      check(alone, property);
      return;
    }
    SplittableRandom seeds = new SplittableRandom(1);
    for (int i = 0; i < count; i++) {
      check(seeds.nextLong(), property);
    }
  }

  private static void check(long seed, Property property) {
    try {
      property.holdsFor(new Random(seed));
    } catch (Exception | AssertionError broken) {
      throw new AssertionError(
          "with seed %d (-D%s=%d): %s".formatted(seed, ALONE, seed, broken.getMessage()), broken);
    }
  }
}
