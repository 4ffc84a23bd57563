package manycast.launcher.rtmp;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Random;

/** The simple handshake (RTMP 1.0 §5.2). */
final class Handshake {
  private static final int VERSION = 3;
  private static final int SIZE = 1536;
  private static final int RANDOM_AT = 8;

  /** C0, C1, then S0, S1, S2, then C2. */
  static void asClient(InputStream in, OutputStream out) throws IOException {
    byte[] c1 = first();
    out.write(VERSION);
    out.write(c1);
    out.flush();
    DataInputStream data = new DataInputStream(in);
    readVersion(data, "S0");
    byte[] s1 = readFully(data);
    byte[] s2 = readFully(data);
    checkEcho(c1, s2, "S2");
    out.write(s1);
    out.flush();
  }

  /** C0, C1, then S0, S1, S2, then C2. */
  static void asServer(InputStream in, OutputStream out) throws IOException {
    DataInputStream data = new DataInputStream(in);
    readVersion(data, "C0");
    byte[] c1 = readFully(data);
    byte[] s1 = first();
    byte[] answer = new byte[1 + 2 * SIZE];
    answer[0] = VERSION;
    System.arraycopy(s1, 0, answer, 1, SIZE);
    System.arraycopy(c1, 0, answer, 1 + SIZE, SIZE);
    out.write(answer);
    out.flush();
    checkEcho(s1, readFully(data), "C2");
  }

  /** Time 0, four zeros, then bytes that nobody can guess in passing. */
  private static byte[] first() {
    byte[] bytes = new byte[SIZE];
    new Random().nextBytes(bytes);
    Arrays.fill(bytes, 0, RANDOM_AT, (byte) 0);
    return bytes;
  }

  private static void readVersion(DataInputStream in, String name) throws IOException {
    int version = in.readUnsignedByte();
    if (version != VERSION) {
      throw new RtmpException(
          "%s is %d: 3 is the version of plain RTMP (§5.2.2)".formatted(name, version));
    }
  }

  private static byte[] readFully(DataInputStream in) throws IOException {
    byte[] bytes = new byte[SIZE];
    in.readFully(bytes);
    return bytes;
  }

  private static void checkEcho(byte[] sent, byte[] echo, String name) throws RtmpException {
    if (!Arrays.equals(sent, RANDOM_AT, SIZE, echo, RANDOM_AT, SIZE)) {
      throw new RtmpException(name + " does not echo the random bytes it answers (§5.2.4)");
    }
  }

  private Handshake() {}
}
