package manycast.media.codec;

/**
 * What a codec config tells about pictures; what it does not tell is empty or 0.
 *
 * @param profile as people name it, such as "High"
 * @param level as people name it, such as "4.1"
 * @param width in pixels after cropping
 * @param height in pixels after cropping
 * @param frameRate pictures a second as announced
 * @param bitDepth bits of a sample
 * @param reordered pictures may be shown in another order than they are decoded in: B-frames
 */
public record VideoDescription(
    String profile,
    String level,
    int width,
    int height,
    double frameRate,
    int bitDepth,
    boolean reordered) {
  /** Nothing is known. */
  public static final VideoDescription UNKNOWN = new VideoDescription("", "", 0, 0, 0, 0, false);
}
