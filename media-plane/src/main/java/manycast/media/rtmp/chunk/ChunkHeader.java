package manycast.media.rtmp.chunk;

/** The header of a message's first chunk, in the two forms that we write (RTMP 1.0 §5.3.1.2). */
public sealed interface ChunkHeader {
  /** The chunk stream, 2 to 65599; everything we send is below 32 for nginx's sake. */
  int chunkStreamId();

  /** The message type id. */
  int type();

  /** The 32 bits of time that the header carries: an absolute time or a delta. */
  long time();

  /**
   * Type 0: everything absolute.
   *
   * @param timestamp milliseconds, written modulo 2^32
   */
  record Full(int chunkStreamId, long timestamp, int type, int messageStreamId)
      implements ChunkHeader {
    /** Refuses chunk streams that cannot be written. */
    public Full {
      requireChunkStream(chunkStreamId);
    }

    @Override
    public long time() {
      return timestamp & 0xFFFF_FFFFL;
    }
  }

  /**
   * Type 1: a delta to the chunk stream's last message, and no message stream id, so that the same
   * bytes serve every destination.
   *
   * @param delta milliseconds, written modulo 2^32
   */
  record Delta(int chunkStreamId, long delta, int type) implements ChunkHeader {
    /** Refuses chunk streams that cannot be written. */
    public Delta {
      requireChunkStream(chunkStreamId);
    }

    @Override
    public long time() {
      return delta & 0xFFFF_FFFFL;
    }
  }

  private static void requireChunkStream(int chunkStreamId) {
    if (chunkStreamId < 2 || chunkStreamId > 65_599) {
      throw new IllegalArgumentException(
          "chunkStreamId " + chunkStreamId + " is not in 2 to 65599");
    }
  }
}
