package manycast.control;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import manycast.control.database.DatabaseWatch;
import manycast.control.database.WhenReady;
import manycast.control.settings.Settings;
import manycast.control.settings.SettingsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springdoc.core.configuration.SpringDocConfiguration;
import org.springdoc.core.properties.SpringDocConfigProperties;
import org.springdoc.webmvc.core.configuration.SpringDocWebMvcConfiguration;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.context.ConfigurationPropertiesAutoConfiguration;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.security.autoconfigure.SecurityAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration;
import org.springframework.boot.servlet.autoconfigure.HttpEncodingAutoConfiguration;
import org.springframework.boot.thymeleaf.autoconfigure.ThymeleafAutoConfiguration;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.annotation.AnnotationAwareOrderComparator;
import sun.misc.Signal;

/**
 * Starts the control plane: settings, the watch on the database, the dashboard and the API; stops
 * it on a signal.
 */
public final class ControlPlane implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ControlPlane.class);
  private static final int BAD_CONFIGURATION = 2;

  /** A stop that takes longer than this is cut short. */
  private static final long LONGEST_STOP_MILLIS = 5_000;

  /**
   * What Spring assembles: our own packages, and of Boot's own wiring what is named here. Letting
   * Boot look for itself costs a third of the start.
   */
  @Configuration(proxyBeanMethods = false)
  @ImportAutoConfiguration({
    ConfigurationPropertiesAutoConfiguration.class,
    PropertyPlaceholderAutoConfiguration.class,
    JacksonAutoConfiguration.class,
    HttpMessageConvertersAutoConfiguration.class,
    TomcatServletWebServerAutoConfiguration.class,
    DispatcherServletAutoConfiguration.class,
    HttpEncodingAutoConfiguration.class,
    WebMvcAutoConfiguration.class,
    ErrorMvcAutoConfiguration.class,
    ThymeleafAutoConfiguration.class,
    SecurityAutoConfiguration.class,
    ServletWebSecurityAutoConfiguration.class,
    SecurityFilterAutoConfiguration.class,
    SpringDocConfiguration.class,
    SpringDocConfigProperties.class,
    SpringDocWebMvcConfiguration.class,
  })
  @ComponentScan
  static class Wiring {}

  private final ConfigurableApplicationContext context;
  private final DatabaseWatch database;

  private ControlPlane(ConfigurableApplicationContext context, DatabaseWatch database) {
    this.context = context;
    this.database = database;
  }

  static void main(String[] args) throws InterruptedException {
    var asked = new CountDownLatch(1);
    Signal.handle(new Signal("TERM"), _ -> asked.countDown());
    Signal.handle(new Signal("INT"), _ -> asked.countDown());
    Settings settings;
    try {
      settings = Settings.read(System.getenv());
    } catch (SettingsException e) {
      e.faults().forEach(System.err::println);
      System.exit(BAD_CONFIGURATION);
      return;
    }
    try {
      ControlPlane running = start(settings, ControlPlane::refuseToRun);
      log.info("The dashboard and the API listen on port {}.", running.httpPort());
      asked.await();
      stopOrHalt(running);
    } catch (RuntimeException e) {
      log.error("The control plane could not start: {}", rootMessage(e), e);
      System.exit(1);
    }
  }

  /**
   * Starts everything and returns when the ports are open, whether the database is there or not.
   *
   * @param mayDoDdl called when the database role may change the schema, which it must not
   */
  public static ControlPlane start(Settings settings, Runnable mayDoDdl) {
    if (!settings.notYetRead().isEmpty()) {
      log.info("Set but not read by this version: {}.", String.join(", ", settings.notYetRead()));
    }
    var database = new DatabaseWatch(settings.database(), mayDoDdl);
    var application = new SpringApplication(Wiring.class);
    application.setWebApplicationType(WebApplicationType.SERVLET);
    application.setBannerMode(Banner.Mode.OFF);
    application.setLogStartupInfo(false);
    application.setRegisterShutdownHook(false);
    application.setAddCommandLineProperties(false);
    application.setDefaultProperties(properties(settings));
    application.addInitializers(
        context -> {
          var beans = (GenericApplicationContext) context;
          beans.registerBean(Settings.class, () -> settings);
          beans.registerBean(DatabaseWatch.class, () -> database);
        });
    ConfigurableApplicationContext context = application.run();
    List<WhenReady> steps =
        context.getBeansOfType(WhenReady.class).values().stream()
            .sorted((Comparator<Object>) AnnotationAwareOrderComparator.INSTANCE)
            .toList();
    database.start(steps);
    return new ControlPlane(context, database);
  }

  private static Map<String, Object> properties(Settings settings) {
    var properties = new HashMap<String, Object>();
    properties.put("server.port", settings.httpPort());
    return properties;
  }

  /** The port the dashboard and the API really listen on. */
  public int httpPort() {
    var server = ((ServletWebServerApplicationContext) context).getWebServer();
    return server == null ? -1 : server.getPort();
  }

  /** The assembled parts, for tests. */
  public <T> T part(Class<T> type) {
    return context.getBean(type);
  }

  @Override
  public void close() {
    database.close();
    context.close();
  }

  private static void stopOrHalt(ControlPlane running) {
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              try {
                Thread.sleep(LONGEST_STOP_MILLIS);
              } catch (InterruptedException e) {
                return;
              }
              Runtime.getRuntime().halt(0);
            });
    running.close();
    log.info("Stopped.");
    System.exit(0);
  }

  private static void refuseToRun() {
    System.err.println(
        "MANYCAST_DB_USER names a role that may change the schema; the control plane runs as a role that may not, such as"
            + " manycast_control");
    Runtime.getRuntime().halt(BAD_CONFIGURATION);
  }

  private static String rootMessage(Throwable e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage());
  }
}
