package manycast.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a streamer sees of what is live, in a real browser, from a real encoder. */
class PreviewIT {
  private static final Path SCREENSHOTS = Product.ROOT.resolve("system/target/screenshots");
  private static final Duration SOON = Duration.ofSeconds(20);

  /** Of the shared product's addresses: a new one comes when half of it is over. */
  private static final Duration TOKEN_LIFE = Duration.ofSeconds(20);

  private static final String ADDRESS = "document.getElementById('preview-address').dataset.hls";
  private static final String VIDEO = "document.querySelector('#preview-stage video.on-screen')";

  private final Product product = Product.shared();

  @Test
  void playsOnPastRenewedAddressesAndThroughReconnectsOfItsEncoderToAnotherNode() throws Exception {
    try (LiveStream stream = new LiveStream(product, "Watched");
        Browser browser = new Browser()) {
      browser.signIn(product);
      browser.open(product.url() + "/streams/" + stream.id());
      assertThat(browser.await("#preview-say").getText()).startsWith("Nothing is live.");
      browser.script(
          "performance.setResourceTimingBufferSize(5000); window.stopped = []; document.addEventListener('securitypolicyviolation', (e) => stopped.push(e.blockedURI))");
      String firstNode;
      try (Ffmpeg encoder = stream.publish()) {
        awaitMorePictures(browser);
        awaitWords(browser, "#preview-behind", "\\d+\\.\\d s behind live");
        assertThat(browser.text("#preview-say")).isEmpty();
        browser.screenshot(SCREENSHOTS.resolve("preview.png"));
        assertThatPicturesChange(browser);
        playsThroughARenewal(browser);
        hasFetchedNoPartAgainAndAgain(browser);
        leapsToLiveFromFarBehind(browser);
        firstNode = stream.live().get("nodeId").asString();
        encoder.kill();
      }
      awaitWords(browser, "#preview-say", "The encoder is lost; this is its last picture\\.");
      try (Ffmpeg encoder = stream.publish()) {
        stream.awaitState("live");
        awaitMorePictures(browser);
        isHeardThroughARenewalWhereNobodySeesIt(browser);
        keepsWhatWasPushedMeanwhileAndAsksNoMoreOnceItIsTurnedAway(browser);
        ProcessHandle node = product.process("media-plane");
        node.destroyForcibly();
        node.onExit().join();
        Until.isTrue("the encoder notices", SOON, () -> !encoder.isRunning());
        Until.isTrue(
            "another node is there",
            SOON,
            () ->
                Ports.isReady(product.port("MANYCAST_MEDIA_HTTP_PORT"))
                    && product.process("media-plane").pid() != node.pid());
      }
      try (Ffmpeg encoder = stream.publish()) {
        stream.awaitState("live");
        assertThat(stream.live().get("nodeId").asString()).isNotEqualTo(firstNode);
        awaitPage(browser, "the other node's address", "data-node", firstNode);
        awaitMorePictures(browser);
        assertThatPicturesChange(browser);
        hasFetchedNoPartAgainAndAgain(browser);
        assertThat(browser.script("return stopped.join()")).isEmpty();

        browser.open(product.url().toString());
        Until.satisfied(
            "a still on the first page",
            SOON,
            () ->
                browser.script(
                    "return document.querySelector('#card-still-%s video.on-screen')?.videoWidth"
                        .formatted(stream.id())),
            "640"::equals);
        browser.screenshot(SCREENSHOTS.resolve("home-still.png"));
        encoder.interrupt();
      }
    }
  }

  /**
   * A player that takes a part for one that it lacks fetches it twenty times a second, and stands
   * still meanwhile. Once more is what it does at a short end of a segment.
   */
  private static void hasFetchedNoPartAgainAndAgain(Browser browser) {
    String most =
        browser.script(
            "const times = {}; for (const {name} of performance.getEntriesByType('resource')) {"
                + " const file = name.match(/[0-9-.]+m4s/); if (file) times[file] = (times[file] || 0) + 1; }"
                + " return Math.max(...Object.values(times)).toString()");
    assertThat(Integer.parseInt(most)).isBetween(1, 5);
  }

  /** The address changes, the requests change with it, and the picture goes on where it is. */
  private static void playsThroughARenewal(Browser browser) {
    browser.script(VIDEO + ".isTheSame = true");
    awaitRenewal(browser);
    awaitMorePictures(browser);
    assertThat(browser.script("return " + VIDEO + ".isTheSame"))
        .as("nothing was loaded again")
        .isEqualTo("true");
  }

  /** As after a network that was away for long: what nobody can catch up with is left out. */
  private static void leapsToLiveFromFarBehind(Browser browser) {
    browser.script(
        "window.leaps = 0; %1$s.addEventListener('seeking', () => window.leaps++); %1$s.currentTime -= 8"
            .formatted(VIDEO));
    Until.satisfied(
        "it leaps by itself",
        SOON,
        () -> browser.script("return window.leaps > 1"),
        "true"::equals);
    awaitMorePictures(browser);
  }

  /** The same in a tab behind another one, whose event stream is closed: its sound goes on. */
  private void isHeardThroughARenewalWhereNobodySeesIt(Browser browser) {
    browser.find("#preview-sound").click();
    Until.satisfied(
        "sound", SOON, () -> browser.script("return " + VIDEO + ".muted"), "false"::equals);
    browser.script(
        VIDEO
            + ".isTheSame = true; document.addEventListener('htmx:oobBeforeSwap', () => window.news++);"
            + "new BroadcastChannel('manycast-feeds').onmessage = (e) => window.feedIsClosed = Boolean(e.data.closed)");
    browser.hideBehind(product.url() + "/assets/preview.css");
    // As four tabs say that open their event streams: the oldest is closed then, not after half a
    // minute.
    browser.script(
        "const tabs = new BroadcastChannel('manycast-feeds'); [1, 2, 3, 4].forEach((n) => tabs.postMessage({opened: n}))");
    Until.satisfied(
        "the event stream is closed",
        SOON,
        () -> browser.script("return window.feedIsClosed"),
        "true"::equals);
    browser.script("window.news = 0");
    awaitRenewal(browser);
    String time = browser.script("return " + VIDEO + ".currentTime");
    Until.satisfied(
        "it goes on",
        SOON,
        () -> browser.script("return %s.currentTime > %s + 1".formatted(VIDEO, time)),
        "true"::equals);
    assertThat(
            browser.script(
                "return [%1$s.isTheSame, %1$s.muted, %1$s.paused, window.news].join()"
                    .formatted(VIDEO)))
        .as("nothing was loaded again, and nothing was pushed")
        .isEqualTo("true,false,false,0");
    browser.showAgain();
    browser.find("#preview-sound").click();
  }

  /** The page that it asks for comes late, and then is not given to it any more. */
  private static void keepsWhatWasPushedMeanwhileAndAsksNoMoreOnceItIsTurnedAway(Browser browser) {
    // The token is as good as over by this clock, so that the script asks when it looks next.
    String look =
        "document.documentElement.dataset.clockOffset = 15000; document.dispatchEvent(new Event('visibilitychange'));";
    browser.script(
        "window.askedFor = 0; window.trueFetch = window.fetch; window.fetch = async () => {"
            + " document.getElementById('preview-address').dataset.hls += '&pushed'; askedFor++;"
            + " return new Response('<p id=\"preview-address\" data-hls=\"late\">'); }");
    Until.satisfied(
        "it asks", SOON, () -> browser.script(look + "return askedFor > 0"), "true"::equals);
    assertThat(browser.script("return " + ADDRESS)).isNotEqualTo("late");

    browser.script(
        "window.fetch = async () => { askedFor++; return {type: 'opaqueredirect', status: 0, ok: false}; }");
    Until.satisfied(
        "it stops and says why",
        SOON,
        () ->
            browser.script(
                look
                    + "return %s.paused + ' ' + document.getElementById('preview-say').textContent"
                        .formatted(VIDEO)),
        text -> text.startsWith("true This page is not kept up to date any more."));
    assertThat(
            browser.script(
                "const before = askedFor, now = performance.now.bind(performance); performance.now = () => now() + 5000;"
                    + look
                    + "return askedFor - before"))
        .as("it asks no more")
        .isEqualTo("0");

    browser.script(
        "window.fetch = trueFetch; document.documentElement.dataset.clockOffset = 0;"
            + "document.getElementById('preview-play').click()");
    awaitMorePictures(browser);
  }

  private static void awaitRenewal(Browser browser) {
    String before = browser.script("return " + ADDRESS);
    Until.satisfied(
        "another address",
        TOKEN_LIFE.multipliedBy(2),
        () -> browser.script("return " + ADDRESS),
        address -> !address.equals(before));
    Until.satisfied(
        "media is asked for with the newest token",
        SOON,
        () ->
            browser.script(
                "const token = new URL("
                    + ADDRESS
                    + ").searchParams.get('token');"
                    + " return performance.getEntriesByType('resource').some((r) => r.name.includes('/hls/')"
                    + " && !r.name.includes('.m3u8') && r.name.includes(token))"),
        "true"::equals);
  }

  private static void awaitPage(Browser browser, String what, String attribute, String not) {
    Until.satisfied(
        what,
        SOON,
        () -> browser.attribute("#preview-address", attribute),
        value -> !value.equals(not) && !value.equals("null"));
  }

  private static void awaitWords(Browser browser, String css, String pattern) {
    Until.satisfied(pattern, SOON, () -> browser.text(css), text -> text.matches(pattern));
  }

  /** Waits until one player has shown a second and ten pictures more, from now on. */
  private static void awaitMorePictures(Browser browser) {
    browser.script("window.from = null");
    Until.satisfied(
        "more pictures",
        SOON,
        () ->
            browser.script(
                "const video = "
                    + VIDEO
                    + "; if (!video) return 'no picture'; const pictures = video.getVideoPlaybackQuality().totalVideoFrames;"
                    + " if (!from || from.video !== video) from = {video, time: video.currentTime, pictures};"
                    + " return video.currentTime > from.time + 1 && pictures > from.pictures + 10"),
        "true"::equals);
  }

  private static void assertThatPicturesChange(Browser browser) {
    String before = pixels(browser);
    Until.satisfied("another picture", SOON, () -> pixels(browser), now -> !now.equals(before));
  }

  private static String pixels(Browser browser) {
    return browser.script(
        "const c = document.createElement('canvas'); c.width = 32; c.height = 18; const x = c.getContext('2d');"
            + "x.drawImage("
            + VIDEO
            + ", 0, 0, 32, 18); return [...x.getImageData(0, 0, 32, 18).data].join()");
  }
}
