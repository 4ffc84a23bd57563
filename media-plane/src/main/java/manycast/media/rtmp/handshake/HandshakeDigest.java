package manycast.media.rtmp.handshake;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The digest that Flash players hide in C1 and expect in S1 and S2. It is in no specification; FMLE
 * and hardware of that time insist on it, FFmpeg sends it and checks ours as a player.
 */
final class HandshakeDigest {
  /** The bytes of a digest. */
  static final int LENGTH = 32;

  private static final byte[] TAIL =
      HexFormat.of().parseHex("f0eec24a8068bee82e00d0d1029e7e576eec5d2d29806fab93b8e636cfeb31ae");

  /** What a client signs C1 with. */
  static final byte[] CLIENT_KEY =
      "Genuine Adobe Flash Player 001".getBytes(StandardCharsets.US_ASCII);

  /** What a server signs S1 with. */
  static final byte[] SERVER_KEY =
      "Genuine Adobe Flash Media Server 001".getBytes(StandardCharsets.US_ASCII);

  /** What the key of S2 is made with. */
  private static final byte[] FULL_SERVER_KEY = concat(SERVER_KEY, TAIL);

  private HandshakeDigest() {}

  /** The two places where the four bytes stand that tell the digest's offset. */
  enum Layout {
    AT_8(8, 12),
    AT_772(772, 776);

    private final int offsetBytes;
    private final int base;

    Layout(int offsetBytes, int base) {
      this.offsetBytes = offsetBytes;
      this.base = base;
    }

    /** Where the digest lies in this block of 1536 bytes. */
    int digestOffset(byte[] block) {
      int sum = 0;
      for (int i = 0; i < 4; i++) {
        sum += block[offsetBytes + i] & 0xFF;
      }
      return sum % 728 + base;
    }
  }

  /** Does this block carry a digest made with this key, in this layout? */
  static boolean isSigned(byte[] block, byte[] key, Layout layout) {
    int offset = layout.digestOffset(block);
    byte[] found = Arrays.copyOfRange(block, offset, offset + LENGTH);
    return MessageDigest.isEqual(found, digest(block, key, offset));
  }

  /** Puts the digest made with this key into the block. */
  static void sign(byte[] block, byte[] key, Layout layout) {
    int offset = layout.digestOffset(block);
    System.arraycopy(digest(block, key, offset), 0, block, offset, LENGTH);
  }

  /** Puts the signature at the end of S2: the key is made of the digest that the client sent. */
  static void signAnswer(byte[] answer, byte[] clientDigest) {
    byte[] key = hmac(FULL_SERVER_KEY, clientDigest);
    int signed = answer.length - LENGTH;
    System.arraycopy(hmac(key, Arrays.copyOf(answer, signed)), 0, answer, signed, LENGTH);
  }

  private static byte[] digest(byte[] block, byte[] key, int offset) {
    byte[] rest = new byte[block.length - LENGTH];
    System.arraycopy(block, 0, rest, 0, offset);
    System.arraycopy(block, offset + LENGTH, rest, offset, rest.length - offset);
    return hmac(key, rest);
  }

  private static byte[] hmac(byte[] key, byte[] message) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(message);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every JDK has HmacSHA256", impossible);
    }
  }

  private static byte[] concat(byte[] first, byte[] second) {
    byte[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }
}
