package manycast.media.relay;

import io.netty.channel.EventLoop;
import io.netty.resolver.ResolvedAddressTypes;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import manycast.media.loops.EventLoops;
import org.jspecify.annotations.Nullable;

/**
 * One resolver of names for each loop. Making them reads files and loads hundreds of classes, so a
 * thread of its own does that, once; who asks before it is done waits without blocking.
 */
final class Resolvers {
  private static final int TIMEOUT_MS = 3_000;

  private final EventLoops loops;
  private @Nullable CompletableFuture<Map<EventLoop, DnsNameResolver>> made;

  Resolvers(EventLoops loops) {
    this.loops = loops;
  }

  /** Begins to make them, unless that has been done; from any thread. */
  synchronized CompletableFuture<Map<EventLoop, DnsNameResolver>> prepare() {
    CompletableFuture<Map<EventLoop, DnsNameResolver>> there = made;
    if (there == null) {
      there =
          CompletableFuture.supplyAsync(
              this::make, work -> Thread.ofPlatform().daemon().name("resolvers").start(work));
      made = there;
    }
    return there;
  }

  /** All addresses of a host; to be called on the loop, and answers there. */
  void resolve(EventLoop loop, String host, Consumer<Future<List<InetAddress>>> then) {
    CompletableFuture<Map<EventLoop, DnsNameResolver>> there = prepare();
    if (there.isDone()) {
      resolve(there.join(), loop, host, then);
    } else {
      there.whenCompleteAsync((of, fault) -> resolveLate(of, fault, loop, host, then), loop);
    }
  }

  private static void resolveLate(
      @Nullable Map<EventLoop, DnsNameResolver> of,
      @Nullable Throwable fault,
      EventLoop loop,
      String host,
      Consumer<Future<List<InetAddress>>> then) {
    if (of == null) {
      then.accept(loop.newFailedFuture(Objects.requireNonNull(fault)));
    } else {
      resolve(of, loop, host, then);
    }
  }

  private static void resolve(
      Map<EventLoop, DnsNameResolver> of,
      EventLoop loop,
      String host,
      Consumer<Future<List<InetAddress>>> then) {
    Objects.requireNonNull(of.get(loop), "no loop of this node")
        .resolveAll(host)
        .addListener((Future<List<InetAddress>> resolution) -> then.accept(resolution));
  }

  private Map<EventLoop, DnsNameResolver> make() {
    Map<EventLoop, DnsNameResolver> resolvers = new HashMap<>();
    for (EventLoop loop : loops.all()) {
      DnsNameResolver resolver =
          new DnsNameResolverBuilder(loop)
              .datagramChannelType(loops.datagramChannel())
              .resolvedAddressTypes(ResolvedAddressTypes.IPV6_PREFERRED)
              .queryTimeoutMillis(TIMEOUT_MS)
              .build();
      // The first answer loads as much as the resolver itself; this one comes from a file.
      resolver.resolveAll("localhost");
      resolvers.put(loop, resolver);
    }
    return resolvers;
  }
}
