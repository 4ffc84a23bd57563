package manycast.media.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What encoders are shown at the RTMPS port: a certificate from files, which are looked at every
 * two seconds and taken anew when they change, or a self-made one. Connections keep what they began
 * with. Safe from any thread.
 */
public final class ServerTls implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ServerTls.class);
  private static final int LOOK_EVERY_MS = 2_000;

  /** Of the ten seconds that an encoder has up to the end of RTMP's own handshake. */
  private static final int HANDSHAKE_MS = 10_000;

  private static final int GOODBYE_MS = 1_000;

  private final HandshakeThreads threads;
  private volatile SslContext context;
  private volatile X509Certificate certificate;
  private @Nullable ScheduledFuture<?> looking;

  private ServerTls(KeyAndChain shown, HandshakeThreads threads) throws SSLException {
    this.threads = threads;
    this.context = contextOf(shown);
    this.certificate = shown.chain().getFirst();
  }

  /**
   * Shows what these files hold, now and whenever they change. Files that cannot be used when they
   * have changed are told of once, and what was shown before is shown on.
   *
   * @param timer looks at the files; reading them is short
   * @throws IOException when they cannot be read now
   * @throws GeneralSecurityException when they cannot be used now
   */
  public static ServerTls ofFiles(
      Path certificates, Path key, HandshakeThreads threads, ScheduledExecutorService timer)
      throws IOException, GeneralSecurityException {
    Stamp first = Stamp.of(certificates, key);
    ServerTls tls = new ServerTls(KeyAndChain.read(certificates, key), threads);
    Looker looker = tls.new Looker(certificates, key, first);
    tls.looking =
        timer.scheduleWithFixedDelay(
            looker::look, LOOK_EVERY_MS, LOOK_EVERY_MS, TimeUnit.MILLISECONDS);
    return tls;
  }

  /**
   * Shows a self-made certificate.
   *
   * @param host the name or address that encoders are told
   * @param file where it is kept from one start to the next; null for this run only
   */
  public static ServerTls selfMade(String host, @Nullable Path file, HandshakeThreads threads)
      throws IOException, GeneralSecurityException {
    return new ServerTls(SelfMade.forHost(host, file), threads);
  }

  /** What new connections are shown. */
  public X509Certificate certificate() {
    return certificate;
  }

  /** A handler for one accepted connection on this loop, to be put before all that reads RTMP. */
  public SslHandler handler(ByteBufAllocator allocator, EventLoop loop) {
    SslHandler handler = context.newHandler(allocator, threads.of(loop));
    handler.setHandshakeTimeoutMillis(HANDSHAKE_MS);
    handler.setCloseNotifyFlushTimeoutMillis(GOODBYE_MS);
    return handler;
  }

  /** Looks at the files no more. */
  @Override
  public void close() {
    ScheduledFuture<?> ending = looking;
    if (ending != null) {
      ending.cancel(false);
    }
  }

  private static SslContext contextOf(KeyAndChain shown) throws SSLException {
    return SslContextBuilder.forServer(shown.key(), shown.chain())
        .sslProvider(SslProvider.OPENSSL)
        .protocols("TLSv1.3", "TLSv1.2")
        .build();
  }

  /** What tells that a file is another one. */
  private record Stamp(long certificatesTime, long certificatesSize, long keyTime, long keySize) {
    static Stamp of(Path certificates, Path key) throws IOException {
      return new Stamp(
          Files.getLastModifiedTime(certificates).toMillis(),
          Files.size(certificates),
          Files.getLastModifiedTime(key).toMillis(),
          Files.size(key));
    }
  }

  /** Belongs to the timer's thread. */
  private final class Looker {
    private final Path certificates;
    private final Path key;
    private @Nullable Stamp taken;
    private @Nullable String told;

    Looker(Path certificates, Path key, Stamp taken) {
      this.certificates = certificates;
      this.key = key;
      this.taken = taken;
    }

    /** What was not good is read again each time: one of two files may not be there whole yet. */
    void look() {
      try {
        Stamp now = Stamp.of(certificates, key);
        if (now.equals(taken)) {
          return;
        }
        taken = null;
        KeyAndChain read = KeyAndChain.read(certificates, key);
        context = contextOf(read);
        certificate = read.chain().getFirst();
        taken = now;
        told = null;
        LOG.info(
            "the RTMPS certificate was read anew; it is good until {}",
            certificate.getNotAfter().toInstant());
      } catch (IOException | GeneralSecurityException | RuntimeException notGood) {
        String words = String.valueOf(notGood.getMessage());
        if (!words.equals(told)) {
          told = words;
          LOG.warn(
              "MANYCAST_TLS_CERT, MANYCAST_TLS_KEY have changed and cannot be used: {}; the certificate from before stays",
              words);
        }
      }
    }
  }
}
