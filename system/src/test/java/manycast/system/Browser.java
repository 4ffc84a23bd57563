package manycast.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/** A real Chromium without a window. */
final class Browser implements AutoCloseable {
  private final ChromeDriver driver;

  Browser() {
    ChromeOptions options = new ChromeOptions();
    options.setBinary("/usr/bin/chromium");
    try {
      options.addArguments(
          "--headless=new",
          "--no-sandbox",
          "--disable-gpu",
          "--disable-quic",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync",
          "--disable-dev-shm-usage",
          "--user-data-dir=" + Files.createTempDirectory("manycast-chromium"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.driver =
        new ChromeDriver(
            new ChromeDriverService.Builder()
                .usingDriverExecutable(new java.io.File("/usr/bin/chromedriver"))
                .build(),
            options);
    driver.manage().window().setSize(new Dimension(1280, 1600));
  }

  void open(String url) {
    driver.get(url);
  }

  String url() {
    return String.valueOf(driver.getCurrentUrl());
  }

  WebElement find(String css) {
    return driver.findElement(By.cssSelector(css));
  }

  /** The element once it is there; pushed fragments may replace it at any moment after. */
  WebElement await(String css) {
    return Until.satisfied(css, Duration.ofSeconds(15), () -> find(css), WebElement::isDisplayed);
  }

  String attribute(String css, String name) {
    return retryingStale(() -> String.valueOf(find(css).getDomAttribute(name)));
  }

  String text(String css) {
    return retryingStale(() -> find(css).getText());
  }

  private static String retryingStale(java.util.function.Supplier<String> read) {
    while (true) {
      try {
        return read.get();
      } catch (StaleElementReferenceException replaced) {
        Thread.onSpinWait();
      }
    }
  }

  Object script(String script) {
    return String.valueOf(driver.executeScript(script));
  }

  void screenshot(Path file) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.write(file, driver.getScreenshotAs(OutputType.BYTES));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    driver.quit();
  }
}
