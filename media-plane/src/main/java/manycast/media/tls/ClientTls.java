package manycast.media.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * How we speak TLS to destinations: with the name they are known by, and only to those whose
 * certificate names it and leads to an authority that the JDK or the operator trusts. Safe from any
 * thread.
 */
public final class ClientTls {
  private static final int HANDSHAKE_MS = 10_000;
  private static final int GOODBYE_MS = 1_000;

  private final HandshakeThreads threads;
  private final List<X509Certificate> moreAuthorities;
  private @Nullable CompletableFuture<SslContext> context;

  /**
   * Nothing is read yet: most nodes that start have no such destination.
   *
   * @param moreAuthorities trusted beside those of the JDK
   */
  public ClientTls(HandshakeThreads threads, List<X509Certificate> moreAuthorities) {
    this.threads = threads;
    this.moreAuthorities = List.copyOf(moreAuthorities);
  }

  /**
   * Makes a handler for one connection, to be put before all that speaks RTMP; {@code then} hears
   * of it, or what went wrong, on the loop.
   *
   * @param host a name or an address as the user gave it: what is announced, and what the
   *     certificate must name
   */
  public void handler(
      EventLoop loop,
      ByteBufAllocator allocator,
      String host,
      int port,
      BiConsumer<@Nullable SslHandler, @Nullable Throwable> then) {
    context()
        .whenCompleteAsync(
            (ready, fault) -> {
              if (fault != null) {
                then.accept(null, fault instanceof CompletionException ? fault.getCause() : fault);
                return;
              }
              SslHandler handler = ready.newHandler(allocator, host, port, threads.of(loop));
              handler.setHandshakeTimeoutMillis(HANDSHAKE_MS);
              handler.setCloseNotifyFlushTimeoutMillis(GOODBYE_MS);
              then.accept(handler, null);
            },
            loop);
  }

  /** Reading the JDK's authorities takes a tenth of a second: not on a loop, and once. */
  private synchronized CompletableFuture<SslContext> context() {
    if (context == null || context.isCompletedExceptionally()) {
      context = CompletableFuture.supplyAsync(this::make, threads.all());
    }
    return context;
  }

  private SslContext make() {
    try {
      return SslContextBuilder.forClient()
          .sslProvider(SslProvider.OPENSSL)
          .protocols("TLSv1.3", "TLSv1.2")
          .trustManager(TellingTrustManager.of(moreAuthorities))
          .endpointIdentificationAlgorithm("HTTPS")
          .build();
    } catch (IOException | GeneralSecurityException e) {
      throw new CompletionException(e);
    }
  }
}
