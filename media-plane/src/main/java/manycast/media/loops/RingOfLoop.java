package manycast.media.loops;

import io.netty.util.concurrent.FastThreadLocal;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The ring of each loop, made when it first writes. */
final class RingOfLoop extends FastThreadLocal<SharedWrites> {
  private static final RingOfLoop RINGS = new RingOfLoop();

  /** Writes by the ring of the loop that calls. */
  static final SharedWrites WRITES =
      (sockets, size, pieces, shortfall) -> RINGS.get().write(sockets, size, pieces, shortfall);

  private RingOfLoop() {}

  /** Whether the kernel lets this process have rings. */
  static boolean isAllowed() {
    SendRing ring = SendRing.open();
    if (ring != null) {
      ring.close();
    }
    return ring != null;
  }

  /** One that the kernel refuses after all, for its memory, does without. */
  @Override
  protected SharedWrites initialValue() {
    @Nullable SendRing ring = SendRing.open();
    return ring == null ? SharedWrites.ONE_BY_ONE : ring;
  }

  @Override
  protected void onRemoval(SharedWrites writes) {
    if (Objects.requireNonNull(writes) instanceof SendRing ring) {
      ring.close();
    }
  }
}
