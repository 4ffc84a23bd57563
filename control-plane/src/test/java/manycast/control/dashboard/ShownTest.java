package manycast.control.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ShownTest {
  private final Shown shown = new Shown();

  @Test
  void sendsEverythingOnceAsOutermostFragments() {
    assertThat(ids(page("live", 1))).containsExactly("row");
    assertThat(ids(page("live", 1))).isEmpty();
  }

  @Test
  void sendsOnlyThePartThatHasChanged() {
    shown.update(page("live", 1));

    assertThat(ids(page("live", 2))).containsExactly("figures");
  }

  @Test
  void countsThePartsOfWhatWasSentAsShown() {
    shown.update(page("live", 1));

    assertThat(ids(page("retrying", 2))).containsExactly("row");
    assertThat(ids(page("retrying", 2))).isEmpty();
  }

  private List<String> ids(List<Fragment> page) {
    return shown.update(page).stream().map(Fragment::id).toList();
  }

  private static List<Fragment> page(String state, int figure) {
    var figures = new Fragment("figures", "destinations/_figures", "figures", figure);
    return List.of(new Fragment("row", "destinations/_row", state, Map.of(), List.of(figures)));
  }
}
