package manycast.media.rtmp.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import manycast.media.frame.Owned;
import manycast.media.rtmp.connection.PublishEnd;
import manycast.media.rtmp.connection.PublishRefusal;
import manycast.media.rtmp.connection.PublishRequest;
import manycast.media.rtmp.message.RtmpMessage;
import org.jspecify.annotations.Nullable;

/** A gate that knows one key, and a sink that keeps everything as values. */
final class RecordingGate implements PublishGate {
  /** One audio or video message. */
  record Tag(int type, long timestamp, String bodyHex) {
    @Override
    public String toString() {
      String start = bodyHex.substring(0, Math.min(20, bodyHex.length()));
      return "type=%d timestamp=%d %d bytes %s"
          .formatted(type, timestamp, bodyHex.length() / 2, start);
    }
  }

  static final String KEY = "the-right-key";

  final List<PublishRequest> requests = new CopyOnWriteArrayList<>();
  final List<PublisherConnection> connections = new CopyOnWriteArrayList<>();
  final Queue<Tag> tags = new ConcurrentLinkedQueue<>();
  final Queue<RtmpMessage.Data> data = new ConcurrentLinkedQueue<>();
  final List<PublishEnd> ends = new CopyOnWriteArrayList<>();
  final List<Answer> held = new CopyOnWriteArrayList<>();
  volatile boolean holding;
  volatile int heard;
  volatile @Nullable RuntimeException fault;

  @Override
  public void authorize(PublishRequest request, PublisherConnection connection, Answer answer) {
    requests.add(request);
    connections.add(connection);
    if (holding) {
      held.add(answer);
    } else if (request.key().equals(KEY)) {
      answer.allow(sink());
    } else {
      answer.refuse(PublishRefusal.DENIED, "This stream key is not known.");
    }
  }

  MediaSink sink() {
    return new MediaSink() {
      @Override
      public void onAudio(long timestamp, @Owned ByteBuf body) {
        keep(8, timestamp, body);
      }

      @Override
      public void onVideo(long timestamp, @Owned ByteBuf body) {
        keep(9, timestamp, body);
      }

      private void keep(int type, long timestamp, @Owned ByteBuf body) {
        tags.add(new Tag(type, timestamp, ByteBufUtil.hexDump(body)));
        body.release();
        RuntimeException planned = fault;
        if (planned != null) {
          throw planned;
        }
      }

      @Override
      public void onData(RtmpMessage.Data message) {
        data.add(message);
      }

      @Override
      public void onMediaBytes() {
        heard++;
      }

      @Override
      public void onReadComplete() {}

      @Override
      public void onEnd(PublishEnd end, String detail) {
        ends.add(end);
      }
    };
  }
}
