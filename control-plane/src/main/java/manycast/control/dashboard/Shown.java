package manycast.control.dashboard;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What one watcher's page shows at present, so that only what has changed is sent. */
final class Shown {
  private final Map<String, Object> byId = new HashMap<>();

  /** The outermost fragments that differ from what is shown; from now on they count as shown. */
  List<Fragment> update(List<Fragment> page) {
    var changed = new ArrayList<Fragment>();
    page.forEach(fragment -> compare(fragment, changed));
    return changed;
  }

  private void compare(Fragment fragment, List<Fragment> changed) {
    if (fragment.shows().equals(byId.get(fragment.id()))) {
      fragment.parts().forEach(part -> compare(part, changed));
    } else {
      changed.add(fragment);
      remember(fragment);
    }
  }

  private void remember(Fragment fragment) {
    byId.put(fragment.id(), fragment.shows());
    fragment.parts().forEach(this::remember);
  }
}
