package manycast.control.samples;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Some time of a broadcast, from its first moment up to its end, which is not in it. */
record Span(Instant begins, Instant ends) {
  /** What is picked is picked in pieces of this length, of three samples or so. */
  static final Duration PIECE = Duration.ofSeconds(30);

  /** No more pieces are picked: a day in all. */
  private static final int MOST = 2_880;

  /**
   * The pieces of a broadcast that are looked at: one of every so many, those in which a moment
   * lies and the ones before and after it, of too many moments the newest; what adjoins is one
   * span. They are in the order of time.
   */
  static List<Span> of(Instant from, Instant to, int every, Stream<Instant> moments) {
    long pieces = Math.ceilDiv(Duration.between(from, to).toMillis() + 1, PIECE.toMillis());
    var picked = new TreeSet<Long>();
    for (long piece = 0; piece < pieces; piece += every) {
      picked.add(piece);
    }
    for (Instant moment : moments.sorted(Comparator.reverseOrder()).toList()) {
      if (picked.size() + 3 > MOST) {
        break;
      }
      long piece = Math.floorDiv(Duration.between(from, moment).toMillis(), PIECE.toMillis());
      picked.addAll(List.of(piece - 1, piece, piece + 1));
    }
    var spans = new ArrayList<Span>();
    for (long piece : picked) {
      Instant begins = from.plus(PIECE.multipliedBy(piece));
      boolean adjoins = !spans.isEmpty() && spans.getLast().ends.equals(begins);
      Instant of = adjoins ? spans.removeLast().begins : begins;
      spans.add(new Span(of, begins.plus(PIECE)));
    }
    return spans;
  }
}
