package manycast.control.dashboard;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import manycast.control.destinations.DestinationForm;
import manycast.control.live.LiveView;
import manycast.control.live.RecentRates;
import manycast.control.live.RecentRates.Rate;
import manycast.control.live.RecentRates.Rates;
import manycast.control.platforms.Platform;
import manycast.control.platforms.Platforms;
import manycast.control.streams.StreamForm;
import manycast.control.web.Frame;
import org.jspecify.annotations.Nullable;
import org.thymeleaf.context.Context;
import org.thymeleaf.context.IExpressionContext;
import org.thymeleaf.linkbuilder.AbstractLinkBuilder;
import org.thymeleaf.spring6.SpringTemplateEngine;
import org.thymeleaf.templateresolver.ClassLoaderTemplateResolver;
import tools.jackson.databind.json.JsonMapper;

/**
 * Stream pages made from files of facts ({@code pages/NAME.json}), with neither a server nor a
 * database: for tests of templates, and to look at.
 */
final class RenderedPages {
  static final Frame OWNER = new Frame(true, "ada@example.com", "Ada's show", true, "token");

  private static final Path FOLDER = Path.of("target", "pages");
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final SpringTemplateEngine ENGINE = engine();

  private RenderedPages() {}

  /** What stands in a file: rows, and while live the figures and curves. */
  record Facts(StreamFacts.Rows rows, @Nullable LiveView live, @Nullable Curves curves) {}

  /** Bits per second, one for each step, the newest last; negative where nothing is known. */
  record Curves(List<Long> ingest, Map<UUID, List<Long>> destinations) {
    Rates rates(Instant now) {
      var places = new HashMap<UUID, List<Rate>>();
      destinations.forEach((id, values) -> places.put(id, rates(values, now)));
      return new Rates(rates(ingest, now), places);
    }

    private static List<Rate> rates(List<Long> values, Instant now) {
      var rates = new ArrayList<Rate>();
      for (int i = 0; i < values.size(); i++) {
        long value = values.get(i);
        if (value >= 0) {
          rates.add(new Rate(now.minus(RecentRates.STEP.multipliedBy(values.size() - i)), value));
        }
      }
      return rates;
    }
  }

  /** The page of these facts; a file of the same name is left in {@code target/pages}. */
  static String stream(String name) {
    StreamPage page = page(name);
    var platforms = new Platforms();
    UUID id = page.head().id();
    var model = new HashMap<String, Object>();
    model.put("frame", OWNER);
    model.put("page", page);
    model.put("form", DestinationForm.forNew(id, platforms.all()));
    model.put(
        "settings",
        StreamForm.of(
            id, page.head().name(), page.head().state(), page.head().resumeGraceSeconds()));
    return write(name, ENGINE.process("dashboard/stream", new Context(Locale.ENGLISH, model)));
  }

  static StreamPage page(String name) {
    Facts facts = facts(name);
    var platforms = new Platforms();
    return StreamPage.of(
        facts.rows(),
        Optional.ofNullable(facts.live()),
        List.of(),
        facts.curves() == null ? Rates.NONE : facts.curves().rates(Instant.now()),
        id -> platforms.find(id).map(Platform::title).orElse(id),
        true);
  }

  /** The fragments as they are pushed. */
  static String pushed(List<Fragment> fragments) {
    return new Fragments(ENGINE).render(fragments, OWNER);
  }

  private static Facts facts(String name) {
    try (InputStream file = RenderedPages.class.getResourceAsStream("/pages/" + name + ".json")) {
      return JSON.readValue(file, Facts.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String write(String name, String html) {
    try {
      Files.createDirectories(FOLDER);
      Files.writeString(FOLDER.resolve(name + ".html"), html);
      return html;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static SpringTemplateEngine engine() {
    var resolver = new ClassLoaderTemplateResolver();
    resolver.setPrefix("templates/");
    resolver.setSuffix(".html");
    var engine = new SpringTemplateEngine();
    engine.setTemplateResolver(resolver);
    // Assets as they lie beside the files that are left behind.
    engine.setLinkBuilder(
        new AbstractLinkBuilder() {
          @Override
          public String buildLink(
              IExpressionContext context, String base, Map<String, Object> parameters) {
            return "../classes/static" + base;
          }
        });
    return engine;
  }
}
