package manycast.launcher.rtmp;

import java.io.IOException;

/**
 * The peer does not keep to RTMP 1.0; the message says what was seen, what the specification wants,
 * and where it says so.
 */
public final class RtmpException extends IOException {
  private static final long serialVersionUID = 1;

  RtmpException(String message) {
    super(message);
  }
}
