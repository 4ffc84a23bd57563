package manycast.media;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import manycast.media.broadcast.Broadcast;
import manycast.media.broadcast.MediaMemory;
import manycast.media.broadcast.RateMeter;
import manycast.media.database.NodeLease;
import manycast.media.relay.Relays;
import org.jspecify.annotations.Nullable;

/** How busy the node is, as its row says. Belongs to the lease's thread. */
final class NodeLoad implements NodeLease.Load {
  private final MediaMemory memory;
  private final Relays relays;
  private final RateMeter egress = new RateMeter();
  private @Nullable OperatingSystemMXBean system;
  private boolean asked;

  NodeLoad(MediaMemory memory, Relays relays) {
    this.memory = memory;
    this.relays = relays;
  }

  /** A node that is just starting has nothing to tell, and its first publisher no time to wait. */
  @Override
  public double cpuBusy() {
    if (!asked) {
      asked = true;
      return 0;
    }
    if (system == null) {
      system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    }
    return Math.max(0, system.getProcessCpuLoad());
  }

  @Override
  public long mediaBytes() {
    return memory.held();
  }

  @Override
  public long mediaBytesMax() {
    return memory.bound();
  }

  @Override
  public long egressBps() {
    long sent = relays.bytesSent();
    long nowMs = Broadcast.nowMs();
    long rate = egress.perSecond(sent, nowMs) * 8;
    egress.note(sent, nowMs);
    return rate;
  }
}
