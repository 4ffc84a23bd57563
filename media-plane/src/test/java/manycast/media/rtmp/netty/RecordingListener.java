package manycast.media.rtmp.netty;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import manycast.media.rtmp.connection.ClientFailure;
import org.jspecify.annotations.Nullable;

/** Keeps what a client connection tells. */
final class RecordingListener implements RtmpClientListener {
  final List<ClientFailure> failures = new CopyOnWriteArrayList<>();
  volatile @Nullable RtmpClientHandler publishing;
  volatile boolean stopped;
  volatile long acknowledged;
  final AtomicInteger timesWritable = new AtomicInteger();

  @Override
  public void onPublishing(RtmpClientHandler connection) {
    publishing = connection;
  }

  @Override
  public void onWritable() {
    timesWritable.incrementAndGet();
  }

  @Override
  public void onOwnWords() {}

  @Override
  public void onAcknowledged(long bytes) {
    acknowledged = bytes;
  }

  @Override
  public void onFailure(ClientFailure failure) {
    failures.add(failure);
  }

  @Override
  public void onStopped() {
    stopped = true;
  }
}
