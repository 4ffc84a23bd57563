package manycast.media.ingest;

import java.util.List;
import manycast.media.frame.Frame;
import manycast.media.frame.Owned;
import manycast.media.ingest.TrackDescriptions.Description;

/** What a message of a publisher turned out to be. */
sealed interface Taken {
  /** The only {@link Nothing} that is needed. */
  Taken NOTHING = new Nothing();

  record FrameTaken(@Owned Frame frame) implements Taken {}

  /** A frame that also says something about the encoder. */
  record ConfigTaken(@Owned Frame frame, Description description) implements Taken {}

  /** What a message with several tracks held, in its order. */
  record Several(List<Taken> each) implements Taken {}

  /** Nothing that would have to be carried. */
  record Nothing() implements Taken {}

  /** Media that this node does not carry. */
  record NotCarried(String code, String text) implements Taken {}

  /** What cannot be left out and is not carried either: the publish is over. */
  record Refused(String code, String text) implements Taken {}
}
