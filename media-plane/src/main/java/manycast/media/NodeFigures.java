package manycast.media;

import io.netty.channel.EventLoop;
import manycast.media.broadcast.MediaMemory;
import manycast.media.database.SampleWriter;
import manycast.media.loops.LoopWatchdog;

/** What a sample says of the node itself. Safe from any thread. */
record NodeFigures(LoopWatchdog watchdog, MediaMemory memory) implements SampleWriter.Node {
  @Override
  public double busy(EventLoop loop) {
    return watchdog.busy(loop);
  }

  @Override
  public long timesBlocked() {
    return watchdog.timesBlocked();
  }

  @Override
  public double memoryShare() {
    return (double) memory.held() / memory.bound();
  }
}
