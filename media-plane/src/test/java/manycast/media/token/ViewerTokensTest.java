package manycast.media.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import manycast.db.identity.ProcessIdentity;
import manycast.db.identity.RegisteredKey;
import manycast.media.token.ViewerTokens.Verdict;
import org.junit.jupiter.api.Test;

class ViewerTokensTest {
  private static final UUID BROADCAST = UUID.randomUUID();

  private final ProcessIdentity control = ProcessIdentity.generate();
  private final RegisteredKey key = control.publicKey("control-plane");
  private final AtomicInteger asked = new AtomicInteger();
  private final List<Runnable> elsewhere = new ArrayList<>();
  private final List<Verdict> verdicts = new ArrayList<>();
  private final ViewerTokens tokens =
      new ViewerTokens(
          id -> {
            asked.incrementAndGet();
            return id.equals(key.id()) ? key : null;
          },
          elsewhere::add);

  private void check(String token, UUID broadcast) {
    tokens.check(token, broadcast, verdicts::add);
  }

  private void workElsewhere() {
    List.copyOf(elsewhere).forEach(Runnable::run);
    elsewhere.clear();
  }

  @Test
  void aNewTokenIsVerifiedElsewhereAndThenKnown() {
    String token = control.mintViewerToken(BROADCAST, Duration.ofMinutes(1));
    check(token, BROADCAST);
    assertThat(verdicts).isEmpty();
    workElsewhere();
    assertThat(verdicts).containsExactly(Verdict.VALID);

    check(token, BROADCAST);
    check(token, UUID.randomUUID());
    assertThat(verdicts).containsExactly(Verdict.VALID, Verdict.VALID, Verdict.INVALID);
    assertThat(asked).hasValue(1);
  }

  @Test
  void whatIsNoneIsNeverKnown() {
    check("", BROADCAST);
    check("x.y.z", BROADCAST);
    check(ProcessIdentity.generate().mintViewerToken(BROADCAST, Duration.ofMinutes(1)), BROADCAST);
    check(control.mint("preview"), BROADCAST);
    workElsewhere();
    assertThat(verdicts).hasSize(4).containsOnly(Verdict.INVALID);
  }

  @Test
  void aFloodOfTokensIsNotVerifiedAllAtOnce() {
    for (int i = 0; i < 100; i++) {
      check(control.mintViewerToken(UUID.randomUUID(), Duration.ofMinutes(1)), BROADCAST);
    }
    assertThat(elsewhere).hasSize(16);
    assertThat(verdicts).hasSize(84).containsOnly(Verdict.BUSY);
    workElsewhere();
    check(control.mintViewerToken(BROADCAST, Duration.ofMinutes(1)), BROADCAST);
    workElsewhere();
    assertThat(verdicts).last().isEqualTo(Verdict.VALID);
  }
}
