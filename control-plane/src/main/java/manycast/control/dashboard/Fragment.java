package manycast.control.dashboard;

import java.util.List;
import java.util.Map;

/**
 * An element of a page that is made by one template, when the page is loaded and again whenever
 * what it shows has changed.
 *
 * @param id of the element; its template marks it as a replacement when the variable {@code push}
 *     is this id
 * @param shows what its own markup is made of, without its parts: equal means that nothing need be
 *     sent
 * @param variables what the template is given
 * @param parts elements inside it that also change by themselves
 */
record Fragment(
    String id, String template, Object shows, Map<String, Object> variables, List<Fragment> parts) {
  Fragment(String id, String template, String variable, Object shows) {
    this(id, template, shows, Map.of(variable, shows), List.of());
  }
}
