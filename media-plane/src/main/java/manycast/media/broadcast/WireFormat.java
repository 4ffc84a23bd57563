package manycast.media.broadcast;

import io.netty.buffer.ByteBuf;
import manycast.media.frame.Frame;
import manycast.media.frame.Owned;

/**
 * Makes the wire image of a log entry that every destination of one variant can be sent as it is.
 */
public interface WireFormat {
  /** How many variants there can be. */
  int VARIANTS = 1;

  /** The slot of this variant in an entry: 0 to {@link #VARIANTS} - 1. */
  int variant();

  /** The entry as it lies on the wire, following the previous entry of its track. */
  @Owned
  ByteBuf image(LogEntry entry);

  /** Whether no destination of the variant leaves this frame out. */
  boolean isForAll(Frame frame);
}
