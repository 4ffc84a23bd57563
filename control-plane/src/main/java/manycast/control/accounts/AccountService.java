package manycast.control.accounts;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import manycast.control.input.Faults;
import manycast.control.input.InvalidInputException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Accounts and their users, for the other features. */
@Service
public class AccountService {
  private static final String TAKEN = "belongs to another user already";

  private final Accounts accounts;
  private final Passwords passwords;
  private final AuditLog audit;

  AccountService(Accounts accounts, Passwords passwords, AuditLog audit) {
    this.accounts = accounts;
    this.passwords = passwords;
    this.audit = audit;
  }

  /** Whether somebody has been made already; when not, this is the first start. */
  @Transactional(readOnly = true)
  public boolean anyUser() {
    return accounts.anyUser();
  }

  /** Makes an account with its owner. Bad input is refused field by field. */
  @Transactional
  public Member create(NewAccount wanted, boolean platformAdmin) {
    var faults = new Faults();
    wanted.check(faults);
    if (faults.isEmpty() && accounts.hasUser(wanted.email())) {
      faults.add("email", TAKEN);
    }
    faults.throwIfAny();
    Instant now = Instant.now();
    var account = new Account(wanted.name(), now);
    var owner = new AppUser(wanted.email(), passwords.hash(wanted.password()), platformAdmin, now);
    if (!accounts.add(account, owner)) {
      // Somebody else made it since we looked.
      throw new InvalidInputException("email", TAKEN);
    }
    audit.record(account.id(), owner.id(), "account.created", Map.of("email", wanted.email()));
    return new Member(owner.id(), account.id(), owner.email(), Role.OWNER, platformAdmin);
  }

  /**
   * The user whose address and password these are, in the account joined first; empty when they are
   * not. Takes equally long either way. No transaction is open while the password is checked.
   */
  public Optional<Member> signIn(String email, String password) {
    Optional<AppUser> user = accounts.findUser(email);
    boolean matches =
        user.isPresent()
            ? passwords.matches(password, user.get().passwordHash())
            : passwords.matchesNobody(password);
    return matches ? user.flatMap(known -> accounts.firstMembership(known.id())) : Optional.empty();
  }

  /** The user in the account joined first, with the present role. */
  @Transactional(readOnly = true)
  public Optional<Member> member(UUID userId) {
    return accounts.firstMembership(userId);
  }

  /** The user in this account, with the present role. */
  @Transactional(readOnly = true)
  public Optional<Member> member(UUID accountId, UUID userId) {
    return accounts.member(accountId, userId);
  }

  /** The account's name; an empty string when it is gone. */
  @Transactional(readOnly = true)
  public String name(UUID accountId) {
    return accounts.names(accountId).stream().findFirst().orElse("");
  }
}
