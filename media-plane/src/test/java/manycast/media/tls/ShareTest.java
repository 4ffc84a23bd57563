package manycast.media.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class ShareTest {
  private final Queue<Runnable> passedOn = new ArrayDeque<>();
  private final Share share = new Share(passedOn::add, 2);

  @Test
  void passesOnSoManyTasksAtOnceAndTheOthersInTheirOrder() {
    List<Integer> done = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      int number = i;
      share.execute(() -> done.add(number));
    }

    assertThat(passedOn).hasSize(2);
    passedOn.remove().run();
    assertThat(passedOn).hasSize(2);
    while (!passedOn.isEmpty()) {
      passedOn.remove().run();
    }
    assertThat(done).containsExactly(0, 1, 2, 3, 4);
    share.execute(() -> done.add(5));
    assertThat(passedOn).hasSize(1);
  }

  @Test
  void takesTheNextTaskWhenOneFails() {
    share.execute(
        () -> {
          throw new IllegalStateException("of this test");
        });
    share.execute(() -> {});
    share.execute(() -> {});

    Runnable failing = passedOn.remove();
    assertThatThrownBy(failing::run).hasMessage("of this test");
    assertThat(passedOn).hasSize(2);
  }
}
