package manycast.media.hls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A player of low latency that forgives nothing: it reloads the playlist before there is more of
 * it, every other time as a delta update, reads each version and each segment by the letter, and
 * keeps what it was given.
 */
public final class StrictPlayer {
  private final String base;
  private final String token;
  private final HttpClient client;
  private final PlaylistChecker playlists = new PlaylistChecker();
  private final MediaChecker media = new MediaChecker();
  private final List<byte[]> runs = new ArrayList<>();
  private final ByteArrayOutputStream run = new ByteArrayOutputStream();
  private long next = -1;

  /**
   * Has asked for nothing yet.
   *
   * @param base what addresses of the broadcast's preview begin with
   */
  public StrictPlayer(String base, String token, HttpClient client) {
    this.base = base;
    this.token = token;
    this.client = client;
  }

  /**
   * Watches to the end of the broadcast; throws an {@link AssertionError} for what is not right.
   */
  public void watch() throws IOException, InterruptedException {
    String text = text("");
    while (true) {
      List<PlaylistChecker.Entry> entries = playlists.check(text);
      for (PlaylistChecker.Entry entry : entries) {
        if (!entry.uri().isEmpty() && entry.number() >= next) {
          next = entry.number() + 1;
          take(entry);
        }
      }
      if (text.contains("#EXT-X-ENDLIST")) {
        finishRun();
        return;
      }
      PlaylistChecker.Entry last = entries.getLast();
      boolean grows = last.uri().isEmpty();
      String wish =
          "&_HLS_msn=%d&_HLS_part=%d"
              .formatted(
                  grows ? last.number() : last.number() + 1, grows ? last.parts().size() : 0);
      text =
          playlists.versions() % 2 == 0
              ? text(wish)
              : PlaylistChecker.merge(text, text(wish + "&_HLS_skip=YES"));
    }
  }

  /** What it found of the playlists. */
  public PlaylistChecker playlists() {
    return playlists;
  }

  /** What it was given, each stretch without a discontinuity as one file. */
  public List<byte[]> runs() {
    return List.copyOf(runs);
  }

  private void take(PlaylistChecker.Entry entry) throws IOException, InterruptedException {
    if (run.size() == 0 || entry.discontinuity()) {
      finishRun();
      byte[] init = fetch(entry.map());
      run.write(init);
      media.begin(Unpooled.wrappedBuffer(init));
    }
    byte[] segment = fetch(entry.uri());
    MediaChecker.Content content = media.check(Unpooled.wrappedBuffer(segment));
    assertThat(content.seconds()).isCloseTo(entry.seconds(), offset(0.001));
    run.write(segment);
  }

  private void finishRun() {
    if (run.size() > 0) {
      runs.add(run.toByteArray());
      run.reset();
    }
  }

  private String text(String wish) throws IOException, InterruptedException {
    return new String(fetch("index.m3u8?token=" + token + wish), StandardCharsets.UTF_8);
  }

  private byte[] fetch(String name) throws IOException, InterruptedException {
    HttpResponse<byte[]> response =
        client.send(
            HttpRequest.newBuilder(URI.create(base + name)).build(), BodyHandlers.ofByteArray());
    assertThat(response.statusCode()).as(name).isEqualTo(200);
    return response.body();
  }
}
