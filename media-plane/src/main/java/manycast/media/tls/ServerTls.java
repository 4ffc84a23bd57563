package manycast.media.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SniHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What encoders are shown at the RTMPS port, and browsers at the public HTTP port: a certificate
 * from files, which are looked at every two seconds and taken anew when they change, or a self-made
 * one. Connections keep what they began with. Safe from any thread.
 */
public final class ServerTls implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ServerTls.class);
  private static final int LOOK_EVERY_MS = 2_000;

  /** Of the ten seconds that an encoder has up to the end of RTMP's own handshake. */
  private static final int HANDSHAKE_MS = 10_000;

  private static final int GOODBYE_MS = 1_000;

  /**
   * A hello is a few hundred bytes, or two thousand with keys for a day after quantum computers.
   */
  private static final int LONGEST_HELLO = 16 << 10;

  private final HandshakeThreads threads;
  private final Source source;
  private volatile @Nullable Shown shown;
  private @Nullable ScheduledFuture<?> looking;

  /**
   * What connections are shown from here on.
   *
   * @param web the same for browsers, who may choose between versions of HTTP
   */
  private record Shown(X509Certificate certificate, SslContext context, SslContext web) {
    private static final ApplicationProtocolConfig HTTP =
        new ApplicationProtocolConfig(
            Protocol.ALPN,
            SelectorFailureBehavior.NO_ADVERTISE,
            SelectedListenerFailureBehavior.ACCEPT,
            ApplicationProtocolNames.HTTP_2,
            ApplicationProtocolNames.HTTP_1_1);

    static Shown of(KeyAndChain read) throws SSLException {
      return new Shown(
          read.chain().getFirst(),
          context(read).build(),
          context(read).applicationProtocolConfig(HTTP).build());
    }

    private static SslContextBuilder context(KeyAndChain read) {
      return SslContextBuilder.forServer(read.key(), read.chain())
          .sslProvider(SslProvider.OPENSSL)
          .protocols("TLSv1.3", "TLSv1.2");
    }
  }

  /** Where the first certificate comes from. */
  @FunctionalInterface
  private interface Source {
    KeyAndChain get() throws IOException, GeneralSecurityException;
  }

  private ServerTls(Source source, HandshakeThreads threads) {
    this.source = source;
    this.threads = threads;
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
    ServerTls tls = new ServerTls(() -> KeyAndChain.read(certificates, key), threads);
    tls.shown();
    Looker looker = tls.new Looker(certificates, key, first);
    tls.looking =
        timer.scheduleWithFixedDelay(
            looker::look, LOOK_EVERY_MS, LOOK_EVERY_MS, TimeUnit.MILLISECONDS);
    return tls;
  }

  /**
   * Shows a self-made certificate. Where it is kept already, it is read when the first one connects
   * by TLS: loading all that TLS needs takes a third of a node's start, and most have nobody who
   * does.
   *
   * @param host the name or address that encoders are told
   * @param file where it is kept from one start to the next; null for this run only
   */
  public static ServerTls selfMade(String host, @Nullable Path file, HandshakeThreads threads)
      throws IOException, GeneralSecurityException {
    ServerTls tls = new ServerTls(() -> SelfMade.forHost(host, file), threads);
    if (file == null || !Files.isReadable(file)) {
      tls.shown();
    }
    return tls;
  }

  /**
   * What new connections are shown. May block.
   *
   * @throws IllegalStateException when there is none: what stood in the way says the cause
   */
  public X509Certificate certificate() {
    try {
      return shown().certificate();
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("no certificate for RTMPS: " + e.getMessage(), e);
    }
  }

  /**
   * A handler for one accepted connection on this loop, to be put before all that reads RTMP. It
   * gives way to an {@link SslHandler} once the client has said hello.
   */
  public ChannelHandler handler(EventLoop loop) {
    return new Hello(loop, Shown::context);
  }

  /** Likewise for browsers, who may ask for HTTP/2 by it (RFC 7301). */
  public ChannelHandler webHandler(EventLoop loop) {
    return new Hello(loop, Shown::web);
  }

  private synchronized Shown shown() throws IOException, GeneralSecurityException {
    Shown now = shown;
    if (now == null) {
      now = Shown.of(source.get());
      shown = now;
    }
    return now;
  }

  private Future<SslContext> context(
      EventLoop loop, Function<Shown, SslContext> kind, Promise<SslContext> promise) {
    Shown now = shown;
    if (now != null) {
      return promise.setSuccess(kind.apply(now));
    }
    threads
        .of(loop)
        .execute(
            () -> {
              try {
                promise.setSuccess(kind.apply(shown()));
              } catch (IOException | GeneralSecurityException | RuntimeException e) {
                LOG.error("there is no certificate for RTMPS: {}", e.getMessage(), e);
                promise.setFailure(e);
              }
            });
    return promise;
  }

  /** Waits for the first words of a client; whom it asks for by name makes no difference. */
  private final class Hello extends SniHandler {
    private final EventLoop loop;

    Hello(EventLoop loop, Function<Shown, SslContext> kind) {
      super((_, promise) -> context(loop, kind, promise), LONGEST_HELLO, HANDSHAKE_MS);
      this.loop = loop;
    }

    @Override
    protected SslHandler newSslHandler(SslContext context, ByteBufAllocator allocator) {
      SslHandler handler = context.newHandler(allocator, threads.of(loop));
      handler.setHandshakeTimeoutMillis(HANDSHAKE_MS);
      handler.setCloseNotifyFlushTimeoutMillis(GOODBYE_MS);
      return handler;
    }
  }

  /** Looks at the files no more. */
  @Override
  public void close() {
    ScheduledFuture<?> ending = looking;
    if (ending != null) {
      ending.cancel(false);
    }
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
        Shown anew = Shown.of(read);
        shown = anew;
        taken = now;
        told = null;
        LOG.info(
            "the RTMPS certificate was read anew; it is good until {}",
            anew.certificate().getNotAfter().toInstant());
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
