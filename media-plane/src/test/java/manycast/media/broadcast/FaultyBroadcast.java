package manycast.media.broadcast;

import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;

/** A broadcast whose cursors ask before every call of their readers whether it is to fail. */
public final class FaultyBroadcast {
  private FaultyBroadcast() {}

  /** Throws where a fault is planted. */
  @FunctionalInterface
  public interface Fault {
    void at(String call, CursorReader reader);
  }

  public static Broadcast open(
      BroadcastClaim claim,
      EventLoop loop,
      MediaMemory memory,
      IngestFigures ingest,
      BroadcastListener listener,
      Fault fault) {
    return new Broadcast(
        claim,
        loop,
        new FaultyLog(memory, fault),
        ingest,
        listener,
        new NobodysPublisher(),
        "a key",
        45_000,
        () -> 0);
  }

  private static final class FaultyLog extends BroadcastLog {
    private final Fault fault;

    FaultyLog(MediaMemory memory, Fault fault) {
      super(memory, LogBounds.STANDARD);
      this.fault = fault;
    }

    @Override
    Cursor newCursor(CursorReader reader, int delayMs) {
      return new FaultyCursor(this, reader, delayMs, fault);
    }
  }

  private static final class FaultyCursor extends Cursor {
    private final CursorReader reader;
    private final Fault fault;

    FaultyCursor(BroadcastLog log, CursorReader reader, int delayMs, Fault fault) {
      super(log, reader, delayMs);
      this.reader = reader;
      this.fault = fault;
    }

    @Override
    public @Nullable LogEntry next(long nowMs) {
      fault.at("next", reader);
      return super.next(nowMs);
    }

    @Override
    public boolean isSettled() {
      fault.at("isSettled", reader);
      return super.isSettled();
    }

    @Override
    public @Nullable LogRun run(WireFormat format, long nowMs) {
      fault.at("run", reader);
      return super.run(format, nowMs);
    }

    @Override
    public void pass(LogRun run) {
      fault.at("pass", reader);
      super.pass(run);
    }

    @Override
    public void follow(Cursor leader) {
      fault.at("follow", reader);
      super.follow(leader);
    }

    @Override
    public void park() {
      fault.at("park", reader);
      super.park();
    }

    @Override
    public void leave() {
      fault.at("leave", reader);
      super.leave();
    }

    @Override
    public boolean takeJump() {
      fault.at("takeJump", reader);
      return super.takeJump();
    }

    @Override
    public long startMs() {
      fault.at("startMs", reader);
      return super.startMs();
    }

    @Override
    public boolean hasPosition() {
      fault.at("hasPosition", reader);
      return super.hasPosition();
    }

    @Override
    public long lagMs(long nowMs) {
      fault.at("lagMs", reader);
      return super.lagMs(nowMs);
    }

    @Override
    public long dueAtMs() {
      fault.at("dueAtMs", reader);
      return super.dueAtMs();
    }

    @Override
    public void changeDelay(int newDelayMs) {
      fault.at("changeDelay", reader);
      super.changeDelay(newDelayMs);
    }

    @Override
    public boolean isAtHead() {
      fault.at("isAtHead", reader);
      return super.isAtHead();
    }

    @Override
    public int skips() {
      fault.at("skips", reader);
      return super.skips();
    }

    @Override
    public long dropped() {
      fault.at("dropped", reader);
      return super.dropped();
    }

    @Override
    public void close() {
      fault.at("close", reader);
      super.close();
    }
  }
}
