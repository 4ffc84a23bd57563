package manycast.media.flv;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.concurrent.TimeUnit;
import manycast.media.bytes.ProtocolException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Reads what lies before an access unit in its message. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class TagHeaderBench {
  private static final byte[] H264_PICTURE = {0x27, 1, 0, 0, 80};
  private static final byte[] AAC_SOUND = {(byte) 0xAF, 1};

  private final ByteBuf video =
      PooledByteBufAllocator.DEFAULT.directBuffer().writeBytes(H264_PICTURE).writeZero(1000);
  private final ByteBuf audio =
      PooledByteBufAllocator.DEFAULT.directBuffer().writeBytes(AAC_SOUND).writeZero(300);

  @TearDown
  public void release() {
    video.release();
    audio.release();
  }

  @Benchmark
  public VideoTagHeader video() throws ProtocolException {
    return VideoTagHeader.read(video);
  }

  @Benchmark
  public AudioTagHeader audio() throws ProtocolException {
    return AudioTagHeader.read(audio);
  }
}
