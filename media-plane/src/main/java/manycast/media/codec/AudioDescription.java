package manycast.media.codec;

/**
 * What a codec config or the head of a frame tells about sound; what it does not tell is empty or
 * 0.
 *
 * @param profile as people name it, such as "LC"
 * @param sampleRate the output's, in Hz
 * @param channels how many
 */
public record AudioDescription(String profile, int sampleRate, int channels) {
  /** Nothing is known. */
  public static final AudioDescription UNKNOWN = new AudioDescription("", 0, 0);
}
