package manycast.control.dashboard;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import manycast.control.testing.Eventually;
import org.openqa.selenium.By;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/** A real Chromium without a window, for what only a page's script does. */
final class Chromium implements AutoCloseable {
  private static final Path BINARY = Path.of("/usr/bin/chromium");
  private static final Path DRIVER = Path.of("/usr/bin/chromedriver");

  private final ChromeDriver driver;

  /**
   * Starts one; the test is left out where there is none to start.
   *
   * @param profile an empty folder
   */
  Chromium(Path profile) {
    assumeTrue(
        Files.isExecutable(BINARY) && Files.isExecutable(DRIVER),
        "chromium and chromedriver are installed");
    var options = new ChromeOptions();
    options.setBinary(BINARY.toString());
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-dev-shm-usage",
        "--user-data-dir=" + profile);
    driver =
        new ChromeDriver(
            new ChromeDriverService.Builder()
                .usingDriverExecutable(new File(DRIVER.toString()))
                .build(),
            options);
  }

  /** Has the script run in every page before any of the page's own. */
  void beforeEveryPage(String script) {
    driver.executeCdpCommand("Page.addScriptToEvaluateOnNewDocument", Map.of("source", script));
  }

  void open(String url) {
    driver.get(url);
  }

  /** Signs in and is let in. */
  void signIn(String base, TestAccount account) {
    open(base + "/sign-in");
    driver.findElement(By.cssSelector("input[type=email]")).sendKeys(account.email());
    var password = driver.findElement(By.cssSelector("input[type=password]"));
    password.sendKeys(TestAccount.PASSWORD);
    password.submit();
    Eventually.holds(
        "signed in", () -> !String.valueOf(driver.getCurrentUrl()).contains("/sign-in"));
  }

  /** What the expression of the page's script gives, as text. */
  String script(String expression) {
    return String.valueOf(driver.executeScript("return String(" + expression + ")"));
  }

  /** Waits until the element has the attribute's value. */
  void await(String css, String attribute, String value) {
    Eventually.holds(
        css + " has " + attribute + "=" + value, () -> value.equals(attribute(css, attribute)));
  }

  /** The attribute of an element that a push may replace at any moment. */
  String attribute(String css, String name) {
    while (true) {
      try {
        return String.valueOf(driver.findElement(By.cssSelector(css)).getDomAttribute(name));
      } catch (StaleElementReferenceException replaced) {
        Thread.onSpinWait();
      }
    }
  }

  @Override
  public void close() {
    driver.quit();
  }
}
