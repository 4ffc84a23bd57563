package manycast.media.fuzz;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;
import manycast.media.bytes.CountingBytes;
import manycast.media.frame.Owned;
import manycast.media.rtmp.connection.ClientFailure;
import manycast.media.rtmp.connection.ClientTarget;
import manycast.media.rtmp.connection.PublishEnd;
import manycast.media.rtmp.message.RtmpMessage;
import manycast.media.rtmp.netty.MediaSink;
import manycast.media.rtmp.netty.RtmpClientHandler;
import manycast.media.rtmp.netty.RtmpClientListener;
import manycast.media.rtmp.netty.RtmpServerHandler;

/** A connection without a socket, behind a right handshake; everyone may publish. */
final class FuzzedConnection {
  private static final int BLOCK = 1536;
  private static final int NODE_BYTES = 1 << 20;

  private FuzzedConnection() {}

  /** Reads what an encoder sends behind its handshake. */
  static void encoder(byte[] bytes) {
    CountingBytes counter = new CountingBytes(NODE_BYTES);
    EmbeddedChannel channel = new EmbeddedChannel();
    channel.freezeTime();
    Ends ends = new Ends();
    channel
        .pipeline()
        .addLast(
            new RtmpServerHandler(
                (request, connection, answer) -> {
                  ends.begun++;
                  answer.allow(ends);
                },
                counter));
    ByteBuf shaken = Unpooled.buffer(1 + 2 * BLOCK).writeByte(3).writeZero(2 * BLOCK);
    run(channel, shaken, bytes);
    Target.require(counter.held() == 0, counter.held() + " bytes are still counted");
    Target.require(ends.count == ends.begun, ends.count + " ends of " + ends.begun + " publishes");
  }

  /** Reads what a destination answers behind its handshake. */
  static void destination(byte[] bytes) {
    EmbeddedChannel channel = new EmbeddedChannel();
    channel.freezeTime();
    Outcomes outcomes = new Outcomes();
    channel
        .pipeline()
        .addLast(
            new RtmpClientHandler(
                new ClientTarget("app", "rtmp://h/app", "key", ClientTarget.DEFAULT_FLASH_VER),
                outcomes));
    ByteBuf shaken = Unpooled.buffer(1 + 2 * BLOCK).writeByte(3).writeZero(2 * BLOCK);
    run(channel, shaken, bytes);
    Target.require(outcomes.count == 1, outcomes.count + " outcomes");
  }

  private static void run(EmbeddedChannel channel, @Owned ByteBuf shaken, byte[] bytes) {
    try {
      channel.writeInbound(shaken);
      int head = bytes.length == 0 ? 0 : bytes[0] & 0xFF;
      for (ByteBuf piece : Target.pieces(bytes, 1, 1 + head * 4)) {
        if (channel.isActive()) {
          channel.writeInbound(piece);
          channel.runPendingTasks();
          channel.releaseOutbound();
        }
      }
      channel.advanceTimeBy(1, TimeUnit.MINUTES);
      channel.runScheduledPendingTasks();
    } finally {
      channel.finishAndReleaseAll();
    }
  }

  private static final class Ends implements MediaSink {
    private int begun;
    private int count;

    @Override
    public void onAudio(long timestamp, @Owned ByteBuf body) {
      body.release();
    }

    @Override
    public void onVideo(long timestamp, @Owned ByteBuf body) {
      body.release();
    }

    @Override
    public void onData(RtmpMessage.Data data) {
      Target.require(!data.toString().isEmpty(), "data without a word");
    }

    @Override
    public void onMediaBytes() {}

    @Override
    public void onReadComplete() {}

    @Override
    public void onEnd(PublishEnd end, String detail) {
      count++;
    }
  }

  private static final class Outcomes implements RtmpClientListener {
    private int count;

    @Override
    public void onPublishing(RtmpClientHandler connection) {}

    @Override
    public void onWritable() {}

    @Override
    public void onOwnWords() {}

    @Override
    public void onAcknowledged(long bytes) {
      Target.require(bytes >= 0, bytes + " bytes acknowledged");
    }

    @Override
    public void onFailure(ClientFailure failure) {
      count++;
    }

    @Override
    public void onStopped() {
      count++;
    }
  }
}
