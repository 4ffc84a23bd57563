package manycast.media.hls;

import io.netty.buffer.ByteBuf;
import manycast.media.frame.Owned;

/** What a broadcast's preview answers to a request. */
sealed interface Answer {
  /** A playlist as it stands. */
  record Playlist(MediaPlaylist playlist) implements Answer {}

  /**
   * A media file.
   *
   * @param keeps whether it stays the same for ever
   */
  record Media(@Owned ByteBuf bytes, boolean keeps) implements Answer {}

  /** Nothing, and why, in the words of HTTP. */
  record Refused(int status, String reason) implements Answer {}

  /** There is no such file. */
  Refused NOT_FOUND = new Refused(404, "there is no such file, or not any more");
}
