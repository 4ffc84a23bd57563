package manycast.media.hls;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Requests that wait for something that is not there yet, each until a deadline of its own. Belongs
 * to one loop.
 */
final class Waiting {
  /** One more is refused: nobody needs so many, and each holds a connection. */
  private static final int MOST = 256;

  private final BiFunction<Runnable, Integer, Future<?>> timer;
  private final List<Request> requests = new ArrayList<>();

  private final class Request {
    private final Supplier<@Nullable Answer> attempt;
    private final Consumer<Answer> to;
    private @Nullable Future<?> deadline;

    Request(Supplier<@Nullable Answer> attempt, Consumer<Answer> to) {
      this.attempt = attempt;
      this.to = to;
    }

    void finish(Answer answer) {
      if (requests.remove(this)) {
        Future<?> pending = deadline;
        if (pending != null) {
          pending.cancel(false);
        }
        to.accept(answer);
      }
    }
  }

  /**
   * Nobody waits.
   *
   * @param timer runs something on the loop after so many milliseconds
   */
  Waiting(BiFunction<Runnable, Integer, Future<?>> timer) {
    this.timer = timer;
  }

  /** Answers as soon as the attempt gives an answer: now, or when it is asked again. */
  void answer(Supplier<@Nullable Answer> attempt, int patienceMs, Consumer<Answer> to) {
    Answer now = attempt.get();
    if (now != null) {
      to.accept(now);
    } else if (requests.size() >= MOST) {
      to.accept(new Answer.Refused(503, "too many requests wait"));
    } else {
      Request request = new Request(attempt, to);
      requests.add(request);
      request.deadline =
          timer.apply(
              () -> request.finish(new Answer.Refused(503, "it has not come in time")), patienceMs);
    }
  }

  /** Something has changed. */
  void retry() {
    for (Request request : List.copyOf(requests)) {
      Answer answer = request.attempt.get();
      if (answer != null) {
        request.finish(answer);
      }
    }
  }

  /** Nothing comes any more. */
  void refuseAll(Answer.Refused answer) {
    for (Request request : List.copyOf(requests)) {
      request.finish(answer);
    }
  }

  boolean isEmpty() {
    return requests.isEmpty();
  }

  /** A timer on this loop. */
  static Waiting on(EventLoop loop) {
    return new Waiting((work, ms) -> loop.schedule(work, ms, TimeUnit.MILLISECONDS));
  }
}
