package manycast.launcher.rtmp;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Counts what is read through it, for Acknowledgements and figures. */
final class CountingInputStream extends FilterInputStream {
  private volatile long count;

  CountingInputStream(InputStream in) {
    super(in);
  }

  long count() {
    return count;
  }

  @Override
  public int read() throws IOException {
    int value = super.read();
    add(value < 0 ? 0 : 1);
    return value;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int n = super.read(buffer, offset, length);
    add(Math.max(n, 0));
    return n;
  }

  /** One thread reads; others only look at the count. */
  @SuppressWarnings("NonAtomicVolatileUpdate")
  private void add(int n) {
    count += n;
  }
}
