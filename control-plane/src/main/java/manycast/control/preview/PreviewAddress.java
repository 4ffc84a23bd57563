package manycast.control.preview;

/**
 * Where one broadcast's preview is; both addresses are absolute, usable as they are, and let
 * whoever has them watch this broadcast until their token expires.
 *
 * @param hlsUrl its HLS playlist
 * @param stillUrl its newest keyframe, as a film of one picture
 */
public record PreviewAddress(String hlsUrl, String stillUrl) {
  /** Without the token, which lies in both addresses. */
  @Override
  public String toString() {
    return "PreviewAddress[…]";
  }
}
