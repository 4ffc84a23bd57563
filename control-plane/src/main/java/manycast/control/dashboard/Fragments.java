package manycast.control.dashboard;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import manycast.control.web.Frame;
import org.springframework.stereotype.Component;
import org.thymeleaf.ITemplateEngine;
import org.thymeleaf.context.Context;

/** Makes fragments outside of a page, marked so that each replaces the element of its id. */
@Component
class Fragments {
  private final ITemplateEngine templates;

  Fragments(ITemplateEngine templates) {
    this.templates = templates;
  }

  String render(List<Fragment> fragments, Frame frame) {
    var html = new StringBuilder();
    for (Fragment fragment : fragments) {
      var variables = new HashMap<String, Object>(fragment.variables());
      variables.put("push", fragment.id());
      variables.put("frame", frame);
      html.append(templates.process(fragment.template(), new Context(Locale.ENGLISH, variables)));
    }
    return html.toString();
  }
}
