package manycast.media.hls;

import java.util.ArrayList;
import java.util.List;

/**
 * A segment as it stands: complete, or with the parts that there are so far.
 *
 * @param number its media sequence number
 * @param init the number of what a player needs before it
 * @param discontinuity it does not go on where the one before it ended
 * @param discontinuities how many segments up to this one did not, itself included
 * @param dateTime when its first frame arrived, as playlists write it
 */
record Segment(
    long number,
    int init,
    boolean discontinuity,
    long discontinuities,
    String dateTime,
    List<Part> parts,
    boolean complete) {

  Segment with(Part part) {
    List<Part> more = new ArrayList<>(parts);
    more.add(part);
    return new Segment(
        number, init, discontinuity, discontinuities, dateTime, List.copyOf(more), complete);
  }

  Segment completed() {
    return new Segment(number, init, discontinuity, discontinuities, dateTime, parts, true);
  }

  /** How long all of them play. */
  static long micros(Iterable<Segment> segments) {
    long micros = 0;
    for (Segment segment : segments) {
      micros += segment.micros();
    }
    return micros;
  }

  long micros() {
    long micros = 0;
    for (Part part : parts) {
      micros += part.micros();
    }
    return micros;
  }

  int bytes() {
    int bytes = 0;
    for (Part part : parts) {
      bytes += part.bytes().readableBytes();
    }
    return bytes;
  }

  boolean hasListedParts() {
    for (Part part : parts) {
      if (!part.listed()) {
        return false;
      }
    }
    return true;
  }
}
