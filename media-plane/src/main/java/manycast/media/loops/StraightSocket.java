package manycast.media.loops;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.IovArray;
import io.netty.channel.unix.Socket;
import io.netty.util.concurrent.FastThreadLocal;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The socket of a connected channel, to be written to past the channel's queue while nothing waits
 * there. Where the same bytes go to hundreds of sockets, the queue's own work for each of them is
 * most of what a write costs beside the kernel's. To be used on the channel's loop.
 */
public interface StraightSocket {
  /** Whether it is open and nothing queued before has still to go out. */
  boolean isClear();

  /**
   * Writes what the socket takes of several pieces, in one call. Not to be called unless it {@link
   * #isClear}, or has been and nothing was queued since.
   *
   * @param pieces lent; the first {@code count} are written
   * @param stamp another number for each content that this array has: what is written to one socket
   *     after another is prepared once
   * @return how many bytes it took; 0 where it is full or closed
   * @throws IOException when the connection is broken
   */
  long write(@Nullable ByteBuf[] pieces, int count, int stamp) throws IOException;

  /**
   * The socket of this channel, or null where the bytes of a message are not what goes over it, or
   * not written by the channel's own calls: the caller sees to it that no handler changes them.
   */
  static @Nullable StraightSocket of(Channel channel) {
    ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
    return channel instanceof EpollSocketChannel epoll
            && epoll.fd() instanceof Socket socket
            && queue != null
        ? new OfEpoll(socket, queue, OfEpoll.VECTORS.get())
        : null;
  }

  /** A socket that epoll watches. */
  record OfEpoll(Socket socket, ChannelOutboundBuffer queue, Vectors vectors)
      implements StraightSocket {
    private static final FastThreadLocal<Vectors> VECTORS =
        new FastThreadLocal<>() {
          @Override
          protected Vectors initialValue() {
            return new Vectors();
          }

          @Override
          protected void onRemoval(Vectors vectors) {
            vectors.vectors.release();
          }
        };

    @Override
    public boolean isClear() {
      return socket.isOpen() && queue.totalPendingWriteBytes() == 0;
    }

    @Override
    public long write(@Nullable ByteBuf[] pieces, int count, int stamp) throws IOException {
      // The number of a closed one may be another socket's by now.
      if (!socket.isOpen()) {
        return 0;
      }
      if (count == 1) {
        ByteBuf piece = Objects.requireNonNull(pieces[0]);
        // Cheaper than a write, which asks what a file would need to be asked.
        return Math.max(
            0, socket.sendAddress(piece.memoryAddress(), piece.readerIndex(), piece.writerIndex()));
      }
      return Math.max(0, socket.writevAddresses(vectors.of(pieces, count, stamp), count));
    }
  }

  /** The kernel's list of what was gathered last on a loop. */
  final class Vectors {
    private final IovArray vectors = new IovArray();
    private @Nullable ByteBuf @Nullable [] pieces;
    private int stamp;

    private long of(@Nullable ByteBuf[] wanted, int count, int wantedStamp) {
      if (pieces != wanted || stamp != wantedStamp) {
        pieces = wanted;
        stamp = wantedStamp;
        vectors.clear();
        for (int i = 0; i < count; i++) {
          ByteBuf piece = Objects.requireNonNull(wanted[i]);
          vectors.add(piece, piece.readerIndex(), piece.readableBytes());
        }
      }
      return vectors.memoryAddress(0);
    }
  }
}
