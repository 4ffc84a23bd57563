package manycast.media.ingest;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import manycast.media.broadcast.Broadcast;
import manycast.media.broadcast.Publisher;
import manycast.media.bytes.ProtocolException;
import manycast.media.frame.Frame;
import manycast.media.frame.Owned;
import manycast.media.rtmp.connection.PublishEnd;
import manycast.media.rtmp.message.RtmpMessage;
import manycast.media.rtmp.netty.MediaSink;
import manycast.media.rtmp.netty.PublisherConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Feeds a broadcast from one publisher's connection. What came in one read is appended together and
 * offered once; where the broadcast lives on another loop it is handed over there, one task a read.
 */
final class BroadcastFeed implements MediaSink {
  private static final Logger LOG = LoggerFactory.getLogger(BroadcastFeed.class);

  private static final int HEARD_APART_MS = 250;

  private final Broadcast broadcast;
  private final Publisher publisher;
  private final PublisherConnection connection;
  private final boolean sameLoop;
  private final IngestCounters counters;
  private final RtmpFrames frames;
  private final String encoder;
  private List<Frame> batch = new ArrayList<>();
  private final TrackSkew skew = new TrackSkew();
  private boolean appended;
  private long heardMs = Broadcast.nowMs();
  private boolean skewTold;
  private long correctionsTold;
  private boolean refused;

  /**
   * A feed of what this publisher sends.
   *
   * @param encoder how it names itself; may be empty
   */
  BroadcastFeed(
      Broadcast broadcast,
      Publisher publisher,
      RtmpFrames frames,
      String encoder,
      PublisherConnection connection,
      IngestCounters counters) {
    this.broadcast = broadcast;
    this.publisher = publisher;
    this.frames = frames;
    this.encoder = encoder;
    this.connection = connection;
    this.sameLoop = broadcast.loop().equals(connection.eventLoop());
    this.counters = counters;
  }

  @Override
  public void onAudio(long timestamp, @Owned ByteBuf body) {
    if (refused) {
      body.release();
      return;
    }
    try {
      take(frames.audio(timestamp, body, Broadcast.nowMs()));
    } catch (ProtocolException e) {
      drop("malformed_audio", e.getMessage());
    }
  }

  @Override
  public void onVideo(long timestamp, @Owned ByteBuf body) {
    if (refused) {
      body.release();
      return;
    }
    try {
      take(frames.video(timestamp, body, Broadcast.nowMs()));
    } catch (ProtocolException e) {
      drop("malformed_video", e.getMessage());
    }
  }

  @Override
  public void onData(RtmpMessage.Data data) {
    if (refused) {
      return;
    }
    String name = Metadata.encoder(data);
    if (name != null) {
      onOwner(() -> broadcast.ingest().named(name));
    }
    take(frames.data(data, Broadcast.nowMs()));
  }

  /** What is whole speaks for itself; of the rest a broadcast hears a few times a second. */
  @Override
  public void onMediaBytes() {
    long nowMs = Broadcast.nowMs();
    if (nowMs - heardMs >= HEARD_APART_MS) {
      heardMs = nowMs;
      onOwner(() -> broadcast.hear(publisher, Broadcast.nowMs()));
    }
  }

  @Override
  public void onReadComplete() {
    tellCorrections();
    if (sameLoop) {
      if (appended) {
        appended = false;
        broadcast.offer(Broadcast.nowMs());
      }
    } else if (!batch.isEmpty()) {
      List<Frame> ready = batch;
      batch = new ArrayList<>(ready.size());
      handOver(ready);
    }
  }

  @Override
  public void onEnd(PublishEnd end, String detail) {
    onReadComplete();
    LOG.info(
        "publisher of broadcast {} is gone: {} ({})", broadcast.claim().broadcastId(), end, detail);
    broadcast.leave(publisher, end == PublishEnd.UNPUBLISHED);
  }

  private void take(Taken taken) {
    switch (taken) {
      case Taken.FrameTaken(Frame frame) -> {
        watchSkew(frame);
        append(frame);
      }
      case Taken.ConfigTaken(Frame frame, TrackDescriptions.Description description) -> {
        onOwner(() -> description.describe(broadcast.ingest()));
        append(frame);
      }
      case Taken.Several(List<Taken> each) -> each.forEach(this::take);
      case Taken.Nothing _ -> {}
      case Taken.NotCarried(String code, String text) -> drop(code, text);
      case Taken.Refused(String code, String text) -> {
        drop(code, text);
        // What has been read already comes before the connection is closed.
        refused = true;
        connection.close(text);
      }
    }
  }

  private void watchSkew(Frame frame) {
    if (!skewTold
        && frame.track().number() == 0
        && skew.note(frame.track().kind(), frame.dtsMs(), Broadcast.nowMs())) {
      skewTold = true;
      onOwner(
          () ->
              broadcast
                  .ingest()
                  .warn(
                      "skew",
                      "Sound and pictures come more than a second apart: check the encoder's audio"
                          + " settings and its load."));
    }
  }

  private void tellCorrections() {
    long corrections = frames.timeline().corrections();
    if (corrections == correctionsTold) {
      return;
    }
    correctionsTold = corrections;
    boolean jumped = frames.timeline().jumps() > 0;
    onOwner(
        () -> {
          broadcast.ingest().timestampsCorrected(corrections);
          if (jumped) {
            broadcast
                .ingest()
                .warn(
                    "timestamps",
                    "The encoder's clock jumped: the gap was closed, so that destinations see none.");
          }
        });
  }

  private void append(@Owned Frame frame) {
    Frame missing = frames.missingMetadata(frame, encoder);
    if (missing != null) {
      put(missing);
    }
    put(frame);
  }

  private void put(@Owned Frame frame) {
    if (!sameLoop) {
      batch.add(frame);
    } else {
      appended = true;
      appendOurs(frame, Broadcast.nowMs());
    }
  }

  /** What is still under way from a connection that was replaced comes too late. */
  private void appendOurs(@Owned Frame frame, long nowMs) {
    if (broadcast.isFrom(publisher)) {
      broadcast.append(frame, nowMs);
    } else {
      frame.release();
    }
  }

  private void handOver(List<Frame> ready) {
    broadcast
        .loop()
        .execute(
            () -> {
              long nowMs = Broadcast.nowMs();
              for (Frame frame : ready) {
                appendOurs(frame, nowMs);
              }
              broadcast.offer(nowMs);
            });
  }

  private void drop(String code, String text) {
    counters.dropMessage();
    onOwner(
        () -> {
          broadcast.ingest().dropMessage();
          broadcast.ingest().warn(code, text);
        });
  }

  private void onOwner(Runnable work) {
    if (sameLoop) {
      work.run();
    } else {
      broadcast.loop().execute(work);
    }
  }
}
