package manycast.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DescriptorsTest {
  private final AtomicLong open = new AtomicLong();

  @Test
  void areScarceWhenNineTenthsAreOpenUntilSomeAreClosed() {
    var descriptors = new Descriptors(open::get, () -> 1_000);
    open.set(900);
    descriptors.count();
    assertThat(descriptors.areScarce()).isFalse();
    open.set(901);
    assertThat(descriptors.areScarce()).as("not counted yet").isFalse();
    descriptors.count();
    assertThat(descriptors.areScarce()).isTrue();
    open.set(500);
    descriptors.count();
    assertThat(descriptors.areScarce()).isFalse();
  }

  @Test
  void areScarceWhenNoneIsLeftToCountThemWith() {
    var descriptors =
        new Descriptors(
            () -> {
              throw new InternalError("no directory can be opened");
            },
            () -> 1_000);
    descriptors.count();
    assertThat(descriptors.areScarce()).isTrue();
  }

  @Test
  void thoseOfTheProcessAreCounted() {
    Descriptors descriptors = Descriptors.ofProcess();
    descriptors.count();
    assertThat(descriptors.areScarce()).isFalse();
  }
}
