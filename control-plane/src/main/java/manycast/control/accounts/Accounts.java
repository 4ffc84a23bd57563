package manycast.control.accounts;

import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceException;
import jakarta.persistence.Tuple;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Repository;

/** Accounts, users and memberships in the database. */
@Repository
class Accounts {
  private static final String MEMBER =
      "select u.id, m.accountId, u.email, m.role, u.platformAdmin from AppUser u join Membership m on m.userId = u.id ";

  private static final String UNIQUE_VIOLATION = "23505";

  private final EntityManager entities;

  Accounts(EntityManager entities) {
    this.entities = entities;
  }

  /**
   * Answers false when the owner's address belongs to another user; the transaction has failed
   * then.
   */
  boolean add(Account account, AppUser owner) {
    entities.persist(account);
    entities.persist(owner);
    try {
      entities.flush();
    } catch (PersistenceException e) {
      if (isDouble(e)) {
        return false;
      }
      throw e;
    }
    entities.persist(new Membership(account.id(), owner.id(), Role.OWNER, account.createdAt()));
    return true;
  }

  /** The ids are fresh, so of account and user only the address can be there already. */
  private static boolean isDouble(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && UNIQUE_VIOLATION.equals(sql.getSQLState())) {
        return true;
      }
    }
    return false;
  }

  boolean anyUser() {
    return !entities
        .createQuery("select 1 from AppUser u", Integer.class)
        .setMaxResults(1)
        .getResultList()
        .isEmpty();
  }

  boolean hasUser(String email) {
    return findUser(email).isPresent();
  }

  Optional<AppUser> findUser(String email) {
    return entities
        .createQuery("select u from AppUser u where lower(u.email) = :email", AppUser.class)
        .setParameter("email", email.toLowerCase(Locale.ROOT))
        .getResultList()
        .stream()
        .findFirst();
  }

  /** The user in the account joined first. */
  Optional<Member> firstMembership(UUID userId) {
    return entities
        .createQuery(MEMBER + "where u.id = :user order by m.createdAt, m.accountId", Tuple.class)
        .setParameter("user", userId)
        .setMaxResults(1)
        .getResultList()
        .stream()
        .map(Accounts::member)
        .findFirst();
  }

  Optional<Member> member(UUID accountId, UUID userId) {
    return entities
        .createQuery(MEMBER + "where u.id = :user and m.accountId = :account", Tuple.class)
        .setParameter("user", userId)
        .setParameter("account", accountId)
        .getResultList()
        .stream()
        .map(Accounts::member)
        .findFirst();
  }

  List<String> names(UUID accountId) {
    return entities
        .createQuery("select a.name from Account a where a.id = :account", String.class)
        .setParameter("account", accountId)
        .getResultList();
  }

  private static Member member(Tuple row) {
    return new Member(
        row.get(0, UUID.class),
        row.get(1, UUID.class),
        row.get(2, String.class),
        Role.of(row.get(3, String.class)),
        row.get(4, Boolean.class));
  }
}
