package manycast.control.dashboard;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import manycast.control.testing.Eventually;
import org.openqa.selenium.By;
import org.openqa.selenium.NoSuchElementException;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;

/** A real Chromium without a window, for what only a page's script does. */
final class Chromium implements AutoCloseable {
  private static final Path BINARY = Path.of("/usr/bin/chromium");
  private static final Path DRIVER = Path.of("/usr/bin/chromedriver");

  /** For {@link #beforeEveryPage}: {@link #pageFaults} then tells what the policy has stopped. */
  static final String NOTE_POLICY_VIOLATIONS =
      """
      window.violations = [];
      document.addEventListener("securitypolicyviolation",
        (event) => window.violations.push(event.violatedDirective + " stopped " + event.blockedURI));
      """;

  private static final String AXE = "/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js";

  /** What axe finds, a line each: the rule, what it says, and where. */
  private static final String FIND_FAULTS =
      """
      const done = arguments[arguments.length - 1];
      axe.run(document, {resultTypes: ["violations"], ...arguments[0]}).then(
        (found) => done(found.violations.map((v) => v.id + ": " + v.help + " at " + v.nodes.map((n) => n.target.join(" ")
          + " (" + (n.any[0] || n.all[0] || n.none[0] || {message: ""}).message + ")").join(", "))),
        (failure) => done(["axe failed: " + failure]));
      """;

  private final ChromeDriver driver;

  /** The test is left out where there is none to start. */
  static void assumeInstalled() {
    assumeTrue(
        Files.isExecutable(BINARY) && Files.isExecutable(DRIVER),
        "chromium and chromedriver are installed");
  }

  /**
   * Starts one.
   *
   * @param profile an empty folder
   */
  Chromium(Path profile) {
    var options = new ChromeOptions();
    options.setBinary(BINARY.toString());
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--hide-scrollbars",
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

  /** How wide the window is, in CSS pixels, and which colours its user likes. */
  void look(int width, boolean dark) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", false));
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(
                Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"),
                Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
  }

  /** A picture of the whole page, however long. */
  void photograph(Path png) {
    var answer =
        driver.executeCdpCommand(
            "Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", true));
    try {
      Files.createDirectories(png.toAbsolutePath().getParent());
      Files.write(png, Base64.getDecoder().decode(String.valueOf(answer.get("data"))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void click(String css) {
    Eventually.holds(
        css + " is there",
        () -> {
          try {
            driver.findElement(By.cssSelector(css)).click();
            return true;
          } catch (NoSuchElementException | StaleElementReferenceException notYet) {
            return false;
          }
        });
  }

  /** Moves the pointer there: so many pixels to the right of the element's middle. */
  void pointAt(String css, int right) {
    new Actions(driver).moveToElement(driver.findElement(By.cssSelector(css)), right, 0).perform();
  }

  /** Presses keys wherever the focus is. */
  void press(CharSequence... keys) {
    new Actions(driver).sendKeys(keys).perform();
  }

  /** Types into a field, whatever stands there. */
  void type(String css, String text) {
    driver.findElement(By.cssSelector(css)).sendKeys(text);
  }

  /** As somebody who has it in the clipboard. */
  void paste(String css, String text) {
    driver.executeScript(
        "const e = document.querySelector(arguments[0]); e.focus(); e.value = arguments[1];"
            + "e.dispatchEvent(new ClipboardEvent('paste', {bubbles: true}));",
        css,
        text);
  }

  void select(String css, String value) {
    driver.executeScript(
        "const e = document.querySelector(arguments[0]); e.value = arguments[1];"
            + "e.dispatchEvent(new Event('change', {bubbles: true}));",
        css,
        value);
  }

  /** The page's path. */
  String path() {
    return script("location.pathname");
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

  /** What the first such element is to somebody who hears the page. */
  String role(String css) {
    return String.valueOf(driver.findElement(By.cssSelector(css)).getAriaRole());
  }

  /**
   * What is wrong with the page that is open, by its policy and by axe, a line each that begins
   * with the name; contrast is looked at in light and in dark.
   */
  List<String> pageFaults(String name) {
    var faults = new ArrayList<String>();
    driver.executeScript(axe());
    look(Map.of(), "light", name, faults);
    look(Map.of("runOnly", List.of("color-contrast")), "dark", name, faults);
    if (driver.executeScript("return window.violations") instanceof List<?> stopped) {
      stopped.forEach(violation -> faults.add(name + ": " + violation));
    }
    return faults;
  }

  /** Opens another tab with the page; its handle. */
  String openTab(String url) {
    driver.switchTo().newWindow(WindowType.TAB);
    open(url);
    return driver.getWindowHandle();
  }

  /** Is as it was when it had just been started: one tab, nothing open, nobody signed in. */
  void forget() {
    Set<String> before = driver.getWindowHandles();
    driver.switchTo().newWindow(WindowType.TAB);
    String fresh = driver.getWindowHandle();
    for (String tab : before) {
      driver.switchTo().window(tab).close();
    }
    driver.switchTo().window(fresh);
    driver.executeCdpCommand("Network.clearBrowserCookies", Map.of());
    driver.executeCdpCommand("Network.clearBrowserCache", Map.of());
    driver.executeCdpCommand(
        "Storage.clearDataForOrigin", Map.of("origin", "*", "storageTypes", "all"));
  }

  /** From now on that tab is seen, and everything is about it. */
  void show(String tab) {
    driver.switchTo().window(tab);
    driver.executeCdpCommand("Page.bringToFront", Map.of());
  }

  private void look(Map<String, Object> options, String scheme, String name, List<String> faults) {
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    if (driver.executeAsyncScript(FIND_FAULTS, options) instanceof List<?> found) {
      found.forEach(fault -> faults.add(name + " in " + scheme + ": " + fault));
    }
  }

  private static String axe() {
    try (InputStream file = Chromium.class.getResourceAsStream(AXE)) {
      return new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    driver.quit();
  }
}
