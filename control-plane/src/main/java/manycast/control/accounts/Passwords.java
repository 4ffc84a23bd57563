package manycast.control.accounts;

import java.util.concurrent.Semaphore;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import org.springframework.stereotype.Component;

/**
 * Hashes and checks passwords with Argon2id, a few at a time: each takes 16 MiB and tens of
 * milliseconds.
 */
@Component
class Passwords {
  private static final int AT_ONCE = 4;

  private final Semaphore turns = new Semaphore(AT_ONCE);

  String hash(String password) {
    turns.acquireUninterruptibly();
    try {
      return String.valueOf(encoder().encode(password));
    } finally {
      turns.release();
    }
  }

  boolean matches(String password, String hash) {
    turns.acquireUninterruptibly();
    try {
      return encoder().matches(password, hash);
    } finally {
      turns.release();
    }
  }

  /** Takes as long as a real check, so that an unknown address is not told by its quick answer. */
  boolean matchesNobody(String password) {
    hash(password);
    return false;
  }

  private static Argon2PasswordEncoder encoder() {
    return Argon2PasswordEncoder.defaultsForSpringSecurity_v5_8();
  }
}
