package manycast.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;

/** A real Chromium without a window. */
final class Browser implements AutoCloseable {
  /** More than any page has elements to reach. */
  private static final int MOST_TABS = 120;

  /** So that scripts of the tab in front speak of the page that opened it. */
  private static final String BEHIND =
      "const window = self.opener, document = window.document, performance = window.performance; ";

  private final ChromeDriver driver;
  private String behind = "";

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

  /** Signs in as the first admin and is let in. */
  void signIn(Product product) {
    open(product.url() + "/sign-in");
    await("input[type=email]").sendKeys(Product.EMAIL);
    WebElement password = find("input[type=password]");
    password.sendKeys(Product.PASSWORD);
    password.submit();
    Until.isTrue("signed in", Duration.ofSeconds(15), () -> !url().contains("/sign-in"));
  }

  /** Presses keys where the focus is, as somebody without a mouse. */
  void press(CharSequence... keys) {
    new Actions(driver).sendKeys(keys).perform();
  }

  /** Selects what the field with the focus has, by the keys for it. */
  void selectAll() {
    new Actions(driver).keyDown(Keys.CONTROL).sendKeys("a").keyUp(Keys.CONTROL).perform();
  }

  /** Presses Tab until the element with the id has the focus. */
  void tabTo(String id) {
    for (int i = 0; i < MOST_TABS; i++) {
      if (id.equals(script("return document.activeElement.id"))) {
        return;
      }
      new Actions(driver).sendKeys(Keys.TAB).perform();
    }
    throw new AssertionError(id + " is not reached by Tab");
  }

  /** Waits until the element has the attribute's value. */
  void await(String css, String attribute, String value) {
    Until.satisfied(
        css + " " + attribute,
        Duration.ofSeconds(20),
        () -> attribute(css, attribute),
        value::equals);
  }

  /** From now on it is so large, and prefers these colours. */
  void show(int width, int height, String colours) {
    driver.manage().window().setSize(new Dimension(width, height));
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", colours))));
  }

  /** What a script in the page answers; in the page behind, where another is in front of it. */
  String script(String script) {
    return String.valueOf(driver.executeScript(behind.isEmpty() ? script : BEHIND + script));
  }

  /**
   * Opens another page of the same server in a tab in front of this one, which nobody sees then.
   */
  void hideBehind(String url) {
    behind = driver.getWindowHandle();
    driver.executeScript("window.open(arguments[0])", url);
    driver.switchTo().window(others(behind).getFirst());
    Until.isTrue(
        "it is hidden",
        Duration.ofSeconds(15),
        () -> script("return document.hidden").equals("true"));
  }

  /** Closes the tab in front. */
  void showAgain() {
    driver.close();
    driver.switchTo().window(behind);
    behind = "";
  }

  private List<String> others(String handle) {
    return driver.getWindowHandles().stream().filter(each -> !each.equals(handle)).toList();
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
