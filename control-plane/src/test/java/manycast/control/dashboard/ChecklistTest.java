package manycast.control.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The checklist of pages made from files of facts. */
class ChecklistTest {
  @Test
  void showsAnEncoderThatCameWithARetiredKeyInItsFirstStep() {
    Checklist checklist = RenderedPages.page("never-live").checklist();

    assertThat(checklist.steps().getFirst().state()).isEqualTo("failed");
    assertThat(checklist.steps().getFirst().hint())
        .isEqualTo(
            "203.0.113.7: it used a stream key that was replaced (key 77aa01bc). Give it"
                + " the present key, 8c2f11aa.");
    assertThat(states(checklist)).isEqualTo("failed waiting waiting waiting");
  }

  @Test
  void ticksKeyKeyframeAndEachDestinationByItself() {
    Checklist checklist = RenderedPages.page("first-broadcast").checklist();

    assertThat(states(checklist)).isEqualTo("done done done waiting");
    assertThat(checklist.complete()).isFalse();
    assertThat(checklist.steps().getLast().text()).isEqualTo("YouTube is being connected");
  }

  @Test
  void isGoneAfterTheFirstBroadcast() {
    assertThat(RenderedPages.page("live").checklist().shown()).isFalse();
    assertThat(RenderedPages.page("disabled").checklist().shown()).isFalse();
  }

  @Test
  void asksForADestinationWhereNoneIsSwitchedOn() {
    assertThat(Checklist.of(null, List.of(), List.of(), "8c2f11aa").steps())
        .extracting(Checklist.Step::key)
        .containsExactly("key", "keyframe", "destination");
  }

  private static String states(Checklist checklist) {
    return checklist.steps().stream().map(Checklist.Step::state).collect(Collectors.joining(" "));
  }
}
