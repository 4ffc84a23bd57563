package manycast.control.dashboard;

import java.util.UUID;
import manycast.control.live.LiveView;
import org.jspecify.annotations.Nullable;

/**
 * Where the player of a stream's page finds its picture; all but the state is null when there is
 * none.
 *
 * @param state of the stream
 * @param node who carries the broadcast: another one makes a picture of its own
 * @param codec of the picture; null when there is sound alone
 */
record Picture(
    String state,
    @Nullable UUID broadcast,
    @Nullable String node,
    @Nullable String hls,
    @Nullable String still,
    @Nullable String codec) {

  static Picture of(String state, @Nullable LiveView live) {
    LiveView.Preview preview = live == null ? null : live.preview();
    if (live == null || preview == null) {
      return new Picture(state, null, null, null, null, null);
    }
    return new Picture(
        state,
        live.broadcastId(),
        live.nodeId(),
        preview.hlsUrl(),
        preview.stillUrl(),
        live.ingest().videoCodec());
  }

  Fragment fragment() {
    return new Fragment("preview-address", "preview/_address", "picture", this);
  }

  /** Without the token in its addresses. */
  @Override
  public String toString() {
    return "Picture[" + state + ", " + broadcast + "]";
  }
}
