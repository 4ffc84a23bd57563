package manycast.control.dashboard;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.openqa.selenium.WebDriverException;

/**
 * The one {@link Chromium} of all tests, which takes seconds to start. A test gets it as a
 * parameter, as if it had just been started; when the test is over no page is open in it any more,
 * which would keep the control plane at work. Tests of this module run one at a time.
 */
final class SharedChromium implements BeforeEachCallback, AfterEachCallback, ParameterResolver {
  /** It with its folder, for as long as there are tests. */
  private record Started(Path profile, Chromium browser) implements AutoCloseable {
    static Started now() {
      try {
        Path profile = Files.createTempDirectory("manycast-chromium-");
        return new Started(profile, new Chromium(profile));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() throws IOException {
      browser.close();
      try (Stream<Path> files = Files.walk(profile)) {
        files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
      }
    }
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    Chromium.assumeInstalled();
    browser(context);
  }

  /** One that cannot be made new again is left to its end: the next test starts another. */
  @Override
  public void afterEach(ExtensionContext context) throws IOException {
    Started started = store(context).get(Started.class, Started.class);
    if (started == null) {
      return;
    }
    try {
      started.browser.forget();
    } catch (WebDriverException broken) {
      store(context).remove(Started.class);
      started.close();
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Chromium.class;
  }

  @Override
  public Chromium resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return browser(context);
  }

  private static Chromium browser(ExtensionContext context) {
    return store(context)
        .computeIfAbsent(Started.class, _ -> Started.now(), Started.class)
        .browser();
  }

  private static ExtensionContext.Store store(ExtensionContext context) {
    return context.getRoot().getStore(ExtensionContext.Namespace.create(SharedChromium.class));
  }
}
