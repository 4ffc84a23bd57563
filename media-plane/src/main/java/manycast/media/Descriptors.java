package manycast.media;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.LongSupplier;

/**
 * How many files and sockets the process has open of those that it may. Without one left, no
 * encoder gets in and no relay gets out, so the last of them are for the streams that are live.
 */
final class Descriptors {
  private static final double SCARCE = 0.9;

  private final LongSupplier open;
  private final LongSupplier most;
  private volatile boolean scarce;

  Descriptors(LongSupplier open, LongSupplier most) {
    this.open = open;
    this.most = most;
  }

  /** Those of this process. */
  static Descriptors ofProcess() {
    return new Descriptors(
        () -> system().getOpenFileDescriptorCount(), () -> system().getMaxFileDescriptorCount());
  }

  private static UnixOperatingSystemMXBean system() {
    return ManagementFactory.getPlatformMXBean(UnixOperatingSystemMXBean.class);
  }

  /** Counts; not on a loop, since it reads a directory. */
  void count() {
    try {
      scarce = open.getAsLong() > SCARCE * most.getAsLong();
    } catch (InternalError noneIsLeftToCountThemWith) {
      scarce = true;
    }
  }

  /** How many the process may have open. */
  long most() {
    return most.getAsLong();
  }

  /** Whether nine tenths were open when they were counted last; safe from any thread. */
  boolean areScarce() {
    return scarce;
  }
}
