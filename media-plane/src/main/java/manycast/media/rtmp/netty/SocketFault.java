package manycast.media.rtmp.netty;

import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.NotSslRecordException;
import java.io.IOException;

/** What went wrong below RTMP, in the path or in TLS. */
final class SocketFault {
  private SocketFault() {}

  /** TLS faults come wrapped by what read them. */
  static Throwable of(Throwable caught) {
    return caught instanceof DecoderException && caught.getCause() instanceof IOException cause
        ? cause
        : caught;
  }

  /** For the log; Netty's own words would repeat the bytes that came, which may hold a key. */
  static String words(Throwable fault) {
    return fault instanceof NotSslRecordException
        ? "no TLS on the RTMPS port: use rtmps:// here, or the RTMP port for rtmp://"
        : "socket failed: " + fault.getMessage();
  }
}
